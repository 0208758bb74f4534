"""The results as one figure in the house style."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, ScalarFormatter

from benchmarks.jobs import ENGINE, KERAS, LINES
from benchmarks.records import Record, Results
from bnutils.plotting import COLOURS, DASHES, MARKERS, STYLE, to_svg


def draw(results: Results) -> str:
    """Four panels as SVG."""
    settings: dict[Any, Any] = {**STYLE, "figure.figsize": (9.0, 7.5)}
    with plt.rc_context(settings):
        figure, axes = plt.subplots(2, 2)
        _textbook(results, axes[0, 0])
        _epoch(results, axes[0, 1])
        _growth(results, axes[1, 0], "depth", "hidden layers of 128 units")
        _growth(results, axes[1, 1], "width", "units of the hidden layer")
        svg = to_svg(figure)
        plt.close(figure)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _textbook(results: Results, ax: Axes) -> None:
    """Bars: whole processes, as a reader waits for them."""
    chosen = [("Keras fit\n1 seed", results.find("textbook", KERAS, seeds=1))] + [
        (f"compare\n{n} seed{'s' if n > 1 else ''}", record)
        for n in (1, 10)
        for record in [results.find("textbook", ENGINE, seeds=n, shared=True)]
    ]
    measured = [(name, record) for name, record in chosen if record.values]
    for index, (name, record) in enumerate(measured):
        value = record.median("process")
        label = f"{' '.join(name.split())}: {value:.3g} s"
        ax.bar([name], [value], color=COLOURS[index], label=label)
        ax.annotate(f"{value:.3g}", (index, value), ha="center", va="bottom")
    ax.set(ylabel="seconds", title="Experiments of two labs")
    ax.margins(y=0.1)
    ax.grid(visible=False, axis="x")


def _epoch(results: Results, ax: Axes) -> None:
    """Seconds per epoch and seed against seeds; Keras and the lines have one model."""
    records = [r for r in results.of("epoch") if r.values]
    for index, batch in enumerate(sorted({r.setting["batch"] for r in records})):
        ours = [r for r in records if r.contestant == ENGINE and r.setting["batch"] == batch]
        _line(ax, [r.setting["seeds"] for r in ours], ours, "epoch", f"batch {batch}", index)
    for index, who in enumerate([KERAS, *LINES]):
        one = results.find("epoch", who, batch=32, seeds=1)
        if one.values:
            style: dict[str, Any] = {
                "color": "0.4",
                "linestyle": "none",
                "marker": MARKERS[3 + index],
            }
            ax.plot([1], [one.median("epoch")], label=f"{who}, batch 32", **style)
    _finish(
        ax,
        [r.setting["seeds"] for r in records],
        "seeds at once",
        "seconds per epoch and seed",
        "One epoch",
    )


def _growth(results: Results, ax: Axes, axis: str, words: str) -> None:
    records = [r for r in results.of("growth") if r.setting["axis"] == axis and r.values]
    sizes = [r.setting["value"] for r in records]
    _line(ax, sizes, records, "update", "compare, 10 seeds, batch 32", 0)
    _finish(ax, sizes, words, "milliseconds per update and seed", f"Growth with {axis}")


def _line(
    ax: Axes, x: Sequence[int], records: Sequence[Record], quantity: str, label: str, index: int
) -> None:
    """Medians, with the range as a band."""
    if not records:
        return
    low, high = zip(*(record.range(quantity) for record in records), strict=True)
    colour = COLOURS[index]
    ax.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    style: dict[str, Any] = {"linestyle": DASHES[index], "marker": MARKERS[index], "color": colour}
    ax.plot(x, [record.median(quantity) for record in records], label=label, **style)


def _finish(ax: Axes, ticks: Sequence[int], x_label: str, y_label: str, title: str) -> None:
    ax.set(xlabel=x_label, ylabel=y_label, title=title)
    if not ticks:
        return
    ax.set_xscale("log")
    ax.set_xticks(sorted(set(ticks)))
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_ylim(bottom=0)
    ax.legend(fontsize="small")
