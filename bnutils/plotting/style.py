"""The house style: crisp, at home on light and dark pages, readable without colour."""

import html
import io
import re
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

from bnutils.plotting.words import describe

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
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
    """Use the style from here on: figures as SVG with a description, tables with four digits."""
    plt.rcParams.update(STYLE)  # type: ignore[arg-type]
    shell = _notebook()
    if shell is None:
        return
    import pandas as pd
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    pd.set_option("display.precision", 4)
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    set_matplotlib_formats("svg")
    shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, to_svg)


def _notebook() -> Any:
    """Return the shell of the Jupyter kernel that this runs in, or None."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


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
