"""Layers of many shapes, axes and numbers, for the tests of batch normalisation."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@st.composite
def layers(draw, least=2):
    """A batch, its kept axis, gamma, beta and an upstream gradient; seeded, never degenerate."""
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=least, max_side=4))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = draw(st.floats(-10, 10)) + draw(st.floats(0.1, 10)) * rng.normal(size=shape)
    gamma, beta = rng.uniform(0.5, 2, shape[axis]), rng.normal(size=shape[axis])
    return x, axis, gamma, beta, rng.normal(size=shape)


def others(x, axis):
    return tuple(i for i in range(x.ndim) if i != axis % x.ndim)


def masks(x, rng):
    """A mask under which every kept position of the last axis keeps something."""
    mask = rng.random(x.shape[:-1]) < 0.6
    mask.flat[0] = True
    return mask
