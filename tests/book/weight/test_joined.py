"""Style sheets that all pages load first are one, and no rule changes its rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bnsite.weight import joined

if TYPE_CHECKING:
    from pathlib import Path

LINK = '<link rel="stylesheet" href="{}_static/{}?digest=1" type="text/css"/>\n'
ORDER = ("styles/theme.css", "b.css")


def site(out: Path) -> list[str]:
    """Two sheets that all pages have, one that some have, and one at the end."""
    (out / "_static" / "styles").mkdir(parents=True)
    for name in (*ORDER, "some.css", "end.css"):
        (out / "_static" / name).write_text(f".{name[0]}{{x:url(../pictures/{name[0]}.png)}}")
    pages = [("../", [*ORDER, "some.css", "end.css"]), ("", [*ORDER, "end.css"]), ("/r/", ORDER)]
    texts = ["".join(LINK.format(root, name) for name in names) for root, names in pages]
    return [*texts, "<p>leads on, without a sheet"]


def test_what_all_pages_load_first_is_one_sheet(tmp_path: Path) -> None:
    before = site(tmp_path)
    pages = joined.join(tmp_path, before)
    assert [joined.names_in(page) for page in pages] == [joined.names_in(page) for page in before]
    assert [page.count("<link") for page in pages] == [3, 2, 1, 0]
    assert 'href="../_static/site.css"' in pages[0]
    assert 'href="/r/_static/site.css"' in pages[2]
    assert (tmp_path / joined.NAME).read_text() == (
        "/*! _static/styles/theme.css */\n.s{x:url(pictures/s.png)}"
        "/*! _static/b.css */\n.b{x:url(../pictures/b.png)}"
    )


def test_pages_of_an_earlier_build_ask_for_it_as_it_is_now(tmp_path: Path) -> None:
    first, *others = site(tmp_path)
    earlier = joined.join(tmp_path, [first, *others])[1:]
    again = joined.join(tmp_path, [first, *earlier])
    assert [page.count("<link") for page in again] == [3, 2, 1, 0]
    assert {tmp_path / "_static" / name for name in ORDER} <= joined.sheets_in(tmp_path, earlier)
    assert tmp_path / joined.NAME not in joined.sheets_in(tmp_path, again)


def test_nothing_is_joined_where_pages_begin_differently(tmp_path: Path) -> None:
    pages = [*site(tmp_path), LINK.format("", "end.css")]
    assert joined.join(tmp_path, pages) == pages
    assert not (tmp_path / joined.NAME).exists()
