"""A variance with a floor: epsilon is the least that it may be, and is not added.

Where the variance is larger, as it mostly is, such a layer computes as if there were no epsilon,
and that is what its readings say. What it does with a small one is tried.
"""

from collections.abc import Iterator, Mapping, Sequence

from bnutils.checks.formulas.language import tidy
from bnutils.checks.life.judgement import Verdict
from bnutils.checks.life.replays import Replays
from bnutils.checks.life.reproducing import unexplained
from bnutils.checks.life.rules import INFERENCE, MEAN, TRAINING, VARIANCE

BARE = f"sqrt({VARIANCE})"
FLOORS = ("sqrt(maximum({}, epsilon))", "maximum(sqrt({}), epsilon)")
OF_BATCH = ("var(x)", "var(x, ddof=1)")
READ = {"epsilon-missing", "wrong-axis", "wrong-term", "train-inference-mixup"}
"""Mistakes that such a layer seems to make where its floor is not known yet."""


def with_floor(
    formulas: Mapping[str, str], replays: Replays, verdicts: Sequence[Verdict]
) -> dict[str, str]:
    """Return formulas with a floor that give all outputs; empty if there are none.

    Parameters
    ----------
    formulas : mapping of str to str
        What was found, by what is computed.
    replays : Replays
        The layers.
    verdicts : sequence of Verdict
        Their lives.
    """
    tried = _floored(formulas)
    return next((one for one in tried if not unexplained(one, replays, verdicts)), {})


def _floored(formulas: Mapping[str, str]) -> Iterator[dict[str, str]]:
    plain = formulas.get(INFERENCE, "")
    rest = {key: text for key, text in formulas.items() if not key.startswith(TRAINING)}
    for floor in FLOORS if BARE in plain else ():
        inferred = plain.replace(BARE, floor.format(VARIANCE))
        for variance in OF_BATCH:
            trained = inferred.replace(MEAN, "mean(x)").replace(VARIANCE, variance)
            yield {**rest, INFERENCE: tidy(inferred), TRAINING: tidy(trained)}
