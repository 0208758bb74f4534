"""What pages weigh, and that nothing which they load is missing, dead or changed by being light."""

from __future__ import annotations

import gzip
import io
import re
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pydata_sphinx_theme
import pytest
import sphinx_book_theme
import sphinx_design
from bnsite import repository
from bnsite.assets import STATIC
from bnsite.weight.formulas import FACE, SOURCE
from bnsite.weight.joined import NAME, moved
from bnsite.weight.lettering import SAID, SHEET, START, name_of
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from bnutils.utils.chapters import Chapter
from tests.site.webpages import DESKTOP, PHONE, ROOT, SITE, Log, at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
Looks = tuple[str, list[str]]  # a state of a page, and how each of its elements looks
LIMIT = 250_000  # bytes that a page and all its files take on their way, compressed
INDEX = {f"/_static/search/{name}.js" for name in ("data", "more")}  # read by those who search
ADDRESS = repository.site_address(ROOT, {})
LAB = f"{Chapter(ROOT, 'with-and-without').document}-lab.html"


# ---- weight ---------------------------------------------------------------------------------


def weight(path: Path) -> int:
    """Bytes of a file on its way, compressed as servers do."""
    data = path.read_bytes()
    return min(len(data), len(gzip.compress(data, 6, mtime=0)))


def test_a_page_is_light(browser: Browser, server: str, site: Path, page_path: str) -> None:
    """With all its files; and of the icons' fonts, which are cut, nothing is missing."""
    log = Log()
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        log.listen(page)
        page.goto(f"{server}/{page_path}", wait_until="load")
        at_rest(page)
        assert undrawn(page, site) == []
    names = {urlsplit(u).path for u in log.requests if u.startswith(server)}
    sizes = {name: weight(site / unquote(name).lstrip("/")) for name in names}
    assert max(sizes.pop(name, 0) for name in INDEX) < LIMIT
    assert sum(sizes.values()) < LIMIT, sorted(sizes.items(), key=lambda item: -item[1])[:8]


def test_scripts_wait_for_the_text(site: Path, any_path: str) -> None:
    soup = BeautifulSoup((site / any_path).read_text("utf8"), "html.parser")
    assert [s["src"] for s in soup.select("script[src]:not([defer])")] == []
    assert [s["src"] for s in soup.select("body script[src]")] == []


# ---- dead files, and references to nothing ----------------------------------------------------

BY_NAME = (".buildinfo", ".nojekyll", "objects.inv", "index.html", "404.html")
LOADS = "course.js"  # files that a page needs only when it is asked for slides


@cache
def references(path: Path) -> frozenset[str]:
    """What a file refers to, as addresses."""
    text = path.read_text("utf8") if path.suffix in {".html", ".css", ".svg", ".js"} else ""
    if path.suffix == ".html":
        return frozenset(in_page(BeautifulSoup(text, "html.parser")))
    if path.suffix == ".js":
        asked = re.findall(r'"([\w/]+/[\w.-]+\.(?:css|js))"', text) if path.name == LOADS else []
        return frozenset([*asked, *re.findall(r"[\w.-]+\.LICENSE\.txt", text)])
    found = re.findall(r"""url\(["']?([^"')]+)|@import ["']([^"']+)|href="([^"]+)""", text)
    return frozenset("".join(groups) for groups in found)


def in_page(soup: BeautifulSoup) -> Iterator[str]:
    for name in ("href", "src", "action"):
        yield from (str(one[name]) for one in soup.select(f"[{name}]"))
    for meta in soup.select("meta[content]"):
        text = str(meta["content"])
        if meta.get("http-equiv") == "refresh":
            yield text.partition("url=")[2]
        elif str(meta.get("property")) in {"og:image", "og:url"}:
            yield text


def file_of(reference: str, path: Path) -> Path | None:
    """The file of the site that is meant, if it is one of the site's."""
    here = ADDRESS + path.relative_to(SITE).as_posix()
    address = urljoin(here, reference.partition("#")[0].partition("?")[0])
    if not address.startswith(ADDRESS) or not reference:
        return None
    file = SITE / unquote(address.removeprefix(ADDRESS))
    return file / "index.html" if file.is_dir() else file


