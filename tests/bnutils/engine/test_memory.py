"""Groups of seeds that fit the memory."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.engine.memory import (
    CACHE,
    LARGEST_GROUP,
    group_sizes,
    replica_bytes,
    weight_bytes,
)
from bnutils.errors import MemoryBudgetError
from bnutils.models import convnet, mlp, resnet

EVALUATED = 2_000
MNIST_NET = mlp(norm="batch").build((28, 28), 10, 0)
SMALL_NET = mlp(8).build((8, 8), 10, 0)


def _sizes(seeds: int, memory_gib: float, model: Any = MNIST_NET) -> list[int]:
    return group_sizes(model, seeds, 32, EVALUATED, 2, memory_gib)


@given(st.integers(1, 400), st.sampled_from([0.02, 0.1, 1.0, 8.0]))
def test_groups_are_nearly_equal_and_cut_alike_after_an_interruption(
    seeds: int, memory_gib: float
) -> None:
    sizes = _sizes(seeds, memory_gib)
    assert sum(sizes) == seeds
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)
    if len(sizes) > 1:
        assert _sizes(seeds - sizes[0], memory_gib) == sizes[1:]


def test_less_memory_makes_smaller_groups() -> None:
    assert _sizes(1000, 0.03)[0] < _sizes(1000, 1.0)[0] <= LARGEST_GROUP
    assert _sizes(1000, 1.0, SMALL_NET)[0] == LARGEST_GROUP
    assert replica_bytes(convnet().build((28, 28), 10, 0), 512, EVALUATED, 2) > replica_bytes(
        convnet().build((28, 28), 10, 0), 512, 1, 0
    )


def test_every_layer_of_a_chain_with_shortcuts_counts() -> None:
    """Two blocks more, on top of what the optimiser keeps of their weights."""
    small, large = (resnet(n, 8, "batch").build((8, 8), 10, 0) for n in (1, 3))
    per_block = 7 * 8 * 4  # two each of normalisation, activation and weights, and a sum
    kept = weight_bytes(large, 2) - weight_bytes(small, 2)
    more = replica_bytes(large, 1, 1000, 2) - replica_bytes(small, 1, 1000, 2)
    assert more - kept == 2 * per_block * 1000


def test_noise_takes_room_for_its_factors_and_shifts() -> None:
    quiet, noisy = (mlp(8, "batch", 0.0, noise=n).build((8, 8), 10, 0) for n in (0.0, 0.5))
    kept = weight_bytes(noisy, 0) - weight_bytes(quiet, 0)
    assert replica_bytes(noisy, 1, 1000, 0) - replica_bytes(quiet, 1, 1000, 0) == (
        kept + 3 * 8 * 4 * 1000
    )


def test_a_budget_for_less_than_one_replica_is_an_error() -> None:
    with pytest.raises(MemoryBudgetError, match=r"must fit into memory_gib.*0\.001.*Raise"):
        _sizes(3, 0.001)


@given(st.integers(1, 60), st.integers(0, 2))
def test_the_weights_of_a_group_fit_the_cache(seeds: int, slots: int) -> None:
    largest, *_ = group_sizes(MNIST_NET, seeds, 32, EVALUATED, slots, 8.0)
    assert largest * weight_bytes(MNIST_NET, slots) <= CACHE


def test_a_network_larger_than_the_cache_is_trained_alone() -> None:
    wide = mlp(4000).build((28, 28), 10, 0)
    assert weight_bytes(wide, 2) > CACHE
    assert _sizes(3, 8.0, wide) == [1, 1, 1]
