"""What all figures have: axes, titles and names in which every letter stands for itself."""

from collections.abc import Iterable
from textwrap import fill
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

from bnutils.runs import METRICS, is_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

WIDE = 24  # letters of a name in a legend or beside an axis
MANY = 5  # names that a legend has room for among the curves


def new_axes(width: float = 7.0, height: float = 4.0) -> "Axes":
    """Return the axes of a new figure, of so many inches."""
    return plt.subplots(figsize=(width, height))[1]


def scale(metric: str) -> float:
    """Return by what a metric is multiplied to be drawn: accuracies are drawn in per cent."""
    return 100.0 if is_share(metric) else 1.0


def quantity(metric: str) -> str:
    """Return what stands beside the axis of a metric."""
    return f"{METRICS.get(metric, metric)}{', %' if is_share(metric) else ''}"


def label(name: str, more: str = "") -> str:
    """Return the label of what is drawn; matplotlib hides those that begin with an underscore."""
    return f"{' ' * name.startswith('_')}{name}{f' ({more})' if more else ''}"


def folded(name: str) -> str:
    """Return a name in lines that leave room for the figure."""
    return fill(name.strip(), WIDE)


def set_title(ax: "Axes", text: str) -> None:
    """Give axes a title, in lines that fit above them."""
    literally([ax.set_title(fill(text, 60))])


def add_legend(ax: "Axes") -> None:
    """Add the legend: among the curves, or beside them where there are many names or long ones."""
    handles, names = ax.get_legend_handles_labels()
    beside = len(names) > MANY or max(map(len, names), default=0) > WIDE
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)} if beside else {}
    legend = ax.legend(handles, [f" {folded(name)}" for name in names], **place)
    literally(legend.get_texts())


def literally(texts: "Iterable[Text]") -> None:
    """Show these texts as they are: a dollar in the name of an arm begins no formula."""
    for text in texts:
        text.set_parse_math(False)


def count_along_x(ax: "Axes") -> None:
    """Let the x axis have whole numbers only: there is no half epoch to look at."""
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
