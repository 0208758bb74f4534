"""Layers that do something else now and then: for one example, after so many updates, in between.

Formulas that hold in the ordinary course of a life are compared with what a layer does in all of
its lives. At the first call that they do not reproduce, that call is read by itself, and of the
conditions that hold there the one that explains most is taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import tidy
from bnutils.checks.life import terms
from bnutils.checks.life.found import MEANT, Found, known, stack
from bnutils.checks.life.judgement import Verdict, reproduces
from bnutils.checks.life.replays import PROBE, SETTINGS, Plan, Replays, Rows
from bnutils.checks.life.reproducing import SAME, first_unexplained, reproduced
from bnutils.checks.life.rules import (
    INFERENCE,
    INFERRED,
    RIGHT,
    TRAINING,
    Condition,
    Formulas,
)
from bnutils.checks.life.sparse import Column, Sum, explain
from bnutils.checks.life.states import read_state
from bnutils.checks.life.training import output_at

MOST = 4
"""So many conditions are looked for."""

LONG = 40
"""Lives of so many steps are left out where others tell enough."""

ALONE = (
    "beta",
    "gamma * (x - moving_mean) / sqrt(moving_variance + epsilon)",
    "gamma * x",
    "x",
    "gamma",
    "1",
    "gamma * (x - moving_mean) / sqrt(epsilon)",
    "gamma * x / sqrt(moving_variance + epsilon)",
    "gamma * x / sqrt(epsilon)",
    "gamma * (x - moving_mean)",
    "(x - moving_mean) / sqrt(moving_variance + epsilon)",
)
"""What the output for a single value may be made of."""


@dataclass(frozen=True)
class Rule:
    """What a call does that others do not.

    Attributes
    ----------
    key : str
        What it gives.
    text : str
        The formula.
    found : Sum, optional
        Its terms, where it is a sum.
    """

    key: str
    text: str
    found: Sum | None = None


Rules = tuple[Rule, ...]
"""All that one call does."""


def refine(replays: Replays, found: Found, verdicts: Sequence[Verdict]) -> bool:
    """Add rules for the calls that the formulas do not reproduce; say whether none is left.

    Parameters
    ----------
    replays : Replays
        The layers.
    found : Found
        What is known of them; it is added to.
    verdicts : sequence of Verdict
        The lives that were lived.
    """
    for _ in range(MOST):
        first = first_unexplained(found.formulas, replays, verdicts)
        if first is None:
            return True
        best = _best(replays, found, verdicts, *first)
        if best is None:
            return False
        rules, condition = best
        found.formulas |= _written(rules, condition)
        found.sums |= {f"{one.key} if {condition}": one.found for one in rules if one.found}
    return first_unexplained(found.formulas, replays, verdicts) is None


def _written(rules: Rules, condition: Condition) -> dict[str, str]:
    return {f"{one.key} if {condition}": one.text for one in rules}


def _best(
    replays: Replays, found: Found, verdicts: Sequence[Verdict], verdict: Verdict, index: int
) -> tuple[Rules, Condition] | None:
    """Return the rules and the condition that explain most."""
    looked = [one for one in verdicts if one is verdict or len(one.outputs) < LONG]
    most, whole = _count(found.formulas, replays, looked), sum(len(one.outputs) for one in looked)
    best = None
    for rules, condition in _candidates(replays, found, verdict, index):
        count = _count({**found.formulas, **_written(rules, condition)}, replays, looked)
        if count > most:
            best, most = (rules, condition), count
        if count == whole:
            break
    return best and (best[0], _sharpened(replays, found, best[0], best[1]))


def _count(formulas: dict[str, str], replays: Replays, verdicts: Sequence[Verdict]) -> int:
    """Return how many outputs the formulas reproduce."""
    return sum(sum(reproduced(formulas, replays, one)) for one in verdicts)


def _candidates(
    replays: Replays, found: Found, verdict: Verdict, index: int
) -> Iterator[tuple[Rules, Condition]]:
    """Yield what may have gone another way, in the call or in one before it."""
    plan = _plan(verdict, index)
    asked = [i for i, (training, _) in enumerate(plan[:-1]) if not training]
    since = asked[-1] + 1 if asked else 1  # there the state was right
    for length in [len(plan), *range(since, len(plan))]:
        part = plan[:length]
        if length < len(plan) and not deviates(replays, found.formulas, part):
            continue
        for rules in _rules(replays, found, part):
            for condition in _conditions(part):
                yield rules, condition
        if length < len(plan):
            return


def _plan(verdict: Verdict, index: int) -> Plan:
    """Return the life of the layer that is called at a step, up to there."""
    steps = verdict.life.steps
    mine = [one for one in steps[: index + 1] if one.layer == steps[index].layer]
    return tuple((one.training, len(one.x)) for one in mine)


def deviates(replays: Replays, formulas: dict[str, str], plan: Plan) -> bool:
    """Whether a plan's last call, or the state that it leaves, is not what the formulas say."""
    return any(
        not reproduces(got, due, max(SAME, replays.exact))
        for one in (plan, (*plan, (False, PROBE)))
        for got, due in zip(replays.outputs(one), simulated(replays, formulas, one), strict=True)
    )


