"""What the tests of fitting share."""

import os
from typing import Any

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.fitting.factory import fitted_factory
from bnutils.checks.fitting.layers import get_affine, set_affine

ADAPTERS = {name for name in checks.__all__ if name.startswith("cs231n_")} | {
    "channels_first",
    "features_first",
    "jax_function",
    "row_vectors",
    "tensorflow_function",
    "torch_function",
}
REQUIRED = os.environ.get("BNUTILS_FRAMEWORKS") == "required"
"""Set by the workflow that installs PyTorch, JAX and Flax, where a skip is a failure."""


def framework(name: str) -> Any:
    """Import a framework; without it the module's tests are skipped, unless it is required."""
    if REQUIRED:
        return __import__(name, fromlist=["it"])
    return pytest.importorskip(name)


def remarked(report: Any, words: str) -> None:
    """The function is right, and a remark says how it was called."""
    assert report.passed, str(report)
    assert words in " ".join(report.remarks), report.remarks


def refused(report: Any, line: str) -> None:
    """The call does not fit, and the message has the line to paste."""
    assert report.names == ("wrong-signature",), str(report)
    assert line in " ".join(report.mistakes[0].seen.split()), report.mistakes[0].seen


def lives(factory: Any, *said: str, images: bool = False, **found: Any) -> Any:
    """A layer is made, trains, infers and has gamma and beta; the check knows what it is."""
    fitted = fitted_factory(factory, images)
    assert not fitted.mistakes, fitted.mistakes
    assert all(words in " ".join(fitted.remarks) for words in said), fitted.remarks
    assert {name: getattr(fitted, name) for name in found} == found
    shape, over = ((5, 3, 2, 4), (0, 1, 2)) if images else ((5, 4), (0,))
    layer = fitted(4, 0.8, 0.1)
    gamma, beta = np.arange(1.0, 5.0), np.arange(4.0)
    assert set_affine(layer, gamma, beta)
    assert [list(one) for one in get_affine(layer)] == [list(gamma), list(beta)]
    x = np.random.default_rng(0).normal(size=shape)
    y = layer(x, training=True)
    np.testing.assert_allclose(y.mean(over), beta, atol=1e-5)
    again = layer(x, training=False)
    assert again.shape == shape
    assert not np.allclose(again, y)
    np.testing.assert_allclose(layer(x[:1], training=False), again[:1], rtol=1e-5, atol=1e-6)
    return fitted
