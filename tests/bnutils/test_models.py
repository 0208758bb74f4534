"""Descriptions of networks."""

from typing import Any

import numpy as np
import pytest

from bnutils.models import convnet, initial_weights, mlp

ARCHITECTURES = {
    "plain": mlp((16, 12)),
    "batch": mlp((16, 12), norm="batch"),
    "layer after": mlp(16, norm="layer", placement="after"),
    "convolutions": convnet((4, 6), norm="batch"),
}


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_weights_for_another_seed_are_those_that_it_builds(architecture: Any) -> None:
    drawn = initial_weights(architecture.build((8, 8), 10, seed=3), seed=11)
    built = architecture.build((8, 8), 10, seed=11).get_weights()
    for ours, theirs in zip(drawn, built, strict=True):
        np.testing.assert_array_equal(ours, theirs)
