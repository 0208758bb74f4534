"""The page at an address that leads on."""

from pathlib import Path

from bs4 import BeautifulSoup

from tests.book.small_site import ROOT, build

TEMPLATE = ROOT / "book" / "_ext" / "bnsite" / "redirect.html"
PAGES = {"book/index": "# Index\n\n```{toctree}\nnew/page\n```\n", "book/new/page": "# Page\n"}


def leads_to(page: Path) -> Path:
    """Where the script, the refresh and the link on the page lead, which must be one place."""
    text = page.read_text("utf8")
    soup = BeautifulSoup(text, "html.parser")
    refresh, link = soup.select_one("noscript meta"), soup.select_one("main a")
    assert refresh is not None
    assert link is not None
    target = str(link["href"])
    assert refresh["content"] == f"0; url={target}"
    assert f'location.replace("{target}" + location.search + location.hash)' in text
    return (page.parent / target).resolve()


def test_every_address_gets_a_page(tmp_path: Path) -> None:
    site, warnings = build(
        tmp_path,
        PAGES,
        "sphinx_reredirects",
        files=[TEMPLATE],
        root_doc="book/index",
        redirect_html_template_file=TEMPLATE.relative_to(ROOT).as_posix(),
        redirects={"index": "book/index.html", "book/old/page": "/book/new/page.html"},
    )
    assert warnings == ""
    assert leads_to(site / "index.html") == site / "book" / "index.html"
    assert leads_to(site / "book" / "old" / "page.html") == site / "book" / "new" / "page.html"
