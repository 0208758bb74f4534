"""What is found out about a layer, and the calls that it is found out from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import tidy
from bnutils.checks.life.lines import Line
from bnutils.checks.life.replays import SETTINGS, Plan, Replays, Rows
from bnutils.checks.life.roots import Root
from bnutils.checks.life.rules import MEAN, VARIANCE
from bnutils.checks.life.seen import Seen
from bnutils.checks.life.sparse import Sum, number

BASE: Plan = ((True, 6), (True, 9), (True, 2), (True, 9), (True, 6))
"""Few sizes, those of the lives where that may be: JAX compiles for each anew."""

MEANT = {MEAN: "mean(x)", VARIANCE: "var(x)"}


@dataclass
class Found:
    """What is known of a layer so far.

    Attributes
    ----------
    formulas : dict of str to str
        By key, as in :mod:`~bnutils.checks.life.rules`.
    sums : dict of str to Sum
        The terms behind those that are sums: statistics, updates, states at first.
    roots : dict of str to Root
        How training and inference divide.
    lines : dict of str to Line
        What scales and shifts there.
    parts : dict of str to Part
        What inference takes for mean and variance, by "moving_mean" and "moving_variance".
    missing : set of str
        Keys for which no formula was found.
    """

    formulas: dict[str, str] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    roots: dict[str, Root] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    parts: dict[str, "Part"] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def put(self, key: str, found: Sum | None) -> None:
        """Keep a sum as the formula for a key, or that there is none."""
        if found is None:
            self.missing.add(key)
        else:
            self.sums[key], self.formulas[key] = found, tidy(str(found))

    def put_text(self, key: str, found: str | None) -> None:
        """Keep a formula for a key, or that there is none."""
        if found is None:
            self.missing.add(key)
        else:
            self.formulas[key] = tidy(found)


@dataclass(frozen=True, eq=False)
class Part:
    """What inference takes for mean or variance: a share of the state, and something of the batch.

    Attributes
    ----------
    share : str
        What the state is multiplied with; empty if there is no state in it.
    batch : Sum
        What comes from the batch.
    states : list of list of ndarray
        The state after each batch of BASE, and before; empty if there is none in it.
    """

    share: str
    batch: Sum
    states: list[Rows]

    def text(self, state: str) -> str:
        """Write it as a formula."""
        own = {"": "", "1": state}.get(self.share, f"{self.share} * {state}")
        return " + ".join(
            part for part in (own, str(self.batch) if self.batch.terms else "") if part
        )


def known(
    replays: Replays, plans: Sequence[Plan], states: Sequence[Mapping[str, Rows]] = ()
) -> Seen:
    """Return what is known at the last call of each plan, with each setting.

    Parameters
    ----------
    replays : Replays
        The layers.
    plans : sequence of Plan
        Whose last calls are meant.
    states : sequence of mapping, optional
        For each plan the states before its last call.
    """
    key = tuple(plans)
    if key not in replays.seen:
        calls = [replays.numbers(plan, setting) for plan in plans for setting in replays.settings]
        replays.seen[key] = Seen(tuple(calls))
    if not states or not states[0]:
        return replays.seen[key]
    names = states[0]
    return replays.seen[key].with_state(by_call({n: [one[n] for one in states] for n in names}))


def by_call(states: Mapping[str, list[Rows]]) -> list[dict[str, Array]]:
    """Return the states of each call with each setting."""
    count = len(next(iter(states.values()), ()))
    return [
        {name: rows[k][i] for name, rows in states.items()}
        for k in range(count)
        for i in range(len(SETTINGS))
    ]


def stack(rows: Sequence[Rows]) -> Array:
    """Lay the numbers of all settings, and of all calls, one after the other."""
    return np.concatenate([one for row in rows for one in row])


def unstack(values: Array) -> list[Rows]:
    """Undo :func:`stack`."""
    ends = np.cumsum([one.features for one in SETTINGS])
    calls = values.reshape(-1, ends[-1])
    return [list(np.split(one, ends[:-1])) for one in calls]


def of_mean(key: str) -> str:
    """Name what stands for the mean in an output."""
    return f"{key}: mean"


def of_variance(key: str) -> str:
    """Name what stands for the variance in an output."""
    return f"{key}: variance"


def same(one: Array, other: Array, exact: float) -> bool:
    """Whether numbers agree."""
    return bool(np.abs(one - other).max() <= exact * max(1e-2, np.abs(other).max()))


def whole(line: Line, centre: str, divisor: str, exact: float) -> str:
    """Write y as a formula."""
    upper = "x" if centre == "0" else f"(x - ({centre}))"
    scaled = f"{upper} / {divisor}"
    scaled = scaled if line.scale == "1" else f"{line.scale} * {scaled}"
    factor = np.concatenate(line.factor)
    shift = line.shift
    if np.abs(factor).max() < exact:
        shift = "0"
    if shift != "0" and not same(factor, np.ones_like(factor), exact):
        constant = np.ptp(factor) < exact
        shift = f"{number(float(factor[0]))} * {shift}" if constant else f"{shift} / {divisor}"
    parts = [scaled] + [shift] * (shift != "0")
    if line.raised:
        parts.append(
            number(line.raised) if line.scale == "1" else f"{number(line.raised)} * {line.scale}"
        )
    return tidy(" + ".join(parts))
