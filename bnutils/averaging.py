"""Averages of weights, and what they are worth.

The average of several sets of weights along a training often does better than the last of them:
stochastic weight averaging takes their mean (Izmailov et al. 2018, "Averaging weights leads to
wider optima and better generalization"), others an exponential average. The moving statistics
that were averaged along with them belong to none of these networks, though, and the averaged one
has others: they have to be measured anew. Step by step::

    late = range(220, 301, 20)
    result = bnutils.compare(arms, data, updates=300, weights=late)
    mean = {s: averaged([result.weights("a", s, t) for t in late]) for s in range(10)}
    network = bnutils.mlp(norm="batch")
    scored(network, mean, data), scored(network, recalibrated(network, mean, data), data)
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np

from bnutils import surroundings
from bnutils.datasets import Dataset
from bnutils.models import import_keras
from bnutils.tasks import MEMORY_GIB, Architecture, Task, planned
from bnutils.utils.validation import at_least, fraction, mapping, one_of, several, shaped_like

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_loader.load("pandas")

Weights = list[np.ndarray]  # in the order of ``keras.Model.get_weights``
PARTS = ("train", "val", "test")


def averaged(sets: Iterable[Sequence[np.ndarray]], momentum: float | None = None) -> Weights:
    """Return an average of several sets of weights, moving statistics among them.

    Parameters
    ----------
    sets : several lists of numpy.ndarray
        Of the same network, in the order of time.
    momentum : float, optional
        For the exponential average ``a <- momentum * a + (1 - momentum) * w``, which begins as
        the first set, as Keras' ``use_ema`` does; in [0, 1). By default the mean of all.

    Returns
    -------
    list of numpy.ndarray
        In the order and the type of what was given; computed in float64.

    Raises
    ------
    ValueError, TypeError
        If there is no set, they are not of the same shapes, or ``momentum`` is out of range.
    """
    given = [_arrays(one) for one in several("sets", sets, "lists of arrays")]
    if not given:
        raise ValueError("sets must be one or more lists of weights; received none.")
    shapes: list[Any] = [tuple(array.shape for array in one) for one in given]
    for shape in shapes:
        shaped_like("Every one of sets", shape, "the first", shapes[0])
    weigh = fraction("momentum", momentum, one=False) if momentum is not None else None
    stacks = zip(*given, strict=True)
    return [_average(stack, weigh).astype(stack[0].dtype) for stack in stacks]


def recalibrated(
    model: Architecture,
    weights: Mapping[int, Sequence[np.ndarray]],
    data: Dataset,
    *,
    split: str = "given",
    memory_gib: float = MEMORY_GIB,
) -> dict[int, Weights]:
    """Return weights whose moving statistics are measured anew, nothing else being changed.

    Layer by layer, the first one first: its moving mean and variance become those of all that
    arrives there in inference mode, over the whole training split of the seed, the layers before
    it having their new statistics already. Dropout is off, as it is where they are used.

    Parameters
    ----------
    model : Architecture
        What the weights are of.
    weights : mapping of int to list of numpy.ndarray
        By seed, such as :meth:`Comparison.weights <bnutils.results.Comparison.weights>` or
        :func:`averaged` give.
    data : Dataset
        What they were trained on.
    split : {"given", "own"}
        As of :func:`bnutils.compare`.
    memory_gib : float
        As of :func:`bnutils.compare`.

    Returns
    -------
    dict of int to list of numpy.ndarray

    Raises
    ------
    ValueError, TypeError
        If an argument is no such thing, or the weights are of another network.
    UnsupportedLayer
        If the engine has no rule for a layer of the model.
    """
    task, given = _asked(model, weights, data, split, memory_gib)
    with surroundings.ours():
        return _engine().recalibrated(task, given, data)  # type: ignore[no-any-return]


def scored(
    model: Architecture,
    weights: Mapping[int, Sequence[np.ndarray]],
    data: Dataset,
    *,
    part: str = "test",
    split: str = "given",
    memory_gib: float = MEMORY_GIB,
) -> "pd.DataFrame":
    """Return loss and accuracy of networks with given weights, in inference mode.

    Parameters
    ----------
    model, weights, data, split, memory_gib
        As of :func:`recalibrated`.
    part : {"train", "val", "test"}
        On what part of its split each seed is scored.

    Returns
    -------
    pandas.DataFrame
        A row for each seed, columns ``loss`` and ``accuracy``.

    Raises
    ------
    ValueError, TypeError
        If an argument is no such thing, or the weights are of another network.
    UnsupportedLayer
        If the engine has no rule for a layer of the model.
    """
    task, given = _asked(model, weights, data, split, memory_gib)
    part = one_of("part", part, PARTS)
    with surroundings.ours():
        found = _engine().scores(task, given, data, part)
    seeds = pd.Index(list(found), name="seed")
    return pd.DataFrame(list(found.values()), seeds, ["loss", "accuracy"])


def _average(stack: Sequence[np.ndarray], momentum: float | None) -> np.ndarray:
    """Of one weight, float64."""
    values = [array.astype(float) for array in stack]
    if momentum is None:
        return np.mean(values, axis=0)  # type: ignore[no-any-return]
    return reduce(lambda mean, new: momentum * mean + (1.0 - momentum) * new, values)


def _asked(
    model: Architecture, weights: Any, data: Dataset, split: str, memory_gib: float
) -> tuple[Task, dict[int, Weights]]:
    """What the engine is told: the arguments, checked."""
    such = "{0: result.weights('batch norm', 0)}"
    by_seed = mapping("weights", weights, such).items()
    given = {at_least("every seed in weights", seed, 0): _arrays(own) for seed, own in by_seed}
    if not given:
        raise ValueError(
            f"weights must be those of one seed or more, such as {such}; received none."
        )
    options: dict[str, Any] = {"updates": 1, "batch_size": 2, "optimizer": "sgd"}
    arms = {"model": model}
    task = planned(arms, data, split=split, memory_gib=memory_gib, **options)["model"]
    return task, given


def _arrays(weights: Any) -> Weights:
    """One set of weights as a list of arrays of numbers."""
    arrays = [np.asarray(one) for one in several("every set of weights", weights, "arrays")]
    for array in arrays:
        if array.dtype.kind != "f":
            raise TypeError(f"weights must be arrays of floats; received one of {array.dtype}.")
    return arrays


def _engine() -> Any:
    """What measures, imported when it is needed: it loads TensorFlow."""
    import_keras()
    from bnutils.engine import given

    return given
