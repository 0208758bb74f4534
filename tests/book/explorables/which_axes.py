"""*Which axes?* according to NumPy: what is averaged with a value is what a change of it moves."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils import reference
from tests.book.explorables.reading import Shown, State, close, every, found

if TYPE_CHECKING:
    from numpy.random import Generator

SHAPE = (4, 2, 2, 6)
NAMES = {
    "bn": "Batch",
    "ln": "Layer",
    "lnhwc": "Layer",
    "in": "Instance",
    "gn": "Group",
    "rms": "RMS",
}
STATUS = re.compile(
    r"Chosen: example (\d), row (\d), column (\d), channel (\d)\. "
    r"(?P<name>\w+) normalisation averages over all (?P<over>[^:]+): "
    r"(?P<values>\d+) values at a time, so this block has "
    r"(?P<statistics>\d+) "
    r"(?P<what>means and variances|root mean squares \(no mean is subtracted\))\. "
    r"Each reads (?P<reads>the whole batch: an output depends on the batch mates|"
    r"one example alone: batch mates play no part)\."
)


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    sizes = dict(zip("nhwc", SHAPE, strict=True))
    key = str(rng.choice([*sizes, "layer", "groups", "tap"]))
    if key == "tap":
        return {"set": {name: int(rng.integers(size)) for name, size in sizes.items()}}
    if key == "layer":
        return {"key": key, "value": str(rng.choice(list(NAMES)))}
    return {
        "key": key,
        "value": int(rng.choice([1, 2, 3, 6]) if key == "groups" else rng.integers(sizes[key])),
    }


def normalised(layer: str, groups: int, x: np.ndarray) -> np.ndarray:
    """The block after the layer."""
    one, none = {"epsilon": 1e-3}, (None, None)
    match layer:
        case "bn":
            return reference.batch_norm_train(x, *none, **one)[0]
        case "ln":
            return reference.layer_norm(x, *none, **one)[0]
        case "lnhwc":
            return reference.layer_norm(x, *none, axis=(1, 2, 3), **one)[0]
        case "in":
            return reference.instance_norm(x, *none, **one)[0]
        case "gn":
            return reference.group_norm(x, *none, groups=groups, **one)[0]
    return reference.rms_norm(x, None, **one)[0]


@cache
def together(layer: str, groups: int, chosen: tuple[int, ...]) -> np.ndarray:
    """True where the output changes with the chosen value."""
    x = np.random.default_rng(0).normal(1, 2, SHAPE)
    other = x.copy()
    other[chosen] += 1
    return np.abs(normalised(layer, groups, other) - normalised(layer, groups, x)) > 1e-9


def named(over: str) -> np.ndarray:
    """The values that the words name."""
    mask = np.zeros(SHAPE, dtype=bool)
    parts = {name: re.search(rf"{word} (\d)(?: to (\d))?", over) for name, word in WORDS.items()}
    spans = {name: span(match) for name, match in parts.items()}
    mask[spans["n"], spans["h"], spans["w"], spans["c"]] = True
    return mask


WORDS = {"n": "example", "h": "row", "w": "column", "c": "channels?"}


def span(match: re.Match[str] | None) -> slice:
    """Indices for "channel 2" or "channels 1 to 3"; all where nothing is said."""
    if match is None:
        return slice(None)
    return slice(int(match[1]) - 1, int(match[2] or match[1]))


def check(shown: Shown) -> None:
    """Compare the text and the drawing with NumPy."""
    state, said = shown.state, STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    chosen = tuple(state[name] for name in "nhwc")
    mask = together(state["layer"], state["groups"], chosen)
    assert tuple(int(said[i]) - 1 for i in range(1, 5)) == chosen
    assert said["name"] == NAMES[state["layer"]]
    assert (named(said["over"]) == mask).all(), shown.status
    assert int(said["values"]) == mask.sum()
    assert int(said["statistics"]) == mask.size // mask.sum()
    assert said["what"].startswith("root") == (state["layer"] == "rms")
    assert said["reads"].startswith("the whole batch") == bool(mask.any((1, 2, 3)).sum() > 1)
    check_drawing(shown.view, state, mask)


def check_drawing(view: str, state: State, mask: np.ndarray) -> None:
    """The hatched squares are those that are averaged; the ring is on the chosen one."""
    squares = every(r'<rect class="bnx-(in|out)" x="([\d.]+)%" y="(\d+)" width="([\d.]+)%"', view)
    assert [kind == "in" for kind, *_ in squares] == mask.ravel().tolist()
    for (_, x, y, wide), (_, h, w, c) in zip(
        squares, itertools.product(*map(range, SHAPE)), strict=True
    ):
        middle = float(x) + float(wide) / 2
        assert int(12 * middle / 100) == 2 * c + w
        assert int(y) // 26 == h
    at = np.ravel_multi_index([state[name] for name in "nhwc"], SHAPE)
    _, x, y, wide = squares[at]
    ring = found(r'<circle class="bnx-here" cx="([\d.]+)%" cy="(\d+)"', view)
    assert close(list(ring.groups()), [float(x) + float(wide) / 2, int(y) + 12])