def leads_on(path: Path) -> bool:
    return path.suffix == ".html" and 'http-equiv="refresh"' in path.read_text("utf8")


def test_every_file_is_referred_to_and_every_reference_has_a_file(site: Path) -> None:
    files = {path for path in site.rglob("*") if path.is_file()}
    starts = {site / name for name in BY_NAME} | {path for path in files if leads_on(path)}
    seen, waiting, missing = set(), list(starts), []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for reference in references(path):
            file = file_of(reference, path)
            if file is not None and file not in files:
                missing.append(f"{path.relative_to(site)}: {reference}")
            elif file is not None:
                waiting.append(file)
    assert missing == []
    assert sorted(path.relative_to(site).as_posix() for path in files - seen) == []


def test_no_file_speaks_of_source_maps(site: Path) -> None:
    texts = [p for p in (site / "_static").rglob("*") if p.suffix in {".js", ".css"}]
    assert [p.name for p in texts if "sourceMappingURL" in p.read_text("utf8")] == []


# ---- icons ------------------------------------------------------------------------------------

SHOWN = """() => [...document.querySelectorAll("body *")].flatMap(one =>
  ["::before", "::after"].map(part => getComputedStyle(one, part))
    .filter(style => /[\\ue000-\\uf8ff]/.test(style.content))
    .map(style => [style.content, style.fontFamily, style.fontWeight]))"""
NAMELESS = """() => [...document.querySelectorAll("i[class*='fa-'], i.fa, i.fas, i.fab")].filter(
  one => !/[\\ue000-\\uf8ff]/.test(getComputedStyle(one, "::before").content)
).map(one => one.className)"""


@cache
def fonts(site: Path) -> dict[tuple[str, ...], set[int]]:
    """The letters of the fonts inside the style sheets, by family, style and weight."""
    found = {}
    for sheet in (site / "_static").rglob("*.css"):
        for face in re.findall(r"@font-face\s*\{[^}]*base64[^}]*\}", sheet.read_text("utf8")):
            said = dict(re.findall(r"font-(family|style|weight):\s*([^;]+)", face))
            said["family"] = said["family"].replace("\\", "").strip('"')
            font = b64decode(re.search(r"base64,([^\")]+)", face).group(1))
            found[tuple(said[part] for part in START)] = set(TTFont(io.BytesIO(font)).getBestCmap())
    return found


def undrawn(page: Page, site: Path) -> list[object]:
    """Icons without a drawing: those that no sheet knows, and those that no font has."""
    found: list[object] = page.evaluate(NAMELESS)
    for content, family, weight in page.evaluate(SHOWN):
        key = (family.split(",")[0].strip('"'), "normal", weight)
        letters = {ord(c) for c in content if "\ue000" <= c <= "\uf8ff"}
        if not letters <= fonts(site).get(key, set()):
            found.append((content, key))
    return found


LETTERS = """() => [...document.querySelectorAll(".katex-html, .katex-html *")].flatMap(one => {
  const text = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data);
  const style = getComputedStyle(one);
  const font = [style.fontFamily.split(",")[0], style.fontStyle, style.fontWeight];
  return text.length ? [[font.join(" "), text.join("")]] : [];
})"""


@cache
def whole_fonts() -> dict[str, set[int]]:
    """The letters of KaTeX' fonts as they come, by family, style and weight."""
    return {
        name_of(START | dict(SAID.findall(face))): set(
            TTFont((STATIC / SHEET).parent / SOURCE.search(face).group(1)).getBestCmap()
        )
        for face in FACE.findall((STATIC / SHEET).read_text("utf8"))
    }


def test_every_letter_of_a_formula_is_drawn_in_its_font(
    browser: Browser, server: str, site: Path, page_path: str
) -> None:
    """In the browser's words; the fonts are there with the text, and none comes later."""
    log, missing = Log(), set()
    with browser.new_context() as context:
        page = context.new_page()
        log.listen(page)
        page.goto(f"{server}/{page_path}", wait_until="load")
        shown = page.evaluate(LETTERS)
        at_rest(page)
    for font, text in shown:
        here = set(map(ord, text)) & whole_fonts()[font]
        missing |= {chr(letter) for letter in here - fonts(site).get(tuple(font.split()), set())}
    assert missing == set()
    assert [url for url in log.requests if ".woff" in url and not url.startswith("data:")] == []


