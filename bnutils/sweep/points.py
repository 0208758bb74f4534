"""The points of a sweep: a grid of settings, and the part of it that one machine trains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import Any

from bnutils.models import mlp
from bnutils.optimizers import Optimizer
from bnutils.tasks import Arm
from bnutils.utils.validation import at_least


@dataclass(frozen=True)
class Point:
    """One point of a sweep: an arm, and the settings that it is listed under.

    Parameters
    ----------
    settings : mapping
        Column names and values for the table; no two points may have the same.
    arm : Arm
        What is trained: ``bnutils.Arm(network, batch_size, optimizer, learning_rate)``.
    """

    settings: Mapping[str, Any]
    arm: Arm

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.settings.items())


def grid(
    norm: Any = ("none", "batch"),
    batch_size: Any = 32,
    learning_rate: Any = None,
    depth: Any = 1,
    width: Any = 128,
    dropout: Any = 0.2,
    activation: Any = "relu",
    placement: Any = "before",
    optimizer: Any = "adam",
) -> tuple[Point, ...]:
    """Return one point for each combination of settings of :func:`bnutils.mlp`.

    Each argument takes one value or several.

    Parameters
    ----------
    norm : {"none", "batch", "layer"} or several
        Normalisation of every hidden layer.
    batch_size : int or several
        Examples in a batch.
    learning_rate : float or several, optional
        Step size; Keras' default for the optimiser if not given.
    depth, width : int or several
        Number of hidden layers, and the units of each.
    dropout : float or several
        Share of the units set to zero after each hidden layer, in [0, 1).
    activation : {"relu", "tanh", "sigmoid", "linear"} or several
        Nonlinearity of the hidden layers.
    placement : {"before", "after"} or several
        Whether the normalisation stands before or after the activation.
    optimizer : {"sgd", "momentum", "adam", "adamw"} or several
        The rule of descent.

    Returns
    -------
    tuple of Point
        In the order of the arguments, the last varying fastest.

    Raises
    ------
    ValueError
        If a value is outside what is listed here, or given twice.
    TypeError
        If a count is not a whole number.
    """
    given = {
        "norm": norm, "batch_size": batch_size, "learning_rate": learning_rate, "depth": depth,
        "width": width, "dropout": dropout, "activation": activation, "placement": placement,
        "optimizer": optimizer,
    }  # fmt: skip
    axes = {name: _values(name, axis) for name, axis in given.items()}
    combinations = product(*axes.values())
    return tuple(_point(**dict(zip(axes, values, strict=True))) for values in combinations)


def _values(name: str, axis: Any) -> list[Any]:
    """One value or several, as a list without repetition."""
    several = isinstance(axis, Iterable) and not isinstance(axis, str)
    values = list(axis) if several else [axis]
    if not values or len(set(values)) < len(values):
        raise ValueError(f"{name} must be one value or several different ones; received {axis!r}.")
    return values


def _point(
    norm: str | None,
    batch_size: int,
    learning_rate: float | None,
    depth: int,
    width: int,
    optimizer: str,
    **network: Any,
) -> Point:
    """Check one combination and describe it."""
    size, depth = at_least("batch_size", batch_size, 1), at_least("depth", depth, 1)
    width = at_least("width", width, 1)
    model = mlp((width,) * depth, None if norm == "none" else norm, **network)
    rate = Optimizer(optimizer, learning_rate).rate
    settings = {
        "norm": model.norm or "none", "batch_size": size, "learning_rate": rate, "depth": depth,
        "width": width, **network, "optimizer": optimizer,
    }  # fmt: skip
    return Point(settings, Arm(model, size, optimizer, rate))


def part(points: Sequence[Point], shard: tuple[int, int]) -> tuple[Point, ...]:
    """Return the points that machine ``i`` of ``n`` trains.

    The parts for i = 1..n have no point in common and together are all points; their sizes
    differ by one at most. Points are dealt out in the order of a hash of their settings, so
    that the costly ones do not all fall to one machine.

    Parameters
    ----------
    points : sequence of Point
        All points, the same on every machine.
    shard : (int, int)
        ``(i, n)`` with 1 <= i <= n.

    Raises
    ------
    ValueError
        If ``i`` is not in 1..n.
    """
    one, of = (at_least("both numbers of shard", number, 1) for number in shard)
    if one > of:
        raise ValueError(f"shard (i, n) must have i in 1..n; received {shard!r}.")
    dealt = sorted(points, key=lambda point: sha256(str(point).encode()).digest())
    mine = {str(point) for point in dealt[one - 1 :: of]}
    return tuple(point for point in points if str(point) in mine)


def checked(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points, if there are any and each has a name of its own."""
    names = [str(point) for point in points if isinstance(point, Point)]
    if not points or len(set(names)) < len(points):
        raise ValueError(
            "points must be one or more sweep.Point with different settings, such as "
            f"sweep.grid(...) makes; received {points!r}."
        )
    return tuple(points)
