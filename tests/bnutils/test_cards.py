"""How findings look, in a notebook and in the chapters."""

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils import cards
from bnutils.cards.drawing import LETTER
from bnutils.cards.scale import scale_of
from bnutils.cards.small import small_print

FIELDS = {
    "claim": "a < b",
    "label": "measured",
    "dataset": "mnist",
    "verdict": "supported",
    "unit": "points",
    "above": 0.0,
    "below": None,
    "effect": 0.5,
    "low": 0.2,
    "high": 0.8,
    "n": 10,
    "lost": 0,
    "p": 0.004,
    "dissenting": 1,
    "ahead": 0.9,
    "detectable": 0.25,
    "demonstration": False,
    "image_error": None,
}
NAN = float("nan")
numbers = st.floats(-1e6, 1e6)


CARD = {"name": "chapter/gain", **FIELDS}


def parsed(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html)


def svg_of(fields: dict[str, Any], *others: dict[str, Any]) -> ElementTree.Element:
    return parsed(cards.drawing(fields, [fields, *others]))


def texts(drawing: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter("text")]


def across(drawing: ElementTree.Element, kind: str, end: str = "x1") -> list[float]:
    return [float(one.attrib[end]) for one in drawing.iter() if one.get("class") == f"bn-{kind}"]


@given(st.tuples(numbers, numbers, numbers).map(sorted), st.none() | numbers, st.none() | numbers)
def test_a_card_is_whole_whatever_was_measured(
    values: list[float], above: float | None, below: float | None
) -> None:
    low, effect, high = values
    changes = {"low": low, "effect": effect, "high": high, "above": above, "below": below}
    card = parsed(cards.card({**CARD, **changes}, "x < y"))
    drawing = card.find(".//svg")
    assert drawing is not None
    ends = ("x", "x1", "x2", "cx")
    places = [float(one.attrib[end]) for one in drawing.iter() for end in ends if end in one.attrib]
    assert min(places) >= 0
    assert max(places) <= float(drawing.attrib["width"])
    assert "".join(card.itertext()).endswith("x < y")


@given(st.tuples(numbers, numbers, numbers).map(sorted), numbers)
def test_the_drawing_has_ticks_in_order_and_few_of_them(values: list[float], above: float) -> None:
    low, effect, high = values
    fields = {**FIELDS, "low": low, "effect": effect, "high": high, "above": above}
    scale = scale_of([fields])
    ticks = list(scale.ticks())
    assert 2 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))
    assert all(scale.low <= tick <= scale.high for tick in ticks)


@given(st.tuples(numbers, numbers, numbers).map(sorted))
def test_numbers_on_the_axis_do_not_touch(values: list[float]) -> None:
    low, effect, high = values
    drawing = svg_of({**FIELDS, "low": low, "effect": effect, "high": high, "unit": ""})
    ticks = [t for t in drawing.iter("text") if not (t.text or "").startswith("claimed")]
    ends = [(float(t.attrib["x"]), len(t.text or "") * LETTER / 2) for t in ticks]
    assert ends
    for (left, half), (right, other) in pairwise(ends):
        assert left + half < right - other


def test_the_drawing_says_zero_bound_ends_and_unit() -> None:
    drawing = svg_of({**FIELDS, "above": -0.1})
    assert texts(drawing) == ["claimed: above −0.1", "0", "0.2", "0.4", "0.6", "0.8", "points"]
    (bound,) = across(drawing, "bound")
    (claimed,) = across(drawing, "claimed", "x")
    assert claimed == bound < across(drawing, "interval")[0]


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [(0.0, None, "above 0"), (None, 1e-9, "below 10⁻⁹"), (-0.05, 0.05, "−0.05 to 0.05")],
)
def test_what_was_claimed_is_said_in_words(
    above: float | None, below: float | None, said: str
) -> None:
    fields = {**FIELDS, "above": above, "below": below}
    assert cards.in_words(fields) == f"Interval 0.20 to 0.80 points; claimed: {said}"
    assert f"claimed: {said}" in texts(svg_of(fields))


def test_effect_and_interval_have_cells_of_their_own() -> None:
    row = parsed(cards.rows([FIELDS])).find(".//tbody/tr")
    assert row is not None
    cells = ["".join(cell.itertext()) for cell in row][:3]
    assert cells == ["MNIST", "+0.50 points", "0.20 to 0.80 10 seeds"]
    alone = parsed(cards.rows([{**FIELDS, "low": 0.5, "high": 0.5}])).find(".//tbody/tr")
    assert alone is not None
    assert alone[2].text == "–"


SMALL = "p = 0.004 by flipping signs; 1 seed dissenting; true of a random seed: 90 %; "
SMALL += "smallest effect found four times in five: 0.25 points"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, SMALL),
        ({"p": 2.0**-15}, SMALL.replace("0.004", "3.1 × 10⁻⁵")),
        ({"lost": 2}, SMALL.replace("; smallest", "; 2 seeds diverged; smallest")),
        ({"detectable": None}, SMALL.partition("; smallest")[0]),
        (
            {"image_error": 0.0312},
            f"{SMALL}; standard error from the choice of test images: 0.031 points",
        ),
        ({"verdict": "described"}, f"{SMALL}; claimed after looking, so without a verdict"),
        (
            {"predicted": {"date": "2026-11-29", "expected": "contradicted"}},
            f"{SMALL}; predicted on 2026-11-29, contradicted expected",
        ),
        ({"demonstration": True}, f"{SMALL}; a demonstration: the bound was hardly in question"),
        (
            {"label": "theorem", "verdict": "holds"},
            "Checked numerically: 9 of 10 values where it says",
        ),
    ],
)
def test_the_small_print_says_how_sure_it_is(changes: dict[str, Any], said: str) -> None:
    fields = {**CARD, **changes}
    assert small_print(fields).replace("\u202f", " ") == f"{said}."
    (line,) = parsed(cards.rows([fields])).findall("p")
    assert (line.text or "").replace("\u202f", " ") == f"MNIST: {said}."
    assert said in " ".join(cards.text(fields, "").split())


@pytest.mark.parametrize("ends", [(0.5, NAN, NAN, 1), (NAN, NAN, NAN, 0)])
def test_without_an_interval_nothing_is_drawn(ends: tuple[float, float, float, int]) -> None:
    fields = {**FIELDS, **dict(zip(("effect", "low", "high", "n"), ends, strict=True))}
    assert parsed(cards.card({**CARD, **fields}, "")).find(".//svg") is None
    assert cards.text(fields, "").startswith("a < b\n  supported on MNIST: ")


def test_records_drawn_together_share_a_scale() -> None:
    wide = {**FIELDS, "high": 8.0}
    assert cards.drawing(FIELDS, [FIELDS]) != cards.drawing(FIELDS, [FIELDS, wide])
