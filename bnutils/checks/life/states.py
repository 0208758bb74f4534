"""The state of a layer: at first, after a batch of training, and after a call in inference."""

from bnutils.checks.calls.calling import Array
from bnutils.checks.life import terms
from bnutils.checks.life.divisors import back
from bnutils.checks.life.found import BASE, MEANT, Found, by_call, known, same, stack, unstack
from bnutils.checks.life.lines import line, slopes_of
from bnutils.checks.life.replays import OTHER_PROBE, PROBE, SETTINGS, Plan, Replays, Rows
from bnutils.checks.life.rules import INFERENCE, INFERRED, MEAN, VARIANCE
from bnutils.checks.life.seen import Seen
from bnutils.checks.life.sparse import Column, Sum, explain

ASKED: Plan = (*BASE[:2], (False, OTHER_PROBE))
"""Trained a little, and asked for another batch than :data:`PROBE`."""

AT_FIRST = {
    MEAN: {"epsilon": 2.0, "1": 1.0, "momentum": 2.0},
    VARIANCE: {"1": 0.0, "epsilon": 2.0, "momentum": 2.0},
}


def update_of(
    replays: Replays, found: Found, name: str, states: dict[str, list[Rows]], most: int = 3
) -> None:
    """Find a state at first, and how a batch of training changes it."""
    fresh = known(replays, [((True, PROBE),)])
    constants = [Column(t, fresh.value(t), c) for t, c in AT_FIRST[name].items()]
    found.put(f"{name} at first", explain(stack([states[name][0]]), constants, 2, replays.exact))
    others = {n: s for n, s in states.items() if n != name}
    base = replays.remembered(("update", name, tuple(others)), lambda: calls_of(replays, others))
    numbers = base.with_state(by_call({name: states[name][:-1]}))
    columns = terms.weighted(numbers, name, MEANT[name])
    found.put(name, _changes(stack(states[name][1:]), columns, most, replays.exact))


def _changes(target: Array, columns: list[Column], most: int, exact: float) -> Sum | None:
    """Explain all updates; if that fails all but the first, which may be another one."""
    found = explain(target, columns, most, exact)
    if found is not None:
        return found
    first = sum(one.features for one in SETTINGS)
    later = [Column(one.text, one.values[first:], one.cost) for one in columns]
    found = explain(target[first:], later, min(most, 2), exact)
    return found and Sum(found.terms, found.cost + 3)


def calls_of(replays: Replays, states: dict[str, list[Rows]]) -> Seen:
    """Return what is known at each update, with the states before it."""
    plans = [BASE[: k + 1] for k in range(len(BASE))]
    seen = known(replays, plans)
    if states:
        seen = seen.with_state(by_call({n: s[: len(BASE)] for n, s in states.items()}))
        for text in terms.statistics(seen):
            seen.value(text)
    return seen


def read_state(replays: Replays, found: Found, plan: Plan) -> dict[str, Rows]:
    """Return the state after a plan, as inference shows it; empty if it does not."""
    looked: Plan = (*plan, (False, PROBE))
    read = line(replays, looked, found.lines[INFERENCE])
    if read is None:
        return {}
    values = {MEAN: read.centre, VARIANCE: back(replays, found.roots[INFERENCE], read.root)}
    seen = known(replays, [looked])
    return {
        name: unstack(
            (stack([values[name]]) - seen.value(str(part.batch))) / seen.value(part.share)
        )[0]
        for name, part in found.parts.items()
        if part.states
    }


def stays(replays: Replays, found: Found, states: dict[str, list[Rows]]) -> None:
    """Find how inference changes the state."""
    later = read_state(replays, found, ASKED)
    now = known(replays, [ASKED], [{name: one[2] for name, one in states.items()}])
    for name, rows in later.items():
        if not same(stack([rows]), stack([states[name][2]]), replays.exact):
            columns = terms.weighted(now, name, MEANT[name])
            found.put(INFERRED[name], explain(stack([rows]), columns, 3, replays.exact))


def parameters_at_first(replays: Replays, found: Found) -> None:
    """Find the gamma and beta that a layer is made with."""
    plan: Plan = ((False, PROBE),)
    given, made = line(replays, plan, found.lines[INFERENCE]), slopes_of(replays, plan, 0)
    usual = found.lines[INFERENCE].scale == "gamma" and found.lines[INFERENCE].shift == "beta"
    if given is None or made is None or not replays.parameters or not usual:
        return
    gamma = made[0] * stack([given.root])
    beta = made[1] + made[0] * stack([given.centre])
    fresh = known(replays, [plan])
    for name, values in (("gamma", gamma), ("beta", beta)):
        constants = [Column(t, fresh.value(t), 1.0) for t in ("1", "epsilon", "momentum")]
        found.put(f"{name} at first", explain(values, constants, 2, replays.exact))
