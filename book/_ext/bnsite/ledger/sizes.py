"""How large the networks of a comparison were, and how long they were trained: from its setting."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHAPES = {"mnist": (784, 10), "digits28": (784, 10), "digits": (64, 10)}  # pixels and classes
# Numbers that a normalisation has for each unit: gamma and beta, and moving statistics.
OF_NORM = {
    None: (0, 0), "batch": (2, 2), "renorm": (2, 5), "layer": (2, 0), "group": (2, 0), "rms": (1, 0)
}  # fmt: skip


def sizes(setting: Mapping[str, Any], dataset: str) -> Iterator[tuple[str, int]]:
    """The parameters of each network that is an MLP, and the updates where epochs are said."""
    for arm in setting.get("arms", {}).values():
        if dataset in SHAPES and str(arm.get("model")).startswith("MLP("):
            yield "parameters", parameters(arm["model"], *SHAPES[dataset])
        if {"epochs", "training images"} <= set(setting) and "batch size" in arm:
            yield "updates", setting["epochs"] * -(-setting["training images"] // arm["batch size"])
    for part in setting.values():
        if isinstance(part, dict) and "arms" in part:
            yield from sizes(part, dataset)


def parameters(call: str, inputs: int, classes: int) -> int:
    """The numbers of an MLP, moving statistics among them, from the call that makes it."""
    parts = {"affine": True, "bias": True, "statistics": "both", **dict(network(call))}
    whole = parts["statistics"] == "both"  # a half of batch normalisation has half the numbers
    affine, moving = (count if whole else count // 2 for count in OF_NORM[parts["norm"]])
    of_unit = parts["bias"] + parts["affine"] * affine + moving
    kernels = sum(rows * columns for rows, columns in pairwise([inputs, *parts["hidden"], classes]))
    return int(kernels + of_unit * sum(parts["hidden"]) + classes)


def network(call: str) -> Iterator[tuple[str, Any]]:
    """The parts of a network, from the call that makes it."""
    parsed = ast.parse(call, mode="eval").body
    if not isinstance(parsed, ast.Call):
        yield "network", call
        return
    yield "network", ast.unparse(parsed.func)
    for part in parsed.keywords:
        yield str(part.arg), ast.literal_eval(part.value)
