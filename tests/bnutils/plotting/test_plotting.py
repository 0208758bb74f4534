"""Figures: they return axes, keep off global state, and say what they show."""

import sys
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from bnutils import plotting
from bnutils.plotting import letters
from tests.bnutils.test_results import comparison, lost


@pytest.fixture(autouse=True)
def _closed():  # type: ignore[no-untyped-def]
    mpl.rcParams.update(mpl.rcParamsDefault)
    mpl.use("agg")
    before = mpl.rcParams.copy()
    yield
    plt.close("all")
    mpl.rcParams.update(before)


def test_curves_show_every_seed_and_the_mean() -> None:
    ax = plotting.plot_curves(comparison(), "val_accuracy")
    assert len(ax.get_lines()) == 2 * (4 + 1)
    means = [line for line in ax.get_lines() if line.get_label() in ("plain", "batch norm")]
    final = 100 * comparison().final("val_accuracy").mean()
    for line in means:
        assert line.get_ydata()[-1] == pytest.approx(final[line.get_label()])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "validation accuracy, %")


def test_arms_differ_by_more_than_colour() -> None:
    ax = plotting.plot_curves(comparison(), "val_accuracy")
    means = [line for line in ax.get_lines() if line.get_label() in ("plain", "batch norm")]
    assert len({line.get_marker() for line in means}) == 2
    assert len({line.get_linestyle() for line in means}) == 2


def test_a_diverged_seed_does_not_spoil_the_figure() -> None:
    ax = plotting.plot_curves(comparison(diverged=True), "val_loss")
    assert all(np.isfinite(ax.get_ylim()))


@pytest.mark.parametrize("draw", [plotting.plot_curves, plotting.plot_differences])
def test_axes_that_are_given_are_used(draw) -> None:  # type: ignore[no-untyped-def]
    _, ax = plt.subplots()
    assert draw(comparison(), "test_accuracy", ax=ax) is ax
    assert isinstance(draw(comparison(), "test_accuracy"), Axes)


def test_a_difference_needs_two_arms() -> None:
    result = comparison()
    alone = type(result)(result.runs[:4], "epochs", "digits")
    with pytest.raises(ValueError, match="at least two arms"):
        plotting.plot_differences(alone)


def test_differences_are_described_with_their_interval() -> None:
    words = plotting.describe(plotting.plot_differences(comparison(spread=0)).figure)
    assert "batch norm, mean and 95 % interval: 10, interval 10." in words


def test_a_diverged_seed_leaves_the_mean_of_the_others() -> None:
    ax = plotting.plot_curves(comparison(diverged=True, spread=0), "val_loss")
    (mean,) = [line for line in ax.get_lines() if "plain" in line.get_label()]
    assert mean.get_label() == "plain (diverged in 1 of 4 seeds)"
    np.testing.assert_allclose(mean.get_ydata(), [1.0, 0.9, 0.2])


def test_differences_of_one_seed_can_be_described() -> None:
    result = comparison()
    one = type(result)((result.runs[0], result.runs[4]), "epochs", "digits")
    assert "batch norm" in plotting.describe(plotting.plot_differences(one).figure)


def test_svg_carries_the_description_once_and_escaped() -> None:
    plotting.use_house_style()
    figure, ax = plt.subplots()
    ax.plot([0, 1], [1, 2], label="a < b")
    svg = plotting.to_svg(figure)
    assert svg.count("<desc>") == 1
    assert "a &lt; b: 1 at 0, 2 at 1." in svg
    assert svg == plotting.to_svg(figure)


def test_house_style_is_set_on_request_only() -> None:
    assert mpl.rcParams["axes.spines.top"]
    plotting.use_house_style()
    assert not mpl.rcParams["axes.spines.top"]


def test_the_house_style_needs_no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", None)
    plotting.use_house_style()
    assert not mpl.rcParams["axes.spines.top"]


