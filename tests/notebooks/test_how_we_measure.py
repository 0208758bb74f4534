"""*How we measure*: what the page says in numbers, and what the lab asks, is what comes out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils.records import read_record
from bnutils.utils.chapters import Chapter, record_path
from bnutils.verdicts import EARNED, sign_flip_p
from tools.lab_cells import experiment_cells, run

ROOT = Path(__file__).parents[2]
CHAPTER = Chapter(ROOT, "how-we-measure")
PAGE = CHAPTER.page.read_text("utf8")
SIMULATIONS = ("setup", "imports", "worlds", "coverage-define", "coverage-seed", "verdicts-seed")


@pytest.fixture(scope="module")
def lab() -> dict[str, Any]:
    """What the cells define that make experiments up."""
    names: dict[str, Any] = {}
    cells = [cell for cell in experiment_cells(CHAPTER.lab) if cell.id in SIMULATIONS]
    assert len(cells) == len(SIMULATIONS)
    assert run(cells, CHAPTER.lab.parent, names).error == ""
    return names


def test_the_book_has_about_as_many_verdicts_as_the_page_says() -> None:
    said = re.search(r"With (\d+) claims, about as many as this book has", PAGE)
    assert said
    count = int(said[1])
    verdicts = Counter(read_record(one)["verdict"] for one in ROOT.glob("book/*/findings/*.json"))
    there = sum(verdicts[one] for one in ("supported", "contradicted", "undecided"))
    assert there == pytest.approx(count, rel=0.1)
    assert f"{count} claims together cost less than one false verdict" in PAGE.replace("\n", " ")
    assert count * EARNED < 1
    assert count / 20 == 22, "some twenty-two at 1 in 20"
    skewed = read_record(record_path(ROOT, "how-we-measure/false-verdicts-skewed.synthetic"))
    assert 4 <= count * skewed["effect"] / 1000 <= 5, "some four or five"


def test_a_small_dissenter() -> None:
    assert sign_flip_p(np.array([50, 51, 52, 53, -0.1])) == 0.125


def test_the_bootstrap_of_sixteen(lab: dict[str, Any]) -> None:
    method = lab["bootstrap_covers"]
    shares = [lab["coverage"](seed, method, "normal")[-1] for seed in lab["SEEDS"]]
    assert np.mean(shares) == pytest.approx(0.91, abs=0.02)


def test_heavy_tails_do_no_harm(lab: dict[str, Any]) -> None:
    values = lab["experiments"]("heavy tails", 0, 1, times=100_000)
    assert values.std() == pytest.approx(1, abs=0.2)
    shares = [lab["verdicts"](seed, "heavy tails", 0) for seed in lab["SEEDS"]]
    assert 1000 * np.mean(shares) == pytest.approx(2, abs=1.5)


def test_a_seed_that_diverges(lab: dict[str, Any]) -> None:
    """The world of the last exercise, and the numbers to compare with."""
    world = re.search(r"One way to write it is `(lambda .*?)`\.", PAGE)
    assert world
    made = eval(world[1])(np.random.default_rng(0), (20_000, 16))
    calm = (made > -5).all(axis=1)
    assert made.mean() == pytest.approx(0, abs=0.02)
    covers = lab["student_covers"]
    assert covers(made) == pytest.approx(0.79, abs=0.01)
    assert covers(made[calm]) == pytest.approx(0.5, abs=0.05)
    found = [sign_flip_p(row) <= EARNED for row in 1.2 + made[:10_000]]
    assert np.mean(found) == pytest.approx(0.43, abs=0.015)
