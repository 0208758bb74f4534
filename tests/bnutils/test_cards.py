"""How findings look, in a notebook and in the chapters."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils import cards

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
}
NAN = float("nan")
numbers = st.floats(-1e6, 1e6)


def parsed(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html)


@given(st.tuples(numbers, numbers, numbers).map(sorted), st.none() | numbers, st.none() | numbers)
def test_a_card_is_whole_whatever_was_measured(
    values: list[float], above: float | None, below: float | None
) -> None:
    low, effect, high = values
    changes = {"low": low, "effect": effect, "high": high, "above": above, "below": below}
    card = parsed(cards.card({**FIELDS, **changes}, "x < y"))
    drawing = card.find(".//svg")
    assert drawing is not None
    places = [float(line.attrib[end]) for line in drawing.iter("line") for end in ("x1", "x2")]
    assert min(places) >= 0
    assert max(places) <= cards.WIDTH
    assert "".join(card.itertext()).endswith("x < y")


@pytest.mark.parametrize("ends", [(0.5, NAN, NAN, 1), (NAN, NAN, NAN, 0)])
def test_without_an_interval_nothing_is_drawn(ends: tuple[float, float, float, int]) -> None:
    fields = {**FIELDS, **dict(zip(("effect", "low", "high", "n"), ends, strict=True))}
    assert parsed(cards.card(fields, "")).find(".//svg") is None
    assert cards.text(fields, "").startswith("a < b\n  supported on MNIST: ")


def test_records_drawn_together_share_a_scale() -> None:
    wide = {**FIELDS, "high": 8.0}
    assert cards.drawing(FIELDS, [FIELDS]) != cards.drawing(FIELDS, [FIELDS, wide])
