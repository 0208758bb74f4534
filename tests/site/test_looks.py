"""The page as a piece of print: lines, letters, edges, focus, and what a finger can hit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import DESKTOP, PHONE, at_rest, open_all, opened, page_with, soup_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
# Each check is a script that returns what is wrong on a page.
CHECKS = {
    "lines for more than 80 of their letters": """() => {
      const brush = document.createElement("canvas").getContext("2d");
      return [...document.querySelectorAll(".bd-article :is(p, li)")]
        .filter(one => one.checkVisibility() && one.innerText.length > 200)
        .filter(one => !one.querySelector(".katex, p"))
        .map(one => {
          const text = one.innerText.replace(/\\s+/g, " ");
          brush.font = getComputedStyle(one).font;
          return [one.clientWidth / (brush.measureText(text).width / text.length), text];
        })
        .filter(([room]) => room > 80).map(([room, text]) => `${room}: ${text.slice(0, 60)}`);
    }""",
    "headings as large as those above them": """() => {
      const size = where => parseFloat(getComputedStyle(
        document.querySelector(`.bd-article ${where}`) ?? document.body).fontSize);
      return [["h1", "h2"], ["h2", "h3"]]
        .filter(pair => pair.every(one => document.querySelector(`.bd-article ${one}`)))
        .filter(([above, below]) => size(above) <= size(below));
    }""",
    "code smaller than 13 px": """() => [...document.querySelectorAll(".bd-article pre")]
      .map(one => parseFloat(getComputedStyle(one).fontSize)).filter(size => size < 13)""",
    "folded code with two bars": """() => [...document.querySelectorAll("details.hide")]
      .filter(one => parseFloat(getComputedStyle(one).borderLeftWidth) > 0)
      .map(one => one.className)""",
    "remarks to a linter": """() => [...document.querySelectorAll("pre")]
      .map(one => one.textContent).filter(text => text.includes("# noqa"))""",
    "printed lines cut on a desktop": """() => innerWidth < 768 ? []
      : [...document.querySelectorAll(".cell_output .output.stream pre")]
        .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)""",
    "text at the edge of its box": """() =>
      [...document.querySelectorAll(".bd-article div.admonition")]
        .filter(box => box.checkVisibility())
        .map(box => [box, box.lastElementChild].map(x => x.getBoundingClientRect().bottom))
        .map(([edge, line]) => edge - line).filter(gap => gap < 8 || gap > 40)""",
    "links in another colour": """() => {
      const swatch = document.createElement("i");
      swatch.style.color = "var(--pst-color-link)";
      document.body.append(swatch);
      const ours = getComputedStyle(swatch).color;
      swatch.remove();
      return [...document.querySelectorAll(".bd-article a:not(.headerlink, [class^=sd-])")]
        .filter(one => one.checkVisibility() && !one.closest("svg"))
        .filter(one => getComputedStyle(one.querySelector("code") ?? one).color !== ours)
        .map(one => one.outerHTML.slice(0, 100));
    }""",
    "cards with a shadow, or not at the text's edge": """() => {
      const left = one => Math.round(one.getBoundingClientRect().left);
      return [...document.querySelectorAll(".sd-col > .sd-card")]
        .filter(one => getComputedStyle(one).boxShadow !== "none"
          || !one.closest(".sd-col").previousElementSibling
          && left(one) !== left(one.closest("section").firstElementChild))
        .map(one => one.outerHTML.slice(0, 100));
    }""",
    # A part of the control that is large enough will do, such as the arrow of a folded list.
    "controls smaller than 24 px": """() => [...document.querySelectorAll(`button, summary, select,
        [role=button], input:not([type=hidden]), .sd-btn, .prev-next-area a, .bd-links a,
        .page-toc a, .navbar-brand, .dropdown-item`)]
      .filter(one => one.checkVisibility({ visibilityProperty: true }))
      .map(one => [[one, ...one.children].map(x => x.getBoundingClientRect()), one])
      .filter(([boxes]) => boxes[0].width > 1
        && !boxes.some(box => box.width >= 24 && box.height >= 24))
      .map(([[box], one]) => `${box.width} x ${box.height}: ${one.outerHTML.slice(0, 99)}`)""",
}


def test_page_reads_well(browser: Browser, server: str, page_path: str) -> None:
    with opened(browser, f"{server}/{page_path}", color_scheme="light") as page:
        open_all(page)
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            at_rest(page)
            found = {what: page.evaluate(script) for what, script in CHECKS.items()}
            assert {what: one for what, one in found.items() if one} == {}, viewport


def test_headings_are_set_in_a_face_of_our_choice(browser: Browser, server: str) -> None:
    """Where no serif of the list is installed, a heading has the text's face."""
    with opened(browser, f"{server}/book/index.html") as page:
        session = page.context.new_cdp_session(page)
        for call in ("DOM.enable", "CSS.enable"):
            session.send(call)
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        faces = []
        for where in (".bd-article h1", ".bd-article p"):
            node = session.send("DOM.querySelector", {"nodeId": root, "selector": where})["nodeId"]
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            faces.append(fonts[0]["familyName"])
        named = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
        assert faces[0] == faces[1] or faces[0] in named


