"""A table of a page that a phone has no room for becomes a list there, and stays a table.

What fits is judged as for the labs' tables, by :mod:`bnutils.tables`. Each cell carries its
heading, seen only where the rows are stacked; roles say what is a row, whatever it looks like.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from bnutils.tables import Column
from bnutils.tables.web import ROOMS, least_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag

ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}


def stack_tables(soup: BeautifulSoup) -> None:
    """Prepare the tables that do not fit on a phone."""
    for table in soup.select(".bd-article table.table"):
        heads = table.select("thead > tr:only-child > th, thead > tr:only-child > td")
        if heads and least_room(list(columns(table, heads))) > ROOMS[0]:
            prepare(soup, table, heads)


def columns(table: Tag, heads: list[Tag]) -> Iterator[Column]:
    """The columns as a reader sees them."""
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.select("tbody > tr")]
    for number, head in enumerate(heads):
        cells = tuple(shown(row[number]) for row in rows if number < len(row))
        yield Column(shown(head), cells, numeric=all(cell[:1].isdigit() for cell in cells))


def shown(cell: Tag) -> str:
    """A cell's text; of a formula the half that is seen."""
    visible = copy.copy(cell)
    for hidden in visible.select(".katex-mathml"):
        hidden.decompose()
    return str(visible.get_text().strip())


def prepare(soup: BeautifulSoup, table: Tag, heads: list[Tag]) -> None:
    """Give a table its roles, and each cell but a row's first its heading."""
    table["class"] = " ".join([*table.get_attribute_list("class"), "bn-stacks"])
    table["role"] = "table"
    for part in table.find_all(list(ROLES)):
        part["role"] = ROLES[part.name]
    for row in table.select("tbody > tr"):
        for cell, head in list(zip(row.find_all("td"), heads, strict=False))[1:]:
            cell.insert(0, heading(soup, head))


def heading(soup: BeautifulSoup, head: Tag) -> Tag:
    """What a column's head says, for one of its cells; roles tell it to who does not see it."""
    title = soup.new_tag("span", attrs={"class": "bn-title", "aria-hidden": "true"})
    title.extend(copy.copy(part) for part in (head.find("p") or head).contents)
    return title
