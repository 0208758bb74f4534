"""What others are told of a page, what is shown for unknown addresses, and the HTML's form."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bnsite import heads, preview, repository
from bs4 import BeautifulSoup

from tests.site.conftest import QuietHandler, serving
from tests.site.webpages import LOOKS, ROOT, ROOT_PATH, overflow, soup_of, target_of, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ADDRESS = repository.site_address(ROOT, os.environ)
GENERATED = {"search.html", "404.html"}  # no places to come to from elsewhere


def contents(soup: BeautifulSoup, selector: str) -> list[str]:
    return [str(one.get("content") or one.get("href")) for one in soup.select(selector)]


def test_one_title_one_viewport_one_heading(site: Path, any_path: str) -> None:
    soup = soup_of(site, any_path)
    assert soup.title is not None
    parts = soup.title.get_text(strip=True).split(heads.DASH)
    assert len(parts) == len(set(parts))
    assert len(soup.select("meta[name=viewport]")) == 1
    shown = [h for h in soup.select("h1") if h.find_parent(id="jb-print-docs-body") is None]
    assert len(shown) == 1


def test_every_page_has_the_icon(site: Path, any_path: str) -> None:
    (href,) = contents(soup_of(site, any_path), "link[rel=icon]")
    if any_path == "404.html":
        assert href == f"{ROOT_PATH}_static/favicon.svg"
    else:
        assert ((site / any_path).parent / href).resolve() == site / "_static" / "favicon.svg"


def test_a_page_states_its_address(site: Path, any_path: str) -> None:
    found = contents(soup_of(site, any_path), "link[rel=canonical]")
    goal = target_of(site, any_path) or any_path
    assert found == ([] if any_path in GENERATED else [ADDRESS + goal])


def test_a_preview_is_complete(site: Path, page_path: str) -> None:
    soup = soup_of(site, page_path)
    found = {str(one["property"]): str(one["content"]) for one in soup.select("meta[property]")}
    if page_path in GENERATED:
        assert found == {}
        assert contents(soup, "meta[name=robots]") == ["noindex"]
        return
    assert found["og:url"] == ADDRESS + page_path
    assert found["og:description"] == contents(soup, "meta[name=description]")[0]
    assert soup.h1 is not None
    assert found["og:title"] in soup.h1.get_text()
    assert found["og:image"] == ADDRESS + preview.NAME
    assert found["og:image:alt"]
    assert contents(soup, 'meta[name="twitter:card"]') == ["summary_large_image"]


def test_the_preview_is_small_and_of_its_size(site: Path) -> None:
    data = (site / preview.NAME).read_bytes()
    assert len(data) < 60_000
    size = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)]
    assert size == [preview.WIDTH, preview.HEIGHT] == [1200, 630]


# ---- addresses that the site does not have --------------------------------------------------


class PagesHandler(QuietHandler):
    """Serves the site below its path and 404.html for everything else, as GitHub Pages does."""

    def translate_path(self, path: str) -> str:
        root = ROOT_PATH
        return (
            super().translate_path("/" + path.removeprefix(root)) if path.startswith(root) else ""
        )

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def pages(site: Path) -> Iterator[str]:
    """The site's address on a server that does as GitHub Pages does."""
    with serving(site, PagesHandler) as address:
        yield f"{address}{ROOT_PATH}"


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=["desktop-light", "phone-dark"])
@pytest.mark.parametrize("place", ["gone.html", "book/a/b/c/gone", "../elsewhere/"])
def test_an_unknown_address_leads_on_at_any_depth(
    browser: Browser, pages: str, place: str, look: tuple[dict[str, int], str]
) -> None:
    viewport, scheme = look
    with browser.new_context(viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        failed: list[str] = []
        page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
        page.goto(pages + place)
        assert failed == [page.url]  # the page itself, and none of its files
        assert page.locator("h1:visible").inner_text() == "There is no page at this address"
        assert violations(page) == []
        assert overflow(page) <= 0
        page.locator(".bn-contents").get_by_role("link", name="The transform", exact=True).click()
        page.wait_for_url("**/book/the-transform/the-transform.html")
        page.goto(pages + place)
        page.locator("main input[name=q]").fill("epsilon")
        page.keyboard.press("Enter")
        page.wait_for_selector("#bn-hits a")


# ---- HTML as the standard has it ------------------------------------------------------------

# What must not stand in what: the kinds that a validator found in what themes and extensions wrote.
NOT_ALLOWED = {
    "a paragraph in a summary": "summary p",
    "an unknown attribute": "[autocorrect], table[border]",
    "a block in a phrase": "p div, p p, p ul, p table, span div, span p, h1 div, h2 div, h3 div",
    "a control in a control": "a a, a button, button a, button button",
    "a style in the text": "body style",
    "a third part of an index": ":is(msub, msup, munder) > :nth-child(3)",
}


def test_html_is_valid(site: Path, any_path: str) -> None:
    soup = soup_of(site, any_path)
    assert [kind for kind, where in NOT_ALLOWED.items() if soup.select_one(where)] == []


# What the validator takes for errors and is none: style sheets that are newer than it, and the
# roles that keep a table a table where a phone stacks its cells.
NO_ERRORS = r".*(container-type|@container|“role” attribute must not be used on a “t[dhr]”).*"


def test_the_validator_finds_no_error(site: Path) -> None:
    """Where Java and the validator are (``VNU_JAR``); a weekly workflow has both."""
    jar = os.environ.get("VNU_JAR", "")
    if not jar or shutil.which("java") is None:
        pytest.skip("no validator: VNU_JAR names no vnu.jar, or there is no Java")
    options = ["--errors-only", "--skip-non-html", "--filterpattern", NO_ERRORS]
    command = ["java", "-Xss2m", "-jar", jar, *options, str(site)]
    done = subprocess.run(command, capture_output=True, encoding="utf8", check=False)
    assert done.stderr.splitlines()[:5] == []
    assert done.returncode == 0