def simulated(replays: Replays, formulas: dict[str, str], plan: Plan) -> list[Array]:
    """Return what a plan's last call gives if layers do what the formulas say."""
    outputs = []
    for setting in replays.settings:
        layer = Formulas(formulas, setting)
        pair = replays.pair(1, setting)
        for name, value in zip(("gamma", "beta"), pair, strict=True):
            if name in replays.parameters:
                layer.numbers[name] = value
        for (training, _), x in zip(plan, replays.batches(plan, setting), strict=True):
            y = layer(x, training)
        outputs.append(y)
    return outputs


# ---- one call ----------------------------------------------------------------------------
def _rules(replays: Replays, found: Found, plan: Plan) -> Iterator[Rules]:
    """Read a plan's last call: its output, and what it does to the state."""
    if INFERENCE not in found.lines:
        return
    before = read_state(replays, found, plan[:-1])
    output = _output(replays, found, plan, before)
    updates = tuple(_state(replays, found, plan, before))
    if output is not None:
        yield (output,)
    if updates:
        yield updates
    if output is not None and updates:
        yield (output, *updates)


def _state(replays: Replays, found: Found, plan: Plan, before: dict[str, Rows]) -> Iterator[Rule]:
    training, _ = plan[-1]
    numbers = known(replays, [plan], [before] if before else [])
    for name, rows in read_state(replays, found, plan).items():
        columns = terms.weighted(numbers, name, MEANT[name])
        update = explain(stack([rows]), columns, 3, replays.exact)
        key = name if training else INFERRED[name]
        if update is not None and tidy(str(update)) != found.formulas.get(key, RIGHT[key]):
            yield Rule(key, tidy(str(update)), update)


def _output(replays: Replays, found: Found, plan: Plan, before: dict[str, Rows]) -> Rule | None:
    key = TRAINING if plan[-1][0] else INFERENCE
    numbers = known(replays, [plan], [before] if before else [])
    if numbers.calls[0]["x"].size > SETTINGS[0].features:
        text = output_at(replays, plan, numbers)
        return None if text is None else Rule(key, text)
    texts = [text for text in (*ALONE, _updated(found)) if before or "moving" not in text]
    columns = [Column(text, numbers.value(text), 0.1 * i) for i, text in enumerate(texts)]
    alone = explain(stack([[y[0] for y in replays.outputs(plan)]]), columns, 3, replays.exact)
    return None if alone is None else Rule(key, tidy(str(alone)), alone)


def _updated(found: Found) -> str:
    """Return inference with the statistics as they are after the batch."""
    text = found.formulas[INFERENCE]
    for name in MEANT:
        text = re.sub(rf"\b{name}\b", f"({found.formulas.get(name, RIGHT[name])})", text)
    return text


def _conditions(plan: Plan) -> list[Condition]:
    """Return what is true of a plan's last call and may not be of others."""
    training, examples = plan[-1]
    updates = sum(one for one, _ in plan)
    inferences = sum(not one for one, _ in plan[:-1])
    found = [Condition("examples", "==", 1)] if examples == 1 else []
    found += [Condition("updates", "==", updates)] if updates == training else []
    found += [Condition("updates", ">", updates - 1)] if updates else []
    found += [Condition("inferences", ">", 0)] if inferences else []
    found += [Condition("inferences", ">", inferences - 1)] if inferences > 1 else []
    found += [Condition("examples", "<", examples + 1), Condition("examples", ">", examples - 1)]
    return [*found, Condition("examples", "==", examples), Condition("updates", "==", updates)]


def _sharpened(replays: Replays, found: Found, rules: Rules, condition: Condition) -> Condition:
    """Return the condition with the bound at which the layer really changes."""
    training = rules[0].key in (TRAINING, *MEANT)
    if condition.name == "examples" and condition.sign != "==":
        special, usual = condition.value + (-1 if condition.sign == "<" else 1), 6
        return replace(condition, value=_bound(replays, found, training, special, usual, False))
    if condition.name == "updates" and condition.sign == ">" and not training:
        special = condition.value + 1
        return replace(condition, value=_bound(replays, found, training, special, 0, True))
    return condition


def _bound(
    replays: Replays, found: Found, training: bool, special: int, usual: int, updates: bool
) -> int:
    """Return the last count, of updates or examples, at which a layer does the usual."""
    while abs(special - usual) > 1:
        middle = (special + usual) // 2
        plan: Plan = ((True, 6),) * middle if updates else ((True, 6),)
        other = deviates(replays, found.formulas, (*plan, (training, 6 if updates else middle)))
        special, usual = (middle, usual) if other else (special, middle)
    return usual
