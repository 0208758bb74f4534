"""Settings of the probes: checked, and printed alike when they are equal."""

import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.datasets import load
from bnutils.probes import LENGTHS, SHARES, Probes


@given(st.integers(0, 500), st.integers(1, 60))
def test_readings_begin_before_training_and_come_at_equal_distances(
    updates: int, every: int
) -> None:
    times = Probes(every=every).times(updates)
    assert times[0] == 0
    assert {later - earlier for earlier, later in pairwise(times)} <= {every}
    assert updates - every < times[-1] <= updates


def test_equal_probes_print_alike() -> None:
    """Results are filed under what probes print."""
    one = Probes(np.int64(5), 64, ("rate", "gradients"), (1, 2))
    other = Probes(5, 64, ["gradients", "rate", "gradients"], [np.float64(1), 2.0])
    assert one == other
    assert repr(one) == repr(other)
    assert repr(Probes()) == repr(Probes(lengths=LENGTHS))
    assert Probes(statistics="rate", lengths=2) == Probes(statistics=("rate",), lengths=(2.0,))
    assert Probes(normalised=True).lengths == SHARES
    assert len({repr(Probes()), repr(Probes(normalised=True)), repr(one)}) == 3


@pytest.mark.parametrize(
    ("settings", "problem", "message"),
    [
        ({"every": 0}, ValueError, "every must be at least 1; received 0"),
        ({"every": 2.5}, TypeError, "every must be a whole number; received 2.5"),
        ({"examples": 1}, ValueError, "examples must be at least 2; received 1"),
        ({"statistics": ("weights",)}, ValueError, "statistics must be one of.*'weights'"),
        ({"statistics": "weights"}, ValueError, "statistics must be one of.*'weights'"),
        ({"statistics": ()}, ValueError, "statistics must name at least one"),
        ({"lengths": ()}, ValueError, r"lengths must be .* rising .*received \(\)"),
        ({"lengths": (2, 1)}, ValueError, r"received \(2, 1\)"),
        ({"lengths": (1, 1)}, ValueError, r"received \(1, 1\)"),
        ({"lengths": (0, 1)}, ValueError, r"received \(0, 1\)"),
        ({"lengths": (1, float("inf"))}, ValueError, "finite"),
        ({"lengths": (1, float("nan"))}, ValueError, "finite"),
        ({"lengths": ("1",)}, ValueError, "numbers"),
        ({"lengths": True}, ValueError, "received True"),
        ({"normalised": 1}, TypeError, "normalised must be True or False; received 1"),
    ],
)
def test_bad_settings_are_refused(
    settings: dict[str, Any], problem: type[Exception], message: str
) -> None:
    with pytest.raises(problem, match=message):
        Probes(**settings)


def test_more_examples_than_there_are_is_refused_with_a_way_out() -> None:
    data = load("digits").take(200)
    with pytest.raises(ValueError, match=r"at most 200.*received 256.*Probes\(examples=200\)"):
        Probes().batch(data)


def test_describing_probes_needs_no_tensorflow() -> None:
    code = "import sys; from bnutils.probes import Probes; Probes()"
    code += "; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
