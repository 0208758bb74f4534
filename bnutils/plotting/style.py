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
from bnutils.tables import from_frame

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


def use_house_style() -> None:
    """Use the style from here on: figures as SVG with a description, data frames as tables."""
    plt.rcParams.update(STYLE)  # type: ignore[arg-type]
    shell = _notebook()
    if shell is None:
        return
    import pandas as pd
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    pd.set_option("display.precision", 4)
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    set_matplotlib_formats("svg")
    formatters = shell.display_formatter.formatters
    formatters["image/svg+xml"].for_type(Figure, to_svg)
    formatters["text/html"].for_type(pd.DataFrame, frame_to_html)


def _notebook() -> Any:
    """Return the shell of the Jupyter kernel that this runs in, or None."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


def frame_to_html(frame: Any) -> str:
    """Return a data frame as the table that the book shows; of a long one pandas shows a part.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    str
        HTML.
    """
    own = from_frame(frame) if 0 < len(frame) <= LARGE and frame.shape[1] else frame
    return str(own._repr_html_())


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG that says what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        With the words of :func:`describe` in it.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    words = html.escape(describe(figure))
    title = f"<title>Figure</title><desc>{words}</desc>"
    return re.sub(r"(<svg\b[^>]*>)", lambda tag: tag[1] + title, buffer.getvalue(), count=1)
