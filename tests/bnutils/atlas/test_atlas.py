"""The atlas: which settings are drawn, how one is trained, and what follows from its pairs."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils import atlas, interval, predictions
from bnutils.atlas import FACTORS, RATES, design
from bnutils.atlas.design import COMBINATIONS, DRAWS
from bnutils.atlas.table import KEY, judged, rows_of
from bnutils.atlas.training import RUNS, STARTS, TEST, runs_of
from bnutils.store import MemoryStore
from bnutils.utils.chapters import Chapter

ROOT = Path(__file__).parents[3]
(BLOCK,) = predictions.read(Chapter(ROOT, atlas.NAME))
SEEDS = st.integers(0, 2**32 - 1)


# ---- the design -------------------------------------------------------------------------
@given(SEEDS)
def test_a_seed_draws_every_level_about_as_often_as_any_other(seed: int) -> None:
    drawn = pd.DataFrame(design(seed))
    assert len(drawn) == COMBINATIONS
    for name, levels in FACTORS.items():
        counts = [(drawn[name] == level).sum() for level in levels]
        share = COMBINATIONS / len(levels)
        assert min(counts) >= max(1, np.ceil(share - 1)), name
        assert max(counts) <= np.floor(share + 2 - 2 * (share % 1 == 0)), name


def test_many_seeds_draw_all_levels_and_all_pairs_alike() -> None:
    drawn = pd.DataFrame([one for seed in range(400) for one in design(seed)])
    for name, levels in FACTORS.items():
        shares = drawn[name].value_counts(normalize=True) * len(levels)
        assert shares.between(0.88, 1.12).all(), name
    for one, other in itertools.combinations(FACTORS, 2):
        shares = pd.crosstab(drawn[one], drawn[other], normalize=True).to_numpy()
        assert abs(shares * shares.size - 1).max() < 0.45, (one, other)


def test_factors_are_less_correlated_than_a_plain_draw_leaves_them() -> None:
    def squares(seed: int) -> float:
        levels = [[FACTORS[name].index(one[name]) for name in FACTORS] for one in design(seed)]
        matrix = np.corrcoef(np.array(levels).T)
        return float(np.square(matrix[np.triu_indices(len(FACTORS), 1)]).mean())

    # Of two independent orders of n values the squared correlation is 1 / (n - 1) on average.
    assert np.mean([squares(seed) for seed in range(40)]) < 0.8 / (COMBINATIONS - 1)
    assert DRAWS > 1


def test_what_a_seed_draws_is_fixed() -> None:
    """Another NumPy, or a change of the levels, would make the table one of other settings."""
    assert [tuple(one.values()) for one in design(1)[:2]] == FIRST


FIRST = [
    (2, 256, "sigmoid", "adam", 16, 0.25, 256),
    (16, 16, "relu", "adam", 2, 4.0, 256),
]


@pytest.mark.parametrize("seed", [-1, 0.5, "one", None])
def test_a_seed_that_is_none_is_refused_in_words(seed: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="seed must be"):
        design(seed)


# ---- one setting ------------------------------------------------------------------------
SETTING: dict[str, Any] = {
    "depth": 1, "width": 8, "activation": "tanh", "optimizer": "adam", "batch_size": 16,
    "gain": 4.0, "images": 64, "learning_rate": 0.01,
}  # fmt: skip


def compared(**changes: Any) -> Any:
    return atlas.compare(3, **SETTING | changes, updates=2, store=MemoryStore(), progress=False)


def test_a_setting_is_trained_as_it_says() -> None:
    result = compared(learning_rate=(0.01, 0.04))
    arms = result.provenance["setting"]["arms"]
    assert list(arms) == ["plain", "batch norm"]
    assert [one["learning rate"] for one in arms.values()] == [0.01, 0.04]
    assert all("gain=4.0" in one["model"] and "tanh" in one["model"] for one in arms.values())
    assert [("batch" in one["model"]) for one in arms.values()] == [False, True]
    assert {run.seed for run in result.runs} == set(runs_of(3))
    assert len(result.final()) == RUNS
    assert result.provenance["setting"]["split"] == "each seed its own"


def test_relus_start_as_he_and_others_as_glorot() -> None:
    for activation, start in STARTS.items():
        arms = compared(activation=activation).provenance["setting"]["arms"]
        assert all(("he" in one["model"]) == (start == "he") for one in arms.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": (0.1, 0.2, 0.3)}, "must be one number, or two"),
        ({"learning_rate": -1}, "learning_rate must be a positive"),
        ({"learning_rate": "fast"}, "learning_rate must be a positive"),
        ({"images": 1025}, "images must be at most 1024"),
        ({"batch_size": 65}, "batch_size must be at most the 64 examples"),
        ({"depth": 0}, "depth must be at least 1"),
        ({"activation": "linear"}, "activation must be one of"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compared(**changes)


# ---- what follows from the hits ---------------------------------------------------------
def row(plain: tuple[int, ...], norm: tuple[int, ...], **others: Any) -> dict[str, Any]:
    same = {"plain_val": plain, "plain_test": plain, "norm_val": norm, "norm_test": norm}
    return {**dict.fromkeys(KEY, 1), "learning_rate": 0.1, **same, **others}


HIT = st.lists(st.integers(0, TEST), min_size=RUNS, max_size=RUNS).map(tuple)


@given(HIT, HIT)
def test_difference_and_interval_are_students(plain: Any, norm: Any) -> None:
    (found,) = judged(pd.DataFrame([row(plain, norm)])).itertuples()
    wanted = interval(100 * (np.array(norm) - np.array(plain)) / TEST)
    ends = (found.difference, found.low, found.high)
    np.testing.assert_allclose(ends, (wanted.estimate, wanted.low, wanted.high), atol=1e-9)
    assert (found.difference > 0) == (sum(norm) > sum(plain))


def test_each_network_has_the_rate_that_is_best_in_validation_and_its_test_is_reported() -> None:
    low, middle, high = (10,) * 4, (20, 21, 22, 23), (30,) * 4
    rows = [
        row(low, low, learning_rate=0.1, plain_val=middle, norm_val=low),
        row(high, high, learning_rate=0.2, plain_val=low, norm_val=middle),
        row(middle, middle, learning_rate=0.3, plain_val=low, norm_val=middle),
    ]
    (best,) = atlas.tuned(judged(pd.DataFrame(rows))).itertuples()
    assert (best.plain_rate, best.norm_rate) == (0.1, 0.2)  # of equal ones the lowest
    assert (best.plain_test, best.norm_test) == (low, high)
    assert best.difference == pytest.approx(100 * 20 / TEST)


# ---- training all -----------------------------------------------------------------------
COMBINATION = {name: SETTING[name] for name in FACTORS}


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two updates, and for one seed a single, small combination."""
    monkeypatch.setattr("bnutils.atlas.training.UPDATES", 2)
    draw = {7: (COMBINATION,)}
    monkeypatch.setattr("bnutils.atlas.table.design", lambda seed: draw.get(seed) or design(seed))


