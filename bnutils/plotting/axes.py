"""What all figures have: axes, titles and names in which every letter stands for itself."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bnutils.plotting.letters import legible, use_fonts
from bnutils.runs import METRICS, is_share
from bnutils.tables import width, wrapped
from bnutils.utils.validation import instance

if TYPE_CHECKING:
    from matplotlib.text import Text

SUCH_AS = "of matplotlib, such as plt.subplots()[1]"
WIDE = 24  # columns of a name in a legend or beside an axis
MANY = 5  # names that a legend has room for among the curves
LINE = 0.22  # inches that a line of a legend takes


def new_axes(width: float = 7.0, height: float = 4.0) -> Axes:
    """Return the axes of a new figure, of so many inches."""
    return plt.subplots(figsize=(width, height))[1]


def given_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes that were given, or those of a new figure, of so many inches.

    Raises
    ------
    TypeError
        If something else was given, such as the array of axes of ``plt.subplots(2)``.
    """
    return new_axes(width, height) if ax is None else instance("ax", ax, Axes, SUCH_AS)


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
    return "\n".join(wrapped(legible(name), WIDE))


def set_title(ax: Axes, text: str) -> None:
    """Give axes a title, in lines that fit above them."""
    literally([ax.set_title("\n".join(wrapped(legible(text), 60)))])


def add_legend(ax: Axes) -> None:
    """Add the legend: among the curves, or beside them where there are many names or long ones."""
    handles, names = ax.get_legend_handles_labels()
    beside = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)}
    place: dict[str, Any] = beside if is_beside(names) else {}
    texts = ax.legend(handles, ["-"] * len(names), **place).get_texts()
    for text, name in zip(texts, names, strict=True):
        text.set_text(folded(name))  # matplotlib would leave out one with an underscore first
    literally(texts)


def is_beside(names: Sequence[str]) -> bool:
    """Whether the legend of these names has no room among the curves."""
    return len(names) > MANY or max(map(width, names), default=0) > WIDE


def literally(texts: "Iterable[Text]") -> None:
    """Show these texts as they are: a dollar begins no formula, and no letter is missing."""
    for text in texts:
        text.set_parse_math(False)
        use_fonts(text)


def count_along_x(ax: Axes) -> None:
    """Let the x axis have whole numbers only: there is no half epoch to look at."""
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
