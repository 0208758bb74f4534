"""The computed figures of prose pages: they are what their program draws, and light."""

import re
from pathlib import Path

import numpy as np
import pytest

from tools import draw_chapter_figures

NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
NEAR = 0.2  # points: what arithmetic on another machine may move
PATHS = re.compile(r' d="([^"]*)"')
FILES = sorted(draw_chapter_figures.drawings())
DRAWN = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def curves(svg: str) -> list[list[float]]:
    """All points that are drawn, line by line."""
    return [[float(one) for one in NUMBER.findall(path)] for path in PATHS.findall(svg)]


@DRAWN
def test_a_figure_is_what_its_program_draws(path: Path) -> None:
    drawn = curves(draw_chapter_figures.drawings()[path]())
    committed = curves(path.read_text("utf8"))
    assert [len(one) for one in drawn] == [len(one) for one in committed]
    for one, other in zip(drawn, committed, strict=True):
        np.testing.assert_allclose(one, other, atol=NEAR)


@DRAWN
def test_a_figure_is_light_and_says_what_it_shows(path: Path) -> None:
    svg = path.read_text("utf8")
    assert len(svg.encode()) <= 40_000
    assert "<title>" in svg
    assert "<desc>" in svg


def test_without_batch_norm_a_gain_is_a_factor() -> None:
    """Positive homogeneity, to rounding: fifty layers, fifty factors."""
    high, low = (draw_chapter_figures.forward(3, gain, False)[0] for gain in (1.25, 0.8))
    layers = draw_chapter_figures.LAYERS
    np.testing.assert_allclose(np.log10(high / low), layers * np.log10(1.25 / 0.8), rtol=1e-9)


def test_with_batch_norm_the_gain_hardly_matters() -> None:
    high, low = (draw_chapter_figures.forward(3, gain, True)[0] for gain in (1.25, 0.8))
    np.testing.assert_allclose(high, low, rtol=2e-3)
