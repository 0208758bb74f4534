"""The book's labs, by the slug of their chapter: what the commands on labs share."""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bnutils.utils.chapters import chapters

ROOT = Path(__file__).resolve().parents[1]
CHOOSES = re.compile(r'\bload\((?:\\"auto\\"|\'auto\'|\))')  # in a notebook's JSON


class UnknownLabError(LookupError):
    """No chapter has a lab of that name."""


def every(root: Path = ROOT) -> dict[str, Path]:
    """The labs of all chapters, in the order of the table of contents."""
    return {chapter.slug: chapter.lab for chapter in chapters(root) if chapter.has_lab}


def named(slugs: Sequence[str], root: Path = ROOT) -> list[Path]:
    """The labs of these chapters; where none is named, every notebook of the book.

    Raises
    ------
    UnknownLabError
        If a slug is no chapter's; the message lists those that are.
    """
    labs = every(root)
    for slug in slugs:
        if slug not in labs:
            raise UnknownLabError(f"There is no lab {slug!r}; there are:\n{listing(labs)}")
    return [labs[slug] for slug in slugs] if slugs else notebooks(root)


def notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook of the book, a chapter's or not; no copies that Jupyter keeps."""
    found = sorted((root / "book").rglob("*.ipynb"))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def listing(labs: dict[str, Path]) -> str:
    """One indented line for each slug."""
    return "\n".join(f"  {slug}" for slug in labs)


def chooses_data(lab: Path) -> bool:
    """Whether a lab takes MNIST where it can be had and the offline images elsewhere."""
    return CHOOSES.search(lab.read_text("utf8")) is not None


def command(run: Callable[[Sequence[str]], int]) -> int:
    """Run a command on the words of the command line; an unknown lab is said in words."""
    try:
        return run(sys.argv[1:])
    except UnknownLabError as problem:
        print(problem, file=sys.stderr)
        return 2
