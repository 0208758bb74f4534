"""A kernel before a normalisation: the formula beside a kernel that is trained."""

import numpy as np
import pytest

from bnutils import reference

SETTINGS = [(1.0, 0.1, 0.05, 1.0), (0.3, 0.5, 0.2, 2.0), (6.0, 1.0, 0.0, 0.7)]


@pytest.mark.parametrize(("norm", "rate", "decay", "gradient"), SETTINGS)
def test_it_is_sgd_on_a_kernel_whose_scale_does_not_matter(norm, rate, decay, gradient):
    rng = np.random.default_rng(3)
    kernel = rng.normal(size=(5, 4))
    kernel *= norm / np.linalg.norm(kernel)
    norms, angles = reference.turning(norm, rate, decay, gradient, 60)
    for expected_norm, expected_angle in zip(norms, angles, strict=True):
        slope = rng.normal(size=kernel.shape)
        slope -= (slope * kernel).sum() / (kernel**2).sum() * kernel  # orthogonal to the kernel
        slope *= gradient / np.linalg.norm(slope) / np.linalg.norm(kernel)
        after = kernel - rate * (slope + decay * kernel)
        lengths = np.linalg.norm(kernel) * np.linalg.norm(after)
        assert np.arccos((kernel * after).sum() / lengths) == pytest.approx(
            expected_angle, abs=1e-7
        )
        assert np.linalg.norm(after) == pytest.approx(expected_norm)
        kernel = after


@pytest.mark.parametrize("norm", [0.1, 1.0, 20.0])
@pytest.mark.parametrize("gradient", [0.2, 3.0])
@pytest.mark.parametrize(("rate", "decay"), [(0.1, 0.05), (0.5, 0.5), (0.02, 0.1)])
def test_with_decay_every_kernel_ends_at_one_angle(norm, gradient, rate, decay):
    norms, angles = reference.turning(norm, rate, decay, gradient, 8000)
    assert np.cos(angles[-1]) == pytest.approx(1 - rate * decay, rel=1e-9)
    assert angles[-1] == pytest.approx(np.sqrt(2 * rate * decay), rel=0.05)
    at_rest = (rate * gradient**2 / (decay * (2 - rate * decay))) ** 0.25
    assert norms[-1] == pytest.approx(at_rest)


def test_without_decay_the_kernel_grows_and_turns_ever_less():
    norms, angles = reference.turning(0.5, 0.1, 0.0, 1.0, 1000)
    assert (np.diff(norms) > 0).all()
    assert (np.diff(angles) < 0).all()
    assert angles[-1] < angles[99] / 3


def test_a_decay_that_turns_the_kernel_around_is_refused():
    with pytest.raises(ValueError, match=r"must be below 1.*received 0\.5 \* 2\. Lower one"):
        reference.turning(1.0, 0.5, 2.0, 1.0, 10)
