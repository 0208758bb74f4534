"""The page of the mistakes: all of them, with numbers, ids and links that hit something."""

from collections import defaultdict
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bnutils.checks.answers.questions import title
from bnutils.checks.answers.table import QUESTIONS
from bnutils.checks.catalogue import GROUPS, MISTAKES
from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Place
from tests.book import small_site


def chapters() -> dict[str, str]:
    """Pages that have the headings to which mistakes lead, and nothing else."""
    sections = defaultdict(list)
    for place in vars(places).values():
        if isinstance(place, Place):
            sections[place.chapter, place.title].append(f"## {place.section}\n")
    return {
        f"book/{slug}/{slug}": "\n".join([":orphan:\n", f"# {heading}\n", *found])
        for (slug, heading), found in sections.items()
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    folder = tmp_path_factory.mktemp("site")
    pages = {"index": "# Start\n\n```{toctree}\n:glob:\nbook/**\n```\n", **chapters()}
    pages["book/mistakes"] = "# The mistakes\n\n```{mistakes}\n```\n"
    out, warnings = small_site.build(folder, pages, "bnsite.mistakes", myst_heading_anchors=4)
    assert warnings == ""
    return BeautifulSoup(Path(out / "book/mistakes.html").read_text("utf8"), "html.parser")


def test_every_mistake_has_a_heading_with_an_id(page: BeautifulSoup) -> None:
    for name, entry in MISTAKES.items():
        section = page.find(id=f"mistake-{name}")
        assert section is not None, name
        assert section.find("h3").get_text().startswith(entry.title.replace("'", "’"))
    for question in QUESTIONS:
        for wrong in question.wrong:
            assert page.find(id=f"mistake-{title(question)}-{wrong.mistake.name}") is not None
    assert len(page.find_all("h2")) == len(GROUPS) + len(QUESTIONS)


def test_ids_are_unique(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(set(ids)) == len(ids)


def test_numbers_are_computed(page: BeautifulSoup) -> None:
    cells = [td.get_text() for td in page.find(id="mistake-detached-statistics").find_all("td")]
    assert cells == [
        "right",
        "(0.3062, -0.3062, -0.1021, 0.1021)",
        "with this mistake",
        "(0.8165, 0, 0, 0)",
    ]
    shown = page.find(id="mistake-layers_until-rounded-down").get_text()
    assert "In the case (9, 2), 3 comes back where 4 is right." in shown


def test_a_table_has_no_empty_header(page: BeautifulSoup) -> None:
    assert [th for th in page.find_all("th") if not th.get_text(strip=True)] == []


def test_links_lead_to_the_section(page: BeautifulSoup) -> None:
    for name, entry in MISTAKES.items():
        links = [a["href"] for a in page.find(id=f"mistake-{name}").select("p a.reference")]
        place = entry.place
        wanted = [f"{place.chapter}/{place.chapter}.html#{place.anchor}"] if place else []
        assert links == wanted


def test_no_solution_stands_on_the_page(page: BeautifulSoup) -> None:
    text = page.get_text()
    assert "def " not in text
    assert "np.mean" not in text


def test_a_small_exercise_shows_a_case_in_which_the_mistake_is_seen(page: BeautifulSoup) -> None:
    moments = page.find(id="mistake-condition_number-centred").get_text()
    assert "24.257 comes back where 24.248" not in moments
    variance = page.find(id="mistake-standardise-variance-for-deviation").get_text()
    assert "means (0, 0, 0) and standard deviations (1, 1, 1) is right" in variance
