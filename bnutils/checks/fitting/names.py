"""Under which names people know the arguments of batch normalisation."""

from collections.abc import Sequence

SYNONYMS: dict[str, str] = {
    "x": "x inputs input inp xs batch data",
    "dy": "dy dout dldy grad gradoutput gradout gradoutputs upstream upstreamgrad dz gradient",
    "gamma": "gamma scale weight gammas",
    "beta": "beta shift offset bias betas",
    "epsilon": "epsilon eps",
    "momentum": "momentum decay rho mom",
    "features": (
        "features numfeatures nfeatures dim units size channels numchannels nchannels "
        "inputdim numinputs infeatures inputsize featuresdim"
    ),
    "moving_mean": "movingmean runningmean mean mu movingavg runningavg popmean populationmean mm",
    "moving_variance": (
        "movingvariance movingvar runningvar runningvariance variance var sigma2 popvar "
        "popvariance populationvariance mv"
    ),
    "kernel": "kernel weight weights",
    "bias": "bias biases",
    "training": "training train istraining istrain trainflg trainflag trainmode trainingmode",
    "inference": "inference test istest testing deterministic userunningaverage evaluate",
    "mode": "mode",
    "bn_param": "bnparam bnparams param params",
    "cache": "cache caches ctx context saved",
}
"""The exercises' names and what else people call the same, in small letters without underscores.

Single letters say too little: b is a bias to one and beta to another.
"""

_KNOWN = {name: words.split() for name, words in SYNONYMS.items()}


def known(name: str, wanted: Sequence[str] = ()) -> str | None:
    """Return what the exercises call an argument.

    Parameters
    ----------
    name : str
        As the student's function has it, such as "running_var".
    wanted : sequence of str, optional
        The exercise's own names, which come first: "bias" is that of a kernel in the exercise
        on folding, and beta elsewhere.

    Returns
    -------
    str or None
        Such as "moving_variance"; None for a name that says nothing.
    """
    plain = name.lower().replace("_", "")
    return next((one for one in (*wanted, *_KNOWN) if plain in _KNOWN.get(one, ())), None)
