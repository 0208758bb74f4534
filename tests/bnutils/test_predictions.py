"""Predictions that cannot be moved: seals, seeds, and what a block must have."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bnutils import predictions
from bnutils.errors import PredictionError
from bnutils.predictions import of_finding, read, seal, seeds
from bnutils.utils.chapters import Chapter

BLOCK = """
- id: first
  date: 2026-11-29
  pilot: Ten other seeds gave 0.2.
  settings: {epochs: 5, seeds: 16}
  claims:
    gain: {claim: It gains., above: 0, unit: points, expected: {mnist: contradicted}}
    flat: {claim: It is flat., above: -1, below: 1.5}
"""


def block(text: str = BLOCK) -> dict[str, Any]:
    return dict(yaml.safe_load(text)[0])


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    found = Chapter(tmp_path, "chapter-one")
    found.folder.mkdir(parents=True)
    return found


def write(chapter: Chapter, *blocks: str) -> None:
    chapter.claims.write_text("claims: []\npredictions:\n" + "\n".join(blocks))


def test_the_seal_is_the_sha_256_of_the_block_as_json() -> None:
    text = json.dumps({**block(), "date": "2026-11-29"}, sort_keys=True, separators=(",", ":"))
    assert seal(block()) == hashlib.sha256(text.encode()).hexdigest()


def test_the_seeds_are_the_words_of_the_seal_and_of_the_seal_of_it() -> None:
    first = hashlib.sha256(b"x").hexdigest()
    both = first + hashlib.sha256(first.encode()).hexdigest()
    expected = [int(both[at : at + 8], 16) for at in range(0, 128, 8)]
    assert seeds(first) == expected
    assert len(expected) == len(set(expected)) == predictions.SEEDS
    assert seeds(first, 20)[:16] == expected
    assert seeds(first, 1) == expected[:1]
    assert len(set(seeds(first, 1000))) == 1000
    with pytest.raises(ValueError, match="n must be"):
        seeds(first, 1001)


CHANGES = [
    ("above: 0", "above: 0.1"), ("above: 0", "below: 0"), ("It gains.", "It gains"),
    ("epochs: 5", "epochs: 6"), ("0.2", "0.3"), ("2026-11-29", "2026-11-28"),
    ("contradicted", "supported"), ("below: 1.5", "below: 2"), ("flat:", "flatter:"),
]  # fmt: skip


def test_the_seeds_of_somebodys_own_follow_from_seal_and_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = hashlib.sha256(b"x").hexdigest()
    monkeypatch.setenv("BNUTILS_WHO", "ada")
    assert seeds(first, 3) == predictions.seeds_of(first, "ada", 3)
    assert seeds(first, 16) == predictions.seeds_of(first, "ada")
    monkeypatch.delenv("BNUTILS_WHO")
    assert seeds(first, 3) == seeds(hashlib.sha256(b"x").hexdigest(), 3)
    assert seeds(hashlib.sha256(f"{first} ada".encode()).hexdigest()) == predictions.seeds_of(
        first, "ada"
    )


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_whatever_is_changed_in_a_block_gives_other_seeds(old: str, new: str) -> None:
    assert old in BLOCK
    assert not set(seeds(seal(block()))) & set(seeds(seal(block(BLOCK.replace(old, new)))))


@given(st.permutations(sorted(block())))
def test_the_order_of_its_parts_does_not_matter(names: list[str]) -> None:
    assert seal({name: block()[name] for name in names}) == seal(block())


@pytest.mark.parametrize("bad", ["", "ab", "A" * 64, "g" * 64, None, 3])
def test_seeds_of_what_is_no_seal(bad: Any) -> None:
    with pytest.raises(ValueError, match="seal must be the SHA-256 of a prediction, 64 digits"):
        seeds(bad)


def test_reading(chapter: Chapter) -> None:
    assert read(chapter) == []
    write(chapter, BLOCK)
    (one,) = read(chapter)
    assert (one.name, one.seal) == ("chapter-one/first", seal(block()))
    gain, flat = one.claims
    assert (gain.finding, gain.above, gain.below) == ("chapter-one/gain", 0, None)
    assert (flat.claim, flat.unit, flat.above, flat.below) == ("It is flat.", "", -1, 1.5)
    assert [gain.expected_on(name) for name in ("mnist", "digits28")] == [
        "contradicted",
        "undecided",
    ]
    assert flat.expected_on("digits") == "supported"


def test_a_file_is_taken_apart_once_until_it_is_edited(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By content, not by time: an edit within the same second, of the same length, counts."""
    taken: list[str] = []
    parse = yaml.safe_load
    monkeypatch.setattr(yaml, "safe_load", lambda text: taken.append(text) or parse(text))
    here, there = BLOCK + "# read for the first time\n", BLOCK.replace("above: 0", "above: 1")
    write(chapter, here)
    before = [read(chapter)[0].seal for _ in range(3)]
    assert of_finding(chapter.root, "chapter-one/flat") is not None
    assert len(taken) == 1
    write(chapter, there)
    (edited,) = read(chapter)
    assert edited.seal not in before
    assert edited.claims[0].above == 1
    write(chapter, here)
    assert read(chapter)[0].seal == before[0] == before[2]
    assert len(taken) == 2
    chapter.claims.unlink()
    assert read(chapter) == []


def test_the_block_of_a_finding(chapter: Chapter) -> None:
    write(chapter, BLOCK)
    found = of_finding(chapter.root, "chapter-one/flat")
    assert found is not None
    assert (found[0].name, found[1].finding) == ("chapter-one/first", "chapter-one/flat")
    assert of_finding(chapter.root, "chapter-one/other") is None
    assert of_finding(chapter.root, "chapter-two/flat") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("above: 0, ", "", r"on which side of which number.*gain in chapter-one/first has None"),
        ("above: 0", "above: high", r"on which side of which number.*'high'"),
        ("contradicted", "likely", r"one of supported, contradicted, undecided; gain .* 'likely'"),
        ("  date: 2026-11-29\n", "", r"must have claims, date, id.*'first'.* is without date"),
        ("2026-11-29", "soon", "must be a day, such as 2026-11-29; chapter-one/first has 'soon'"),
    ],
)
def test_a_block_that_predicts_nothing(chapter: Chapter, old: str, new: str, said: str) -> None:
    write(chapter, BLOCK.replace(old, new))
    with pytest.raises(PredictionError, match=said):
        read(chapter)


def test_two_blocks_cannot_predict_the_same(chapter: Chapter) -> None:
    write(chapter, BLOCK, BLOCK.replace("first", "second").replace("flat:", "other:"))
    with pytest.raises(PredictionError, match="one block; chapter-one/gain is in more than one"):
        read(chapter)


def test_a_block_holds_what_json_knows() -> None:
    with pytest.raises(PredictionError, match="texts, numbers, dates, lists"):
        seal({**block(), "settings": {1, 2}})
