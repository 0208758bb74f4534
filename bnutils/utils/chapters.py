"""Where a checkout of the course keeps the files of a chapter: nothing else knows.

A chapter is the folder ``book/<slug>``, which holds all of it. The part of the book to which
it belongs is written in ``_toc.yml`` alone.
"""

import re
from dataclasses import dataclass
from pathlib import Path

CONTENTS = "_toc.yml"
ENTRY = re.compile(r"^[ -]*file: *book/([a-z0-9-]+)/\1 *$", re.MULTILINE)


@dataclass(frozen=True)
class Chapter:
    """The files of one chapter.

    Attributes
    ----------
    root : Path
        The checkout.
    slug : str
        The chapter's name in addresses, for example ``"the-transform"``.
    """

    root: Path
    slug: str

    @property
    def folder(self) -> Path:
        """All of the chapter."""
        return self.root / "book" / self.slug

    @property
    def page(self) -> Path:
        """The prose."""
        return self.folder / f"{self.slug}.md"

    @property
    def lab(self) -> Path:
        """The notebook, if the chapter has one."""
        return self.folder / f"{self.slug}-lab.ipynb"

    @property
    def has_lab(self) -> bool:
        """Whether there is one: a chapter of prose alone measures nothing."""
        return self.lab.is_file()

    @property
    def claims(self) -> Path:
        """What the chapter claims, each claim with the kind of its evidence."""
        return self.folder / "claims.yml"

    @property
    def questions(self) -> Path:
        """The public quiz."""
        return self.folder / "questions.yml"

    @property
    def findings(self) -> Path:
        """The folder of the records of what its lab measured; it may not exist yet."""
        return self.folder / "findings"

    @property
    def recorded(self) -> Path:
        """The folder of the curves of its comparisons that take long; it may not exist."""
        return self.folder / "recorded"

    @property
    def replications(self) -> Path:
        """The folder of what others measured of its claims; it may not exist."""
        return self.folder / "replications"

    @property
    def document(self) -> str:
        """The page as Sphinx and the table of contents name it."""
        return self.page.relative_to(self.root).with_suffix("").as_posix()

    @property
    def laboratory(self) -> str:
        """The lab as Sphinx and the table of contents name it."""
        return self.lab.relative_to(self.root).with_suffix("").as_posix()


def chapters(root: Path) -> list[Chapter]:
    """Return the chapters of a checkout in the order of its table of contents."""
    contents = root / CONTENTS
    text = contents.read_text("utf-8") if contents.is_file() else ""
    return [Chapter(root, slug) for slug in ENTRY.findall(text)]


def record_path(root: Path, name: str) -> Path:
    """Return the file of the record ``"<chapter>/<finding>.<dataset>"``."""
    slug, _, record = name.partition("/")
    return Chapter(root, slug).findings / f"{record}.json"


def recording_path(root: Path, name: str) -> Path:
    """Return the file of the curves of ``"<chapter>/<comparison>.<dataset>"``."""
    slug, _, comparison = name.partition("/")
    return Chapter(root, slug).recorded / f"{comparison}.json.xz"


def replication_path(root: Path, name: str, who: str) -> Path:
    """Return the file of what somebody measured of ``"<chapter>/<finding>.<dataset>"``."""
    slug, _, record = name.partition("/")
    return Chapter(root, slug).replications / f"{record}.{who}.json"


def record_name(path: Path) -> str:
    """Return the name of the record in this file, the other way round."""
    return f"{path.parents[1].name}/{path.stem}"


def checkout() -> Path | None:
    """Return the checkout around the working directory, or None outside one."""
    here = Path.cwd()
    found = (f for f in (here, *here.parents) if (f / CONTENTS).is_file() and (f / "book").is_dir())
    return next(found, None)
