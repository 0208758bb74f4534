"""A training is cut into pieces that can be run in one go."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bnutils.engine.schedule import most_steps, plan
from tests.bnutils.engine.plans import plans


@given(plans(), st.integers(1, 9))
def test_pieces_follow_each_other_and_end_at_every_stop(
    schedule: tuple[int, int, list[int]], most: int
) -> None:
    examples, batch, stops = schedule
    pieces = plan(examples, batch, stops, most)
    assert set(stops) <= {piece.done for piece in pieces}
    assert [piece.done for piece in pieces][-1] == stops[-1]
    assert pieces[0].done == pieces[0].steps
    for before, after in pairwise(pieces):
        assert after.done == before.done + after.steps
        behind = before.epoch * examples + before.start + before.examples
        assert after.epoch * examples + after.start == behind
    for piece in pieces:
        assert 1 <= piece.steps <= most
        assert piece.start + piece.examples <= examples
        short = piece.start + piece.examples == examples and piece.steps == 1
        assert piece.batch_size == batch or (short and piece.batch_size == examples % batch)


def test_what_is_drawn_at_a_time_is_bounded() -> None:
    shapes = [(0.2, (128,))]
    few, many = most_steps(10, 32, shapes), most_steps(1000, 32, shapes)
    assert few > many >= 1
    assert most_steps(10**6, 10**4, shapes) == 1
