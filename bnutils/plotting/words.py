"""What a figure shows, in words, from the data drawn."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bnutils.plotting import marks
from bnutils.utils.validation import instance
from bnutils.utils.words import counted

REMARK = "remark"  # the gid of an empty line whose label is a sentence
SCALE = "<colorbar>"  # what matplotlib calls the axes of a scale of colours


def describe(figure: Figure) -> str:
    """Put into words what a figure shows: titles, axes, and the values of each series.

    A description of your own goes first: ``figure.set_label("...")``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        Sentences, to be read aloud.

    Raises
    ------
    TypeError
        If it is no figure.
    """
    instance("figure", figure, Figure, "of matplotlib, such as plt.figure()")
    own = [_sentence(str(figure.get_label()))] if figure.get_label() else []
    panels = [ax for ax in figure.axes if ax.get_visible() and ax.get_label() != SCALE]
    parts = [
        _describe_pictures(list(group)) if alone else " ".join(map(_describe_axes, group))
        for alone, group in groupby(panels, _is_picture)
    ]
    return " ".join(part for part in own + parts if part)


def _sentence(text: str) -> str:
    """Some words with a full stop, unless they end in a mark of their own."""
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _title(ax: Axes) -> str:
    """The title of axes, wherever it stands, in one line."""
    return " ".join((ax.get_title(loc="left") or ax.get_title()).split())


def _is_picture(ax: Axes) -> bool:
    """Whether nothing but images is drawn."""
    return bool(ax.images) and not (ax.lines or ax.containers or ax.collections)


def _describe_pictures(panels: list[Axes]) -> str:
    """Images side by side, with what stands above them."""
    count = counted(sum(len(ax.images) for ax in panels), "image")
    titles = ", ".join(title for title in map(_title, panels) if title)
    return _sentence(f"{count}, titled {titles}" if titles else count)


def _describe_axes(ax: Axes) -> str:
    """One axes in words."""
    parts = [_title(ax), _labels(ax), *_lines(ax), *_others(ax)]
    if ax.images:
        parts.append(counted(len(ax.images), "image"))
    return " ".join(_sentence(part) for part in parts if part)


def _labels(ax: Axes) -> str:
    """What stands beside the axes; often only the first of several panels has both."""
    across, up = ax.get_xlabel(), ax.get_ylabel()
    if across and up:
        return f"{up} against {across}"
    return f"Horizontal axis: {across}" if across else up


def _lines(ax: Axes) -> Iterator[str]:
    """Lines across the whole axes, curves with a name, and those without one."""
    for line in ax.get_lines():
        if where := marks.place(ax, line):
            yield f"{_name(line)}: {where}" if _name(line) else where.capitalize()
    parts = {part for container in ax.containers for part in container.get_children()}
    drawn = [line for line in ax.get_lines() if line not in parts and not marks.place(ax, line)]
    named = [line for line in drawn if _name(line)]
    nameless = [line for line in drawn if not _name(line) and _is_curve(line)]
    for line in named:
        yield _describe_line(line) + _companions(line, nameless)
    colours = {_colour(line) for line in named}
    for colour in dict.fromkeys(map(_colour, nameless)):
        if colour not in colours:
            yield _nameless([line for line in nameless if _colour(line) == colour])


def _name(artist: object) -> str:
    """The label of what is drawn; matplotlib's own begin with an underscore."""
    label = str(artist.get_label())  # type: ignore[attr-defined]
    return "" if label.startswith("_") else label.strip()


def _colour(line: Line2D) -> str:
    """The colour of a line, whatever it was called."""
    return to_hex(line.get_color())


def _is_curve(line: Line2D) -> bool:
    """Whether points are joined."""
    return len(marks.points_of(line)) > 1 and line.get_linestyle() != "None"


def _describe_line(line: Line2D) -> str:
    """A curve, or a remark that is drawn as words and has no points."""
    label = _name(line)
    if not len(marks.points_of(line)):
        return label if line.get_gid() == REMARK else f"{label} has no values to draw"
    return f"{label}: {marks.curve(line)}"


def _companions(line: Line2D, nameless: Iterable[Line2D]) -> str:
    """How many curves of the same colour there are beside a curve, and where they end."""
    same = [other for other in nameless if _colour(other) == _colour(line)]
    if len(same) < 2:
        return ""
    ends = marks.span([marks.points_of(other)[-1, 1] for other in same])
    return f"; {len(same)} thin lines beside it, last values {ends}"


def _nameless(lines: list[Line2D]) -> str:
    """Curves of one colour that no label names."""
    return f"{counted(len(lines), 'line')} without a name: {marks.bundle(lines)}"


def _others(ax: Axes) -> Iterator[str]:
    """Bars, points with error bars, and scattered points that have a name."""
    for one in ax.containers:
        words = marks.bars(ax, one) if isinstance(one, BarContainer) else marks.error_bars(one)
        yield f"{_name(one)}: {words}" if words and _name(one) else words
    for dots in ax.collections:
        if _name(dots):
            yield f"{_name(dots)}: {marks.cloud(dots)}"
