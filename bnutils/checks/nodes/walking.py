"""The walk through a graph: each node is judged by the student's own nodes before it.

So a mistake is found where it was made, and what follows from it is not one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, as_array
from bnutils.checks.exercise import agree
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.nodes.graph import Node

FACTORS = {"-1": -1.0, "2": 2.0, "1/2": 0.5, "-2": -2.0, "-1/2": -0.5, "4": 4.0, "1/4": 0.25}


@dataclass
class Walk:
    """What was found on the way.

    Attributes
    ----------
    right : list of str
        Nodes that are right, or follow rightly from the student's own.
    wrong : dict of str to str
        The others, with what can be seen of them.
    terms : dict of str to str
        What a wrong one is instead, where that is known.
    late : list of str
        Nodes that still have one number for each example, and would be right when summed.
    """

    right: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)


def walk(nodes: Sequence[Node], given: Mapping[str, Array], found: Mapping[str, Any]) -> Walk:
    """Judge the nodes in the order of the graph.

    Parameters
    ----------
    nodes : sequence of Node
        The graph.
    given : mapping of str to ndarray
        The arguments; x and dy are (N, D), the others broadcast with them.
    found : mapping
        The student's nodes, by the nodes' own names.

    Returns
    -------
    Walk
    """
    own = {**given, "N": np.asarray(len(given["x"]))}
    truth, done = dict(own), Walk()
    for node in nodes:
        truth[node.name] = evaluate(node.formula, truth)
        due = evaluate(node.formula, own)
        own[node.name] = due
        if node.name in found:
            own[node.name] = _judged(node, as_array(found[node.name]), due, truth, own, done)
    return done


def _judged(
    node: Node, got: Array | None, due: Array, truth: Mapping[str, Array], own: Any, done: Walk
) -> Array:
    """Note how the node is; return what the nodes after it are to be judged by."""
    right = truth[node.name]
    value = None if got is None else _laid(got, due)
    if got is None or value is None:
        return _of_another_shape(node, got, due, done)
    if _same(value, due) or _same(value, right):
        done.right.append(node.name)
        return value
    if any(_same(value, evaluate(other, own)) for other in node.also):
        done.right.append(node.name)
        return due
    done.wrong[node.name] = _difference(node.name, value, due)
    done.terms[node.name] = _term(node, value, due, own)
    return value


def _laid(got: Array, due: Array) -> Array | None:
    """Return the numbers in the shape of the right ones; None if they do not fit."""
    value = got.astype(float)
    if value.size == due.size:
        return value.reshape(due.shape)
    batch = value.ndim == 2 and value.shape[-1] == due.shape[-1] and len(due) == 1
    return value[:1] if batch and _same(value, np.broadcast_to(value[:1], value.shape)) else None


def _of_another_shape(node: Node, got: Array | None, due: Array, done: Walk) -> Array:
    if got is None:
        done.wrong[node.name] = f"{node.name} is no array of numbers."
        return due
    summed = got.sum(axis=0, keepdims=True) if got.ndim == 2 else got
    if summed.shape == due.shape and _same(summed, due):
        done.late.append(node.name)
        return due
    wanted = due.shape[-1:] if len(due) == 1 else due.shape
    done.wrong[node.name] = f"{node.name} has the shape {got.shape}; {wanted} was expected."
    return due


def _same(value: Array, due: Array) -> bool:
    """Whether the numbers agree; what follows from NaN is NaN rightly."""
    if value.shape != due.shape or not np.array_equal(np.isnan(value), np.isnan(due)):
        return False
    return agree(np.nan_to_num(value), np.nan_to_num(due))


def _difference(name: str, value: Array, due: Array) -> str:
    error = np.nan_to_num(np.abs(value - due), nan=np.inf)
    place = np.unravel_index(error.argmax(), error.shape)
    index = ", ".join(str(int(one)) for one in (place[1:] if len(due) == 1 else place))
    own = f"{value[place]:.5g}"
    return f"{name}[{index}] is {own}; from your nodes before it {due[place]:.5g} follows."


def _term(node: Node, value: Array, due: Array, own: Any) -> str:
    """Say what a wrong node is instead: half of it, or a multiple."""
    for said, formula in node.parts.items():
        if _same(value, np.broadcast_to(evaluate(formula, own), due.shape)):
            return f"your {node.name} is {said} alone."
    count = len(own["x"])
    factors = {**FACTORS, "N": count, "-N": -count, "1/N": 1 / count, "-1/N": -1 / count}
    for said, factor in factors.items():
        if _same(value, factor * due):
            return f"your {node.name} is {said} times what it should be."
    factor = float((value * due).sum() / (due * due).sum())
    if _same(value, factor * due):
        return f"your {node.name} is {factor:.6g} times what it should be."
    return ""
