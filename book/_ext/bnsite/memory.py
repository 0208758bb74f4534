"""What is known of pages, kept beside the doctrees until the site's files are made of it.

A build writes those pages anew that changed; what it makes of all of them needs the others, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SUFFIX = ".kept"


@dataclass(frozen=True)
class Memory:
    """One text for each page.

    Attributes
    ----------
    folder : str
        Where the texts lie, below the doctrees.
    """

    folder: str

    def keep(self, app: Sphinx, page: str, text: str) -> None:
        """Keep the text of a page that was written anew."""
        path = Path(app.doctreedir) / self.folder / f"{page}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")

    def texts(self, app: Sphinx) -> Iterator[tuple[str, str]]:
        """Address and text of each page that the site has; of those that are gone, none."""
        folder = Path(app.doctreedir) / self.folder
        for path in sorted(folder.rglob(f"*{SUFFIX}")):
            page = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
            if (Path(app.outdir) / page).is_file():
                yield page, path.read_text("utf8")
