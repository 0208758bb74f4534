"""What a program printed: sentences break at a phone's edge, columns keep their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

COLUMNS = re.compile(r"\S {2,}\S")


def break_sentences(soup: BeautifulSoup) -> None:
    """Mark the outputs in which nothing stands below another thing: their lines may break."""
    for printed in soup.select(".cell_output pre"):
        if not COLUMNS.search(printed.get_text()):
            printed["class"] = "bn-sentences"
