"""What a function of ours around a student's saw comes back, from a child too."""

import os

import numpy as np
import pytest

from bnutils.checks.calls import rooms
from bnutils.checks.calls.calling import Signature, Witness, call
from bnutils.checks.calls.sessions import session

SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)


class Counting(Witness):
    def __init__(self, function):
        self.function, self.seen = function, []

    def __call__(self, x):
        self.seen.append(x.sum())
        return self.function(x)

    def saw(self):
        return self.seen


def fails(x):
    raise ValueError


@pytest.mark.parametrize("function", [np.negative, fails])
def test_it_comes_back_whether_the_call_fails_or_not(function):
    assert call(Counting(function), SIGNATURE, (X,), ((3,),)).saw == [3.0]
    witness = Counting(function)
    with session() as calls:
        several = [calls(witness, SIGNATURE, (X,), ((3,),)).saw for _ in range(2)]
    assert several == [[3.0], [3.0, 3.0]]


@pytest.mark.skipif(not rooms.POSSIBLE, reason="no process can be forked here")
def test_of_a_call_that_dies_nothing_comes_back():
    with session() as calls:
        outcome = calls(Counting(lambda x: os.abort()), SIGNATURE, (X,), ((3,),))
    assert [one.name for one in outcome.mistakes] == ["dies"]
    assert outcome.saw is None


def test_other_functions_saw_nothing():
    assert call(np.negative, SIGNATURE, (X,), ((3,),)).saw is None
    with pytest.raises(NotImplementedError):
        Witness()()
    with pytest.raises(NotImplementedError):
        Witness().saw()
