"""What the page of the atlas counts in words, against the table."""

import re
from pathlib import Path

import numpy as np
import pytest

from bnutils import atlas
from bnutils.atlas.table import path_in, read

ROOT = Path(__file__).parents[2]
PAGE = " ".join((ROOT / "book" / "atlas" / "atlas.md").read_text("utf8").split())
TABLE = read(path_in(ROOT))
TEST = 360  # images
LEARNED = 25  # per cent of them


def counts(sentence: str) -> list[int]:
    """The numbers that a sentence of the page has in the places of its groups."""
    found = re.search(sentence, PAGE)
    assert found is not None, sentence
    return [int(number) for number in found.groups()]


def at_an_end(kind: str) -> tuple[int, int]:
    """How many combinations are best at an end of the rates, and how many of these learn at none.

    What was learned is judged by the test accuracy there.
    """
    own = atlas.tuned(TABLE)
    rates = own["optimizer"].map(dict(atlas.RATES))
    pairs = zip(own[f"{kind}_rate"], rates, strict=True)
    ends = own[[rate in (each[0], each[-1]) for rate, each in pairs]]
    accuracy = 100 * ends[f"{kind}_test"].map(np.mean) / TEST
    return len(ends), int((accuracy < LEARNED).sum())


def test_how_many_best_rates_lie_at_an_end() -> None:
    plain, none, norm, one = counts(
        r"best rates of (\d+) plain networks, (\d+) of which learn at none, "
        r"and of (\d+) networks with the layer, (\d+) of which learns at none"
    )
    assert ((plain, none), (norm, one)) == (at_an_end("plain"), at_an_end("norm"))
    assert counts(r"For the other (\d+) and (\d+) a rate further out") == [plain - none, norm - one]


def test_none_that_diverged_had_the_layer() -> None:
    assert "none of them had the layer" in PAGE
    assert TABLE["norm_diverged"].sum() == 0 < TABLE["plain_diverged"].sum()


def test_the_median_of_the_combinations_is_above_a_point() -> None:
    assert "more than half of these 80 are ahead by more than a point" in PAGE
    own = atlas.tuned(TABLE)
    assert own["difference"].gt(1).mean() > 0.5
    assert len(own) == 80


def test_shares_of_the_start_that_are_left() -> None:
    few, left = counts(r"would get (\d+) updates, after which (\d+) % is left")
    assert (few, left) == (300 * 64 // 256, round(100 * 0.99**few))


@pytest.mark.parametrize(("step", "rank"), [(2, 0), (3, 1)])
def test_at_which_rate_the_mean_gain_is_largest(step: int, rank: int) -> None:
    """The lab's `at-which-rate`: at the rate below the highest, and next at the highest."""
    usual = TABLE["optimizer"].map({name: np.median(rates) for name, rates in atlas.RATES.items()})
    steps = (np.log(TABLE["learning_rate"] / usual) / np.log(4)).round()
    means = TABLE["difference"].groupby(steps).mean().sort_values(ascending=False)
    assert means.index[rank] == step
