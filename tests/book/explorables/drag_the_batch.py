"""*Drag the batch* according to NumPy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils import reference
from tests.book.explorables.reading import NUMBER, Shown, State, agrees, all_agree, close, every

if TYPE_CHECKING:
    from numpy.random import Generator

START = np.array([-5, -2, 0.5, 2.5, 6, -6.5, 4.25, -3.5])
SETTINGS = {"mode": "train", "size": 5, "gamma": 1, "beta": 0, "epsilon": 0.001}
STORED = 1.0, 9.0
BY = rf"by nothing|by {NUMBER} to {NUMBER}|by {NUMBER}"
STATUS = re.compile(
    rf"(?P<mode>Training: batch|Inference: stored) mean (?P<mean>{NUMBER}), "
    rf"variance (?P<variance>{NUMBER})\. "
    rf"Point (?P<who>\d) at (?P<x>{NUMBER}) gives (?P<y>{NUMBER})\. "
    rf"(?:(?P<still>No point of the batch has been moved)|With these settings and no point moved "
    rf"it would give (?P<unmoved>{NUMBER}): moving changed its output (?P<own>{BY})"
    rf"(?:, and those of the other (?P<count>\d) (?P<others>{BY}))?)\."
    r"(?P<settings> With the starting settings \(training, batch size 5, gamma 1, beta 0, epsilon "
    rf"0\.001\) and the points as they are, (?:it would give (?P<then>{NUMBER})|"
    r"it would not be in the batch)\.)?"
)


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    value = {
        "mode": lambda: str(rng.choice(["train", "infer"])),
        "size": lambda: int(rng.integers(1, 9)),
        "gamma": lambda: round(0.1 * int(rng.integers(0, 21)), 1),
        "beta": lambda: round(0.1 * int(rng.integers(-20, 21)), 1),
        "epsilon": lambda: float(rng.choice([0.00001, 0.001, 0.1, 1, 10, 100])),
    }
    key = str(rng.choice([*value, "points", "points", "preset"]))
    if key == "preset":
        return {"preset": int(rng.integers(2))}
    return {"key": key, "value": value[key]()} if key in value else {"set": dragged(rng)}


def dragged(rng: Generator) -> State:
    """Points somewhere on their line: all, or one that is dragged from its start."""
    x, point = START.copy(), int(rng.integers(8))
    which = slice(None) if rng.random() < 0.5 else [point]
    x[which] = np.round(20 * rng.uniform(-8, 8, x[which].shape)) / 20
    return {"x": x.tolist(), "point": point}


def forward(state: State, points: Any) -> tuple[np.ndarray, float, float]:
    """Outputs, mean and variance of the batch's points under the settings of a state."""
    x = np.asarray(points, dtype=float)[: state["size"], None]
    gamma, beta, epsilon = [state["gamma"]], [state["beta"]], state["epsilon"]
    if state["mode"] == "train":
        y, cache = reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)
        return y[:, 0], cache.mean[0], cache.variance[0]
    mean, variance = STORED
    y = reference.batch_norm_infer(x, gamma, beta, [mean], [variance], epsilon=epsilon)
    return y[:, 0], mean, variance


def says_change(text: str, changes: np.ndarray) -> bool:
    """Whether the words say how far the outputs went."""
    if text == "by nothing":
        return bool((changes == 0).all())
    numbers = re.findall(NUMBER, text)
    return agrees(numbers[0], changes.min()) and agrees(numbers[-1], changes.max())


def check(shown: Shown) -> None:
    """Compare the text and the drawing with NumPy."""
    state = shown.state
    now, mean, variance = forward(state, state["x"])
    unmoved, _, _ = forward(state, START)
    said = STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    who = min(state["point"], state["size"] - 1)
    assert int(said["who"]) == who + 1
    assert (said["mode"] == "Training: batch") == (state["mode"] == "train")
    values = [said[name] for name in ("mean", "variance", "x", "y")]
    assert all_agree(values, [mean, variance, state["x"][who], now[who]]), shown.status
    check_comparisons(said, state, now - unmoved, unmoved[who], who)
    check_drawing(shown.view, state, now, unmoved, mean, np.sqrt(variance))


def check_comparisons(
    said: re.Match[str], state: State, changes: np.ndarray, unmoved: float, who: int
) -> None:
    """Each sentence that compares is there when it applies, and true of both states it names."""
    moved = state["x"][: state["size"]] != START[: state["size"]].tolist()
    assert bool(said["still"]) is not moved, said[0]
    if moved:
        others = np.delete(changes, who)
        assert agrees(said["unmoved"], unmoved), said[0]
        assert says_change(said["own"], changes[[who]]), said[0]
        assert (said["count"] is None) == (len(others) == 0)
        assert said["count"] is None or int(said["count"]) == len(others)
        assert said["others"] is None or says_change(said["others"], others), said[0]
    changed = {key: state[key] for key in SETTINGS} != SETTINGS
    assert bool(said["settings"]) is changed, said[0]
    if changed:
        then, _, _ = forward(SETTINGS, state["x"])
        assert (said["then"] is None) == (who >= len(then)), said[0]
        assert said["then"] is None or agrees(said["then"], then[who]), said[0]


def check_drawing(
    view: str, state: State, now: np.ndarray, unmoved: np.ndarray, mean: float, spread: float
) -> None:
    """Every mark stands where its number is."""
    x = np.array(state["x"][: state["size"]])
    half = 4 if max(np.abs(now).max(), np.abs(unmoved).max()) <= 4 else 8
    labels = every(r'y="190">([^<]+)<', view)
    assert all_agree(labels, np.array([-1, -0.5, 0, 0.5, 1]) * half)
    for kind, values in (("output", now), ("ghost", unmoved)):
        places = every(rf'<svg x="([\d.-]+)%" y="170"[^>]*><rect class="bnx-{kind}"', view)
        assert close(places, 50 + 46 * values / half), kind
    assert close(every(r'<circle cx="([\d.-]+)%"', view), 50 + 46 * x / 8)
    assert close(
        every(r'class="bnx-link" x1="[^"]+" y1="60" x2="([\d.-]+)%"', view), 50 + 46 * now / half
    )
    low, high = 50 + 46 * np.clip([mean - spread, mean + spread], -8, 8) / 8
    assert close(every(r'bnx-band" x="([\d.-]+)%" width="([\d.-]+)%"', view)[0], [low, high - low])
    spoken = every(rf'aria-valuetext="({NUMBER}), output {NUMBER}"', view)
    assert all_agree(spoken, x)
    assert all_agree(every(rf'aria-valuetext="{NUMBER}, output ({NUMBER})"', view), now)
