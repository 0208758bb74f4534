"""The points of a sweep: a grid of settings, and the part of it that one machine trains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import Any

from bnutils.models import NORMS, mlp
from bnutils.optimizers import Optimizer
from bnutils.schedules import Schedule
from bnutils.settings import as_json
from bnutils.tasks import Arm
from bnutils.utils.scalars import plain
from bnutils.utils.validation import (
    at_least,
    instance,
    is_a,
    mapping,
    one_of,
    settle,
    several,
    text,
)
from bnutils.utils.wording import shown

DEEPEST = 1000  # hidden layers; more are hardly meant


@dataclass(frozen=True)
class Point:
    """One point of a sweep: an arm, and the settings that it is listed under.

    Parameters
    ----------
    settings : mapping
        Column names and values for the table; no two points may have the same.
    arm : Arm
        What is trained: ``bnutils.Arm(network, batch_size, optimizer, learning_rate, ...)``.

    Raises
    ------
    TypeError
        If ``settings`` is no dictionary of names and values, or ``arm`` no ``Arm``.
    """

    settings: Mapping[str, Any]
    arm: Arm

    def __post_init__(self) -> None:
        given = mapping("settings", self.settings, '{"width": 128}')
        named = {text("every name in settings", name): plain(one) for name, one in given.items()}
        arm = instance("arm", self.arm, Arm, "such as bnutils.Arm(bnutils.mlp())")
        settle(self, settings=named, arm=arm)

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
    weight_decay: Any = None,
) -> tuple[Point, ...]:
    """Return one point for each combination of settings of :func:`bnutils.mlp`.

    Each argument takes one value or several. Its other options, and other networks, make a
    :class:`Point` each.

    Parameters
    ----------
    norm : {"none", "batch", "layer", "group", "rms", "renorm"} or several
        Normalisation of every hidden layer.
    batch_size : int or several
        Examples in a batch.
    learning_rate : float, Schedule or several, optional
        Step size, or one of :mod:`bnutils.schedules`; Keras' default for the optimiser if not
        given.
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
    weight_decay : float or several, optional
        As of :func:`bnutils.compare`; listed only where one is given.

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
        "optimizer": optimizer, "weight_decay": weight_decay,
    }  # fmt: skip
    axes = {name: _values(name, axis) for name, axis in given.items()}
    if axes["weight_decay"] == [None]:  # points are then named as before there was any
        del axes["weight_decay"]
    combinations = product(*axes.values())
    return tuple(_point(**dict(zip(axes, values, strict=True))) for values in combinations)


def _values(name: str, axis: Any) -> list[Any]:
    """One value or several, as a list without repetition."""
    given = plain(axis)
    alone = given is None or isinstance(given, str) or not isinstance(given, Iterable)
    values = [given] if alone else several(name, given, "values")
    if not values or any(values.count(value) > 1 for value in values):
        raise ValueError(
            f"{name} must be one value or several different ones; received {shown(axis)}."
        )
    return values


def _point(
    norm: str | None,
    batch_size: int,
    learning_rate: float | Schedule | None,
    depth: int,
    width: int,
    optimizer: str,
    *,
    dropout: float,
    activation: str,
    placement: str,
    **decay: Any,
) -> Point:
    """Check one combination and describe it."""
    size, depth = at_least("batch_size", batch_size, 1), at_least("depth", depth, 1, DEEPEST)
    width = at_least("width", width, 1)
    norm = one_of("norm", "none" if norm is None else norm, ("none", *NORMS[1:]))
    own = None if norm == "none" else norm
    model = mlp((width,) * depth, own, dropout, activation, placement)
    rule = Optimizer(optimizer, learning_rate, **decay)
    settings = {
        "norm": model.norm or "none", "batch_size": size, "learning_rate": as_json(rule.rate),
        "depth": depth, "width": width, "dropout": model.dropout, "activation": model.activation,
        "placement": model.placement, "optimizer": rule.name,
        **{name: rule.decay for name in decay},
    }  # fmt: skip
    return Point(settings, Arm(model, size, rule.name, rule.rate, rule.weight_decay))


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
        If ``i`` is not in 1..n, or ``points`` are none.
    TypeError
        If ``shard`` is no pair of whole numbers.
    """
    points, (one, of) = checked(points), _pair(shard)
    dealt = sorted(points, key=lambda point: sha256(str(point).encode()).digest())
    mine = {str(point) for point in dealt[one - 1 :: of]}
    return tuple(point for point in points if str(point) in mine)


def _pair(shard: tuple[int, int]) -> tuple[int, int]:
    """Both numbers of a shard."""
    numbers = [at_least("both numbers of shard", n, 1) for n in several("shard", shard)]
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        raise ValueError(
            f"shard must be a pair (i, n) with i in 1..n; received {shown(shard)}. Pass (1, 4) "
            "for the first of four parts."
        )
    return numbers[0], numbers[1]


def checked(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points, if there are any and each has a name of its own."""
    given = several("points", points, "sweep.Point")
    names = {str(point) for point in given if is_a(point, Point)}
    if not given or len(names) < len(given):
        raise ValueError(
            "points must be one or more sweep.Point with different settings, such as "
            f"sweep.grid(...) makes; received {shown(points)}."
        )
    return tuple(given)
