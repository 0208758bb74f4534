"""*Effective rate* according to NumPy: a kernel in the plane, one update after the other."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.book.explorables.reading import NUMBER, Shown, State, agrees, close, every, found

if TYPE_CHECKING:
    from numpy.random import Generator

RATES = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
DECAYS = [0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3]
NORMS = [0.25, 0.5, 1, 2, 4, 8]
UPDATES = 10_000
RANGES = {"angle": (5e-6, 2.0), "length": (0.1, 100.0)}
RUN = rf"(?P<norm_X>{NUMBER}) long and turns by (?P<angle_X>{NUMBER})"
STATUS = re.compile(
    r"Learning rate (?P<rate>[\d.]+), weight decay (?P<decay>[\d.]+): after 10000 updates "
    rf"the kernel that started at (?P<start_a>{NUMBER}) is {RUN.replace('X', 'a')} an update, "
    rf"the one that started at (?P<start_b>{NUMBER}) is {RUN.replace('X', 'b')}\. "
    rf"(?:√\(2ηλ\) is (?P<goal>{NUMBER})\. Without decay the first would be "
    rf"{RUN.replace('X', 'c')}\.|Without decay there is no angle to end at: both grow, and turn "
    r"ever less\.)"
)


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    key = str(rng.choice(["rate", "decay", "norm", "rate", "decay", "norm", "preset"]))
    if key == "preset":
        return {"preset": int(rng.integers(3))}
    values = {"rate": RATES, "decay": DECAYS, "norm": NORMS}[key]
    return {"key": key, "value": values[int(rng.integers(len(values)))]}


@cache
def trained(norm: float, rate: float, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Norms and angles of a vector in the plane, with a gradient at right angles to it."""
    w, norms, angles = complex(norm), [], []
    for _ in range(UPDATES):
        gradient = 1j * w / abs(w) / abs(w)  # turned by a quarter, of the norm 1 / |w|
        after = w - rate * (gradient + decay * w)
        angles.append(abs(np.angle(after / w)))
        norms.append(abs(after))
        w = after
    return np.array(norms), np.array(angles)


def kernels(state: State) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The kernels that are drawn."""
    norm, rate, decay = (float(state[key]) for key in ("norm", "rate", "decay"))
    runs = {"a": trained(norm, rate, decay), "b": trained(4 * norm, rate, decay)}
    return runs | {"c": trained(norm, rate, 0.0)}


def check(shown: Shown) -> None:
    """Compare the text and the drawing with NumPy."""
    state, said = shown.state, STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    runs = kernels(state)
    assert (said["goal"] is None) == (state["decay"] == 0)
    values: dict[str, float] = {"rate": state["rate"], "decay": state["decay"]}
    values |= {"start_a": state["norm"], "start_b": 4 * state["norm"]}
    for kind, (norms, angles) in runs.items():
        values |= {f"norm_{kind}": norms[-1], f"angle_{kind}": angles[-1]}
    goal = (2 * state["rate"] * state["decay"]) ** 0.5
    values["goal"] = goal
    for name, value in values.items():
        if said[name] is None:  # what is said of the third kernel and of the line, without decay
            assert not goal
            continue
        assert agrees(said[name], value), f"{name}: {value}; {shown.status}"
    check_drawing(shown.view, runs, goal)


def check_drawing(view: str, runs: dict[str, Any], goal: float) -> None:
    """The curves run through the numbers, and the line stands at its angle."""
    curves = every(r'<polyline class="bnx-curve" data-kernel="(\w)" [^>]*points="([^"]+)"', view)
    assert [kind for kind, _ in curves] == [*runs, *runs]
    for place, (kind, points) in enumerate(curves):
        across, down = np.array([p.split(",") for p in points.split()], float).T
        updates = np.round(UPDATES ** (across / 100)).astype(int)
        assert (updates[0], updates[-1]) == (1, UPDATES)
        norms, angles = runs[kind]
        name, values = ("angle", angles) if place < len(runs) else ("length", norms)
        seen = np.interp(UPDATES ** (across / 100), np.arange(1, UPDATES + 1), values)
        np.testing.assert_allclose(down, height(name, seen), rtol=0, atol=0.1)
    if goal:
        line = found(r'class="bnx-axis" x1="12%" x2="97%" y1="([\d.]+)"', view)
        assert close([line[1]], [28 + 1.2 * height("angle", goal)])
    assert ("√(2ηλ)" in view) == bool(goal)


def height(name: str, value: Any) -> Any:
    """Where a value stands between the top, 0, and the bottom, 100."""
    low, high = RANGES[name]
    return 100 * np.log(high / np.clip(value, low, high)) / np.log(high / low)
