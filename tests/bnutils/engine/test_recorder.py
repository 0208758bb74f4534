"""What was told on the way becomes runs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bnutils.engine.recorder import Best, Recorder
from bnutils.engine.schedule import plan
from tests.bnutils.engine.plans import plans


@given(plans())
def test_epochs_are_examples_seen_over_examples_there_are(
    schedule: tuple[int, int, list[int]],
) -> None:
    examples, batch, stops = schedule
    recorder = Recorder([0], stops, examples, batch)
    pieces = plan(examples, batch, stops, 7)
    for stop, epochs in zip(stops, recorder.epochs, strict=True):
        seen = sum(piece.examples for piece in pieces if piece.done <= stop)
        np.testing.assert_allclose(epochs, seen / examples)


LOSSES = arrays(float, (6, 3), elements=st.sampled_from([0.5, 1.0, 2.0, np.inf, np.nan]))


@given(LOSSES)
def test_the_best_weights_are_those_of_the_first_lowest_loss(losses: np.ndarray) -> None:
    best = Best(3)
    for when, loss in enumerate(losses):
        best.keep(loss, [np.full((3, 2), float(when))])
    for network, column in enumerate(losses.T):
        counted = np.where(np.isnan(column), np.inf, column)
        wanted = counted.argmin() if np.isfinite(counted).any() else 0
        assert (best.weights[0][network] == wanted).all()


def test_a_run_with_a_number_that_is_not_finite_has_diverged() -> None:
    recorder = Recorder([4, 7], [1], 8, 8)
    recorder.steps(np.array([[1.0, np.nan]]), np.array([[4, 0]]), 8)
    recorder.evaluation(np.ones(2), np.ones(2), [])
    fine, diverged = recorder.runs(np.ones(2), np.ones((2, 6), bool), [])
    assert [fine.seed, diverged.seed] == [4, 7]
    assert [fine.diverged, diverged.diverged] == [False, True]
    assert fine.metrics["loss"] == (1.0,)
    assert fine.metrics["accuracy"] == (0.5,)
    assert fine.weights == {}
