"""*Which axes?* says what Keras' layers have and do: the call in the figure is made."""

import re

import keras
import numpy as np
import pytest

from tests.book.explorables.walks import walked
from tests.book.explorables.which_axes import NAMES, SHAPE, together

CHOSEN = (1, 0, 0, 1)
CASES = [(layer, groups) for layer in NAMES for groups in ((1, 2, 3, 6) if layer == "gn" else (1,))]


def line(view: str, name: str) -> str:
    """The text of a line of the figure's list."""
    found = re.search(rf"<dt>{name}</dt><dd.*?<span>(.*?)</span>", view)
    assert found is not None
    return found[1].replace("\u200b", "")


def listed(variables: list[keras.Variable]) -> str:
    """Names and shapes as the figure writes them."""
    return ", ".join(f"{one.name} {tuple(one.shape)}" for one in variables) or "none"


@pytest.mark.parametrize(("layer", "groups"), CASES)
def test_the_call_makes_what_the_figure_says(layer: str, groups: int) -> None:
    walk = [{"key": "groups", "value": groups}, {"key": "layer", "value": layer}]
    view = walked("which-axes", [walk])[0][-1].view
    made = eval(line(view, "Keras"), {"keras": keras})
    x = np.random.default_rng(0).normal(1, 2, SHAPE).astype("float32")
    other = x.copy()
    other[CHOSEN] += 1
    options = {"training": True} if layer == "bn" else {}
    y, z = (np.asarray(made(block, **options)) for block in (x, other))
    assert line(view, "learned") == listed(made.trainable_variables)
    assert line(view, "stored") == listed(made.non_trainable_variables)
    assert ((np.abs(z - y) > 1e-6) == together(layer, groups, CHOSEN)).all()
