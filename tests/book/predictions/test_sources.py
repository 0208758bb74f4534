"""The predictions of the book as their authors wrote them, in pages and in labs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bnutils.utils.chapters import chapters

ROOT = Path(__file__).parents[3]
BOX = re.compile(r"^:::\{predict\} ([a-z0-9-]+)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
PLACES = [path for chapter in chapters(ROOT) for path in (chapter.page, chapter.lab)]


def text_of(path: Path) -> str:
    """The Markdown of a page or of a lab."""
    if path.suffix == ".md":
        return path.read_text("utf8")
    cells = json.loads(path.read_text("utf8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def boxes(path: Path) -> dict[str, str]:
    """The predictions of a page: from the ids to what stands in them."""
    return {f"{path.parent.name}/{name}": text for name, text in BOX.findall(text_of(path))}


EVERY = [(name, text) for path in PLACES for name, text in boxes(path).items()]
EACH = pytest.mark.parametrize(("name", "text"), EVERY, ids=[name for name, _ in EVERY])


def test_ids_are_unique_in_the_book() -> None:
    names = [name for path in PLACES for name, _ in BOX.findall(text_of(path))]
    assert len(EVERY) == len(names) > 30
    assert len({name for name, _ in EVERY}) == len(EVERY)


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.stem)
def test_every_prompt_is_a_prediction(path: Path) -> None:
    """No box of another kind, no bold text with the answer below; exercises fold their solution."""
    text = text_of(path).partition("## Exercises")[0]
    assert "Predict first" not in text
    assert not re.search(r"\*\*Predict\b|\*Predict:?\*", text)


@pytest.mark.parametrize(
    "path", [p for p in PLACES if p.suffix == ".ipynb"], ids=lambda path: path.stem
)
def test_labs_read_well_where_the_directive_is_unknown(path: Path) -> None:
    """JupyterLab knows no roles, and needs the blank lines to read Markdown in a folded answer."""
    for text in boxes(path).values():
        assert not re.search(r"\{[\w:-]+\}`", text)
        assert "\n\n<details>\n<summary>Answer</summary>\n\n" in text
        assert text.endswith("\n\n</details>\n")


@EACH
def test_a_number_that_is_right_comes_from_a_record(name: str, text: str) -> None:
    answer = text.partition("<summary>Answer</summary>")[2].strip()
    said = re.match(r"\*\*(.*?)\*\*", answer, re.DOTALL)
    assert said is not None
    assert re.fullmatch(r"\d\.", said[1]) or said[1].startswith("{finding}`"), said[1]


def test_the_place_of_the_right_answer_tells_nothing() -> None:
    places = [re.search(r"Answer</summary>\s+\*\*(\d)\.\*\*", text) for _, text in EVERY]
    right = [int(place[1]) for place in places if place]
    assert len(right) > 20
    for place in (1, 2, 3, 4):
        assert right.count(place) >= len(right) / 10, f"{place} is rarely right"
        assert right.count(place) <= len(right) / 2, f"{place} is right too often"


@EACH
def test_the_right_choice_does_not_stand_out_as_the_longest(name: str, text: str) -> None:
    choices = re.findall(r"(?m)^(\d)\. (.+)$", text.partition("<details>")[0])
    said = re.search(r"Answer</summary>\s+\*\*(\d)\.\*\*", text)
    if said is None:
        return
    lengths = {number: len(words) for number, words in choices}
    right = lengths.pop(said[1])
    assert right <= 2 * max(lengths.values()), name
