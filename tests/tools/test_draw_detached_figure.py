"""The drawn accuracies of *The backward pass* are those of its records."""

import re
from dataclasses import replace

from tools import draw_detached_figure as figure


def test_the_committed_figure_is_that_of_the_records() -> None:
    assert figure.FILE.read_text("utf8") == figure.drawn(figure.panels()), (
        "Run `python -m tools.draw_detached_figure` and commit the figure."
    )


def test_every_seed_is_drawn_where_its_accuracy_is() -> None:
    panel = replace(figure.panels()[0], right=[90.0, 100.0], detached=[80.0, 95.0])
    svg = figure.drawn([panel])
    heights = [float(one) for one in re.findall(r'<circle [^>]*cy="([\d.]+)"', svg)]
    scale = (figure.BOTTOM - figure.TOP) / 20
    wanted = [figure.BOTTOM - scale * (a - 80) for a in (90, 80, 100, 95)]
    assert heights == [round(one, 1) for one in wanted]


def test_words_and_weight() -> None:
    svg = figure.FILE.read_text("utf8")
    assert len(svg.encode()) <= 40_000
    for panel in figure.panels():
        assert panel.words in svg
        assert f"{sum(panel.right) / len(panel.right):.1f} %" in panel.words
