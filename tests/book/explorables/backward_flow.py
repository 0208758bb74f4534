"""*Backward flow* according to NumPy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils import reference
from tests.book.explorables.reading import NUMBER, Shown, State, agrees, all_agree, close, every

if TYPE_CHECKING:
    from numpy.random import Generator

X = np.array([1.6, 2, 2.8, 3.2, 4, 4.4])
EPSILON = 0.001
RULE = "the rule holds|the rule is broken|zero for this dy only"
STATUS = re.compile(
    r"(?:Detached: (?P<detached>[a-z ]+)\. )?"
    r"dx of the six examples: (?P<dx>[^.]*(?:\.\d[^.]*)+)\. "
    rf"Sum of dx: (?P<sum>{NUMBER}), (?P<sum_rule>{RULE})\. "
    rf"Sum of x̂·dx: (?P<along>{NUMBER}), (?P<along_rule>{RULE})\."
)
MARKS = {"the rule holds": "✓", "zero for this dy only": "(✓)", "the rule is broken": "✗"}


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    kind = rng.choice(["slider", "slider", "slider", "mean", "variance", "preset", "chance"])
    if kind == "slider":
        value = round(0.1 * int(rng.integers(-20, 21)), 1)
        return {"key": f"g.{rng.integers(6)}", "value": value}
    if kind == "preset":
        return {"preset": int(rng.integers(3))}
    if kind == "chance":  # both sums are zero for this dy, whatever is detached
        return {"set": {"g": [-1.1, 2, -0.9, -0.9, 2, -1.1]}}
    return {"key": str(kind), "value": bool(rng.integers(2))}


def terms(state: State) -> tuple[np.ndarray, np.ndarray]:
    """The three terms of dx, and the normalised values."""
    dy = np.array(state["g"], dtype=float)
    _, cache = reference.batch_norm_train(X[:, None], [1.0], None, epsilon=EPSILON)
    whole, _, _ = reference.batch_norm_backward(dy[:, None], cache)
    x_hat, scale = cache.x_hat[:, 0], 1 / cache.std.item()
    direct, via_mean = scale * dy, np.full(6, -scale * dy.mean())
    via_variance = whole[:, 0] - direct - via_mean
    return np.array(
        [direct, via_mean * (not state["mean"]), via_variance * (not state["variance"])]
    ), x_hat


def verdict(value: float, wanted: float, detached: bool) -> str:
    """What there is to say of a sum that has to have a value."""
    if abs(value - wanted) > 1e-9:
        return "the rule is broken"
    return "zero for this dy only" if detached else "the rule holds"


def check(shown: Shown) -> None:
    """Compare the text and the drawing with NumPy."""
    state = shown.state
    parts, x_hat = terms(state)
    dx = parts.sum(0)
    said = STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    named = [name for name in ("mean", "variance") if state[name]]
    assert (said["detached"] or "") == " and ".join(named)
    assert all_agree(re.findall(NUMBER, said["dx"]), dx), shown.status
    nothing_detached, _ = terms(state | {"mean": False, "variance": False})
    sums = {"sum": dx.sum(), "along": (x_hat * dx).sum()}
    rules = {
        "sum": verdict(sums["sum"], 0, state["mean"]),
        "along": verdict(sums["along"], (x_hat * nothing_detached.sum(0)).sum(), state["variance"]),
    }
    lines = re.findall(rf"<dd><b>({NUMBER})</b> <span[^>]*>([^<]+)</span> ([^<]+)</dd>", shown.view)
    for (name, rule), (number, mark, words) in zip(rules.items(), lines, strict=True):
        assert agrees(said[name], sums[name]), shown.status
        assert agrees(number, sums[name]), shown.status
        assert said[f"{name}_rule"] == rule, shown.status
        assert (mark, words) == (MARKS[rule], rule.replace("the rule ", ""))
    check_drawing(shown.view, parts, x_hat)


def check_drawing(view: str, parts: np.ndarray, x_hat: np.ndarray) -> None:
    """Every bar is as long as its number, and none is cut."""
    bars = every(
        r'<rect class="bnx-bar bnx-[abc]" x="-6" y="([\d.]+)" width="11" height="([\d.]+)"', view
    )
    expected = parts.T.ravel()  # example by example
    heights = 34 * np.abs(expected)
    assert close([height for _, height in bars], heights)
    assert close([top for top, _ in bars], np.where(expected > 0, 120 - heights, 120))
    totals = every(r'y="([\d.]+)" overflow="visible"><path class="bnx-total"', view)
    assert close(totals, 120 - 34 * parts.sum(0))
    assert all_agree(every(rf'y="264">({NUMBER})<', view), x_hat)
