"""Which functions reach a framework, however they come to it, and what becomes of those."""

import functools
import os
import sys
import types

import numpy as np
import pytest

from bnutils.checks.calls import frameworks, rooms
from bnutils.checks.calls.calling import Signature
from bnutils.checks.calls.frameworks import in_framework, reaches_framework
from bnutils.checks.calls.sessions import session

SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)
tf = types.ModuleType("tensorflow")
tf.mean = np.mean
helpers = types.ModuleType("helpers")
helpers.__file__ = "/home/me/helpers.py"


class Layer:
    __module__ = "keras.src.layers"

    def __call__(self, x):
        return x


class Mine(Layer):
    pass


LAYER = Mine()


class Holding:
    def __init__(self):
        self.layer = Mine()

    def __call__(self, x):
        return self.layer(x)


class Making:
    def __init__(self, features):
        self.layer = tf.mean

    @property
    def weights(self):
        return tf.mean

    @staticmethod
    def plain(x):
        return x


class Plain:
    __slots__ = ()

    def __call__(self, x):
        return np.mean(x)


def direct(x):
    return tf.mean(x)


def below(x):
    return direct(x)


def inside(x):
    def inner():
        return tf.mean(x)

    return inner()


def imports(x):
    import torch.nn

    return torch.nn


def closing(over):
    return lambda x: over(x)


def through_module(x):
    return helpers.mean(x)


helpers.mean = direct


def right(x):
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3)


def unfilled():
    def function(x):
        return later

    if not X.size:
        later = 1
    return function


REACHING = {
    "directly": direct,
    "through a helper": below,
    "in an inner function": inside,
    "by its own import": imports,
    "in a closure": closing(direct),
    "in a module of the student's": through_module,
    "as a layer": Layer(),
    "as a subclass": Mine,
    "in an attribute": Holding(),
    "in a method": Making,
    "as a bound method": Making(1).__init__,
    "in a partial": functools.partial(right, tf),
    "in a wrapper": functools.lru_cache(direct),
    "by default": lambda x, mean=tf.mean, layer=LAYER: x,
    "in a list": closing([1, {"a": Mine()}]),
}
PLAIN = {
    "NumPy": right,
    "a class": Plain,
    "an object": Plain(),
    "a builtin": len,
    "a number": 3,
    "nothing": None,
    "itself": closing(closing(right)),
    "a cell that is empty": unfilled(),
}


@pytest.mark.parametrize("function", REACHING.values(), ids=REACHING)
def test_a_framework_is_found(function):
    assert reaches_framework(function)


@pytest.mark.parametrize("function", PLAIN.values(), ids=PLAIN)
def test_without_one_none_is_found(function):
    assert not reaches_framework(function)


def test_the_search_has_an_end():
    class Long:
        def __init__(self, other):
            self.other = other

    chain = Mine()
    for _ in range(frameworks.MOST):
        chain = Long(chain)
    assert not reaches_framework(chain)


def test_keras_and_tensorflow_are_found_as_they_are():
    pytest.importorskip("tensorflow")
    program = (
        "import tensorflow as tf, keras\n"
        "from bnutils.checks.calls.frameworks import reaches_framework as reaches\n"
        "def function(x): return mean(x)\n"
        "mean = tf.reduce_mean\n"
        "class Layer(keras.layers.Layer): pass\n"
        "assert reaches(function) and reaches(tf.function(lambda x: x))\n"
        "assert reaches(Layer) and reaches(Layer()) and reaches(keras.Sequential())\n"
        "variable = tf.Variable(1.0)\n"
        "assert reaches(lambda x: variable * x)\n"
    )
    exec(program, {"__name__": "students"})


def test_code_that_needs_a_frameworks_threads_runs_here():
    def function(x):
        assert tf.mean
        return x + os.getpid()

    with session() as calls:
        values = calls(function, SIGNATURE, (X,), ((3,),)).values
    np.testing.assert_array_equal(values[0], X + os.getpid())


@pytest.mark.skipif(not rooms.POSSIBLE, reason="no process can be forked here")
def test_a_child_that_waits_in_a_framework_is_followed_by_a_call_here():
    parent = os.getpid()
    source = "def wait(x):\n    while os.getpid() != parent:\n        pass\n    return x\n"
    path = os.path.join(sys.prefix, "lib", "site-packages", "torch", "threads.py")
    space = {"os": os, "parent": parent}
    exec(compile(source, path, "exec"), space)
    hidden = [space["wait"]]
    assert not reaches_framework(lambda x: hidden[0](x))
    with session(0.5) as calls:
        assert calls(lambda x: hidden[0](x), SIGNATURE, (X,), ((3,),)).values
        assert not calls.ended
        values = calls(lambda x: x + os.getpid(), SIGNATURE, (X,), ((3,),)).values
    np.testing.assert_array_equal(values[0], X + os.getpid())  # who waited once need not again


def test_places_in_a_framework_are_known():
    assert in_framework([("/a/site-packages/jax/_src/api.py", 3)])
    assert not in_framework([("/a/site-packages/numpy/core.py", 3), ("/home/me/torch/x.py", 1)])
