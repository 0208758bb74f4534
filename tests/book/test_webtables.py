"""Which tables are stacked on a phone, and what their cells say then."""

from __future__ import annotations

from bnsite.webtables import stack_tables
from bs4 import BeautifulSoup, Tag

LONG = "a sentence that is longer than a column of a phone"


def table(heads: list[str], *rows: list[str]) -> Tag:
    """The table that is made of these cells."""
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    soup = BeautifulSoup(
        "<div class='bd-article'><table class='table'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>",
        "html.parser",
    )
    stack_tables(soup)
    found = soup.select_one("table")
    assert found is not None
    return found


def test_a_wide_table_is_stacked_and_stays_a_table() -> None:
    wide = table(["Claim", "Label", "What we know"], ["Fast", "measured here", LONG])
    assert "bn-stacks" in wide["class"]
    assert [one["role"] for one in wide.find_all(["thead", "tr", "th", "tbody", "td"])] == [
        "rowgroup", "row", *3 * ["columnheader"], "rowgroup", "row", *3 * ["cell"],
    ]  # fmt: skip
    titles = [cell.select_one(".bn-title") for cell in wide.select("td")]
    assert [t.get_text() if t else None for t in titles] == [None, "Label", "What we know"]


def test_a_small_table_is_left_alone() -> None:
    small = table(["Batch", "Updates"], ["32", "1,500"])
    assert small.get("role") is None
    assert small.select(".bn-title") == []


def test_a_formula_counts_as_what_is_seen() -> None:
    formula = (
        f"<span class='katex'><span class='katex-mathml'>{LONG * 9}</span>"
        "<span class='katex-html'>x</span></span>"
    )
    assert table(["a", formula], ["1", formula]).select(".bn-title") == []
    titles = table(["a", f"<p>{formula}</p>", "b"], [LONG, "1", LONG]).select(".bn-title")
    assert [title.find("p") for title in titles] == [None, None]
    assert titles[0].select(".katex") != []
