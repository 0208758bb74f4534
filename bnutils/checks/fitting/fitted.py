"""A student's function as the check calls it: the least change that makes it fit."""

from dataclasses import dataclass, replace

from bnutils.checks.calls.calling import Function, Outcome, call
from bnutils.checks.exercise import Exercise
from bnutils.checks.fitting import refusals
from bnutils.checks.fitting.binding import binding
from bnutils.checks.fitting.constants import settled
from bnutils.checks.fitting.cs231n import cs231n_forward, cs231n_inference, cs231n_update
from bnutils.checks.fitting.frameworks import loaded
from bnutils.checks.fitting.manners import Manner, layout
from bnutils.checks.fitting.observing import Caller
from bnutils.checks.fitting.parameters import takes_bn_param
from bnutils.checks.fitting.searching import Search
from bnutils.checks.fitting.wording import name_of, paste
from bnutils.checks.report import Mistake

_ON_ONE = "fails-on-batch-of-one"
_REFUSES_ONE = "Expected more than 1 value per channel"
_CS231N = {
    ("x", "gamma", "beta", "epsilon"): cs231n_forward,
    (
        "x",
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
        "epsilon",
    ): cs231n_inference,
    ("moving_mean", "moving_variance", "x", "momentum"): cs231n_update,
}
"""What fits CS231n's forward pass to an exercise with these arguments."""


@dataclass(frozen=True, eq=False)
class Fitting:
    """How a function is called and judged.

    Attributes
    ----------
    function : callable
        To be called as the exercise says, with NumPy's arrays.
    exercise : Exercise
        The same, or with the function's own epsilon or momentum in all cases.
    remarks : tuple of str
        How the student's function is called, if not as the exercise says.
    mistakes : tuple of Mistake
        Why it does not fit; then there is nothing to judge.
    """

    function: Function
    exercise: Exercise
    remarks: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def fitted(function: Function, exercise: Exercise, caller: Caller = call) -> Fitting:
    """Return how to call a function that was written in its own manner.

    Parameters
    ----------
    function : callable
        The student's.
    exercise : Exercise
        On whose first plain case it is tried.
    caller : callable, optional
        What the student's code is run by, in place of
        :func:`bnutils.checks.calls.calling.call`.

    Returns
    -------
    Fitting
        The function itself, if it fits as it is or not at all.
    """
    if not callable(function):
        return Fitting(function, exercise)
    if refusals.is_layer(function):
        return Fitting(function, exercise, mistakes=(refusals.a_layer(function, exercise),))
    adapter = _CS231N.get(exercise.signature.arguments)
    if adapter and takes_bn_param(function):
        search = Search(function, exercise, caller)
        return _fitting(search, adapter(function), (f"It is called by checks.{adapter.__name__}.",))
    bound = binding(function, exercise.signature.arguments)
    if not bound.fits or bound.reordered:
        refused = refusals.in_another_order if bound.fits else refusals.unknown
        return Fitting(function, exercise, mistakes=(refused(function, exercise, bound),))
    said = () if not bound.call else (f"It is called as {bound.call}.",)
    return _fitting(Search(function, exercise, caller, bound.missing), bound.function, said)


def _fitting(search: Search, function: Function, said: tuple[str, ...]) -> Fitting:
    """Return the manner in which a function is right, or runs, or what is in its way."""
    manner, outcome = search.manner(function)
    if manner.function is not search.written:
        manner.function.__name__ = name_of(search.written)  # for messages
    remarks = (*said, *manner.remarks)
    if search.missing:
        return _settled(search, manner.function, outcome, remarks)
    if search.right(outcome):
        return _as_pytorch(Fitting(manner.function, search.exercise, remarks), search.caller)
    if outcome.values is None:
        return Fitting(manner.function, search.exercise, remarks)
    remarks += _perhaps(search, manner)
    return Fitting(manner.function, search.exercise, remarks)


def _as_pytorch(fitting: Fitting, caller: Caller) -> Fitting:
    """Excuse that PyTorch's own functions refuse one example in training."""
    cases, exercise = fitting.exercise.special, fitting.exercise
    for case in (one for one in cases if loaded("torch") and one.blame == _ON_ONE):
        shapes = tuple(one.shape for one in exercise.right(*case.arguments))
        outcome = caller(fitting.function, exercise.signature, case.arguments, shapes)
        if any(_REFUSES_ONE in found.seen for found in outcome.mistakes):
            excused = tuple(replace(one, may_refuse=one is case or one.may_refuse) for one in cases)
            remarks = (*fitting.remarks, "As PyTorch does, it refuses to train on one example.")
            return Fitting(fitting.function, replace(exercise, special=excused), remarks)
    return fitting


def _perhaps(search: Search, manner: Manner) -> tuple[str, ...]:
    """Say with which adapter, or of which result, the numbers would be right, if there is one."""
    name, *_ = search.exercise.signature.results
    if place := search.behind(manner):
        return (f"Your {place} result has the right numbers; the exercise wants {name} first.",)
    adapter = search.adapter(manner)
    if not adapter:
        return ()
    call = f"checks.{adapter}({name_of(search.written)})"
    line = paste(search.exercise.name, call)
    said = f"In another layout the numbers are right. {layout(adapter)}"
    return (f"{said} Is that what you meant? {line}",)


def _settled(
    search: Search, function: Function, outcome: Outcome, remarks: tuple[str, ...]
) -> Fitting:
    """Put the function's own epsilon or momentum into all cases, if it has one."""
    value = search.constant(outcome)
    if value is None:
        said = f"{search.missing} is no argument, and no number in its place makes this right."
        return Fitting(function, search.exercise, (*remarks, said))
    said = f"{search.missing} is no argument; the function is judged by its own, {value:g}."
    exercise = settled(search.exercise, search.missing, value)
    return Fitting(function, exercise, (*remarks, said))
