"""By which names people call the nodes."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from bnutils.checks.nodes.graph import Node

LETTERS = {"μ": "mu", "σ": "sigma", "γ": "gamma", "β": "beta", "x̂": "xhat", "²": "2", "ε": "eps"}
GIVEN = {"dy", "dout", "x", "gamma", "beta", "epsilon", "eps"}
"""Arguments, which may stand among the steps."""


def sorted_out(
    found: Mapping[Any, Any], nodes: Iterable[Node]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Tell nodes from names that nobody knows.

    Parameters
    ----------
    found : mapping
        The student's results, by the student's names.
    nodes : iterable of Node
        The graph.

    Returns
    -------
    known : dict
        The student's names, by the nodes' own.
    unknown : dict
        For each other name the nearest one that is known, or "".
    """
    names = {spelt(word): node.name for node in nodes for word in (node.name, *node.words)}
    known, unknown = {}, {}
    for name in found:
        spelling = spelt(str(name))
        if spelling in names:
            known[names[spelling]] = name
        elif spelling not in GIVEN:
            near = get_close_matches(spelling, names, 1, cutoff=0.5)
            unknown[str(name)] = names[near[0]] if near else ""
    return known, unknown


def spelt(name: str) -> str:
    """Return a name in small letters alone: "dx_hat", "dL/dx_hat" and "grad_xhat" are "dxhat"."""
    for letter, word in LETTERS.items():
        name = name.replace(letter, word)
    plain = re.sub(r"[^a-z0-9/]", "", name.lower())
    return re.sub(r"^(dl(oss)?/?d|grad(ient)?)", "d", plain).replace("/", "")
