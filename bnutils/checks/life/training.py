"""What training normalises with."""

from collections.abc import Iterator

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.life import terms
from bnutils.checks.life.axes import crooked
from bnutils.checks.life.divisors import SCALED, back, constant_root
from bnutils.checks.life.found import BASE, MEANT, Found, known, of_mean, of_variance, stack, whole
from bnutils.checks.life.lines import Line, line
from bnutils.checks.life.replays import Plan, Replays, Rows
from bnutils.checks.life.roots import ROOTS, Root
from bnutils.checks.life.rules import MEAN, TRAINING, VARIANCE
from bnutils.checks.life.seen import Seen
from bnutils.checks.life.sparse import Sum, explain
from bnutils.checks.life.states import calls_of


def read_training(replays: Replays, found: Found, states: dict[str, list[Rows]]) -> None:
    """Find what training normalises with."""
    plans = [BASE[: k + 1] for k in range(len(BASE))]
    numbers = calls_of(replays, states)
    replays.outputs(BASE)  # and with them those of all plans
    first = line(replays, plans[1])
    readings = [] if first is None else [line(replays, plan, first) for plan in plans]
    lines = [one for one in readings if one is not None]
    written = output(replays, numbers, lines, found) if len(lines) == len(BASE) else None
    if written is None:
        written = crooked(replays, plans[1], known(replays, [plans[1]]))
    found.put_text(TRAINING, written)


def output_at(replays: Replays, plan: Plan, numbers: Seen) -> str | None:
    """Return a formula for the output of a plan's last call."""
    one = line(replays, plan)
    return None if one is None else output(replays, numbers, [one], Found())


def output(replays: Replays, numbers: Seen, lines: list[Line], found: Found) -> str | None:
    """Return a formula for outputs of which lines are known; note what it is made of."""
    root, spread = _division(replays, numbers, lines)
    moving = spread is not None and "moving" in str(spread)
    for raised in (0.0, _above(numbers, lines, replays.exact)):
        lines = [one.raised_by(raised) for one in lines]
        centre = _centre(replays, numbers, lines, moving)
        if centre is not None and centre.cost < 3:
            break
    if centre is None or spread is None:
        return None
    found.lines[TRAINING], found.roots[TRAINING] = lines[0], root
    found.sums[of_mean(TRAINING)], found.sums[of_variance(TRAINING)] = centre, spread
    return whole(lines[0], str(centre), root.text.format(spread), replays.exact)


def _above(numbers: Seen, lines: list[Line], exact: float) -> float:
    """Return how many times the scale is added, if the centre is the batch's mean."""
    centre, root = (stack([getattr(one, name) for one in lines]) for name in ("centre", "root"))
    times = (numbers.value("mean(x)") - centre) / root
    return float(np.mean(times)) if np.ptp(times) < exact < abs(times[0]) else 0.0


def _centre(replays: Replays, numbers: Seen, lines: list[Line], moving: bool) -> Sum | None:
    """Find what stands for the mean."""
    centres = stack([one.centre for one in lines])
    if not moving and np.abs(centres).max() < replays.exact:
        return Sum((), 1.0)  # and no state that happens to be 0
    return next(_statistics(replays, numbers, MEAN, [centres]), (0, None))[1]


def _statistics(
    replays: Replays, numbers: Seen, state: str, candidates: list[Array]
) -> Iterator[tuple[int, Sum]]:
    """Yield what may stand for mean or variance, of the candidates that can be explained."""
    options = [(terms.plain(numbers, MEANT[state]), 2)]
    if state in numbers:
        weighted = terms.weighted(numbers, state, MEANT[state])
        options += [(weighted, 2), (weighted, 3)]
    for columns, most in options:
        found = [
            (i, explain(values, columns, most, replays.exact))
            for i, values in enumerate(candidates)
        ]
        yield from ((i, one) for i, one in found if one is not None)
        if any(one is not None for _, one in found):
            return


def _division(replays: Replays, numbers: Seen, lines: list[Line]) -> tuple[Root, Sum | None]:
    """Find how training divides: the way that leaves the likeliest variance."""
    roots = [*ROOTS, *_scaled(replays, numbers, lines)]
    candidates = [stack([back(replays, root, one.root) for one in lines]) for root in roots]
    found = [(roots[i], one) for i, one in _statistics(replays, numbers, VARIANCE, candidates)]
    return min(found, key=lambda one: one[0].cost + one[1].cost, default=(ROOTS[0], None))


def _scaled(replays: Replays, numbers: Seen, lines: list[Line]) -> list[Root]:
    """Return the right way with a factor of one's own."""
    factor = stack([one.root for one in lines]) / numbers.value("sqrt(var(x) + epsilon)")
    if np.ptp(factor) > replays.exact or abs(factor[0] - 1) < replays.exact:
        return []
    return [constant_root(SCALED, float(np.mean(factor)))]
