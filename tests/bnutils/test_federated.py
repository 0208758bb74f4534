"""Federated averaging: who gets which images, and what the server does with the weights."""

import numpy as np
import pytest

from bnutils import federated
from bnutils.stacks import Stack, epoch

RNG = np.random.default_rng(1)
LABELS = RNG.permutation(np.repeat(np.arange(6), [20, 21, 22, 20, 23, 20]))
SEEDS = [1, 2]
X = RNG.normal(size=(2, 3, 8, 5))
Y = RNG.integers(0, 4, size=(2, 3, 8))


def trained(norm=None, **options):
    stack = Stack((5, 6, 4), norm)
    asked = {"count": 1, "rate": 0.1, "batch_size": 4} | options
    return list(federated.rounds(stack, SEEDS, X, Y, **asked))


def test_no_class_has_two_clients():
    rows = federated.by_class(LABELS, 3, np.random.default_rng(0))
    classes = [set(LABELS[own]) for own in rows]
    assert [len(own) for own in classes] == [2, 2, 2]
    assert set.union(*classes) == set(range(6))
    assert len(np.unique(rows)) == rows.size


def test_mixed_clients_have_the_same_images_and_all_classes():
    rng = np.random.default_rng(0)
    rows = federated.by_class(LABELS, 3, rng)
    other = federated.mixed(rows, rng)
    np.testing.assert_array_equal(np.sort(rows, axis=None), np.sort(other, axis=None))
    assert all(len(set(LABELS[own])) == 6 for own in other)


@pytest.mark.parametrize("clients", [4, 7])
def test_clients_that_classes_cannot_be_dealt_to_are_refused(clients):
    with pytest.raises(
        ValueError, match=f"must divide the number of classes, 6; received {clients}"
    ):
        federated.by_class(LABELS, clients, np.random.default_rng(0))


def test_one_client_is_plain_training():
    stack = Stack((5, 6, 4), "batch")
    (server,) = federated.rounds(stack, SEEDS, X[:, :1], Y[:, :1], count=1, rate=0.1, batch_size=4)
    orders = [np.random.default_rng([seed, 1]).permutation(8) for seed in SEEDS]
    alone = epoch(stack, stack.start(SEEDS), X[:, 0], Y[:, 0], orders, 0.1, batch_size=4)
    for name, values in alone.items():
        np.testing.assert_allclose(server[name], values, rtol=1e-12)


def test_the_server_has_the_mean_of_all_clients_moving_statistics_too():
    weights = {"mean/0": np.arange(12.0).reshape(6, 2)}
    np.testing.assert_array_equal(federated.averaged(weights, 3)["mean/0"], [[2, 3], [8, 9]])


def test_seeds_are_trained_apart_and_rounds_go_on_from_one_another():
    both = trained(count=2)
    (first, _) = both
    again = trained()
    for name, values in again[0].items():
        np.testing.assert_array_equal(values, first[name])
    alone = list(
        federated.rounds(Stack((5, 6, 4)), SEEDS[1:], X[1:], Y[1:], count=2, rate=0.1, batch_size=4)
    )
    for name, values in alone[1].items():
        np.testing.assert_allclose(values[0], both[1][name][1], rtol=1e-12)


@pytest.mark.parametrize(("x", "y"), [(X[0], Y[0]), (X[:1], Y[:1]), (X, Y[:, :2])])
def test_what_does_not_fit_the_seeds_is_refused(x, y):
    with pytest.raises(ValueError, match=r"x must be \(seeds, clients, images, inputs\)"):
        list(federated.rounds(Stack((5, 6, 4)), SEEDS, x, y, count=1, rate=0.1))


def test_clients_with_batches_of_one_are_refused_with_batch_norm():
    with pytest.raises(ValueError, match="two or more examples"):
        trained("batch", batch_size=1)
    trained(None, batch_size=1)
