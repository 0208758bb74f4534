"""Heads of pages, the page for unknown addresses, and HTML as the standard has it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from bnsite import heads, katex, markup, missing, preview
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://me.github.io/mine/"
APP = SimpleNamespace(config=SimpleNamespace(html_baseurl=ADDRESS, html_title="The book"))


def soup_of(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


@pytest.mark.parametrize(
    ("title", "said"),
    [("Book — Book", "Book"), ("Page — Book", "Page — Book"), ("Book", "Book")],
)
def test_a_title_is_said_once(title: str, said: str) -> None:
    soup = soup_of(f"<title>{title}</title>")
    heads.say_title_once(soup)
    assert soup.title is not None
    assert soup.title.get_text() == said


def test_one_viewport_is_enough() -> None:
    soup = soup_of("<meta name=viewport content=a><meta name=viewport content=b>")
    heads.keep_one_viewport(soup)
    assert [one["content"] for one in soup.select("meta")] == ["a"]


def test_a_page_that_leads_on_has_the_icon_and_a_whole_address() -> None:
    soup = soup_of('<link rel="canonical" href="../new/a.html"><link rel="icon" href="data:,">')
    heads.lead_on_in_full(APP, soup, "old/part/a.html")
    assert [one["href"] for one in soup.select("link")] == [
        f"{ADDRESS}old/new/a.html",
        "../../_static/favicon.svg",
    ]


def test_a_preview_says_what_the_page_is() -> None:
    context = {
        "title": "<em>Why</em> &amp; how",
        "pageurl": f"{ADDRESS}a.html",
        "metatags": '<meta content="A &quot;b&quot;." name="description" />',
    }
    heads.add_tags(APP, "a", "page.html", context, object())
    soup = soup_of(context["metatags"])
    found = {one.get("property"): one["content"] for one in soup.select("meta[property]")}
    assert found["og:title"] == "Why & how"
    assert found["og:description"] == 'A "b".'
    assert found["og:image"] == f"{ADDRESS}{preview.NAME}"
    assert found["og:url"] == context["pageurl"]
    assert soup.select_one('meta[name="twitter:card"]') is not None


def test_a_page_without_a_source_has_no_address() -> None:
    context = {"pageurl": f"{ADDRESS}search.html", "metatags": ""}
    heads.add_tags(APP, "search", "search.html", context, None)
    assert context == {"pageurl": None, "metatags": ""}


def test_the_preview_is_drawn_once_in_the_size_that_is_stated(tmp_path: Path) -> None:
    preview.write(tmp_path)
    path = tmp_path / preview.NAME
    data = path.read_bytes()
    size = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)]
    assert size == [preview.WIDTH, preview.HEIGHT]
    assert len(data) < 60_000
    path.write_bytes(b"drawn")
    preview.write(tmp_path)
    assert path.read_bytes() == b"drawn"


def test_the_page_for_unknown_addresses_is_addressed_from_the_root() -> None:
    soup = soup_of(
        '<html data-content_root="./"><a href="book/a.html">a</a><a href="#x">b</a>'
        '<script src="_static/a.js"></script><form action="search.html"></form>'
        '<a href="https://example.org/">c</a></html>'
    )
    missing.address_from_root(APP, soup, "book/a.html")
    assert soup.a is not None
    assert soup.a["href"] == "book/a.html"
    missing.address_from_root(APP, soup, "404.html")
    assert [one["href"] for one in soup.select("a")] == [
        "/mine/book/a.html",
        "#x",
        "https://example.org/",
    ]
    assert soup.script is not None
    assert soup.script["src"] == "/mine/_static/a.js"
    assert soup.form is not None
    assert soup.form["action"] == "/mine/search.html"
    assert soup.html is not None
    assert soup.html["data-content_root"] == "/mine/"


def test_styles_stand_in_the_head_each_once() -> None:
    soup = soup_of(
        "<html><head><style>a{}</style></head><body><div><style>a{}</style><style>b{}</style>"
        "</div><style>b{}</style><p>text</p></body></html>"
    )
    markup.mend(APP, soup, "a.html")
    assert str(soup) == (
        "<html><head><style>a{}</style><style>b{}</style></head>"
        "<body><div></div><p>text</p></body></html>"
    )


def test_an_index_below_a_function_has_two_parts() -> None:
    html = katex.render(r"\lambda_{\max} + \max_x f", "{}")
    soup = soup_of(html)
    markup.mend(APP, soup, "a.html")
    counts = [len(one.find_all(recursive=False)) for one in soup.select("msub, munder")]
    assert counts
    assert set(counts) == {2}


def test_html_is_as_the_standard_has_it() -> None:
    soup = soup_of(
        '<table border="1"></table><input autocorrect="off" autocomplete="off">'
        "<details><summary><p>Show</p></summary><p>text</p></details>"
    )
    markup.mend(APP, soup, "a.html")
    assert str(soup) == (
        '<table></table><input autocomplete="off"/>'
        "<details><summary><span>Show</span></summary><p>text</p></details>"
    )
