"""The standard of evidence: p by enumeration, verdicts, and their errors where truth is known."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bnutils.verdicts import (
    EARNED,
    KEPT,
    agree,
    decide,
    detectable,
    is_demonstration,
    p_of_difference,
    share_ahead,
    sign_flip_p,
)

VALUES = st.lists(st.floats(-100, 100, width=16), min_size=1, max_size=9)
SEEDS = 16


@given(VALUES, st.floats(-10, 10, width=16), st.sampled_from(["both", "above", "below"]))
def test_p_is_what_all_patterns_of_signs_say(values: list[float], bound: float, side: str) -> None:
    gaps = np.array(values) - bound
    sums = np.array([np.dot(signs, gaps) for signs in product((1, -1), repeat=len(gaps))])
    seen, near = gaps.sum(), 1e-9 * np.abs(gaps).sum()
    as_far = {"both": abs(sums) >= abs(seen) - near, "above": sums >= seen - near}
    expected = as_far.get(side, sums <= seen + near).mean()
    assert sign_flip_p(values, bound, side) == pytest.approx(expected, abs=1e-12)


def test_p_is_scipys() -> None:
    values = np.random.default_rng(3).normal(0.4, 1, SEEDS - 4)
    for side, alternative in (("both", "two-sided"), ("above", "greater"), ("below", "less")):
        theirs = stats.permutation_test(
            (values,), np.mean, permutation_type="samples", n_resamples=np.inf,
            alternative=alternative,
        )  # fmt: skip
        assert sign_flip_p(values, 0, side) == pytest.approx(theirs.pvalue, rel=1e-12)


@pytest.mark.parametrize(("n", "least"), [(5, 0.0625), (9, 2**-8), (10, 2**-9), (16, 2**-15)])
def test_the_smallest_p_is_two_in_all_patterns(n: int, least: float) -> None:
    assert sign_flip_p(1 + np.arange(n) / n) == least
    assert (least <= EARNED) == (n >= 10)


def test_forty_seeds_take_no_longer_than_their_halves() -> None:
    assert sign_flip_p(np.ones(40)) == 2.0**-39
    values = np.random.default_rng(0).normal(0.1, 1, 40)
    normal = 2 * stats.norm.sf(values.sum() / np.sqrt((values**2).sum()))
    assert sign_flip_p(values) == pytest.approx(normal, rel=0.05)


def test_more_than_forty_are_counted_by_the_normal_law() -> None:
    values = np.random.default_rng(5).normal(0.2, 1, 80)
    rng = np.random.default_rng(6)
    sums = rng.choice((-1, 1), (100_000, 80)) @ values
    for side, share in (
        ("above", np.mean(sums >= values.sum())),
        ("below", np.mean(sums <= values.sum())),
    ):
        assert sign_flip_p(values, 0, side) == pytest.approx(share, abs=0.005)
    assert sign_flip_p(np.zeros(41), side="above") == 1.0


@pytest.mark.parametrize(
    ("values", "above", "below", "name", "dissenting"),
    [
        (np.linspace(1, 2, SEEDS), 0, None, "supported", 0),
        (np.linspace(1, 2, SEEDS), None, 0, "contradicted", SEEDS),
        (np.linspace(-1, 1.1, SEEDS), 0, None, "undecided", 8),
        (np.linspace(1, 2, 5), 0, None, "undecided", 0),  # five seeds never can
        (np.linspace(-0.1, 0.1, SEEDS), -1, 1, "supported", 0),
        (np.linspace(1.5, 2, SEEDS), -1, 1, "contradicted", SEEDS),
        (np.linspace(-2, -1.5, SEEDS), -1, 1, "contradicted", SEEDS),
        (np.linspace(0.5, 1.4, SEEDS), -1, 1, "undecided", 7),
        ([np.nan, *np.linspace(1, 2, SEEDS - 1)], 0, None, "supported", 1),
        ([np.nan] * 4 + [1.0] * (SEEDS - 4), 0, None, "undecided", 4),
        ([np.inf] * 4 + [1.0] * (SEEDS - 4), 0, None, "undecided", 4),
        ([np.nan] * SEEDS, None, 0, "contradicted", SEEDS),
    ],
)
def test_a_verdict_follows_by_rule(
    values: list[float], above: float | None, below: float | None, name: str, dissenting: int
) -> None:
    verdict = decide(values, above, below)
    assert (verdict.name, verdict.dissenting) == (name, dissenting)


def test_one_dissenting_seed_of_sixteen_leaves_a_verdict_and_of_ten_undoes_it() -> None:
    for n, name in ((16, "supported"), (10, "undecided")):
        assert decide([-0.5, *np.ones(n - 1)], above=0).name == name


def test_a_verdict_is_kept_longer_than_it_is_earned() -> None:
    values = np.random.default_rng(1).normal(0.4, 1, SEEDS)
    assert EARNED < sign_flip_p(values) <= KEPT
    assert decide(values, above=0).name == "undecided"
    assert decide(values, above=0, level=KEPT).name == "supported"


@given(VALUES, st.floats(-50, 50, width=16))
def test_a_claim_and_its_mirror_image_have_the_same_verdict(
    values: list[float], bound: float
) -> None:
    mirrored = [-value for value in values]
    one, other = decide(values, above=bound), decide(mirrored, below=-bound)
    assert one == other
    assert share_ahead(values, above=bound) == share_ahead(mirrored, below=-bound)


def test_a_seed_is_ahead_wholly_half_or_not_at_all() -> None:
    assert share_ahead([1, 2, 0, -1], above=0) == 0.625
    assert share_ahead([1, 2, 0, np.nan], above=0) == 0.625
    assert share_ahead([-3, 0.5, 0.1, 3], above=-1, below=1) == 0.5


def test_what_was_never_in_question_is_a_demonstration() -> None:
    values = np.linspace(9, 11, SEEDS)
    assert is_demonstration(values, above=0)
    assert not is_demonstration(values, above=8)
    assert not is_demonstration(values, above=0, below=12)
    assert is_demonstration(values, below=0)  # contradicted, and never in question either
    assert not is_demonstration([1.0], above=0)


@pytest.mark.parametrize("n", [5, 10, 16])
def test_the_detectable_effect_is_found_so_often(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    spread, effect = values.std(ddof=1), detectable(values, level=0.01)
    critical = stats.t.ppf(1 - 0.01 / 2, n - 1)
    found = stats.nct.sf(critical, n - 1, effect / spread * np.sqrt(n))
    assert found == pytest.approx(0.8, abs=1e-4)


def test_sixteen_seeds_detect_about_one_standard_deviation() -> None:
    values = np.random.default_rng(0).normal(size=SEEDS)
    assert detectable(values) / values.std(ddof=1) == pytest.approx(1.2, abs=0.03)


# ---- books of known truth ------------------------------------------------------------------
DRAWS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "normal": lambda rng: rng.normal(size=SEEDS),
    "heavy tails": lambda rng: rng.standard_t(3, SEEDS),
    "skewed": lambda rng: rng.exponential(size=SEEDS) - 1,
}


CLAIMS = 4000


def shares(draw: str, effect: float = 0.0) -> dict[str, float]:
    """How often a claim of a positive effect gets each verdict."""
    rng = np.random.default_rng(11)
    names = [decide(DRAWS[draw](rng) + effect, above=0).name for _ in range(CLAIMS)]
    return {name: names.count(name) / CLAIMS for name in ("supported", "contradicted")}


@pytest.mark.parametrize("draw", ["normal", "heavy tails"])
def test_without_an_effect_one_claim_in_five_hundred_gets_a_verdict(draw: str) -> None:
    chance = 3 * np.sqrt(EARNED / CLAIMS)
    assert sum(shares(draw).values()) <= EARNED + chance


def test_skewed_differences_cost_more_false_verdicts() -> None:
    """The test assumes symmetry; without it the share is a few times as large, and still small."""
    assert EARNED < sum(shares("skewed").values()) < 10 * EARNED


def test_an_effect_of_the_detectable_size_is_found_four_times_in_five() -> None:
    found = shares("normal", 1.19)
    assert found["supported"] == pytest.approx(0.8, abs=0.04)
    assert found["contradicted"] == 0


def test_what_lies_exactly_at_a_limit() -> None:
    values = 1.0 + np.arange(10) / 10
    assert decide(values, above=0, level=2.0**-9).name == "supported"
    assert decide(values, below=0, level=2.0**-9).name == "contradicted"
    assert decide(values, above=0, level=2.0**-10).name == "undecided"
    assert decide([0.0, 1.0], above=0).dissenting == 1
    assert decide([0.0, 1.0], below=0).dissenting == 2


def test_seeds_that_diverge_cost_verdicts_and_never_give_one() -> None:
    """The arm diverges in one seed of sixteen, or in five: the effect is large in the others."""
    rng = np.random.default_rng(7)
    books = [rng.normal(3, 1, SEEDS) for _ in range(300)]
    found = {}
    for lost in (0, 1, 5):
        lame = [[*values[lost:], *[np.nan] * lost] for values in books]
        found[lost] = [decide(values, above=0).name for values in lame]
    assert set(found[0]) == {"supported"}
    assert 0 < found[1].count("supported") < len(books)
    assert set(found[5]) == {"undecided"}


def test_noise_of_another_machine_flips_few_verdicts_with_hysteresis() -> None:
    """Verdicts that were earned, looked at again with a twentieth of the spread as noise."""
    rng = np.random.default_rng(5)
    books = [rng.normal(1, 1, SEEDS) for _ in range(1500)]
    earned = [values for values in books if decide(values, above=0).name == "supported"]
    again = [values + rng.normal(0, 0.05, SEEDS) for values in earned]
    flips = {
        level: sum(decide(values, above=0, level=level).name != "supported" for values in again)
        for level in (KEPT, EARNED)
    }
    assert len(earned) > 600
    assert flips[KEPT] == 0 < flips[EARNED]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: decide([1, 2]), "Give above, below or both"),
        (lambda: decide([1, 2], above=1, below=1), "above must be less than below"),
        (lambda: decide([], above=1), r"values must be at least one.*received none"),
        (lambda: sign_flip_p([1, np.nan]), r"values must be finite.*received nan.*decide"),
        (lambda: sign_flip_p([1], side="left"), "side must be one of"),
        (lambda: detectable([1]), r"at least two.*received 1"),
        (lambda: decide([1, 2], above=0, level=2), r"level must be in \[0, 1\]"),
    ],
)
def test_what_cannot_be_decided_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# ---- two measurements of one claim ------------------------------------------------------
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=9), st.lists(st.floats(-5, 5), min_size=2))
def test_two_measurements_are_compared_by_welchs_test(one: list[float], other: list[float]) -> None:
    if min(np.std(one), np.std(other)) < 1e-3:
        return
    expected = stats.ttest_ind(one, other, equal_var=False).pvalue
    assert p_of_difference(one, other) == pytest.approx(expected, abs=1e-12)
    assert p_of_difference(other, [*one, None, float("nan")]) == pytest.approx(expected, abs=1e-12)


def test_measurements_agree_down_to_one_in_five_hundred() -> None:
    here = np.arange(16.0)
    far = next(
        gap for gap in np.arange(0, 20, 0.001) if p_of_difference(here, here + gap) <= EARNED
    )
    assert agree(here, here + far - 0.001)
    assert not agree(here, here + far)
    assert agree(here + far - 0.001, here)


def test_measurements_without_spread_agree_if_they_are_equal() -> None:
    assert agree([1.0, 1.0], [1.0, 1.0, 1.0])
    assert not agree([1.0, 1.0], [2.0, 2.0])
    with pytest.raises(ValueError, match=r"at least two values each.*received 2 and 1"):
        p_of_difference([1.0, 2.0], [1.0, None])
