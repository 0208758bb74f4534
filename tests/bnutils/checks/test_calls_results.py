"""Each kind of bad result has its message: what was received, and what to do."""

import fractions
import itertools
import tracemalloc

import numpy as np
import pytest
import scipy.sparse

from bnutils import checks
from bnutils.checks.calls.calling import Signature, call

ONE = Signature("function(x) -> y", ("x",), ("y",))
THREE = Signature("function(x) -> (dx, dgamma, dbeta)", ("x",), ("dx", "dgamma", "dbeta"))
X = np.arange(8.0).reshape(4, 2)
SHAPES = ((4, 2), (2,), (2,))
G = X[0]


def generator(x):
    yield x


async def coroutine(x):
    return x


class Hostile:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")

    def __repr__(self):
        raise RuntimeError("no")

    def __len__(self):
        raise RuntimeError("no")


BAD = {
    "generator": (generator, "wrong-type", "a generator came back, which has computed nothing yet"),
    "endless": (lambda x: itertools.count(), "wrong-type", "a count came back"),
    "coroutine": (coroutine, "wrong-type", "a coroutine came back, which waits to be awaited"),
    "set": (lambda x: {1.0, 2.0}, "wrong-type", "a set came back, which has no order"),
    "wrong keys": (lambda x: {"out": x}, "wrong-type", "a dictionary with 'out' came back; y is"),
    "no keys": (lambda x: {}, "wrong-type", "a dictionary with nothing came back"),
    "text": (lambda x: "abc", "not-numbers", "y is 'abc'."),
    "texts": (lambda x: [["a", "b"]] * 4, "not-numbers", "y holds text."),
    "bytes": (lambda x: np.array([b"a"]), "not-numbers", "y holds bytes."),
    "dates": (lambda x: x.astype("M8[s]"), "not-numbers", "y is of dtype datetime64[s]."),
    "complex": (lambda x: x + 0j, "not-numbers", "y holds complex numbers. Was a root taken"),
    "bools": (lambda x: x > 0, "not-numbers", "y holds True and False."),
    "objects": (lambda x: x.astype(object), "not-numbers", "y holds objects. If they are numbers"),
    "fractions": (lambda x: [fractions.Fraction(1)], "not-numbers", "y holds objects."),
    "ragged": (lambda x: [[1], [1, 2]], "not-numbers", "y is [[1], [1, 2]]. Are its rows of"),
    "masked": (lambda x: np.ma.masked_less(x, 2), "not-numbers", "y hides 2 entries, as a masked"),
    "sparse": (scipy.sparse.csr_matrix, "not-numbers", "y is sparse, a csr_matrix. Call its"),
    "function": (lambda x: np.mean, "not-numbers", "y is <function mean"),
    "hostile": (lambda x: Hostile(), "not-numbers", "y is <Hostile instance"),
    "scalar": (lambda x: 3.0, "wrong-shape", "y is a single number; (4, 2) was expected."),
    "shape": (lambda x: G, "wrong-shape", "y has the shape (2,); (4, 2) was expected."),
    "empty": (lambda x: (), "wrong-shape", "y has the shape (0,); (4, 2) was expected."),
    "huge": (lambda x: range(10**12), "wrong-shape", "y has 1000000000000 entries; (4, 2) was"),
    "none": (lambda x: None if len(x) else x, "returns-none", ""),
    "none first": (lambda x: (None, x), "returns-none", "y is None."),
    "ellipsis": (lambda x: ..., "unfinished", ""),
    "not implemented": (lambda x: NotImplemented, "unfinished", ""),
}
BAD_OF_THREE = {
    "one": (lambda x: x, "one array of shape (4, 2) came back; 3 are expected: dx, dgamma, dbeta."),
    "two": (lambda x: (x, G), "2 came back; 3 are expected"),
    "four": (lambda x: [x, G, G, G], "4 came back; 3 are expected"),
    "text": (lambda x: "abc", "'abc' came back; 3 are expected"),
    "number": (lambda x: 7, "7 came back; 3 are expected"),
}


@pytest.mark.parametrize(("function", "name", "said"), BAD.values(), ids=BAD)
def test_a_result_that_cannot_be_compared_is_told_in_our_words(function, name, said):
    outcome = call(function, ONE, (X,), SHAPES[:1])
    assert outcome.values is None
    (found,) = outcome.mistakes
    assert found.name == name
    assert found.seen.startswith(said)
    assert bool(found.seen) == bool(said)
    assert found.hint


@pytest.mark.parametrize(("function", "said"), BAD_OF_THREE.values(), ids=BAD_OF_THREE)
def test_the_number_of_results_is_told(function, said):
    (found,) = call(function, THREE, (X,), SHAPES).mistakes
    assert found.name == "wrong-number-of-results"
    assert found.seen.startswith(said)


def test_names_that_a_dictionary_lacks_are_told():
    (found,) = call(lambda x: {"dx": x, "dw": x}, THREE, (X,), SHAPES).mistakes
    assert found.name == "wrong-type"
    assert found.seen == "a dictionary with 'dx', 'dw' came back; dgamma, dbeta is missing."


@pytest.mark.parametrize(
    "returned",
    [
        (X, G, G + 1),
        [X, G, G + 1],
        {"dbeta": G + 1, "dx": X, "dgamma": G, "cache": None},
        (X.tolist(), tuple(G), [1, 2]),
        (np.ma.masked_array(X), G, G + 1),
        (np.matrix(X), G, G + 1),
    ],
    ids=["tuple", "list", "dictionary", "lists", "nothing masked", "matrix"],
)
def test_results_in_any_style_are_taken(returned):
    values = call(lambda x: returned, THREE, (X,), SHAPES).values
    for got, right in zip(values, (X, G, G + 1), strict=True):
        np.testing.assert_array_equal(got, right)
        assert type(got) is np.ndarray


@pytest.mark.parametrize("returned", [[X], (X,), [X, None], (X, G), X.tolist(), list(X)])
def test_of_one_result_the_first_of_several_is_taken(returned):
    (got,) = call(lambda x: returned, ONE, (X,), SHAPES[:1]).values
    np.testing.assert_array_equal(got, X)


def test_a_list_of_one_array_is_right_without_a_remark():
    def forward(x, gamma, beta, epsilon):
        return [gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon) + beta]

    report = checks.batch_norm_forward(forward)
    assert report.passed
    assert report.remarks == ()


def test_a_dictionary_is_right_in_a_check():
    def update(mean, variance, x, momentum):
        return {
            "moving_variance": momentum * variance + (1 - momentum) * x.var(0),
            "moving_mean": momentum * mean + (1 - momentum) * x.mean(0),
        }

    assert checks.moving_update(update).passed


def test_a_huge_result_is_not_converted():
    tracemalloc.start()
    call(lambda x: range(10**8), ONE, (X,), SHAPES[:1])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10**7
