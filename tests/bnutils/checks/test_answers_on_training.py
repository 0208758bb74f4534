"""Exercises on rates, angles, targets, dropout, averages, margins and steps: right and wrong."""

import math
from statistics import NormalDist, stdev

import numpy as np
import pytest
from scipy import stats

from bnutils import checks, schedules
from bnutils.averaging import averaged
from bnutils.checks.answers import (
    angles,
    averages,
    dropping,
    landscapes,
    margins,
    rates,
    targets,
)
from bnutils.checks.answers.questions import title

QUESTIONS = [
    rates.EFFECTIVE_RATE,
    rates.EQUIVALENT_RATE,
    rates.RATES_INSTEAD_OF_DECAY,
    angles.ANGLE_BETWEEN,
    targets.UPDATES_TO_TARGET,
    dropping.VARIANCE_SHIFT,
    averages.RUNNING_AVERAGE,
    margins.WITHIN_MARGIN,
    landscapes.SCALED_STEP,
    landscapes.MEAN_SHIFT,
]


def checked(question, function):
    return getattr(checks, title(question))(function)


# ---- right, in many ways of writing --------------------------------------------------------
def rate_by_loops(kernel, learning_rate):
    total = 0.0
    for row in kernel.tolist():
        for entry in row:
            total += entry * entry
    return learning_rate / total


def rates_one_by_one(learning_rate, decay, updates):
    rate, kept = learning_rate / (1 - learning_rate * decay), 1 - learning_rate * decay
    found = []
    for _ in range(updates):
        found.append(rate)
        rate /= kept**2
    return found


def angle_by_math(before, after):
    u, v = before.ravel().tolist(), after.ravel().tolist()
    product = sum(a * b for a, b in zip(u, v, strict=True))
    cosine = product / (math.hypot(*u) * math.hypot(*v))
    return math.acos(max(-1.0, min(1.0, cosine)))


def angle_by_half_chord(before, after):
    u, v = (one / np.sqrt(np.sum(one**2)) for one in (before, after))
    return 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))


def angle_in_single_precision(before, after):
    u, v = (one.astype(np.float32).ravel() for one in (before, after))
    return np.arccos(np.clip(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)), -1, 1))


def target_by_loop(losses, every, target):
    for count, loss in enumerate(losses, 1):
        if loss <= target:
            return count * every
    return None


def target_by_argmax(losses, every, target):
    low = losses <= target
    return every * (1 + int(np.argmax(low))) if low.any() else None


def target_by_falling_off_the_end(losses, every, target):
    found = [every * k for k in range(1, len(losses) + 1) if losses[k - 1] <= target]
    if found:
        return min(found)


def shift_over_both_outcomes(x, keep):
    """The variance of each value's two outcomes, and that of their means."""
    within = keep * (x / keep - x) ** 2 + (1 - keep) * x**2
    return (within.mean() + x.var()) / x.var()


def shift_over_weighed_values(x, keep):
    values = np.concatenate([x / keep, 0 * x])
    weights = np.repeat([keep, 1 - keep], len(x))
    mean = np.average(values, weights=weights)
    return np.average((values - mean) ** 2, weights=weights) / np.var(x)


def average_by_steps(average, weights, count):
    return [a + (w - a) / (count + 1) for a, w in zip(average, weights, strict=True)]


def average_by_loop(average, weights, count):
    found = []
    for place in range(len(average)):
        new = average[place] * count
        new += weights[place]
        found.append((new / (count + 1)).tolist())
    return found


def average_of_copies(average, weights, count):
    return averaged([*([average] * count), weights])


def step_by_unit_vector(weight, gradient, share):
    direction = gradient / np.linalg.norm(gradient)
    return weight - share * np.linalg.norm(weight) * direction


def step_by_lists(weight, gradient, share):
    length = math.hypot(*weight.ravel().tolist()) / math.hypot(*gradient.ravel().tolist())
    flat = zip(weight.ravel().tolist(), gradient.ravel().tolist(), strict=True)
    return np.reshape([w - share * length * g for w, g in flat], weight.shape)


def shift_unit_by_unit(before, now):
    total = 0.0
    for old, new in zip(before.T.tolist(), now.T.tolist(), strict=True):
        mean = sum(old) / len(old)
        spread = math.sqrt(sum((x - mean) ** 2 for x in old) / len(old))
        total += abs(sum(new) / len(new) - mean) / spread
    return total / before.shape[1]


def within_by_ttest(differences, margin):
    interval = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    return -margin < interval.low and interval.high < margin


def within_by_two_tests(differences, margin):
    below = stats.ttest_1samp(differences, -margin, alternative="greater").pvalue
    above = stats.ttest_1samp(differences, margin, alternative="less").pvalue
    return max(below, above) < 0.025


