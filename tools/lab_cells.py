"""Run the cells of a lab in this process, as a kernel would, and see what it shows."""

import ast
import contextlib
import io
import linecache
import os
import signal
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import nbformat

from bnutils.findings import Finding

NOT_EXPERIMENTS = ("colab-bootstrap", "exercise", "stub", "check")  # how their ids begin


@dataclass(frozen=True)
class Cell:
    """A code cell of an experiment."""

    id: str
    source: str


@dataclass
class Shown:
    """What a lab left behind: its findings in order, and the error that stopped it, if any."""

    findings: list[Finding] = field(default_factory=list)
    error: str = ""

    def show(self, value: object) -> None:
        """Take what a notebook would display, or format it as the notebook would."""
        if isinstance(value, Finding):
            self.findings.append(value)
        for name in ("_repr_html_", "__repr__"):
            if hasattr(value, name) and not isinstance(value, type):
                getattr(value, name)()


class TooLongError(Exception):
    """A lab did not end within its time."""


def experiment_cells(lab: Path) -> list[Cell]:
    """The code cells of a lab's experiments, without exercises."""
    cells = nbformat.read(lab, nbformat.NO_CONVERT).cells
    code = [Cell(cell.id, cell.source) for cell in cells if cell.cell_type == "code"]
    return [cell for cell in code if not cell.id.startswith(NOT_EXPERIMENTS)]


def run(cells: Sequence[Cell], folder: Path, names: dict[str, Any], seconds: int = 0) -> Shown:
    """Run cells one after the other, up to the first error.

    Parameters
    ----------
    cells : sequence of Cell
        Their last expressions are displayed.
    folder : Path
        The working directory meanwhile.
    names : dict
        What is defined beforehand; the cells add to it.
    seconds : int
        Of computing, after which the run is ended; no limit if 0, and on Windows.
    """
    shown, cell = Shown(), Cell("none", "")
    names |= {"__name__": "__main__", "display": shown.show}
    with quietly(), contextlib.chdir(folder), time_limit(seconds):
        try:
            for cell in cells:
                _run_cell(cell, names, shown)
        except Exception as problem:  # noqa: BLE001 - whatever stops a lab is the result
            last = traceback.format_exc(limit=-2)
            shown.error = f"[{cell.id}] {type(problem).__name__}: {problem}\n{last}"
    return shown


def _run_cell(cell: Cell, names: dict[str, Any], shown: Shown) -> None:
    """Run a cell; its source can be read back, as TensorFlow does to compile a function."""
    file, lines = f"<{cell.id}>", cell.source.splitlines(keepends=True)
    linecache.cache[file] = (len(cell.source), None, lines, file)
    body = ast.parse(cell.source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), file, "exec"), names)
    if isinstance(last, ast.Expr):
        shown.show(eval(compile(ast.Expression(last.value), file, "eval"), names))


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Draw nothing on a screen, print nothing, warn of nothing."""
    os.environ["MPLBACKEND"] = "agg"
    import matplotlib.pyplot as plt

    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    plt.close("all")


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise where something computes longer; how busy the machine is does not matter."""
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TooLongError(f"not done after {seconds} s of computing")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
