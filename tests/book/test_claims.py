"""The texts of claims as they are printed."""

import re
from pathlib import Path

import pytest
from bnsite import claims

from bnutils.utils.chapters import Chapter
from tests.book.ledger import small_book

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("False - only to positive factors.", "False \N{EN DASH} only to positive factors."),
        ("At $m - 1$ - at most - it ends.", "At $m - 1$ \N{EN DASH} at most \N{EN DASH} it ends."),
        ("Not `a - b` but - $c$ - $d - e$", "Not `a - b` but \N{EN DASH} $c$ \N{EN DASH} $d - e$"),
        ("A well-known one, -1.", "A well-known one, -1."),
        ("", ""),
    ],
)
def test_a_hyphen_between_blanks_is_a_dash_in_text(written: str, printed: str) -> None:
    assert claims.dashed(written) == printed


def test_claims_are_read_in_print(tmp_path: Path) -> None:
    root = small_book.write(tmp_path)
    chapter = Chapter(root, "one")
    text = chapter.claims.read_text("utf8")
    chapter.claims.write_text(text.replace("False in general.", "False - in general."), "utf8")
    better, said = claims.of_chapter(chapter)
    assert said["status"] == "False \N{EN DASH} in general."
    assert claims.is_false(said)
    assert better["claim"] == "It is better by $x^2$."
    assert better["chapter"] == "one"


@pytest.mark.parametrize("claim", claims.read(ROOT), ids=lambda claim: str(claim["id"]))
def test_no_claim_of_the_book_has_a_minus_outside_a_formula(claim: claims.Claim) -> None:
    """It would be printed as a dash."""
    text = claims.VERBATIM.sub("formula", f"{claim['claim']} {claim['status']}")
    assert " - " not in text
    sides = re.findall(r"(\S+) \N{EN DASH} (\S+)", text)
    assert [side for pair in sides for side in pair if len(side) < 2 or side[0].isdigit()] == []
