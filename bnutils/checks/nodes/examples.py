"""A small batch for each node, and the place in the book: the last hint speaks of the wrong one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bnutils.checks import reading
from bnutils.checks.mistakes import backward, normalising, places
from bnutils.checks.mistakes.entry import Example
from bnutils.checks.nodes.graph import FORWARD, OUTPUT, Node
from bnutils.checks.report import Mistake

GIVEN = {**backward.BATCH, **normalising.BATCH}


def with_example(found: Mistake, name: str, nodes: Sequence[Node]) -> Mistake:
    """Return what is wrong with a node, with its own numbers and its own section.

    Parameters
    ----------
    found : Mistake
        As the catalogue has it, with the example of another node.
    name : str
        The node's.
    nodes : sequence of Node
        The graph.
    """
    worked = reading.worked(example(name, nodes, late=found.name == "sum-taken-late"), {})
    forward = name in {one.name for one in (*FORWARD, OUTPUT)}
    return replace(found, worked=worked, place=reading.where(places.EQUATIONS) if forward else "")


def example(name: str, nodes: Sequence[Node], late: bool = False) -> Example:
    """Return a batch with what a node is there; `late`: and without the sum as its mistake."""
    known: dict[str, str] = {}
    for node in nodes:
        if node.name == name:
            break
        known[node.name] = f"({_written(node.formula, known)})"
    right = _written(node.formula, known)
    wrong = _written(node.formula.replace("sum(", "(", 1), known) if late else ""
    given = {word: one for word, one in GIVEN.items() if re.search(rf"\b{word}\b", right)}
    return Example(name, right, wrong, given)


def _written(formula: str, known: dict[str, str]) -> str:
    """Return a formula in the arguments alone."""
    return re.sub(r"\w+", lambda found: known.get(found[0], found[0]), formula)