# The ring around what has the focus, when it has faded in: an outline or a shadow.
RING = """async () => {
  const fading = document.getAnimations().filter(one => one.effect.getTiming().iterations < 9);
  await Promise.allSettled(fading.map(one => one.finished));
  const style = getComputedStyle(document.activeElement);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return outlined ? style.outlineColor : style.boxShadow;
}"""
PALETTE = """names => names.map(name => {
  const swatch = document.createElement("i");
  swatch.style.color = `var(${name})`;
  document.body.append(swatch);
  const colour = getComputedStyle(swatch).color;
  swatch.remove();
  return colour;
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_shown_in_the_palette(
    browser: Browser, server: str, site: Path, scheme: str
) -> None:
    address = f"{server}/{page_with(site, 'bnx-figure')}"
    with opened(browser, address, color_scheme=scheme) as page:
        at_rest(page)
        names = ["--pst-color-primary", "--pst-color-background"]
        ours = page.evaluate(PALETTE, names)
        rings = set()
        for _ in range(80):
            page.keyboard.press("Tab")
            rings.update(re.findall(r"rgba?\([^)]*\)", page.evaluate(RING)))
        rings.discard("rgba(0, 0, 0, 0)")
        assert rings
        assert rings <= set(ours)
        skip = page.locator(".skip-link")
        assert skip.evaluate("s => getComputedStyle(s).backgroundColor") == ours[0]


def test_letters_of_the_landing_figure(browser: Browser, server: str, site: Path) -> None:
    """Its smallest letters can be read on a phone too."""
    for viewport in (DESKTOP, PHONE):
        with opened(browser, f"{server}/book/index.html", viewport=viewport) as page:
            at_rest(page)
            pictures = page.evaluate(
                """[...document.querySelectorAll(".bn-hero img")].map(one =>
                  [new URL(one.src).pathname, one.clientWidth / one.naturalWidth])"""
            )
            for path, scale in pictures:
                svg = (site / path.lstrip("/")).read_text("utf8")
                sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
                assert sizes
                assert min(sizes) * scale >= 9


def test_bibliography_is_sorted(site: Path) -> None:
    """By author, as the text cites, and without numbers that nothing refers to."""
    entries = soup_of(site, "book/bibliography.html").select("div.citation")
    texts = [" ".join(entry.get_text(" ", strip=True).split()) for entry in entries]
    assert len(texts) > 20
    assert [text for text in texts if re.match(r"\W*\d+\W", text)] == []
    names = [sorted_as(text) for text in texts]
    assert names == sorted(names)


ORGANISATIONS = ("documentation", "developers", "University", "fast.ai", "issue")
SURNAMES = {"Bulò": "rota bulò", "Laarhoven": "van laarhoven"}


def sorted_as(text: str) -> str:
    """An organisation, or the first author's surname."""
    named = re.match(r"(fast\.ai|.*?\w{2,})(?:, | and |\. )", text)
    assert named is not None, text
    if any(word in named.group(1).split() for word in ORGANISATIONS):
        return named.group(1).casefold()
    last = named.group(1).split()[-1]
    return SURNAMES.get(last, last).casefold()
