"""*The moving-average clock* according to NumPy."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils import reference
from tests.book.explorables.reading import NUMBER, Shown, State, agrees, close, found

if TYPE_CHECKING:
    from numpy.random import Generator

MOMENTA = [0.001, 0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
INITIAL, BATCH, EPSILON = np.array([0.0, 1.0]), np.array([6.0, 9.0]), 0.001
STATUS = re.compile(
    r"(?P<name>Keras|PyTorch), momentum (?P<momentum>[\d.]+): "
    rf"each update keeps (?P<keep>{NUMBER}) % of the old value\. "
    rf"After (?P<steps>\d+) (?P<updates>updates?), (?P<share>{NUMBER}) % of the initial "
    rf"statistics is left \(at most 1 % after (?P<until>\d+)\)\. "
    rf"Stored mean (?P<mean>{NUMBER}), variance (?P<variance>{NUMBER}); every batch had 6 and 9\. "
    rf"In inference this batch comes out with mean (?P<centre>{NUMBER}) "
    rf"and standard deviation (?P<spread>{NUMBER}); in training with 0 and 1\."
)


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    key = str(rng.choice(["convention", "momentum", "momentum", "steps", "few", "preset"]))
    if key == "preset":
        return {"preset": int(rng.integers(4))}
    if key == "few":
        return {"key": "steps", "value": int(rng.integers(0, 5))}
    value = {
        "convention": str(rng.choice(["keras", "pytorch"])),
        "momentum": float(rng.choice(MOMENTA)),
        "steps": int(rng.integers(0, 1501)),
    }
    return {"key": key, "value": value[key]}


def kept(state: State) -> Decimal:
    """The weight of the old value, without rounding."""
    momentum = Decimal(str(state["momentum"]))
    return momentum if state["convention"] == "keras" else 1 - momentum


@cache
def updates_until(keep: Decimal) -> int:
    """The first number of updates after which at most one per cent is left."""
    left, steps = Decimal(1), 0
    while left > Decimal("0.01"):
        left, steps = left * keep, steps + 1
    return steps


def stored(state: State) -> np.ndarray:
    """Moving mean and variance, one update after the other."""
    value = INITIAL
    for _ in range(state["steps"]):
        value = reference.update_moving(value, BATCH, float(kept(state)))
    return value


def outputs(mean: float, variance: float) -> tuple[float, float]:
    """Mean and standard deviation of a batch with mean 6 and variance 9 in inference."""
    batch = np.array([[3.0], [9.0]])
    y = reference.batch_norm_infer(batch, [1.0], [0.0], [mean], [variance], epsilon=EPSILON)
    return y.mean(), y.std()


def check(shown: Shown) -> None:
    """Compare the text and the drawing with NumPy."""
    state, said = shown.state, STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    mean, variance = stored(state)
    share = 1 - mean / BATCH[0]
    centre, spread = outputs(mean, variance)
    assert said["name"].lower() == state["convention"]
    assert float(said["momentum"]) == state["momentum"]
    assert int(said["steps"]) == state["steps"]
    assert (said["updates"] == "update") == (state["steps"] == 1)
    assert int(said["until"]) == updates_until(kept(state)), shown.status
    values = {"mean": mean, "variance": variance, "centre": centre, "spread": spread}
    values |= {"keep": 100 * float(kept(state)), "share": 100 * share}
    for name, value in values.items():
        assert agrees(said[name], value), f"{name}: {value}; {shown.status}"
    check_drawing(shown.view, state["steps"], share, centre, spread)


def check_drawing(view: str, steps: int, share: float, centre: float, spread: float) -> None:
    """Hand, dot and bars stand where the numbers are."""
    turn = 2 * np.pi * min(share, 0.999)
    hand = list(found(r'class="bnx-hand" d="M0 0L([\d.-]+) ([\d.-]+)"', view).groups())
    assert close(hand, [50 * np.sin(turn), -50 * np.cos(turn)])
    wedge = found(r'class="bnx-wedge" d="M0 0V-50A50 50 0 ([01]) 1 ([\d.-]+) ([\d.-]+)Z"', view)
    assert wedge[1] == str(int(share > 0.5))
    assert list(wedge.groups())[1:] == hand
    assert share < 1e-4 or hand != ["0.00", "-50.00"], "nothing would be seen of the wedge"
    assert agrees(found(rf"Dial: ({NUMBER}) % of the initial", view)[1], 100 * share)
    last = int(found(r'<text x="96%" y="148">(\d+)<', view)[1])
    dot = found(r'<svg x="([\d.]+)%" y="([\d.]+)" overflow="visible"><circle class="bnx-now"', view)
    assert close(list(dot.groups()), [10 + 86 * steps / last, 124 - 104 * share])
    bar = found(r'<rect class="bnx-stale" x="([\d.]+)%" y="76" width="([\d.]+)%"', view).groups()
    assert close(list(bar), [50 + 46 * (centre - spread) / 9, 2 * 46 * spread / 9])
    middle = found(r'class="bnx-mean" x1="([\d.]+)%" x2="[\d.]+%" y1="73"', view)
    assert close([middle[1]], [50 + 46 * centre / 9])
