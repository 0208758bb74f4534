"""The banks of the book, for the tests of the quizzes."""

from pathlib import Path

from bnsite.quizzes.bank import files, load

from bnutils.utils.chapters import CONTENTS, chapters

ROOT = Path(__file__).parents[3]
SLUGS = [chapter.slug for chapter in chapters(ROOT)]
BANKS = {slug: load(ROOT, slug) for slug in SLUGS}
QUESTIONS = [(slug, question) for slug, bank in BANKS.items() for question in bank["questions"]]
NUMBERS = [(f"{s}/{q['id']}", q) for s, q in QUESTIONS if q["kind"] == "numeric"]
# What a site with quizzes is made from, apart from its pages.
FILES = [ROOT / CONTENTS, *{path for slug in SLUGS for path in files(ROOT, slug)}]


def quiz_page(slug: str) -> str:
    """A page with the quiz of a chapter."""
    return f"# Title\n\n```{{quiz}} {slug}\n```\n"
