"""Random walks through the interactive figures, one action after the other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bnsite import node

from tests.book.explorables import (
    atlas,
    backward_flow,
    drag_the_batch,
    effective_rate,
    moving_average_clock,
    which_axes,
)
from tests.book.explorables.reading import Shown

if TYPE_CHECKING:
    from types import ModuleType

# Each knows what a reader can do with its figure, and what the figure has to say then.
ORACLES: dict[str, ModuleType] = {
    "drag-the-batch": drag_the_batch,
    "backward-flow": backward_flow,
    "moving-average-clock": moving_average_clock,
    "which-axes": which_axes,
    "effective-rate": effective_rate,
    "atlas": atlas,
}
WALKER = Path(__file__).parents[1] / "javascript" / "walk.js"

Walk = list[dict[str, Any]]


def random_walks(name: str, walks: int, actions: int, seed: int = 0) -> list[Walk]:
    """What some readers do, one thing after the other."""
    rng = np.random.default_rng([seed, *name.encode()])
    return [[ORACLES[name].actions(rng) for _ in range(actions)] for _ in range(walks)]


def walked(name: str, walks: list[Walk]) -> tuple[list[Shown], int]:
    """What the figure's own script shows at every start and after every action; the text's room."""
    job = json.dumps({"name": name, "walks": walks})
    command = [node.binary(), str(WALKER)]
    done = subprocess.run(command, input=job, capture_output=True, encoding="utf8", check=True)
    result = json.loads(done.stdout)
    return [Shown(**shown) for walk in result["walks"] for shown in walk], result["room"]
