"""The exercise of the lab on the backward pass: a small network trained by one's own gradient."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bnutils import reference
from bnutils.checks.answers.questions import Question, Wrong, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

Weights = tuple[Array, Array, Array, Array, Array]
Batches = Sequence[tuple[Array, Array]]


@with_hints
def training(function: Function) -> Report:
    """Check ``training(batches, weights, rate) -> losses`` of a network with one hidden layer.

    The network is dense, batch normalisation (epsilon 1e-3), ReLU, dense; it is trained by plain
    gradient descent on the mean cross-entropy.

    Parameters
    ----------
    function : callable
        ``training(batches, weights, rate) -> losses`` with a batch (images, labels) for each
        update, of shapes (m, inputs) and (m,); weights = (w, gamma, beta, v, b), of shapes
        (inputs, units), (units,), (units,), (units, classes) and (classes,); and the loss of each
        batch before its update.

    Returns
    -------
    Report
    """
    return judge(function, TRAINING)


@dataclass(frozen=True)
class Way:
    """How an update is made; as it stands, rightly.

    Attributes
    ----------
    mean_term, variance_term : float
        By what two of the three terms of dx are multiplied.
    relu : bool
        Whether the ReLU lets only those gradients through whose outputs are above 0.
    late : bool
        Whether v is used as it was before its update.
    summed : bool
        Whether gradients are summed over the batch, and not averaged.
    learns : tuple of float
        By what the steps of w, gamma, beta, v and b are multiplied.
    after : bool
        Whether a batch's loss is taken after its update.
    """

    mean_term: float = 1.0
    variance_term: float = 1.0
    relu: bool = True
    late: bool = True
    summed: bool = False
    learns: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    after: bool = False


RIGHT = Way()


def trained(batches: Batches, weights: Weights, rate: float, way: Way = RIGHT) -> Array:
    """Return the loss of each batch, with an update after each."""
    losses = []
    for batch in batches:
        before, weights = weights, stepped(batch, weights, rate, way)
        losses.append(_gradients(batch, weights if way.after else before, rate, way)[0])
    return np.array(losses)


def stepped(batch: tuple[Array, Array], weights: Weights, rate: float, way: Way = RIGHT) -> Weights:
    """Return the weights after one update."""
    steps = zip(weights, way.learns, _gradients(batch, weights, rate, way)[1], strict=True)
    w, gamma, beta, v, b = (one - rate * share * slope for one, share, slope in steps)
    return w, gamma, beta, v, b


def _gradients(
    batch: tuple[Array, Array], weights: Weights, rate: float, way: Way
) -> tuple[float, Weights]:
    """Return the loss, and its gradient with respect to each of the weights."""
    (images, labels), (w, gamma, beta, v, b) = batch, weights
    y, cache = reference.batch_norm_train(images @ w, gamma, beta)
    h = np.maximum(y, 0)
    loss, dlogits = _cross_entropy(h @ v + b, labels, way)
    dv, db = h.T @ dlogits, dlogits.sum(0)
    dh = dlogits @ (v if way.late else v - rate * dv).T
    dy = dh * (y > 0) if way.relu else dh
    dx, dgamma, dbeta = _normalisation(dy, cache, way)
    return loss, (images.T @ dx, dgamma, dbeta, dv, db)


def _cross_entropy(logits: Array, labels: Array, way: Way) -> tuple[float, Array]:
    """Return the mean cross-entropy of the softmax, and its gradient."""
    from scipy.special import log_softmax

    logs, one_hot = log_softmax(logits, axis=1), np.eye(logits.shape[1])[labels]
    dlogits = (np.exp(logs) - one_hot) / (1 if way.summed else len(labels))
    return float(-(one_hot * logs).sum() / len(labels)), dlogits


def _normalisation(
    dy: Array, cache: reference.BatchNormCache, way: Way
) -> tuple[Array, Array, Array]:
    """Return the gradient of batch normalisation, or some of its terms."""
    dbeta, dgamma = dy.sum(0), (dy * cache.x_hat).sum(0)
    through_mean, through_variance = way.mean_term * dbeta, way.variance_term * dgamma
    lost = (through_mean + cache.x_hat * through_variance) / len(dy)
    return cache.gamma / cache.std * (dy - lost), dgamma, dbeta


def _cases() -> dict[str, Arguments]:
    """Return networks in which some of the weights cannot learn, and then whole ones."""
    plain = _network(np.random.default_rng(6))
    w, gamma, beta, v, b = plain
    return {
        "rate 0, where nothing learns": (_batches(2), plain, 0.0),
        "v = 0, where only v and b learn": (_batches(2), (w, gamma, beta, 0 * v, b), 0.5),
        "gamma = 0, where all but w learn": (_batches(2), (w, 0 * gamma, beta, v, b), 0.5),
        "two updates": (_batches(2), plain, 0.5),
        "twelve updates": (_batches(12), plain, 0.25),
    }


def _network(rng: np.random.Generator, inputs: int = 6, units: int = 5, classes: int = 3) -> Any:
    return (
        rng.normal(size=(inputs, units)),
        rng.uniform(0.5, 1.5, units),
        rng.uniform(0.2, 0.6, units),
        rng.normal(size=(units, classes)),
        rng.normal(size=classes) / 2,
    )


def _batches(count: int) -> Batches:
    rng = np.random.default_rng(7)
    return [(rng.normal(size=(9, 6)), rng.integers(0, 3, 9)) for _ in range(count)]


def _mistaken(name: str, title: str, hint: str, why: str, **changed: Any) -> Wrong:
    return known(name, title, hint, why, partial(trained, way=Way(**changed)))


TRAINING = Question(
    Signature(
        "training(batches, weights, rate) -> losses", ("batches", "weights", "rate"), ("losses",)
    ),
    trained,
    _cases,
    "Look at the first case that is not right: what can learn there that could not before?",
    places.TASK,
    (
        _mistaken(
            "detached-statistics",
            "Mean and variance are treated as constants in the backward pass",
            "Check your `backward` alone, with batch_norm_backward.",
            "They depend on all examples: two of the three terms of dx are missing.",
            mean_term=0.0,
            variance_term=0.0,
        ),
        _mistaken(
            "no-mean-term",
            "The way through the mean is missing in dx",
            "Check your `backward` alone, with batch_norm_backward.",
            "Without it dx does not add up to 0 over the batch.",
            mean_term=0.0,
        ),
        _mistaken(
            "no-variance-term",
            "The way through the variance is missing in dx",
            "Check your `backward` alone, with batch_norm_backward.",
            "Without it the sum of x_hat times dx is not 0.",
            variance_term=0.0,
        ),
        _mistaken(
            "relu-forgotten",
            "The backward pass does not pass through the ReLU",
            "What is the slope of the ReLU where its input is below 0?",
            "A unit that is switched off for an example learns nothing from it.",
            relu=False,
        ),
        _mistaken(
            "updated-too-early",
            "v is updated before it is used in the backward pass",
            "Compute all gradients first, then update all weights.",
            "The gradient is that of the network that has made the forward pass.",
            late=False,
        ),
        _mistaken(
            "gradient-summed",
            "The gradient is summed over the batch instead of averaged",
            "The loss is a mean: where does its 1/m go?",
            "Steps are m times too long, and depend on the size of the batch.",
            summed=True,
        ),
        _mistaken(
            "uphill",
            "The weights go uphill",
            "In which direction does the loss fall?",
            "A gradient points to where the loss grows.",
            learns=(-1.0, -1.0, -1.0, -1.0, -1.0),
        ),
        _mistaken(
            "gamma-and-beta-fixed",
            "gamma and beta do not learn",
            "Which of the weights are updated?",
            "Their gradients come from the backward pass as dx does; so should their updates.",
            learns=(1.0, 0.0, 0.0, 1.0, 1.0),
        ),
        _mistaken(
            "gamma-and-beta-uphill",
            "gamma and beta go uphill",
            "Compare the signs of all updates.",
            "A gradient points to where the loss grows.",
            learns=(1.0, -1.0, -1.0, 1.0, 1.0),
        ),
        _mistaken(
            "only-the-last-layer-learns",
            "Only v and b learn",
            "Do w, gamma and beta come out of the loop changed?",
            "The layers below learn from what the backward pass hands down to them.",
            learns=(0.0, 0.0, 0.0, 1.0, 1.0),
        ),
        _mistaken(
            "loss-after-the-update",
            "The losses are those after each update",
            "The forward pass of the update has the loss already.",
            "Keras reports the loss that its update starts from.",
            after=True,
        ),
    ),
)
