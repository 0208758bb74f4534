"""Every page of the built site, in a browser: nothing from elsewhere, nothing broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.site.webpages import (
    COLOUR_RULES,
    DESKTOP,
    NARROW_RULES,
    PHONE,
    RULES,
    Log,
    at_rest,
    below_root,
    change_look,
    load_pictures,
    opened,
    overflow,
    soup_of,
    violations,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
VARIANTS = [(DESKTOP, "light", "dark", RULES), (PHONE, "dark", None, NARROW_RULES)]
BROKEN = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
FORMULAS = "book/the-backward-pass/the-backward-pass.html"
FILE_NAME = re.compile(r"[\w./-]+\.(svg|png|jpe?g|gif|webp)$", re.IGNORECASE)


@pytest.mark.parametrize("variant", VARIANTS, ids=["desktop", "phone"])
def test_page_in_browser(
    browser: Browser,
    server: str,
    page_path: str,
    variant: tuple[Any, str, str | None, dict[str, Any]],
) -> None:
    """One visit looks at requests, errors, accessibility and the page's width.

    Colours are looked at in both looks; on a phone, which has the same, in one.
    """
    viewport, scheme, other, rules = variant
    log = Log()
    with browser.new_context(viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        log.listen(page)
        page.goto(f"{server}/{page_path}", wait_until="load")
        at_rest(page)
        load_pictures(page)
        assert page.evaluate(BROKEN) == []
        assert violations(page, rules) == []
        assert overflow(page) <= 0
        if other is not None:
            change_look(page, other)
            assert violations(page, COLOUR_RULES) == []
            assert overflow(page) <= 0
        assert log.foreign(server) == []
        assert log.errors == []


def test_page_over_file(browser: Browser, site: Path, page_path: str) -> None:
    """The site works from a folder, with no server at all."""
    log = Log()
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        log.listen(page)
        page.goto((site / page_path).as_uri(), wait_until="load")
        at_rest(page)
        assert log.foreign(site.as_uri()) == []
        assert log.errors == []


def test_description(site: Path, any_path: str) -> None:
    soup = soup_of(site, any_path)
    texts = [m.get("content", "") for m in soup.select("meta[name=description]")]
    assert len(texts) == 1
    assert 20 <= len(texts[0]) <= 320
    assert soup.title is not None
    assert soup.title.get_text(strip=True)


def test_pictures_have_words(site: Path, page_path: str) -> None:
    for picture in soup_of(site, page_path).select("main img"):
        words = picture.get("alt")
        assert words is not None, picture
        if "decorative" not in picture.get("class", []):
            assert words.strip(), picture
            assert not FILE_NAME.fullmatch(words.strip()), words
            assert "_images/" not in words


def test_formulas_are_set(site: Path, page_path: str) -> None:
    """Formulas are HTML and MathML already: no dollar signs, no script, no red errors."""
    soup = soup_of(site, page_path)
    assert soup.select(".katex-error") == []
    assert "mathjax" not in str(soup.head).lower()
    formulas = soup.select("span.math, div.bn-equation")
    assert all(f.select_one(".katex-mathml math") for f in formulas)
    sheets = [link["href"] for link in soup.select("link[rel=stylesheet]")]
    assert any("katex" in href for href in sheets) == bool(formulas)


def test_formulas_are_read_aloud(browser: Browser, server: str) -> None:
    """All of them, those below the screen too, are in what a screen reader gets."""
    with opened(browser, f"{server}/{FORMULAS}") as page:
        at_rest(page)
        shown = page.locator("main .katex-mathml > math:visible").count()
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in tree if "role" in node]
        assert roles.count("MathMLMath") >= shown > 100


def test_table_headers(site: Path, page_path: str) -> None:
    headers = soup_of(site, page_path).select("th")
    assert [th for th in headers if not th.get_text(strip=True)] == []


def test_links_lead_somewhere(site: Path, any_path: str) -> None:
    soup = soup_of(site, any_path)
    broken = []
    for link in soup.select("a[href]"):
        target, fragment = urldefrag(urljoin(f"http://site/{any_path}", link["href"]))
        parts = urlsplit(target)
        if parts.netloc != "site":
            continue
        path = site / below_root(unquote(parts.path)).lstrip("/")
        if path.is_dir():
            path = path / "index.html"
        found = path.is_file()
        if found and fragment and path.suffix == ".html":
            found = has_id(path, unquote(fragment))
        if not found:
            broken.append(link["href"])
    assert broken == []


IDS: dict[Path, set[str]] = {}


def has_id(path: Path, name: str) -> bool:
    if path not in IDS:
        IDS[path] = set(re.findall(r"""\b(?:id|name)=["']([^"']+)""", path.read_text("utf8")))
    return name in IDS[path]


def test_ids_are_unique(site: Path, any_path: str) -> None:
    ids = [x["id"] for x in soup_of(site, any_path).select("[id]")]
    assert sorted(ids) == sorted(set(ids))
