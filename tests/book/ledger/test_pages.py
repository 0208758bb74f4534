"""The two pages, made of a small book."""

from __future__ import annotations

import pytest
from bnsite.ledger.downloads import COLUMNS
from bs4 import BeautifulSoup

from tests.book import small_site
from tests.book.ledger import small_book

Pages = dict[str, BeautifulSoup]
PAGES = {
    "index": "# Start\n\n```{toctree}\n:glob:\nbook/**\n```\n",
    "book/ledger": "# The ledger\n\n```{ledger-totals}\n```\n\n```{ledger}\n```\n",
    "book/predictions": "# Our predictions\n\n```{our-predictions}\n```\n",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder = tmp_path_factory.mktemp("site")
    small_book.write(folder / "source")
    out, warnings = small_site.build(folder, PAGES, "bnsite.ledger")
    assert warnings == ""
    return {
        name: BeautifulSoup((out / f"{name}.html").read_text("utf8"), "html.parser")
        for name in PAGES
    }


@pytest.fixture
def ledger(pages: Pages) -> BeautifulSoup:
    return pages["book/ledger"]


@pytest.fixture
def scored(pages: Pages) -> BeautifulSoup:
    return pages["book/predictions"]


def words(tag: BeautifulSoup) -> str:
    return " ".join(tag.get_text(" ").split())


def test_totals_stand_at_the_top(ledger: BeautifulSoup) -> None:
    claims, results, replications, predictions = map(words, ledger.select(".bn-totals > li"))
    assert claims == "3 claims: 1 theorem, 1 measured here, 0 literature, 1 folklore."
    assert "4 results, a finding on one data set each: 2 supported, 0 contradicted" in results
    assert "of theorems 1 hold." in results
    assert "hardly in question: 1." in results
    assert replications == "3 replications by others, 2 of which agree."
    assert "1 right, 1 wrong" in predictions


def test_a_claim_says_what_it_is_for_the_filter(ledger: BeautifulSoup) -> None:
    said = {one["id"]: one for one in ledger.select(".bn-entry")}
    assert list(said) == ["claim-same", "claim-better", "claim-said"]
    assert said["claim-better"]["data-chapter"] == "one"
    assert said["claim-said"]["data-verdict"] == "contradicted"
    result = said["claim-better"].select_one(".bn-result")
    assert result["data-finding"] == "one/gain"
    assert result["data-results"] == "mnist:undecided digits28:supported"


def test_the_form_is_hidden_until_there_is_a_script(ledger: BeautifulSoup) -> None:
    form = ledger.select_one("form.bn-filter")
    assert form.has_attr("hidden")
    options = {
        select["name"]: [one["value"] for one in select.select("option")]
        for select in form.select("label > select")
    }
    assert options == {
        "chapter": ["", "one", "two"],
        "label": ["", "theorem", "measured", "literature", "folklore"],
        "verdict": ["", "supported", "contradicted", "undecided", "holds"],
        "data": ["", "mnist", "digits28", "synthetic"],
    }
    assert ledger.select("[hidden]") == [form]


def test_formulas_are_formulas(ledger: BeautifulSoup, scored: BeautifulSoup) -> None:
    assert ledger.select_one("#claim-better .bn-claim .math") is not None
    assert ledger.select_one("#claim-better .bn-measured .math") is not None
    assert scored.select_one("#block-one-first-edition td .math") is not None
    assert "$" not in words(ledger.select_one("#claim-better"))


def test_a_result_says_for_what_it_was_seen(ledger: BeautifulSoup) -> None:
    said = words(ledger.select_one("#claim-better .bn-scope"))
    assert said.startswith("Seen on MNIST and on digits, 28 × 28: “batch norm” against “plain”; 5")


def test_a_result_says_who_measured_it_again(ledger: BeautifulSoup) -> None:
    entry = ledger.select_one("#claim-better")
    assert words(entry.select_one(".bn-replicated")) == (
        "Measured again on other seeds, 2 of 3 agree with ours: ada on MNIST, supported; ada on "
        "digits, 28 × 28, supported; bob on digits, 28 × 28, contradicted, further from ours than "
        "chance explains."
    )
    rows = [words(row) for row in entry.select("tbody th")]
    assert rows[:2] == ["MNIST", "digits, 28 × 28"]
    assert rows[2:] == [
        "MNIST, measured by ada",
        "digits, 28 × 28, measured by ada",
        "digits, 28 × 28, measured by bob",
    ]
    assert [one["id"] for one in ledger.select(".bn-entry:has(.bn-replicated)")] == ["claim-better"]


def test_links_lead_to_the_place(ledger: BeautifulSoup) -> None:
    links = [one["href"] for one in ledger.select("#claim-better a.reference")]
    assert links == ["one/one-lab.html#finding-gain", "one/one.html"]
    assert ledger.select_one("a[href='ledger.csv']") is not None
    assert ledger.select_one("a[href='ledger.json']") is not None


def test_each_column_of_the_data_is_explained(ledger: BeautifulSoup) -> None:
    assert [one.get_text() for one in ledger.select(".bn-columns dt")] == list(COLUMNS)


def test_scripts_are_where_they_work(pages: Pages) -> None:
    scripts = {
        name: len(page.select("script[src*='ledger/filter.js']")) for name, page in pages.items()
    }
    assert scripts == {"index": 0, "book/ledger": 1, "book/predictions": 0}


def test_surprises_come_first(scored: BeautifulSoup) -> None:
    assert [one["id"] for one in scored.select("section.bn-block")] == [
        "otherwise",
        "block-one-first-edition",
        "block-two-next",
    ]
    rows = [words(row) for row in scored.select("#otherwise tbody tr")]
    assert len(rows) == 1
    assert rows[0].endswith("MNIST supported ? undecided +1.5 points ✗ wrong")


def test_a_block_says_what_holds_it_in_its_place(scored: BeautifulSoup) -> None:
    block = small_book.block("one")
    said = words(scored.select_one("#block-one-first-edition"))
    assert said.startswith("Chapter one: first edition")
    assert "Written on 2026-01-02." in said
    assert block.seal in said
    assert f"the seeds are {block.seeds[0]}, {block.seeds[1]}, {block.seeds[2]}" in said
    assert "Ten seeds gave" in said
    assert "4 predictions: 1 right, 1 wrong" in said


def test_what_is_not_measured_says_so(scored: BeautifulSoup) -> None:
    rows = [words(row) for row in scored.select("#block-two-next tbody tr")]
    assert len(rows) == 1
    assert rows[0].endswith("MNIST undecided – … not yet measured")
