"""What happens if a reader changes a number? ``python -m tools.lab_edits [--list] [SLUG ...]``.

Every number in the experiments of every lab is changed, one at a time, to other sensible values,
and so are the data set and the kind of normalisation; each edited lab must run to its end and
state all its findings. Trainings are made shorter and seeds fewer (see :mod:`tools.lab_short`).
Not numbers of a setting, and left alone: 0 and 1, indices and axes, powers of a
number, and what
only concerns the looks of a figure or a table.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tools import labs
from tools.lab_cells import Cell, Shown, experiment_cells, run
from tools.lab_short import fewer_seeds, shortened

SECONDS = 300  # of computing, for one edited lab: some three times what the longest takes
LAST = 15  # edited labs that one process runs: what TensorFlow compiled is then forgotten
LOOKS = {"alpha", "bins", "figsize", "fontsize", "levels", "linewidth", "linewidths", "markersize"}
LOOKS |= {"axis", "ylim", "xlim", "zorder"}
LAYOUT = {
    "subplots",
    "swapaxes",
    "moments",
    "round",
    "mean",
    "std",
    "var",
    "sum",
    "max",
    "min",
    "argmax",
    "all",
    "any",
}
STRINGS = {
    '"batch"': ('"layer"', "None"),
    '"auto"': ('"digits"',),
    '"digits"': ('"digits28"',),
}


@dataclass(frozen=True)
class Edit:
    """One change of one cell: what stands where in a line, and what takes its place."""

    cell: str
    line: int
    start: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.cell}, line {self.line}, column {self.start}: {self.old} -> {self.new}"

    def of(self, cell: Cell) -> Cell:
        """Return the cell after the edit; another cell as it is."""
        if cell.id != self.cell:
            return cell
        lines = cell.source.split("\n")
        text = lines[self.line - 1].encode()
        end = self.start + len(self.old.encode())
        lines[self.line - 1] = (text[: self.start] + self.new.encode() + text[end:]).decode()
        return replace(cell, source="\n".join(lines))


def edits_of(cell: Cell) -> list[Edit]:
    """All edits of a cell, in the order in which their places come."""
    return [
        Edit(cell.id, node.lineno, node.col_offset, old, new)
        for node in settings(ast.parse(cell.source))
        if (old := ast.get_source_segment(cell.source, node)) is not None
        for new in others(node.value, old)
        if not isinstance(node.value, str) or is_choice(cell.source, node)
    ]


def is_choice(source: str, text: ast.Constant) -> bool:
    """Whether a text chooses the data set or the normalisation, and is not a key or a label."""
    before = source.split("\n")[text.lineno - 1].encode()[: text.col_offset]
    return before.endswith((b"norm=", b"load("))


def settings(node: ast.AST) -> Iterator[ast.Constant]:
    """The constants of a piece of code that may be numbers or names of a setting."""
    if isinstance(node, ast.Constant):
        yield node
    for child in ast.iter_child_nodes(node):
        if child not in structure(node):
            yield from settings(child)


def structure(node: ast.AST) -> list[ast.AST]:
    """The parts of a node whose numbers are no setting: indices, axes, exponents, looks."""
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return [side for side in (node.left, node.right) if isinstance(side, ast.Constant)]
    if isinstance(node, ast.JoinedStr):
        return [part for part in node.values if isinstance(part, ast.Constant)]
    if isinstance(node, ast.FormattedValue):
        return [node.format_spec] if node.format_spec else []
    if isinstance(node, ast.Call):
        named = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        places = list(node.args) if named in LAYOUT else []
        return places + [word for word in node.keywords if word.arg in LOOKS]
    return []


def others(value: object, old: str) -> list[str]:
    """Other sensible values: half and double; closer to and further from 1 for a share."""
    if isinstance(value, str):
        return list(STRINGS.get(old, ()))
    if isinstance(value, bool) or not isinstance(value, int | float) or value in (0, 1):
        return []
    if isinstance(value, int):
        return [str(value // 2), str(value * 2)]
    return [repr(value / 2), repr((1 + value) / 2 if 0.5 < value < 1 else value * 2)]


def every_edit(lab: Path) -> list[Edit]:
    """All edits of a lab."""
    return [edit for cell in experiment_cells(lab) for edit in edits_of(cell)]


def findings_in(lab: Path) -> list[str]:
    """The names of the findings that a lab states."""
    source = "\n".join(cell.source for cell in experiment_cells(lab))
    return re.findall(r'finding\(\s*"([a-z0-9-]+/[a-z0-9-]+)"', source)


def run_edited(lab: Path, edit: Edit | None) -> Shown:
    """Run a lab with one edit, or as it is, on shortened trainings."""
    cells = experiment_cells(lab)
    changed = cells if edit is None else [edit.of(cell) for cell in cells]
    short = [
        new if new != old else fewer_seeds(old) for old, new in zip(cells, changed, strict=True)
    ]
    return run(short, lab.parent, {"bnutils": shortened()}, SECONDS)


def problem_of(shown: Shown, wanted: Sequence[str]) -> str:
    """What is wrong with an edited lab, or ''; `wanted` are the lab's findings."""
    names = [finding.name for finding in shown.findings]
    missing = [name for name in wanted if name not in names]
    return shown.error or (f"without {', '.join(missing)}" if missing else "")


def try_all(lab: Path, edits: Sequence[Edit]) -> Iterator[tuple[Edit, str]]:
    """Yield each edit with what goes wrong, in processes of their own."""
    with get_context("spawn").Pool(1, maxtasksperchild=LAST) as pool:
        runs = pool.imap(partial(run_edited, lab), edits)
        for edit, shown in zip(edits, runs, strict=True):
            yield edit, problem_of(shown, findings_in(lab))


def main(arguments: Sequence[str]) -> int:
    """Try all edits of the labs named, or of all; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.lab_edits", description=__doc__)
    parser.add_argument("--list", action="store_true", help="say which edits there are")
    parser.add_argument("--part", default="1/1", help="2/5: of each five edits the second")
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="chapters; all by default")
    asked = parser.parse_args(arguments)
    first, step = map(int, asked.part.split("/"))
    failed = 0
    for lab in labs.named(asked.slugs):
        edits = every_edit(lab)[first - 1 :: step]
        print(f"{lab.name}: {len(edits)} edits", *(edits if asked.list else ()), sep="\n  ")
        for edit, problem in [] if asked.list else try_all(lab, edits):
            failed += bool(problem)
            print(f"  {edit}: {problem or 'ok'}", flush=True)
    print(f"{failed} edited labs did not end well." if failed else "All edited labs end well.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(labs.command(main))