# ---- nothing looks different for it -----------------------------------------------------------

WHOLE = {
    path.name: path
    for package in (pydata_sphinx_theme, sphinx_book_theme, sphinx_design)
    for path in Path(package.__file__).parent.rglob("*.*")
    if path.suffix in {".css", ".woff2"}
    and path.name != "theme.css"  # imports a sheet that is part of it on the site
}
BANNER = "document.querySelector('.pst-async-banner-revealer')"
SETTLED = f"({BANNER}?.style.height || 'auto') === 'auto'"
# Of each element the computed style, as a number: in full they are many megabytes. Of the thousands
# of words in code the first of each class.
LOOKS_OF = """() => {
  const sum = text => [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) | 0, 7);
  const seen = new Set(), another = one => !seen.has(one.className) && seen.add(one.className);
  return [...document.querySelectorAll("html, body, body *:not(.katex *)")]
    .filter(one => !one.matches("pre span") || another(one)).map(one =>
    `${one.tagName}.${one.className} ` + sum([...one.computedStyleMap()]
      .filter(([name]) => !name.startsWith("--"))
      .map(([name, value]) => name + ":" + value).join(";")));
}"""


def entire(site: Path) -> str:
    """The joined sheet with the whole sheets of the theme, where something is left of them."""
    parts = re.split(r"/\*! (_static/\S+) \*/\n", (site / NAME).read_text("utf8"))[1:]
    return "".join(
        moved(WHOLE[Path(name).name].read_text("utf8"), (site / name).parent, (site / NAME).parent)
        if Path(name).name in WHOLE
        else left
        for name, left in zip(parts[::2], parts[1::2], strict=True)
    )


def restore(route: Route) -> None:
    """Serve whole sheets and fonts of the theme, in the place of what is left of them."""
    name = Path(urlsplit(route.request.url).path).name
    whole = WHOLE.get(name)
    if name == Path(NAME).name:
        route.fulfill(body=entire(SITE), content_type="text/css")
    elif whole is None:
        route.continue_()
    else:
        kind = "text/css" if whole.suffix == ".css" else "font/woff2"
        route.fulfill(body=whole.read_bytes(), content_type=kind)


def states(page: Page) -> Iterator[str]:
    """The states of a page that the theme's rules know: at rest, with menus, with the dialog."""
    yield "at rest"
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    yield "unfolded"
    menus = page.locator(".dropdown > button:visible")
    if menus.count():
        menus.first.click()
        page.wait_for_selector(".dropdown-menu.show")
        yield "with a menu"
        page.mouse.move(0, 0)
        page.keyboard.press("Escape")
        page.wait_for_selector(".dropdown-menu.show", state="detached")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#pst-search-dialog[open]")
    yield "with the dialog"


def looks_of(browser: Browser, address: str, whole: bool, viewport: dict[str, int]) -> list[Looks]:
    with browser.new_context(viewport=viewport, color_scheme="dark") as context:
        page = context.new_page()
        if whole:
            page.route("**/_static/**", restore)
        page.goto(address, wait_until="load")
        page.wait_for_function(SETTLED)
        found: list[Looks] = []
        for state in states(page):
            at_rest(page)
            found.append((state, page.evaluate(LOOKS_OF)))
        return found


@pytest.mark.parametrize(("path", "viewport"), [(LAB, DESKTOP), ("book/index.html", PHONE)])
def test_what_was_left_out_of_the_sheets_changes_no_look(
    browser: Browser, server: str, path: str, viewport: dict[str, int]
) -> None:
    trimmed, whole = (
        looks_of(browser, f"{server}/{path}", entire, viewport) for entire in (False, True)
    )
    assert len(trimmed) > 2
    for (state, now), (_, before) in zip(trimmed, whole, strict=True):
        assert [a for a, b in zip(now, before, strict=True) if a != b][:5] == [], state
