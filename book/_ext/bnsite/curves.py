"""Curves that labs have recorded, drawn while building, and their absolute values in the text.

``{curves}`` draws a recording of a chapter: every seed, each arm's mean and its interval. What the
figure shows is said in words, from the numbers drawn. ``{curve}`` prints the mean of an arm, so
that no accuracy is typed into a page::

    ```{curves} with-and-without/first.mnist
    :metric: val_accuracy
    :arms: plain; batch norm

    Caption, which may hold {curve}`with-and-without/first.mnist:plain:test_accuracy`.
    ```

The mean is taken at the end, or after a number of epochs or updates that is given as a fourth part.
A recording that changed draws its figures anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import matplotlib as mpl
from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib.figure import Figure
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from bnsite.figures import LARGEST, captioned
from bnutils import plotting, recordings
from bnutils.errors import FindingMismatch
from bnutils.runs import is_share
from bnutils.utils.chapters import recording_path
from bnutils.utils.validation import one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from bnutils.results import Comparison

LOG = logging.getLogger(__name__)
INCHES = (5.2, 3.5)  # narrow enough that its words can be read on a phone
PARTS = "'<chapter>/<comparison>.<data set>:<arm>:<metric>', perhaps with ':<epoch or update>'"


def read(env: BuildEnvironment, name: str) -> Comparison:
    """What is recorded as ``<chapter>/<comparison>.<data set>``; the page depends on it."""
    path = recording_path(Path(env.srcdir), name)
    env.note_dependency(str(path))
    return recordings.read_recording(path)


def drawn(result: Comparison, metric: str, arms: Sequence[str] = ()) -> str:
    """A figure of some arms, of all if none is named, as SVG that says what it shows."""
    kept = [one_of("every one of arms", arm, result.arms) for arm in arms] or result.arms
    some = replace(result, runs=tuple(run for run in result.runs if run.arm in kept))
    style: Any = plotting.STYLE | plotting.LETTERS
    with mpl.rc_context(style):
        figure = Figure(figsize=INCHES)
        plotting.plot_curves(some, metric, figure.subplots())
        return plotting.to_svg(figure)


@dataclass(frozen=True)
class Level:
    """One mean of a recording, as a role names it."""

    recording: str
    arm: str
    metric: str
    when: float | None = None

    @classmethod
    def of(cls, text: str) -> Level:
        """What ``recording:arm:metric`` or ``recording:arm:metric:when`` names."""
        name, arm, metric, when, *_ = [*(part.strip() for part in text.split(":")), ""]
        return cls(name, arm, metric, float(when) if when else None)

    def shown(self, result: Comparison) -> str:
        """The mean over seeds: accuracies in per cent."""
        mean = self.mean(result)
        return f"{100 * mean:.2f} %" if is_share(self.metric) else f"{mean:.3f}"

    def mean(self, result: Comparison) -> float:
        """The mean over seeds, in the unit of the metric."""
        arm = one_of("arm", self.arm, result.arms)
        if self.when is None:
            return float(result.final(self.metric)[arm].mean())
        frame, unit = result.to_frame(), result.budget.removesuffix("s")
        metric = one_of("metric", self.metric, result.metrics)
        own = frame[(frame["arm"] == arm) & (frame["metric"] == metric)]
        when = one_of(unit, self.when, own[unit].unique().tolist())
        return float(own.loc[own[unit] == when, "value"].mean())


class CurveRole(SphinxRole):
    """``{curve}`chapter/comparison.dataset:arm:metric```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the mean, or warn that there is none."""
        try:
            level = Level.of(self.text)
            text = level.shown(read(self.env, level.recording))
        except (FindingMismatch, ValueError) as problem:
            warn(f"a curve is named by {PARTS}; {self.text!r}: {problem}", self.get_location())
            text = f"[{self.text}]"
        return [nodes.inline("", text, classes=["bn-finding"])], []


class Curves(SphinxDirective):
    """``{curves} chapter/comparison.dataset``: a figure, with the content as its caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "metric": directives.unchanged_required,
        "arms": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Draw the figure, or warn that it cannot be drawn."""
        for module in (Path(__file__), *Path(plotting.__file__).parent.glob("*.py")):
            self.env.note_dependency(str(module))
        metric = self.options.get("metric", "val_accuracy")
        arms = [arm.strip() for arm in self.options.get("arms", "").split(";") if arm.strip()]
        try:
            svg = drawn(read(self.env, self.arguments[0]), metric, arms)
        except (FindingMismatch, ValueError) as problem:
            warn(f"curves that cannot be drawn: {problem}", self.get_location())
            return []
        if len(svg.encode()) > LARGEST:
            warn(
                f"a figure must have at most {LARGEST:,} bytes; that of {self.arguments[0]} has "
                f"{len(svg.encode()):,}. Draw fewer arms.",
                self.get_location(),
            )
        return [self.figure(svg)]

    def figure(self, svg: str) -> nodes.figure:
        """The figure with its caption; what it shows is read from it by :mod:`.figures`."""
        name = f"{self.arguments[0].replace('/', '-')}-{sha256(svg.encode()).hexdigest()[:12]}.svg"
        path = Path(self.env.doctreedir) / "curves" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, "utf8")
        address = Path(os.path.relpath(path, self.env.srcdir)).as_posix()
        return captioned(self, nodes.image(uri=f"/{address}"), "bn-curves")


def warn(message: str, location: str) -> None:
    """Warn, which fails the build of the book."""
    LOG.warning("%s", message, location=location, type="bnsite", subtype="curves")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_role("curve", CurveRole())
    app.add_directive("curves", Curves)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