@pytest.mark.usefixtures("_short")
def test_other_seeds_are_trained_and_a_row_agrees_with_its_setting() -> None:
    store = MemoryStore()
    found = atlas.recorded([7], store=store, progress=False)
    assert found["learning_rate"].tolist() == list(RATES["adam"])
    rate = found["learning_rate"][4]
    one = atlas.compare(7, **SETTING | {"learning_rate": rate}, updates=2, store=store)
    hits = (one.final() * TEST).round().astype(int)
    assert found["plain_test"][4] == tuple(hits["plain"])
    assert found["norm_test"][4] == tuple(hits["batch norm"])


@pytest.mark.usefixtures("_short")
def test_outside_a_checkout_everything_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bnutils.atlas.table.design", lambda _: (COMBINATION,))
    found = atlas.recorded(BLOCK.seeds[:1], store=MemoryStore(), progress=False)
    assert len(found) == len(RATES["adam"])


@pytest.mark.usefixtures("_short")
def test_a_training_that_diverges_counts_as_it_is() -> None:
    overflowing = COMBINATION | {"activation": "relu", "depth": 5, "gain": 1e9}
    rows = rows_of(7, overflowing, MemoryStore(), progress=False)
    lost = [one for one in rows if one["plain_diverged"]]
    assert lost
    assert all(0 <= hits <= TEST for one in lost for hits in one["plain_test"])
