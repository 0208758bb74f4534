"""What a right layer returns in each part of its life, and what wrong ones return."""

import numpy as np

from bnutils import reference
from bnutils.checks import batches, forward, moving, variants
from bnutils.checks.batches import EPSILON, MOMENTUM
from bnutils.checks.calling import Array, Signature
from bnutils.checks.cases import IN_TRAINING, PLAIN, cases
from bnutils.checks.exercise import Exercise, Slots, Values, Wrong, different

FEATURES = 4
TRAINING = Signature("factory(features, momentum, epsilon)(x, training=True) -> y", ("x",), ("y",))
NEW = Signature("factory(features, momentum, epsilon)(x, training=False) -> y", ("x",), ("y",))
TRAINED = Signature(NEW.text, ("x", "an earlier x", "an earlier x"), ("y",))
TRAINING_PART = "training"
AFTER = "inference after training"
NEW_LAYER = "inference of a new layer"
AGAIN = "inference after inference"

ONE, ZERO = np.ones(FEATURES), np.zeros(FEATURES)
_SLOTS: Slots = (
    (
        "wrong-axis=(1,)",
        "wrong-axis=(0, 1)",
        "train-inference-mixup",
        "train-inference-mixup=updated",
    ),
    variants.VARIANCE,
    variants.EPSILON,
    ("mean-not-subtracted",),
)
_STATE = ("train-inference-mixup", "wrong-initial-state", "updated-in-inference")
_BEFORE: Slots = (_STATE,)
_AFTER: Slots = (
    (*moving.MISTAKES, *_STATE),
    ("sample-variance", "std-instead-of-variance"),
    variants.EPSILON,
)
_AGAIN: Slots = (("updated-in-inference",),)


def parts() -> tuple[Exercise, ...]:
    """Return one exercise for each part of a layer's life."""
    probe, first, second = (batches.batch(6, FEATURES, seed=seed) for seed in (0, 1, 2))
    alone = cases(IN_TRAINING, probe, lambda batch: (batch.x,))
    after = cases((PLAIN,), probe, lambda batch: (batch.x, 2 * first.x, 3 + second.x))
    symptom = forward.symptom
    return (
        Exercise(TRAINING_PART, TRAINING, _right_training, _wrong_training, _SLOTS, alone, symptom),
        Exercise(AFTER, TRAINED, _right_after, _wrong_after, _AFTER, after, different),
        Exercise(NEW_LAYER, NEW, _right_before, _wrong_before, _BEFORE, alone[:1], different),
        Exercise(AGAIN, TRAINED, _right_again, _wrong_again, _AGAIN, after, different),
    )


def _right_training(x: Array) -> Values:
    return (reference.batch_norm_train(x, None, None, epsilon=EPSILON)[0],)


def _wrong_training(wrong: Wrong, x: Array) -> Values:
    if variants.detail(wrong, "train-inference-mixup") == "":
        return _inferred(wrong, x, ZERO, ONE)
    if "train-inference-mixup=updated" in wrong:
        return _inferred(wrong, x, *_updated(wrong, ZERO, ONE, x))
    return forward.variant(wrong, x, ONE, ZERO, EPSILON)


def _right_before(x: Array) -> Values:
    return (reference.batch_norm_infer(x, None, None, ZERO, ONE, epsilon=EPSILON),)


def _wrong_before(wrong: Wrong, x: Array) -> Values:
    return _wrong_after(wrong, x)


def _right_after(x: Array, *batch: Array) -> Values:
    state = reference.MovingStatistics.initial(FEATURES)
    for one in batch:
        state = state.updated(*reference.moments(one), momentum=MOMENTUM)
    return (reference.batch_norm_infer(x, None, None, state.mean, state.variance, epsilon=EPSILON),)


def _wrong_after(wrong: Wrong, x: Array, *batch: Array) -> Values:
    mean, variance = ZERO, ZERO if "wrong-initial-state" in wrong else ONE
    for one in (*batch, x) if "updated-in-inference" in wrong else batch:
        mean, variance = _updated(wrong, mean, variance, one)
    return _mixed_up(wrong, x, mean, variance)


def _right_again(x: Array, first: Array, second: Array) -> Values:
    return _right_after(x, first)


def _wrong_again(wrong: Wrong, x: Array, first: Array, second: Array) -> Values:
    return _right_after(x, first, *((second, second) if wrong else ()))


def _updated(wrong: Wrong, mean: Array, variance: Array, x: Array) -> tuple[Array, Array]:
    new = moving.batch_statistics(wrong, x)
    return (
        moving.averaged(wrong, mean, new[0], MOMENTUM),
        moving.averaged(wrong, variance, new[1], MOMENTUM),
    )


def _mixed_up(wrong: Wrong, x: Array, mean: Array, variance: Array) -> Values:
    if "train-inference-mixup" in wrong:
        mean, variance = x.mean(axis=0), x.var(axis=0)
    return _inferred(wrong, x, mean, variance)


def _inferred(wrong: Wrong, x: Array, mean: Array, variance: Array) -> Values:
    return (variants.normalised(wrong, x, mean, variance, EPSILON),)
