"""Figures in one house style: crisp, at home on light and dark pages, readable without colour.

Every function draws on the axes it is given (or on new ones) and returns them. What a figure
shows can be read aloud: :func:`describe` puts it into words, from the data drawn.
"""

from bnutils.plotting.curves import draw_over, plot_curves
from bnutils.plotting.differences import plot_differences
from bnutils.plotting.looks import COLOURS, DASHES, MARKERS, Look, looks
from bnutils.plotting.readings import plot_readings
from bnutils.plotting.style import LETTERS, STYLE, frame_to_html, to_svg, use_house_style
from bnutils.plotting.words import describe

__all__ = [
    "COLOURS",
    "DASHES",
    "LETTERS",
    "MARKERS",
    "STYLE",
    "Look",
    "describe",
    "draw_over",
    "frame_to_html",
    "looks",
    "plot_curves",
    "plot_differences",
    "plot_readings",
    "to_svg",
    "use_house_style",
]