def within_by_hand(differences, margin):
    values = differences.tolist()
    mean = sum(values) / len(values)
    half = stats.t.ppf(0.975, len(values) - 1) * stdev(values) / len(values) ** 0.5
    return bool(abs(mean) + half < margin)


RIGHT = [
    (checks.effective_rate, rate_by_loops),
    (checks.effective_rate, lambda w, rate: rate / np.linalg.norm(w) ** 2),
    (checks.effective_rate, lambda w, rate: rate / np.vdot(w, w)),
    (checks.effective_rate, lambda w, rate: np.float32(rate) / np.square(w, dtype="f4").sum()),
    (checks.equivalent_rate, lambda rate, gain: gain * gain * rate),
    (checks.equivalent_rate, lambda rate, gain: [rate / (1 / gain) ** 2]),
    (checks.rates_instead_of_decay, rates_one_by_one),
    (
        checks.rates_instead_of_decay,
        lambda rate, decay, n: schedules.InsteadOfDecay(rate, decay)(range(n)),
    ),
    (
        checks.rates_instead_of_decay,
        lambda rate, decay, n: np.float32(rate * (1 - rate * decay) ** (-2.0 * np.arange(n) - 1)),
    ),
    (checks.angle_between, angle_by_math),
    (checks.angle_between, angle_by_half_chord),
    (checks.angle_between, angle_in_single_precision),
    (checks.angle_between, lambda a, b: float(angle_by_half_chord(a, b))),
    (checks.updates_to_target, target_by_loop),
    (checks.updates_to_target, target_by_argmax),
    (checks.updates_to_target, target_by_falling_off_the_end),
    (checks.variance_shift, shift_over_both_outcomes),
    (checks.variance_shift, shift_over_weighed_values),
    (checks.variance_shift, lambda x, keep: 1 + (1 / keep - 1) * (x**2).mean() / x.var()),
    (checks.running_average, average_by_steps),
    (checks.running_average, average_by_loop),
    (checks.running_average, average_of_copies),
    (checks.running_average, lambda *given: tuple(average_by_steps(*given))),
    (checks.running_average, lambda *given: [np.float32(one) for one in average_by_steps(*given)]),
    (
        checks.running_average,
        lambda *given: [
            one.astype("f4" if one.ndim == 1 else "f8") for one in average_by_steps(*given)
        ],
    ),
    (checks.within_margin, within_by_ttest),
    (checks.within_margin, within_by_two_tests),
    (checks.within_margin, within_by_hand),
    (checks.within_margin, lambda d, margin: np.bool_(within_by_hand(d, margin))),
    (checks.within_margin, lambda d, margin: int(within_by_hand(d, margin))),
    (checks.scaled_step, step_by_unit_vector),
    (checks.scaled_step, step_by_lists),
    (checks.mean_shift, shift_unit_by_unit),
    (checks.mean_shift, lambda b, n: np.mean(abs((n - b).mean(axis=0)) / b.std(axis=0))),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_a_right_function_passes_in_any_way_of_writing(check, function):
    report = check(function)
    assert report.passed, report


# ---- wrong, and told why --------------------------------------------------------------------
WRONG = [
    pytest.param(
        question, wrong.mistake.name, one, id=f"{title(question)}-{wrong.mistake.name}-{i}"
    )
    for question in QUESTIONS
    for wrong in question.wrong
    for i, one in enumerate((wrong.result, *wrong.others))
]


@pytest.mark.parametrize(("question", "name", "function"), WRONG)
def test_every_known_mistake_is_named(question, name, function):
    report = checked(question, function)
    assert report.names == (name,), report


def unclipped(before, after):
    return np.arccos((before * after).sum() / (np.linalg.norm(before) * np.linalg.norm(after)))


def unclipped_directions(before, after):
    u, v = before / np.linalg.norm(before), after / np.linalg.norm(after)
    return np.arccos(np.sum(u * v))


def unclipped_dot(before, after):
    u, v = before.ravel(), after.ravel()
    return np.arccos(np.dot(u, v) / np.sqrt(np.dot(u, u)) / np.sqrt(np.dot(v, v)))


def unclipped_products(before, after):
    u, v = before.ravel(), after.ravel()
    return np.arccos(u @ v / np.sqrt((u @ u) * (v @ v)))


def unfolded(before, after):
    """Of a matrix np.linalg.norm with ord=2 is another norm, and of an image's kernel none."""
    u, v = before.reshape(-1, before.shape[-1]), after.reshape(-1, after.shape[-1])
    return (
        np.arccos(np.clip((u * v).sum() / np.linalg.norm(u) / np.linalg.norm(v), -1, 1))
        * 180
        / np.pi
    )


def first_that_is_not_above(losses, every, target):
    return next((every * k for k, loss in enumerate(losses, 1) if not loss > target), None)


def best_so_far(losses, every, target):
    place = int(np.nanargmin(losses))
    return every * (place + 1) if losses[place] <= target else None


def place_or_none(losses, every, target):
    place = next((k for k, loss in enumerate(losses) if loss <= target), None)
    return (place + 1) * every if place else None


def argmax_alone(losses, every, target):
    return every * (np.argmax(losses <= target) + 1)


def z_interval(differences, margin):
    half = NormalDist().inv_cdf(0.975) * stats.sem(differences)
    return abs(differences.mean()) + half < margin


def upper_end_only(differences, margin):
    half = stats.t.ppf(0.975, len(differences) - 1) * stats.sem(differences)
    return differences.mean() + half < margin


def in_place(average, weights, count):
    for old, new in zip(average, weights, strict=True):
        old *= count
        old += new
        old /= count + 1
    return average


def entries_replaced(average, weights, count):
    for place, new in enumerate(weights):
        average[place] = (average[place] * count + new) / (count + 1)
    return average


STUDENTS = [
    (checks.effective_rate, lambda w, rate: rate / np.linalg.norm(w), "norm-not-squared"),
    (checks.effective_rate, lambda w, rate: rate / np.mean(w**2), "mean-for-sum"),
    (checks.effective_rate, lambda w, rate: rate / np.linalg.norm(w, 2) ** 2, "spectral-norm"),
    (checks.effective_rate, lambda w, rate: rate / np.sum(w**2, axis=0), "wrong-shape"),
    (checks.effective_rate, lambda w, rate: rate / (w.T @ w), "wrong-shape"),
    (checks.effective_rate, lambda w, rate: 1 / np.sum(w**2), "argument-factor"),
    (checks.equivalent_rate, lambda rate, gain: rate * gain, "gain-not-squared"),
    (checks.equivalent_rate, lambda gain, rate: rate * gain**2, "arguments-swapped"),
    (checks.angle_between, unclipped, "cosine-above-one"),
    (checks.angle_between, unclipped_dot, "cosine-above-one"),
    (checks.angle_between, unclipped_directions, "cosine-above-one"),
    (checks.angle_between, unclipped_products, "cosine-above-one"),
    (checks.angle_between, unfolded, "degrees"),
    (checks.angle_between, lambda a, b: np.linalg.norm(b - a), "distance-for-angle"),
    (checks.rates_instead_of_decay, lambda rate, decay, n: rate, "wrong-shape"),
    (
        checks.rates_instead_of_decay,
        lambda rate, decay, n: [rate * (1 - decay) ** (-2 * t - 1) for t in range(n)],
        "decay-without-the-rate",
    ),
    (
        checks.rates_instead_of_decay,
        lambda rate, decay, n: [rate * (1 - rate * decay) ** (-2 * t - 1) for t in range(1, n + 1)],
        "counted-from-one",
    ),
    (checks.updates_to_target, first_that_is_not_above, "nan-counts"),
    (checks.updates_to_target, best_so_far, "best-for-first"),
    (checks.updates_to_target, place_or_none, "first-place-lost"),
    (checks.updates_to_target, argmax_alone, "never-is-not-none"),
    (checks.variance_shift, lambda x, keep: 1 / keep, "one-over-keep"),
    (checks.running_average, in_place, "changes-its-input"),
    (checks.running_average, entries_replaced, "changes-its-input"),
    (
        checks.running_average,
        lambda a, w, n: [0.99 * x + 0.01 * y for x, y in zip(a, w, strict=True)],
        "exponential",
    ),
    (
        checks.running_average,
        lambda a, w, n: [(a[0] * n + w[0]) / (n + 1)],
        "wrong-number-of-results",
    ),
    (checks.within_margin, z_interval, "normal-quantile"),
    (checks.within_margin, upper_end_only, "one-sided"),
    (
        checks.within_margin,
        lambda d, m: stats.ttest_1samp(d, 0).pvalue > 0.05,
        "no-difference-found",
    ),
    (checks.within_margin, lambda d, m: stats.ttest_1samp(d, 0).pvalue < 0.05, "some-cases"),
    (checks.scaled_step, lambda w, g, share: w - share * g, "raw-step"),
    (
        checks.scaled_step,
        lambda w, g, share: w - share * g / np.linalg.norm(g),
        "length-of-the-weight-missing",
    ),
    (checks.mean_shift, lambda b, n: ((n - b).mean(axis=0) / b.std(axis=0)).mean(), "signed-shift"),
    (
        checks.mean_shift,
        lambda b, n: np.mean(abs(n.mean(axis=0) - b.mean(axis=0)) / b.std()),
        "one-spread-for-all",
    ),
]


@pytest.mark.parametrize(("check", "function", "name"), STUDENTS)
def test_a_mistake_in_a_students_own_writing_is_named(check, function, name):
    report = check(function)
    assert report.names == (name,), report


def stub(*arguments):
    """Not written yet."""


def raising(*arguments):
    raise ZeroDivisionError("float division by zero")


BAD = [
    (stub, "unfinished"),
    (lambda *_: ..., "unfinished"),
    (raising, "raises"),
    (lambda: 1.0, "wrong-signature"),
    (lambda *_: {1.0, 2.0}, "wrong-type"),
    (lambda *_: iter([1.0]), "wrong-type"),
]


@pytest.mark.parametrize(("function", "name"), BAD)
@pytest.mark.parametrize("question", QUESTIONS, ids=title)
def test_what_is_no_answer_is_refused_with_a_hint(question, function, name):
    report = checked(question, function)
    assert report.names == (name,), report
    assert report.mistakes[0].hint


def test_a_rule_without_return_is_told_so():
    def forgotten(*arguments):
        sum(map(id, arguments))

    for question in QUESTIONS:
        name = "returns-nothing" if question.none else "returns-none"
        assert checked(question, forgotten).names == (name,)


@pytest.mark.parametrize("value", [np.nan, "3", [1, 2], object(), 3 + 1j, np.inf, np.zeros((2, 2))])
@pytest.mark.parametrize("question", QUESTIONS, ids=title)
def test_whatever_comes_back_there_is_a_hint(question, value):
    report = checked(question, lambda *_: value)
    assert not report.passed
    assert report.mistakes[0].hint


def test_none_is_shown_as_none():
    (found,) = checks.updates_to_target(argmax_alone).mistakes
    assert found.seen == "in the case never, 40 came back; None was expected."


def test_twice_as_many_updates_are_named_where_a_number_is_due():
    def twice(losses, every, target):
        found = target_by_loop(losses, every, target)
        return None if found is None else 2 * found

    assert checks.updates_to_target(twice).names == ("constant-factor",)


def test_kernels_that_are_no_lists_of_arrays_are_left_alone():
    """Only what is a list of arrays is copied and compared; a tuple of weights is not."""
    x = np.ones(3)
    pairs = [(x, 1)]
    from bnutils.checks.calls.calling import Signature, call

    signature = Signature("f(pairs) -> y", ("pairs",), ("y",))
    outcome = call(lambda given: given[0][0].sum(), signature, (pairs,), ((),))
    assert outcome.mistakes == ()


# ---- what is asked for is true ----------------------------------------------------------------
def turned(kernel, rate, decay, updates):
    """Directions of a kernel on which a loss depends by its direction alone, in SGD."""
    target = np.linspace(-1.0, 1.0, kernel.size)
    found = []
    for t in range(updates):
        length = np.linalg.norm(kernel)
        unit = kernel / length
        slope = (unit @ target) * unit - target  # of -unit @ target, by the unit
        eta = rate[t] if np.ndim(rate) else rate
        kernel = (1 - eta * decay) * kernel - eta * slope / length
        found.append(kernel / np.linalg.norm(kernel))
    return np.array(found)


START = np.random.default_rng(5).normal(size=7)


@pytest.mark.parametrize("gain", [0.25, 3.0])
def test_at_the_equivalent_rate_both_kernels_turn_alike(gain):
    rate = rates.EQUIVALENT_RATE.right(0.2, gain)
    expected = turned(START, 0.2, 0.0, 30)
    np.testing.assert_allclose(turned(gain * START, rate, 0.0, 30), expected, atol=1e-12)
    assert np.abs(turned(gain * START, 0.2, 0.0, 30) - expected).max() > 0.01


def test_growing_rates_do_what_the_decay_did():
    rate = rates.RATES_INSTEAD_OF_DECAY.right(0.2, 0.3, 25)
    expected = turned(START, 0.2, 0.3, 25)
    np.testing.assert_allclose(turned(START, rate, 0.0, 25), expected, atol=1e-12)


@pytest.mark.parametrize("case", dropping.VARIANCE_SHIFT.cases())
def test_the_variance_shift_is_that_of_drawn_masks(case):
    x, keep = dropping.VARIANCE_SHIFT.cases()[case]
    masks = np.random.default_rng(6).random((20_000, x.size)) < keep
    drawn = (x * masks / keep).var() / x.var()
    assert dropping.VARIANCE_SHIFT.right(x, keep) == pytest.approx(drawn, rel=0.02)


def test_the_cases_of_margins_are_what_their_names_say():
    for case, (differences, margin) in margins.WITHIN_MARGIN.cases().items():
        interval = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
        mean, half = differences.mean(), (interval.high - interval.low) / 2
        assert case == f"{round(mean, 9) + 0:g} +- {half:g}, margin {margin:g}"
