"""Data order and dropout masks belong to a seed, whatever it is grouped with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.engine.randomness import Stream, draws
from bnutils.engine.schedule import plan
from tests.bnutils.engine.plans import plans


@given(plans(), st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True))
def test_pieces_see_the_data_as_fit_does(
    schedule: tuple[int, int, list[int]], seeds: list[int]
) -> None:
    examples, batch, stops = schedule
    pieces = plan(examples, batch, stops, 7)
    ends, seen = [], []
    for piece, order, masks in draws(seeds, pieces, examples, [(0.5, (3,))]):
        assert order.shape == (piece.steps, len(seeds), piece.batch_size)
        assert masks[0].shape == (*order.shape, 3)
        assert piece.steps <= 7
        ends.append(piece.done)
        seen += [row.tolist() for row in order[:, 0]]
    assert set(stops) <= set(ends)
    assert len(seen) == ends[-1] == stops[-1]
    per_epoch = -(-examples // batch)
    for epoch in range(stops[-1] // per_epoch):
        rows = seen[epoch * per_epoch : (epoch + 1) * per_epoch]
        flat = [example for row in rows for example in row]
        assert flat == Stream(seeds[0]).order(epoch, examples).tolist()


def _all_masks(seeds: list[int], batch: int, most: int = 24) -> np.ndarray:
    pieces = plan(24, batch, [24 // batch], most)
    drawn = draws(seeds, pieces, 24, [(0.3, (5,))])
    return np.concatenate([masks[0][:, seeds.index(3)].reshape(-1, 5) for _, _, masks in drawn])


def test_masks_belong_to_the_seed_not_to_the_group_or_the_batches() -> None:
    alone = _all_masks([3], 8)
    for seeds, batch, most in (([1, 3], 8, 24), ([3], 4, 24), ([3, 9], 12, 24), ([3], 4, 1)):
        np.testing.assert_array_equal(alone, _all_masks(seeds, batch, most))


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.9])
def test_dropout_drops_its_share(rate: float) -> None:
    """Of 200,000 units, within four standard deviations of a binomial."""
    (_, _, masks), *_ = draws([0], plan(200, 200, [1], 1), 200, [(rate, (1000,))])
    spread = np.sqrt(rate * (1 - rate) / masks[0].size)
    assert abs(1 - masks[0].mean() - rate) <= 4 * spread
