"""One combination of settings, with batch normalisation and without."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bnutils.atlas.design import RATES
from bnutils.datasets import load
from bnutils.models import mlp
from bnutils.optimizers import RULES
from bnutils.results import Comparison
from bnutils.store import BaseStore
from bnutils.tasks import Arm
from bnutils.training import compare as trained
from bnutils.utils.scalars import real
from bnutils.utils.validation import at_least, one_of, positive, several
from bnutils.utils.wording import shown

RUNS = 4  # trainings of each network, paired
UPDATES = 300
DATA = "digits"
NORMS = {"plain": None, "batch norm": "batch"}
STARTS = {"relu": "he", "tanh": "glorot", "sigmoid": "glorot"}
DEEPEST = 1000  # hidden layers; more are hardly meant
TRAINING, VALIDATION, TEST = 1024, 288, 360  # images, the first at most


def compare(
    seed: int,
    *,
    depth: int,
    width: int,
    activation: str,
    optimizer: str,
    batch_size: int,
    gain: float,
    images: int,
    learning_rate: Any,
    updates: int = UPDATES,
    store: BaseStore | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Train a network of the atlas with batch normalisation and without it, four times each.

    It is a perceptron on the small digits, without dropout; its kernels start as is usual for its
    activation (He's start for ReLU, Glorot's else) times ``gain``, and the layer stands before the
    activation. Each of the four trainings deals itself the images anew.

    Parameters
    ----------
    seed : int
        The seeds of the four trainings follow from it.
    depth, width : int
        Number of hidden layers, and the units of each.
    activation : {"relu", "tanh", "sigmoid"}
        Nonlinearity of the hidden layers.
    optimizer : {"sgd", "momentum", "adam", "adamw"}
        The rule of descent.
    batch_size : int
        Examples in a batch.
    gain : float
        Factor on the initial kernels of the hidden layers.
    images : int
        How many images there are for training, at most 1024.
    learning_rate : float or (float, float)
        Of both networks, or that of the plain one and that of the other.
    updates : int
        Steps of the optimiser, the same in both.
    store, progress
        As of :func:`bnutils.compare`.

    Returns
    -------
    Comparison
        Its arms are ``"plain"`` and ``"batch norm"``.

    Raises
    ------
    ValueError, TypeError
        If a setting is out of range, or a batch is larger than ``images``.
    """
    rates = zip(NORMS, _two(learning_rate), strict=True)
    network = (depth, width, activation, gain)
    arms = {kind: _arm(kind, optimizer, rate, *network) for kind, rate in rates}
    return _trained(arms, seed, images, batch_size, updates, store, progress)


def at_all_rates(
    seed: int,
    combination: Mapping[str, Any],
    store: BaseStore | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Return a combination trained at all rates of its optimiser, kind by kind.

    Programs are compiled once for each kind, since the rates are numbers that go in.
    """
    network = [combination[name] for name in ("depth", "width", "activation", "gain")]
    rule = combination["optimizer"]
    arms = {
        arm_name(kind, rate): _arm(kind, rule, rate, *network)
        for kind in NORMS
        for rate in RATES[rule]
    }
    given = (seed, combination["images"], combination["batch_size"])
    return _trained(arms, *given, UPDATES, store, progress)


def _trained(
    arms: Mapping[str, Arm],
    seed: int,
    images: int,
    batch_size: int,
    updates: int,
    store: BaseStore | None,
    progress: bool | None,
) -> Comparison:
    """Each arm with the four seeds of a number, looked at once, at the end."""
    return trained(
        arms,
        load(DATA).take(at_least("images", images, 1, TRAINING)),
        batch_size=batch_size,
        updates=updates,
        evaluations=1,
        seeds=runs_of(seed),
        split="own",
        store=store,
        progress=progress,
    )


def runs_of(seed: int) -> list[int]:
    """Return the seeds of the four trainings that belong to a number."""
    words = np.random.SeedSequence(at_least("seed", seed, 0)).generate_state(RUNS)
    return [int(word) for word in words]


def arm_name(kind: str, rate: float) -> str:
    """Return what a network at a rate is called."""
    return f"{kind}, {rate:g}"


def _arm(
    kind: str, optimizer: str, rate: Any, depth: int, width: int, activation: str, gain: float
) -> Arm:
    """One of the two networks."""
    hidden = (at_least("width", width, 1),) * at_least("depth", depth, 1, DEEPEST)
    start = STARTS[one_of("activation", activation, STARTS)]
    model = mlp(hidden, NORMS[kind], 0.0, activation, initial=start, gain=gain)
    rule = one_of("optimizer", optimizer, RULES)
    return Arm(model, optimizer=rule, learning_rate=rate)


def _two(rate: Any) -> tuple[float, float]:
    """The rates of both networks: one that they share, or one for each."""
    is_one = not np.isnan(real(rate)) or isinstance(rate, str)
    each = [rate, rate] if is_one else several("learning_rate", rate, "numbers")
    if len(each) != len(NORMS):
        raise ValueError(
            "learning_rate must be one number, or two: of the plain network and of the one with "
            f"batch normalisation; received {shown(rate)}."
        )
    without, within = (positive("learning_rate", one) for one in each)
    return without, within
