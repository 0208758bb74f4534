"""The figure of *What it is* shows what the layer computes, and says it in words."""

from __future__ import annotations

import re

import pytest

from tools import draw_steps_figure as figure


def test_the_file_is_what_the_tool_draws() -> None:
    assert figure.FILE.read_text("utf8") == figure.svg()


def test_the_steps_end_at_beta_and_gamma() -> None:
    batch, centred, normalised, output = figure.steps()
    assert (batch.mean, batch.spread) == pytest.approx((4, 3))
    assert (centred.mean, centred.spread) == pytest.approx((0, 3))
    assert (normalised.mean, normalised.spread) == pytest.approx((0, 1))
    assert (output.mean, output.spread) == pytest.approx((figure.BETA, figure.GAMMA))


def test_the_page_has_the_same_numbers() -> None:
    text = (figure.FILE.parent / "what-it-is.md").read_text("utf8")
    said = re.findall(r"\$(?:x|y) = \(([-\d, ]+)\)\$", text)
    batch, *_, output = figure.steps()
    for step, numbers in zip((batch, output), said, strict=True):
        assert list(map(float, numbers.split(","))) == pytest.approx(step.values)


@pytest.mark.parametrize(
    ("value", "written"), [(2.0, "2"), (-1.0, "−1"), (-1 / 3, "−⅓"), (5 / 3, "1⅔"), (0.0, "0")]
)
def test_numbers_are_whole_or_in_thirds(value: float, written: str) -> None:
    assert figure.number(value) == written


def test_other_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="thirds"):
        figure.number(0.25)
