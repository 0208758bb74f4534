"""An output that is a straight line in x for each feature: its slope, and where it crosses.

Whatever a layer normalises with, for one batch the output of a feature is
``scale * (x - centre) / root + shift``. How slope and height change with gamma and beta says what
scale and shift are made of; what is left is the centre and the root.

Of functions all statistics are known, and :mod:`bnutils.checks.formulas.affine` looks for them in
slope and height. Here they may be states that nobody knows: so the same batch is asked for with
other gamma and beta instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.straight import straight
from bnutils.checks.life.replays import SETTINGS, Plan, Replays, Rows

Made = dict[str, Callable[[Array, Array], Array]]

SCALES: Made = {
    "gamma": lambda g, b: g,
    "1": lambda g, b: np.ones_like(g),
    "beta": lambda g, b: b,
    "gamma**2": lambda g, b: g**2,
    "1 / gamma": lambda g, b: 1 / g,
    "abs(gamma)": lambda g, b: np.abs(g),
    "(1 + gamma)": lambda g, b: 1 + g,
    "sqrt(abs(gamma))": lambda g, b: np.sqrt(np.abs(g)),
    "(gamma + beta)": lambda g, b: g + b,
    "gamma * beta": lambda g, b: g * b,
    "beta**2": lambda g, b: b**2,
}
"""What may scale."""

SHIFTS: Made = {
    "beta": lambda g, b: b,
    "0": lambda g, b: np.zeros_like(g),
    "gamma * beta": lambda g, b: g * b,
    "gamma": lambda g, b: g,
    "1": lambda g, b: np.ones_like(g),
    "gamma**2": lambda g, b: g**2,
    "beta**2": lambda g, b: b**2,
    "abs(beta)": lambda g, b: np.abs(b),
    "(beta + gamma)": lambda g, b: g + b,
    "beta / gamma": lambda g, b: b / g,
}
"""What may shift."""


@dataclass(frozen=True, eq=False)
class Line:
    """How a call's output depends on x.

    Attributes
    ----------
    scale, shift : str
        What stands before the fraction and behind it.
    centre, root : list of ndarray
        One for each setting, (features,).
    factor : list of ndarray
        What the shift is multiplied with.
    raised : float
        How many times the scale is added.
    """

    scale: str
    shift: str
    centre: Rows
    root: Rows
    factor: Rows
    raised: float = 0.0

    def upright(self) -> "Line":
        """Return this reading with a root that is positive."""
        if not all((row < 0).all() for row in self.root):
            return self
        return replace(self, scale=f"-{self.scale}", root=[-row for row in self.root])

    def raised_by(self, value: float) -> "Line":
        """Return this reading if the scale is added so many times."""
        pairs = zip(self.centre, self.root, strict=True)
        return replace(self, centre=[c + value * r for c, r in pairs], raised=value)


def slopes(x: Array, y: Array, exact: float) -> tuple[Array, Array] | None:
    """Return slope and height at 0 of each feature; None where y is no line in x."""
    if x.shape != y.shape or x[..., 0].size < 2 or not np.isfinite(y).all():
        return None
    slope, height, missed = straight(x, y)
    return (slope, height) if missed.max() <= exact * max(1.0, np.abs(y).max()) else None


def line(replays: Replays, plan: Plan, like: Line | None = None, number: int = 1) -> Line | None:
    """Read how the last call's output depends on x, gamma and beta.

    Parameters
    ----------
    replays : Replays
        The layers.
    plan : Plan
        Whose last call is read.
    like : Line, optional
        Another reading, whose scale and shift hold here too: saves three of four lives.
    number : int, default 1
        With which gamma and beta it is read then.
    """
    numbers = replays.pairs if like is None else range(number, number + 1)
    read = [slopes_of(replays, plan, number) for number in numbers]
    if any(one is None for one in read):
        return None
    slope, height = (np.array([one[i] for one in read if one is not None]) for i in (0, 1))
    gamma, beta = (np.array(one) for one in _flat_pairs(replays, numbers))
    if not slope.all():
        return None
    if like is not None:
        read_like = _with(like.scale, like.shift, like.factor, slope, height, gamma, beta)
        return read_like.raised_by(like.raised)
    return _found(slope, height, gamma, beta, replays.exact)


def slopes_of(replays: Replays, plan: Plan, number: int) -> tuple[Array, Array] | None:
    """Return slopes and heights of a plan's last call, with all settings."""
    outputs = replays.outputs(plan, number)
    batches = [replays.batches(plan, one)[-1] for one in replays.settings]
    both = [slopes(x, y, replays.exact) for x, y in zip(batches, outputs, strict=True)]
    if any(one is None for one in both):
        return None
    slope, height = (np.concatenate([one[i] for one in both if one]) for i in (0, 1))
    return slope, height


def _flat_pairs(replays: Replays, numbers: range) -> tuple[Rows, Rows]:
    pairs = [[replays.pair(number, one) for one in replays.settings] for number in numbers]
    gamma, beta = ([np.concatenate([p[i] for p in row]) for row in pairs] for i in (0, 1))
    return gamma, beta


def _found(slope: Array, height: Array, gamma: Array, beta: Array, exact: float) -> Line | None:
    for scale, made in SCALES.items():
        ratio = slope / made(gamma, beta)
        if _constant(ratio, exact):
            for shift in SHIFTS:
                columns = made(gamma, beta), SHIFTS[shift](gamma, beta)
                factor = _factor(height, *columns, exact)
                if factor is not None:
                    rows = _split(factor)
                    return _with(scale, shift, rows, slope, height, gamma, beta).upright()
    return None


def _constant(values: Array, exact: float) -> bool:
    return bool(np.abs(values - values[0]).max() <= exact * np.abs(values).max())


def _factor(height: Array, scale: Array, shift: Array, exact: float) -> Array | None:
    """Return what the shift is multiplied with if height is made of scale and shift."""
    count, features = height.shape
    if count == 1:  # neither gamma nor beta can be set
        return np.ones(features)
    factors = np.zeros(features)
    for j in range(features):
        matrix = np.stack([scale[:, j], shift[:, j]], axis=1)
        found = np.linalg.lstsq(matrix, height[:, j], rcond=1e-9)[0]
        if np.abs(matrix @ found - height[:, j]).max() > exact * max(1, np.abs(height).max()):
            return None
        factors[j] = found[1]
    return factors


def _with(
    scale: str, shift: str, factor: Rows, slope: Array, height: Array, gamma: Array, beta: Array
) -> Line:
    sign = -1 if scale.startswith("-") else 1
    root = sign * SCALES[scale.removeprefix("-")](gamma, beta)[0] / slope[0]
    raised = np.concatenate(factor) * SHIFTS[shift](gamma, beta)[0]
    centre = -(height[0] - raised) / slope[0]
    return Line(scale, shift, _split(centre), _split(root), factor)


def _split(values: Array) -> Rows:
    """Return what belongs to each setting."""
    ends = np.cumsum([one.features for one in SETTINGS])[:-1]
    return np.split(values, ends)
