"""Checks of a student's steps, from a dictionary of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from bnutils.checks import batches
from bnutils.checks.calls.results import as_array
from bnutils.checks.calls.sessions import session
from bnutils.checks.calls.terms import Arguments, Array, Function, Signature, Witness
from bnutils.checks.catalogue import mistake
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes.calls import CALLS
from bnutils.checks.nodes.examples import with_example
from bnutils.checks.nodes.graph import BACKWARD, FORWARD, OUTPUT, Node
from bnutils.checks.nodes.names import sorted_out
from bnutils.checks.nodes.walking import Walk, walk
from bnutils.checks.report import Mistake, Report

CASES = ("a plain batch",)
RESULTS = ("dx", "dgamma", "dbeta")
CAME_BACK = {
    "wrong-number-of-results",
    "wrong-type",
    "not-numbers",
    "wrong-shape",
    "changes-its-input",
    "dtype-loss",
    "cut-to-integers",
    "integer-input",
}
ENDED = set(CALLS) - CAME_BACK
"""What a call may come to before there are steps to look at."""

STEPS_BACK = Signature(
    "steps(dy, x, gamma, epsilon) -> dictionary",
    ("dy", "x", "gamma", "epsilon"),
    ("dictionary",),
)
STEPS = Signature(
    "steps(x, gamma, beta, epsilon) -> dictionary",
    ("x", "gamma", "beta", "epsilon"),
    ("dictionary",),
)


@with_hints
def backward_nodes(function: Function) -> Report:
    """Say at which node a backward pass first goes wrong.

    Parameters
    ----------
    function : callable
        ``steps(dy, x, gamma, epsilon) -> dictionary`` with as many of its steps as it likes, by
        their names in the graph of *The backward pass*: mu, c, sigma2, r, x_hat, dbeta, dgamma,
        dx_hat, dr, dsigma2, dc, dmu, dx. Usual names such as dvar or dmean are known too.

    Returns
    -------
    Report
    """
    return _check(function, "backward_nodes", STEPS_BACK, (*FORWARD, *BACKWARD))


@with_hints
def forward_nodes(function: Function) -> Report:
    """Say at which node a forward pass first goes wrong.

    Parameters
    ----------
    function : callable
        ``steps(x, gamma, beta, epsilon) -> dictionary`` with as many of its steps as it likes, by
        their names in the graph of *The transform*: mu, c, sigma2, r, x_hat, y.

    Returns
    -------
    Report
    """
    return _check(function, "forward_nodes", STEPS, (*FORWARD, OUTPUT))


def with_steps(function: Function, check: Callable[[Function], Report]) -> Report:
    """Check a backward pass, and name the first wrong node if its steps are among its results.

    Parameters
    ----------
    function : callable
        Returns dx, dgamma and dbeta. It may return them in a dictionary together with its steps,
        or a dictionary of its steps as a fourth result.
    check : callable
        The check of the three results.

    Returns
    -------
    Report
    """
    report = check(function)
    if report.passed or ENDED & set(report.names):
        return report
    steps, _ = _returned(function, STEPS_BACK)
    if not isinstance(steps, Mapping) or set(steps) <= set(RESULTS):
        return report
    alone = check(_without_steps(function))
    if alone.passed:
        return alone
    found, remarks = judged(steps, STEPS_BACK, (*FORWARD, *BACKWARD))
    known = [one for one in found if one.name != "no-known-node"]
    mistakes = (*known, *alone.mistakes)
    return replace(alone, mistakes=mistakes, remarks=(*alone.remarks, *remarks))


def _without_steps(function: Function) -> Function:
    """Return the function with its three results alone."""

    @wraps(function)
    def results(*arguments: Any) -> Any:
        returned = function(*arguments)
        if isinstance(returned, Mapping) and set(RESULTS) <= set(returned):
            return tuple(returned[name] for name in RESULTS)
        return tuple(returned)[: len(RESULTS)] if isinstance(returned, tuple | list) else returned

    return results


class _Steps(Witness):
    """A student's function, of whose results the dictionary is kept."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._steps: dict[Any, Any] | str | None = None

    def __call__(self, *arguments: Any) -> Array:
        """Call the function; what it returns is looked at afterwards."""
        returned = self._function(*arguments)
        last = returned[-1] if isinstance(returned, tuple | list) and returned else returned
        self._steps = dict(last) if isinstance(last, Mapping) else type(last).__name__
        return np.zeros(())

    def saw(self) -> Any:
        """Return the dictionary, its values as arrays where they are; else the type's name."""
        if not isinstance(self._steps, dict):
            return self._steps
        arrays = {str(name): as_array(value) for name, value in self._steps.items()}
        return {name: value if value is not None else np.nan for name, value in arrays.items()}