def test_a_notebook_shows_figures_as_svg_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND")  # the kernel chooses its own
    pytest.importorskip("ipykernel")
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    code = (
        "from matplotlib import pyplot as plt\n"
        "from bnutils import plotting\n"
        "plotting.use_house_style()\n"
        "_ = plt.plot([0, 1], [1, 2], label='a')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=None, startup_timeout=600).execute()
    (shown,) = (output["data"] for output in notebook.cells[0].outputs)
    assert "<desc>a: 1 at 0, 2 at 1.</desc>" in shown["image/svg+xml"]


def test_a_terminal_shows_every_column_of_a_frame() -> None:
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell.instance()
    try:
        plotting.use_house_style()
        frame = pd.DataFrame({f"a column with a long name, number {n}": [n] for n in range(12)})
        shown, _ = shell.display_formatter.format(frame)
    finally:
        type(shell).clear_instance()
    assert all(f"number {n}" in " ".join(shown["text/plain"].split()) for n in range(12))
    assert max(map(len, shown["text/plain"].splitlines())) <= 79
    assert "bn-table" in shown["text/html"]


@pytest.mark.parametrize("arm", ["plain", "batch norm"])
def test_an_arm_that_diverged_in_every_seed_is_named(arm: str) -> None:
    for ax in (plotting.plot_differences(lost(arm)), plotting.plot_curves(lost(arm))):
        assert "diverged in all 4 seeds" in plotting.describe(ax.figure)
        ax.figure.canvas.draw()
    words = plotting.describe(plotting.plot_differences(lost(arm)).figure)
    assert f"A vertical line at 0. {arm} diverged in all 4 seeds." in words
    assert words.endswith("seeds.")


def test_an_arm_has_its_colour_in_whatever_order() -> None:
    few, many = (
        plotting.looks(["plain", "batch norm"]),
        plotting.looks(["x", "batch norm", "plain"]),
    )
    assert all(many[arm] == few[arm] for arm in few)
    names = ["plain 32", "BN 32", *(f"BN {2**i}" for i in range(6, 16))]
    styles = {(look.colour, look.dash) for look in plotting.looks(names).values()}
    assert len(styles) == len(names)


MANY = [
    "plain",
    "batch norm",
    *(f"batch normalisation of width {n}, momentum 0.999, after the activation" for n in range(6)),
    "\u5c42\u5f52\u4e00\u5316 \u5c42\u5f52\u4e00\u5316",
    "\N{FIRE} hot",
    "w" * 70,
    "_$a$_b",
]


@pytest.mark.parametrize("draw", [plotting.plot_curves, plotting.plot_differences])
def test_no_name_touches_another_in_whatever_letters(draw) -> None:  # type: ignore[no-untyped-def]
    one, other = comparison().runs[:4], comparison().runs[4:]
    runs = [replace(run, arm=arm) for arm in MANY for run in (other if arm == "plain" else one)]
    plotting.use_house_style()
    ax = draw(type(comparison())(tuple(runs), "epochs", "digits"))
    plotting.to_svg(ax.figure)  # a letter that is missing would be a warning
    ax.figure.canvas.draw()
    names = ax.get_legend().get_texts() if ax.get_legend() else ax.get_yticklabels()
    boxes = sorted((text.get_window_extent() for text in names), key=lambda box: box.y0)
    assert len(boxes) >= len(MANY) - 1
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))
    drawn = ax.get_window_extent()
    assert all(not box.overlaps(drawn.padded(-1)) for box in boxes)


@pytest.mark.parametrize(("letter", "words"), [("\N{FIRE}", "(fire)"), ("\u5c42", "U+5C42 ")])
def test_letters_that_no_font_has_are_spelled_out(
    letter: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters.fontManager, "ttflist", [])
    assert letters.legible(f"a{letter}b") == f"a{words}b"


def test_letters_come_from_another_font_where_one_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from matplotlib.font_manager import FontEntry, findfont

    file = findfont("DejaVu Sans")
    font = FontEntry(fname=file, name="Other")
    monkeypatch.setattr(letters.fontManager, "ttflist", [font])
    monkeypatch.setattr(letters, "findfont", lambda _: "nothing")
    text = plt.figure().text(0, 0, letters.legible("a"))
    letters.use_fonts(text)
    assert text.get_text() == "a"
    assert text.get_fontfamily()[-1] == "Other"


def test_epochs_are_whole_and_accuracies_in_per_cent() -> None:
    ax = plotting.plot_curves(comparison())
    ax.figure.canvas.draw()
    assert all(float(tick).is_integer() for tick in ax.get_xticks())
    assert ax.get_title(loc="left") or ax.get_title()
    assert ax.get_ylim()[1] > 50
