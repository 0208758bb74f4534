"""What inference computes, and the states that it shows."""

import numpy as np

from bnutils.checks.life import terms
from bnutils.checks.life.axes import crooked
from bnutils.checks.life.divisors import back, own_roots
from bnutils.checks.life.found import BASE, MEANT, Found, Part, known, same, stack, unstack, whole
from bnutils.checks.life.lines import Line, line
from bnutils.checks.life.replays import PROBE, Plan, Replays, Rows
from bnutils.checks.life.roots import ROOTS, Root
from bnutils.checks.life.rules import INFERENCE, MEAN, VARIANCE
from bnutils.checks.life.sparse import Column, Sum, explain, number
from bnutils.checks.life.states import ASKED, parameters_at_first, stays, update_of

UNKNOWN = 20.0


LIKELY = 5


def read_inference(replays: Replays, found: Found) -> dict[str, list[Rows]]:
    """Read inference and the state behind it; return the states after each batch."""
    replays.outputs((*ASKED, (False, PROBE)))  # and with it what is asked for first
    first = line(replays, (*BASE[:2], (False, PROBE)))
    second = first and line(replays, ASKED, first)
    lines = _series(replays, first)
    if first is not None and second is not None and lines is not None:
        raised = _raised(lines[0], replays.exact)
        first, second, *lines = (one.raised_by(raised) for one in (first, second, *lines))
    if first is None or second is None or lines is None:
        plan: Plan = (*BASE[:2], (False, PROBE))
        found.put_text(INFERENCE, crooked(replays, plan, known(replays, [plan])))
        return {}
    centre = _part(replays, MEAN, first.centre, second.centre, [one.centre for one in lines])
    root, spread = _spread(replays, first, second, lines, centre.states if centre else [])
    if centre is None or spread is None:
        found.missing.add(INFERENCE)
        return {}
    found.lines[INFERENCE], found.roots[INFERENCE] = first, root
    found.parts = {MEAN: centre, VARIANCE: spread}
    divisor = root.text.format(spread.text(VARIANCE))
    found.formulas[INFERENCE] = whole(first, centre.text(MEAN), divisor, replays.exact)
    states = {name: part.states for name, part in found.parts.items() if part.states}
    for name in states:
        update_of(replays, found, name, states)
    stays(replays, found, states)
    parameters_at_first(replays, found)
    return states


def _series(replays: Replays, like: Line | None) -> list[Line] | None:
    """Return what inference takes after each batch of BASE, and before the first."""
    if like is None:
        return None
    plans: list[Plan] = [(*BASE[:k], (False, PROBE)) for k in range(len(BASE) + 1)]
    lines = [line(replays, plan, like) for plan in plans]
    return [one for one in lines if one is not None] if all(lines) else None


def _raised(fresh: Line, exact: float) -> float:
    """Return how many times the scale is added, if a new layer's centre is 0."""
    centre = stack([fresh.centre])
    times = -centre / stack([fresh.root])
    if np.ptp(centre) < exact:  # a mean that is a constant at first says as much
        return 0.0
    return float(np.mean(times)) if np.ptp(times) < exact < abs(times[0]) else 0.0


def _part(
    replays: Replays, state: str, first: Rows, second: Rows, series: list[Rows]
) -> Part | None:
    """Split what inference takes into state and batch, by two batches that differ."""
    one, other = (known(replays, [plan]) for plan in ((*BASE[:2], (False, PROBE)), ASKED))
    if same(stack([first]), stack([second]), replays.exact):
        return Part("1", Sum(()), series)
    columns = [
        Column(a.text, a.values - b.values, a.cost)
        for a, b in _both(terms.plain(one, MEANT[state]), terms.plain(other, MEANT[state]))
    ] + [
        Column(a.text, a.values - b.values, a.cost + 1)
        for a, b in _both(
            terms.weighted(one, state, MEANT[state]), terms.weighted(other, state, MEANT[state])
        )
    ]
    batch = explain(stack([first]) - stack([second]), columns, 2, replays.exact)
    return None if batch is None else _shared(replays, batch, series)


def _both(one: list[Column], other: list[Column]) -> list[tuple[Column, Column]]:
    others = {column.text: column for column in other}
    return [(column, others[column.text]) for column in one if column.text in others]


def _shared(replays: Replays, batch: Sum, series: list[Rows]) -> Part:
    """Take what comes from the batch off, and look whether a state is left."""
    plans: list[Plan] = [(*BASE[:k], (False, PROBE)) for k in range(len(series))]
    seen = known(replays, plans)
    own = stack(series) - seen.value(str(batch))
    if np.abs(own).max() < replays.exact:
        return Part("", batch, [])
    share = _rest(batch)
    return Part(share, batch, unstack(own / seen.value(share)))


def _rest(batch: Sum) -> str:
    """Return the weight that is left for the state."""
    factor, text = batch.terms[0]
    if text.startswith("(1 - momentum) * ") and factor == 1:
        return "momentum"
    if text.startswith("momentum * ") and factor == 1:
        return "(1 - momentum)"
    return number(1 - factor) if 0 < factor < 1 and len(batch.terms) == 1 else "1"


def _spread(
    replays: Replays, first: Line, second: Line, lines: list[Line], means: list[Rows]
) -> tuple[Root, Part | None]:
    """Find how inference divides: the way in which state and updates are the likeliest."""
    own = own_roots(replays, lines[0])
    for roots, most in (((*ROOTS, *own), 2), ((*ROOTS[:LIKELY], *own), 3)):
        best: tuple[float, Root, Part | None] = (np.inf, ROOTS[0], None)
        for root in roots:
            if root.cost >= best[0]:
                continue
            rows = [back(replays, root, one.root) for one in (first, second, *lines)]
            part = _part(replays, VARIANCE, rows[0], rows[1], rows[2:])
            if part is not None:
                terms_of = 3 if root is ROOTS[0] else most
                cost = root.cost + part.batch.cost + _cost(replays, part, means, terms_of)
                best = min(best, (cost, root, part), key=lambda one: one[0])
        if best[0] < UNKNOWN:
            break
    return best[1], best[2]


def _cost(replays: Replays, part: Part, means: list[Rows], most: int) -> float:
    """Say how unlikely the states are that a way to divide leads to."""
    if not part.states:
        return 0.0
    found = Found()
    states = {MEAN: means, VARIANCE: part.states} if means else {VARIANCE: part.states}
    update_of(replays, found, VARIANCE, states, most)
    costs = [one.cost for one in found.sums.values()]
    return sum(costs) + UNKNOWN * len(found.missing)
