"""The house style: crisp, at home on light and dark pages, readable without colour."""

import html
import io
import re
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

from bnutils.plotting.looks import COLOURS, DASHES
from bnutils.plotting.words import describe
from bnutils.tables import from_frame, require_frame

NOTHING = dict.fromkeys(("Creator", "Date", "Format", "Type"))
PATH = re.compile(r' d="([^"]*)"')
TENTH = re.compile(r"(\.\d)\d+")  # of a point: nobody sees less
FONTS = re.compile(r"font-family: ('[^']+')[^;\"]*, sans-serif")
SIMILAR = r"font-family: \1, 'Verdana', sans-serif"  # two are enough: a figure has 50 texts
LARGE = 60  # rows of a data frame from which on it is pandas that shows a part of it
STYLE: dict[str, Any] = {
    "figure.figsize": (7.0, 4.0),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.titlelocation": "left",
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "font.size": 11,
    "lines.linewidth": 2,
    "axes.prop_cycle": cycler(color=COLOURS, linestyle=DASHES),
    "svg.hashsalt": "bnutils",
}
LETTERS: dict[str, Any] = {"svg.fonttype": "none"}
"""Letters of the reader's fonts, for figures that a page holds: half of the bytes are outlines."""


def use_house_style() -> None:
    """Use the style from here on: figures as SVG with a description, data frames as tables."""
    plt.rcParams.update(STYLE)  # type: ignore[arg-type]
    shell = _shell()
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    for module in ("pandas", "pandas.core.frame"):  # where it is from, in new pandas and in old
        formatters["text/html"].for_type_by_name(module, "DataFrame", frame_to_html)
        formatters["text/plain"].for_type_by_name(module, "DataFrame", _print_frame)
    if hasattr(shell, "kernel"):  # a notebook, and no terminal
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        plt.switch_backend("module://matplotlib_inline.backend_inline")
        set_matplotlib_formats("svg")
        formatters["image/svg+xml"].for_type(Figure, to_svg)


def _shell() -> Any:
    """Return the IPython that this runs in, a terminal's or a notebook's, or None."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _print_frame(frame: Any, printer: Any, cycle: bool) -> None:
    """Print a data frame as IPython wants it."""
    printer.text(repr(_shown(frame)))


def _shown(frame: Any) -> Any:
    """Return a data frame as the table that the book shows; a long one as it is."""
    return from_frame(frame) if 0 < len(frame) <= LARGE and frame.shape[1] else frame


def frame_to_html(frame: Any) -> str:
    """Return a data frame as the table that the book shows; of a long one pandas shows a part.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TypeError
        If it is no data frame.
    """
    require_frame("frame", frame)
    return str(_shown(frame)._repr_html_())


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG that says what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        With the words of :func:`describe` in it.

    Raises
    ------
    TypeError
        If it is no figure.
    """
    words = describe(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata=NOTHING)
    title = re.split(r"(?<=[.?!]) ", words, maxsplit=1)[0] or "Figure"
    said = f"<title>{html.escape(title)}</title><desc>{html.escape(words)}</desc>"
    drawn = PATH.sub(lambda path: _shorter(path[1]), FONTS.sub(SIMILAR, buffer.getvalue()))
    drawn = re.sub(r"\n +", "\n", drawn)
    return re.sub(r"(<svg\b[^>]*>)", lambda tag: tag[1] + said, drawn, count=1)


def _shorter(path: str) -> str:
    """Return the same path in half the letters."""
    rounded = TENTH.sub(r"\1", path)
    tight = re.sub(r"\s*([A-Za-z])\s*", r"\1", rounded)
    return f' d="{tight.strip()}"'