def _returned(function: Function, signature: Signature) -> tuple[Any, tuple[Mistake, ...]]:
    """Call the function on a plain batch; return its dictionary, or why there is none."""
    with session() as call:
        first = call(function, signature, _arguments(signature), ((),))
        ended = tuple(one for one in first.mistakes if one.name in ENDED)
        if ended:
            return None, ended
        outcome = call(_Steps(function), signature, _arguments(signature), ((),))
    return outcome.saw, () if outcome.saw is not None else outcome.mistakes


def _arguments(signature: Signature) -> Arguments:
    plain = batches.batch(6, 4)
    return tuple(getattr(plain, name) for name in signature.arguments)


def _check(function: Function, name: str, signature: Signature, nodes: Sequence[Node]) -> Report:
    with np.errstate(all="ignore"):
        steps, failed = _returned(function, signature)
        if failed:
            return Report(name, failed, CASES)
        if not isinstance(steps, Mapping):
            seen = f"{signature.text} is expected; {steps} came back."
            return Report(name, (mistake("no-known-node", seen),), CASES)
        found, remarks = judged(steps, signature, nodes)
        return Report(name, found, CASES, remarks=remarks)


def judged(
    steps: Mapping[Any, Any], signature: Signature, nodes: Sequence[Node]
) -> tuple[tuple[Mistake, ...], tuple[str, ...]]:
    """Return what is wrong with the steps, and what else is to be said of them."""
    known, unknown = sorted_out(steps, nodes)
    given = dict(zip(signature.arguments, _arguments(signature), strict=True))
    done = walk(nodes, given, {name: steps[own] for name, own in known.items()})
    names = ", ".join(f"{n}{f' (is it {near}?)' if near else ''}" for n, near in unknown.items())
    strange = (f"no node of the graph is called {names}.",) if names else ()
    if not known:
        seen = strange[0] if strange else "the dictionary is empty."
        return (mistake("no-known-node", seen),), ()
    late = tuple(f"{name} is summed over the batch later than in the graph." for name in done.late)
    return tuple(_mistakes(done, nodes, known)), strange + (() if done.wrong else late)


def _mistakes(done: Walk, nodes: Sequence[Node], known: Mapping[str, Any]) -> list[Mistake]:
    """Return the first node that is wrong, or the sums before it that were never taken."""
    if not done.wrong:
        return []
    order = [node.name for node in nodes]
    first, *others = done.wrong
    late = [one for one in done.late if order.index(one) < order.index(first)]
    own = first if known[first] == first else f"{known[first]}, the graph's {first},"
    if late:
        seen = f"{', '.join(late)}: a number for each example. {own} is the first that is wrong."
        found = mistake("sum-taken-late", f"{seen} {done.wrong[first]}")
        return [with_example(found, late[0], nodes)]
    seen = f"{own} is the first wrong node. {done.wrong[first]}"
    seen += f" Right so far as they go: {', '.join(done.right)}." * bool(done.right)
    seen += f" Wrong in themselves, too: {', '.join(others)}." * bool(others)
    found = mistake("wrong-node", seen, done.terms.get(first, ""))
    found = with_example(found, first, nodes)
    return [replace(found, hint=nodes[order.index(first)].hint)]
