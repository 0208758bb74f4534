"""*The atlas* according to pandas: the rows of the table that fit, and what they come to."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils.atlas import FACTORS, RATES, tuned
from bnutils.atlas.table import read
from tests.book.explorables.reading import NUMBER, Shown, State, agrees, every, found
from tools.atlas import TABLE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.random import Generator

NONE = "No setting of the atlas has all of these: choose “all” for one of them."
SIGNED = rf"\+?{NUMBER}"
STATUS = re.compile(
    rf"(?P<n>\d+) (?:setting|combination)s?: median (?P<median>{SIGNED}) points; batch norm is "
    r"ahead in (?P<ahead>\d+) %, clearly in (?P<helps>\d+) %, and clearly behind in (?P<hurts>\d+) "
    r"%\. Point (?P<place>\d+): (?P<settings>[^:]+): "
    rf"plain (?P<plain>{NUMBER}) %, batch norm (?P<norm>{NUMBER}) %, "
    rf"difference (?P<gap>{SIGNED}) \((?P<low>{SIGNED}) to (?P<high>{SIGNED})\)\."
)
WORDS = {"sgd": "SGD", "adam": "Adam", "relu": "ReLU", 0.25: "1/4"}
KINDS = ("plain", "norm")


def actions(rng: Generator) -> dict[str, Any]:
    """Something that a reader does."""
    levels = {**FACTORS, "rate": range(7)}
    key = str(rng.choice(["view", "at", "at", "preset", *levels]))
    if key == "preset":
        return {"preset": int(rng.integers(3))}
    if key == "view":
        return {"key": key, "value": str(rng.choice(["same", "own"]))}
    if key == "at":
        return {"key": key, "value": int(rng.integers(501)) / 5}
    # Mostly all: else hardly any setting is left after a few choices.
    level = int(rng.integers(len(levels[key])))
    return {"key": key, "value": "all" if rng.random() < 0.4 else str(level)}


@cache
def tables() -> dict[str, pd.DataFrame]:
    """The table of the chapter, at the same rate and at own best rates."""
    same = read(TABLE)
    rates = {kind: same["learning_rate"] for kind in KINDS}
    same = same.assign(**{f"{kind}_rate": rate for kind, rate in rates.items()})
    known = same["optimizer"].map(RATES)
    step = [rates.index(rate) for rates, rate in zip(known, same["learning_rate"], strict=True)]
    return {"same": same.assign(step=step), "own": tuned(same)}


def fitting(state: State) -> pd.DataFrame:
    """The rows that fit what is chosen, by difference."""
    table = tables()[state["view"]]
    for name, levels in FACTORS.items():
        if state[name] != "all":
            table = table[table[name] == levels[int(state[name])]]
    if state["view"] == "same" and state["rate"] != "all":
        table = table[table["step"] == int(state["rate"])]
    return table.sort_values("difference", kind="stable")


def check(shown: Shown) -> None:
    """Compare text, drawing and call with pandas."""
    rows = fitting(shown.state)
    if rows.empty:
        assert shown.status == NONE
        assert "bnx-now" not in shown.view
        return
    said = STATUS.fullmatch(shown.status)
    assert said is not None, shown.status
    place = int(np.floor(shown.state["at"] / 100 * (len(rows) - 1) + 0.5))
    one, gaps = rows.iloc[place], rows["difference"]
    assert (int(said["n"]), int(said["place"])) == (len(rows), place + 1)
    shares = {"ahead": gaps > 0, "helps": rows["low"] > 0, "hurts": rows["high"] < 0}
    values = {name: 100 * share.mean() for name, share in shares.items()}
    values |= {"median": gaps.median(), "gap": one["difference"]}
    values |= {kind: sum(one[f"{kind}_test"]) / 14.4 for kind in KINDS}
    for name, value in values.items():
        assert agrees(said[name].lstrip("+"), value), f"{name}: {value}; {shown.status}"
    for end in ("low", "high"):  # in hundredths of a point, and then rounded
        assert abs(float(said[end].replace("−", "-")) - one[end]) <= 0.0551
    check_point(said["settings"], shown.view, one)
    check_drawing(shown.view, rows)


def check_point(said: str, view: str, one: pd.Series[Any]) -> None:
    """The settings of the chosen point, in words and as the call that trains it."""
    words = [WORDS.get(one[name], f"{one[name]}") for name in FACTORS]
    listed = [part.rpartition(" ")[2] for part in said.split(", ")[: len(FACTORS)]]
    assert listed == [word.removesuffix(".0") for word in words]
    code = found(r"<code>import bnutils\nbnutils\.atlas\.(compare\([^<]+\))\s*</code>", view)[1]
    call = eval(code.replace("&quot;", '"'), {"compare": dict})
    rates = tuple(one[f"{kind}_rate"] for kind in KINDS)
    assert call.pop("learning_rate") == (rates if len(set(rates)) > 1 else rates[0])
    assert call == {name: one[name] for name in ("seed", *FACTORS)}


def check_drawing(view: str, rows: pd.DataFrame) -> None:
    """The curve is that of the differences; each level's dashes are as long as it has rows."""
    steps = found(r'<path class="bnx-curve" d="M0 ([^"]+)"', view)[1]
    heights, ends = np.array([s.split("H") for s in steps.split("V")], float).T
    wanted = 100 - np.clip(rows["difference"].to_numpy(), -80, 100)
    np.testing.assert_allclose(heights, wanted, rtol=0, atol=0.051)
    wanted = np.arange(1, len(rows) + 1) * 1000 / len(rows)
    np.testing.assert_allclose(ends, wanted, rtol=0, atol=0.51)
    drawn = every(r'<path class="bnx-dashes" d="([^"]+)"', view)
    levels = [rows[name] == level for name in FACTORS for level in FACTORS[name]]
    levels += [rows["step"] == step for step in range(7)] if "step" in rows else []
    assert drawn == [dashes(level.to_numpy()) for level in levels if level.any()]


def dashes(has: np.ndarray) -> str:
    """A dash from the first to the last of neighbours that have it, in thousandths."""
    turns = np.flatnonzero(np.diff([0, *has.astype(int), 0]))
    places = np.floor(1000 * turns / len(has) + 0.5).astype(int)
    return "".join(f"M{start} 5H{end}" for start, end in places.reshape(-1, 2))
