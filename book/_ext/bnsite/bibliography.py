"""The bibliography in the order in which a reader looks for an author that the text cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style
from pybtex.style.sorting.author_year_title import SortingStyle

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class AsRead(SortingStyle):  # type: ignore[misc]  # pybtex has no types
    """By author, year and title, as they are printed: braces and accents' TeX do not count."""

    def persons_key(self, persons: list[Any]) -> str:
        """The authors' names as they are sorted."""
        return str(Text.from_latex(super().persons_key(persons))).casefold()


class ByAuthor(Style):  # type: ignore[misc]  # pybtex has no types
    """The style ``by_author`` of the directive ``bibliography``."""

    default_sorting_style = "as_read"


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the style known."""
    register_plugin("pybtex.style.sorting", "as_read", AsRead)
    register_plugin("pybtex.style.formatting", "by_author", ByAuthor)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
