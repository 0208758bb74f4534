"""Why a layer's lives go wrong: what is asked first, and what is said without an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bnutils.checks.calls.calling import Function
from bnutils.checks.catalogue import mistake
from bnutils.checks.life import constants, floors
from bnutils.checks.life.constants import MixedUp
from bnutils.checks.life.estimation import attempt
from bnutils.checks.life.exchange import exchanged, with_modes_exchanged
from bnutils.checks.life.floors import with_floor
from bnutils.checks.life.found import Found
from bnutils.checks.life.judgement import Manner, Verdict
from bnutils.checks.life.lives import Grid
from bnutils.checks.life.names import differing, named
from bnutils.checks.life.replays import Replays
from bnutils.checks.life.reproducing import unexplained
from bnutils.checks.life.rules import INFERENCE, TRAINING
from bnutils.checks.life.strangers import strangers
from bnutils.checks.life.words import noticed
from bnutils.checks.report import Mistake

Causes = tuple[Sequence[Mistake], Mapping[str, str]]
_MORE = 10
"""States are differences of outputs, and so keep a digit less."""


def causes(
    factory: Function, verdicts: Sequence[Verdict], manner: Manner, grid: Grid = ()
) -> Causes:
    """Return mistakes and formulas behind lives that went wrong.

    Parameters
    ----------
    factory : callable
        Makes the layers.
    verdicts : sequence of Verdict
        On the lives, up to one that came to no end.
    manner : Manner
        In what the layers may differ.
    grid : tuple of int, optional
        Height and width, of images.
    """
    found = strangers(factory, grid)
    if found:
        return found, {}
    ended = [one for one in verdicts if one.outputs]
    raised = [one for verdict in verdicts if not verdict.outputs for one in verdict.mistakes]
    touched = [one for verdict in ended for one in verdict.mistakes]
    if raised or not any(one.wrong for one in ended):
        return [*raised, *touched], {}
    named_, formulas = _estimated(factory, ended, manner, grid)
    return [*named_, *touched], formulas


def _estimated(
    factory: Function, verdicts: Sequence[Verdict], manner: Manner, grid: Grid
) -> Causes:
    parameters = frozenset().union(*(one.parameters for one in verdicts))
    exact = _MORE * max(one.precision.exact for one in verdicts)
    replays = Replays(factory, parameters, grid, manner.constants, exact)
    mixed = constants.alone(replays, verdicts)
    if mixed is not None:
        return _named(mixed, verdicts, manner)
    found, complete = attempt(replays, verdicts)
    floored = {} if complete else with_floor(found.formulas, replays, verdicts)
    if floored:
        return _with_floor(found, floored, verdicts)
    if not complete or constants.suspected(found):
        mixed = constants.with_more(replays, verdicts)
    if mixed is not None:
        return _named(mixed, verdicts, manner)
    if not complete:
        return _otherwise(replays, found, verdicts)
    names = [one for one in named(found) if not _allowed(one, manner)]
    return _shown(names, verdicts), differing(found) if names else {}


def _named(mixed: MixedUp, verdicts: Sequence[Verdict], manner: Manner) -> Causes:
    """Say which constant is taken for the other, and what else is wrong."""
    others = [one for one in named(mixed.found) if not _allowed(one, manner)]
    return _shown([mixed.mistake(others), *others], verdicts), mixed.formulas()


def _shown(names: Sequence[Mistake], verdicts: Sequence[Verdict]) -> list[Mistake]:
    """Add the first wrong output to what was found, or say that alone."""
    if not names:
        return [symptom(verdicts)]
    first, *others = names
    return [replace(first, seen=f"{first.seen}\n{_first_wrong(verdicts)}"), *others]


def _otherwise(replays: Replays, found: Found, verdicts: Sequence[Verdict]) -> Causes:
    """Try it with the two modes in each other's place; else keep what is known."""
    if "(x)" in found.formulas.get(INFERENCE, "(x)"):
        other = replace(replays, factory=exchanged(replays.factory), known={}, seen={})
        turned, _ = attempt(other, ())
        turned.formulas = with_modes_exchanged(turned.formulas)
        if not unexplained(turned.formulas, replays, verdicts):
            seen = "training=True does what belongs to training=False, and the other way round."
            return [mistake("train-inference-mixup", seen)], differing(turned)
    return _in_part(found, named(found), replays, verdicts)


def _with_floor(found: Found, floored: dict[str, str], verdicts: Sequence[Verdict]) -> Causes:
    """Say that epsilon is a floor, and what else is wrong."""
    others = [one for one in named(found) if one.name not in floors.READ]
    if "ddof=1" in floored[TRAINING]:
        others.append(mistake("sample-variance", noticed(TRAINING, floored[TRAINING])))
    found.formulas = floored
    formulas = differing(found)
    seen = "\n".join(noticed(key, floored[key]) for key in (TRAINING, INFERENCE))
    return _shown([mistake("epsilon-as-floor", seen), *others], verdicts), formulas


def _allowed(found: Mistake, manner: Manner) -> bool:
    return found.name == "sample-variance" and manner.sample_variance


def _in_part(
    found: Found, names: Sequence[Mistake], replays: Replays, verdicts: Sequence[Verdict]
) -> Causes:
    """Keep what the formulas explain of one mode at least, and say what is left."""
    rest = unexplained(found.formulas, replays, verdicts)
    formulas = {
        key: text
        for key, text in differing(found).items()
        if key in (TRAINING, INFERENCE) and key.removeprefix("y in ") not in rest
    }
    places = [noticed(*one) for one in formulas.items()]
    kept = [one for one in names if any(place in one.seen for place in places)]
    return [*kept, symptom(verdicts)], formulas


def _first_wrong(verdicts: Sequence[Verdict]) -> str:
    """Say in numbers where an output is wrong first."""
    first = next(one for one in verdicts if one.wrong)
    return first.seen(first.wrong[0])


def symptom(verdicts: Sequence[Verdict]) -> Mistake:
    """Say where the first wrong output is, and what holds."""
    first = next(one for one in verdicts if one.wrong)
    holds = [_holds(mode, verdicts) for mode in ("training", "inference")]
    at = first.wrong[0]
    finite = bool(np.isfinite(first.outputs[at]).all())
    seen = "\n".join([first.seen(at), *holds])
    return mistake("different" if finite else "not-a-number", seen)


def _holds(mode: str, verdicts: Sequence[Verdict]) -> str:
    calls = [
        index in one.wrong
        for one in verdicts
        for index, step in enumerate(one.life.steps)
        if step.mode == mode
    ]
    wrong = sum(calls)
    if not wrong:
        return f"All {len(calls)} outputs in {mode} are right."
    said = "All" if wrong == len(calls) else f"{wrong} of the"
    return f"{said} {len(calls)} outputs in {mode} are wrong{_ratio(mode, verdicts)}."


def _ratio(mode: str, verdicts: Sequence[Verdict]) -> str:
    """Say it if wrong outputs are right but for a factor."""
    for one in verdicts:
        for index in one.wrong:
            if one.life.steps[index].mode == mode and np.all(one.right[index]):
                ratio = one.outputs[index] / one.right[index]
                if np.ptp(ratio) < 1e-6 * np.abs(ratio).max():
                    return f", {one.life.place(index)} by the factor {ratio.flat[0]:.4g}"
    return ""
