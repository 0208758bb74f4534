"""The interactive figures say and draw what NumPy computes, whatever was done before."""

import pytest
from bnsite.explorables import NAMES

from tests.book.explorables.walks import ORACLES, random_walks, walked

WALKS, ACTIONS = 90, 6


def test_every_figure_has_an_oracle() -> None:
    assert set(ORACLES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_text_and_drawing_are_those_of_numpy_after_every_action(name: str) -> None:
    shown, room = walked(name, random_walks(name, WALKS, ACTIONS))
    assert len({str(one.state) for one in shown}) >= 200  # different states
    for one in shown:
        ORACLES[name].check(one)
        assert len(one.status) <= room, one.status
