"""What a figure says to whom cannot see it: series by name, values in readable numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from bnutils import plotting
from bnutils.plotting import marks
from tests.bnutils.test_results import comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

    Draw = Callable[[Axes], object]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    mpl.use("agg")
    yield
    plt.close("all")


def words(draw: Draw) -> str:
    figure, ax = plt.subplots()
    draw(ax)
    return plotting.describe(figure)


def test_curves_are_described_with_their_seeds() -> None:
    told = plotting.describe(plotting.plot_curves(comparison(spread=0), "val_accuracy").figure)
    assert "validation accuracy, % against epoch." in told
    assert "plain: 60 at 1, 80 at 3; 4 thin lines beside it, last values 80." in told
    assert "batch norm: 70 at 1, 90 at 3; 4 thin lines beside it, last values 90." in told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1500.0, "1,500"),
        (12345.6, "12,346"),
        (0.1 + 0.2, "0.3"),
        (-0.25, "\u22120.25"),
        (99.96, "100"),
        (100.0, "100"),
        (2.6457, "2.65"),
        (1e-5, "1.0\u202f×\u202f10⁻⁵"),
        (np.inf, "∞"),
    ],
)
def test_numbers_are_readable(value: float, text: str) -> None:
    assert marks.readable(value) == text


LINES: list[tuple[Draw, str]] = [
    (lambda ax: ax.plot([1, 5], [2, 4], label="a"), "a: 2 at 1, 4 at 5."),
    (lambda ax: ax.plot([1], [2], label="a"), "a: 2 at 1."),
    (lambda ax: ax.plot([1, 2, 3], [2, 9, 4], label="a"), "a: 2 at 1, 4 at 3, highest 9 at 2."),
    (lambda ax: ax.plot([1, 2, 3], [2, -9, 4], label="a"), "a: 2 at 1, 4 at 3, lowest −9 at 2."),
    (lambda ax: ax.plot([1, 2, 3], [7, 7, 7], label="a"), "a: 7 from 1 to 3."),
    (lambda ax: ax.plot([3, 8, 5], [0, 0, 0], "|", label="a"), "a: 3 points from 3 to 8."),
    (lambda ax: ax.axhline(2.6457, label="bound"), "bound: a level line at 2.65."),
    (lambda ax: ax.axvline(0), "A vertical line at 0."),
    (lambda ax: ax.plot([], [], label="none"), "none has no values to draw."),
    (lambda ax: ax.plot([1, 2], [np.nan, np.inf], label="none"), "none has no values to draw."),
]


@pytest.mark.parametrize(("draw", "text"), LINES)
def test_a_line_is_told_by_its_values(draw: Draw, text: str) -> None:
    assert words(draw) == text


def test_lines_without_a_name_are_counted_by_colour() -> None:
    def draw(ax: Axes) -> None:
        ax.plot([1, 2], [[3, 4], [1, 2]], "-", color="0.6")
        ax.plot([1, 2], [5, 6], color="red")

    assert words(draw) == (
        "2 lines without a name: from 3 to 4 at 1; from 1 to 2 at 2. "
        "1 line without a name: 5 at 1; 6 at 2."
    )


def histogram(ax: Axes) -> None:
    rng = np.random.default_rng(0)
    peaks = rng.normal(0, 0.6, 4000) + rng.choice([-2.0, 2.0], 4000)
    ax.hist(np.clip(peaks, -5, 5), np.linspace(-5, 5, 61))


def test_a_histogram_tells_its_peaks() -> None:
    told = words(histogram)
    assert told.startswith("60 bars from −4.92 to 4.92, heights from 0 to ")
    around = (
        told.partition(", tallest around ")[2].rstrip(".").replace("\u2212", "-").split(" and ")
    )
    np.testing.assert_allclose([float(one) for one in around], [-2, 2], atol=0.35)


def named_bars(ax: Axes) -> None:
    ax.bar([0, 1], [3.0, 5.0], label="steps")
    ax.set_xticks([0, 1], ["plain", "batch norm"])


BARS: list[tuple[Draw, str]] = [
    (named_bars, "steps: 2 bars: 3 at plain, 5 at batch norm."),
    (lambda ax: ax.barh([0, 1], [3.0, 50.0], label="b"), "b: 2 bars: 3 at 0, 50 at 1."),
    (lambda ax: ax.bar(range(9), [1] * 9), "9 bars from 0 to 8, heights 1, tallest around 4."),
    (lambda ax: ax.bar([], [], label="none"), ""),
]


@pytest.mark.parametrize(("draw", "text"), BARS)
def test_bars_are_told_one_by_one_or_by_their_peaks(draw: Draw, text: str) -> None:
    assert words(draw) == text


POINTS: list[tuple[Draw, str]] = [
    (lambda ax: ax.scatter([0, 1], [3.0, 5.0], label="s"), "s: 2 points from 3 to 5."),
    (
        lambda ax: ax.errorbar([0, 1], [3.0, 5.0], yerr=1, label="e"),
        "e: 2 points from 3 to 5.",
    ),
    (lambda ax: ax.errorbar([1], [2], yerr=[1], fmt="none"), ""),
    (
        lambda ax: ax.errorbar([1], [2], xerr=[[0.5], [1]], label="e"),
        "e: 1, interval from 0.5 to 2.",
    ),
]


@pytest.mark.parametrize(("draw", "text"), POINTS)
def test_points_are_told_by_their_range(draw: Draw, text: str) -> None:
    assert words(draw) == text


def test_titles_are_sentences_and_own_words_come_first() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    left.set_title("How stale is a moving average?")
    left.set(xlabel="updates", ylabel="share left")
    right.set(title="Over", xlabel="time")
    figure.set_label("Two panels")
    told = plotting.describe(figure)
    assert told == (
        "Two panels. How stale is a moving average? share left against updates. "
        "Over. Horizontal axis: time."
    )


def test_images_are_told_with_what_stands_above_them() -> None:
    figure, panels = plt.subplots(1, 3)
    for ax, name in zip(panels, "504", strict=True):
        ax.imshow(np.eye(3))
        ax.set_title(name)
    assert plotting.describe(figure) == "3 images, titled 5, 0, 4."


def test_an_image_among_lines_is_counted() -> None:
    def draw(ax: Axes) -> None:
        ax.imshow(np.eye(3))
        ax.plot([0, 1], [0, 2], label="edge")

    assert words(draw) == "edge: 0 at 0, 2 at 1. 1 image."


def test_the_svg_says_it_once() -> None:
    figure, ax = plt.subplots()
    ax.set_title("Why?")
    ax.plot([1, 2], [3, 4], label="a & b")
    svg = plotting.to_svg(figure)
    assert "<title>Why?</title><desc>Why? a &amp; b: 3 at 1, 4 at 2.</desc>" in svg
    assert "<title>Figure</title><desc></desc>" in plotting.to_svg(plt.figure())
