"""Small exercises: right ones in any type and way of writing, wrong ones by program."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import ceil, floor

import numpy as np
import pytest
from scipy import stats

from bnutils import checks
from bnutils.checks.answers import networks, trusting
from bnutils.checks.answers.questions import known, results, shown_example, title
from bnutils.checks.answers.table import QUESTIONS
from bnutils.gradcheck import SMALLEST, STEP, gradcheck

ARRAYS = (
    "standardise",
    "training",
    "rates_instead_of_decay",
    "running_average",
    "pooled_statistics",
    "clipped_sum",
)
# The results of the others are numbers.
NUMBERS = [one for one in QUESTIONS if title(one) not in ARRAYS]


def checked(question, function):
    return getattr(checks, title(question))(function)


def changed(question, change):
    """The right function, with something done to its result; the arguments are known."""

    def function(*arguments):
        right = question.right(*arguments)
        with np.errstate(all="ignore"):
            return None if right is None else change(np.asarray(right, float), *arguments)

    return function


# ---- right in another type, and in another way of writing -----------------------------------
TYPES = {
    "float": float,
    "scalar": np.float64,
    "0-d": np.array,
    "list of one": lambda value: [float(value)],
    "array of one": lambda value: np.array([[float(value)]]),
    "tuple with more behind": lambda value: (float(value), "more"),
    "fraction": lambda value: Fraction(float(value)),
    "decimal": lambda value: Decimal(float(value)),
    "complex": complex,
    "float32": np.float32,
    "longdouble": np.longdouble,
    "whole": lambda value: round(float(value)) if float(value).is_integer() else float(value),
    "int64": lambda value: np.int64(value) if float(value).is_integer() else np.float64(value),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("question", NUMBERS, ids=title)
def test_a_right_number_is_right_in_any_type(question, kind):
    report = checked(question, changed(question, lambda right, *_: TYPES[kind](right)))
    assert report.passed, report
    assert report.remarks == (("computed in float32.",) if kind == "float32" else ())


@pytest.mark.parametrize(
    "kind",
    [
        np.ndarray.tolist,
        np.float32,
        lambda right: [[Fraction(one) for one in row] for row in right.tolist()],
        lambda right: right.astype(object),
    ],
)
def test_right_columns_are_right_in_any_type(kind):
    question = next(one for one in QUESTIONS if title(one) == "standardise")
    report = checks.standardise(changed(question, lambda right, *_: kind(right)))
    assert report.passed, report


def by_svd(x):
    singular = np.linalg.svd(x, compute_uv=False)
    return (singular[0] / singular[-1]) ** 2


def pooled(a, b):
    n = len(a)
    variance = (((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()) / (2 * n - 2)
    return stats.t.ppf(0.975, 2 * n - 2) * np.sqrt(2 * variance / n)


def counted(examples, batch_size, epochs):
    return sum(len(range(0, examples, batch_size)) for _ in range(epochs))


def multiplied(factor, growth):
    n, size = 0, 1.0
    while size < factor:
        n, size = n + 1, size * growth
    return n


def left_over(share, momentum):
    t = 0
    while momentum**t > share * (1 + 1e-12):
        t += 1
    return t


def by_logarithms(spreads, gradients):
    tiny = 1e-30
    way = [np.log10(row + tiny) for row in (spreads, gradients[::-1])]
    changes = [row[-1] - row[0] for row in way]
    return -1 if min(changes) < -1.3 else 1 if max(changes) > 1.3 else 0


def step_by_step(spreads, gradients, most=10):
    """With another threshold, and without a quotient."""
    for row in (list(spreads), list(gradients)[::-1]):
        if row[-1] * most < row[0]:
            return -1
        if row[-1] > most * row[0]:
            return 1
    return 0


def patterns_counted(n):
    signs = 1 - 2 * (np.arange(2**n)[:, np.newaxis] >> np.arange(n) & 1)
    return (abs(signs.sum(1)) >= n - 2).mean()


def drawn_one_by_one(x, batch_size, draws, rng):
    values = []
    for _ in range(draws):
        batch = [x[0], *x[rng.integers(1, len(x), batch_size - 1)]]
        values.append((x[0] - np.mean(batch)) / np.std(batch))
    return np.std(values, ddof=1)


def drawn_without_replacement(x, batch_size, draws, rng):
    values = []
    for _ in range(draws):
        batch = np.append(x[0], rng.choice(x[1:], batch_size - 1, replace=False))
        values.append(((batch - batch.mean()) / np.sqrt(batch.var() + 1e-6))[0])
    return np.std(values)


RIGHT = [
    (checks.condition_number, by_svd),
    (checks.condition_number, lambda x: np.linalg.cond(x.T @ x)),
    (checks.condition_number, lambda x: np.linalg.cond(x) ** 2),
    (checks.standardise, stats.zscore),
    (checks.standardise, lambda x: ((x.T - x.mean(0)[:, None]) / x.std(0)[:, None]).T),
    (checks.layers_until, multiplied),
    (checks.layers_until, lambda f, g: next(n for n in count() if g**n >= f)),
    (checks.layers_until, lambda f, g: ceil(np.log(f) / np.log(g) - 1e-9)),
    (checks.fault, by_logarithms),
    (checks.fault, step_by_step),
    (checks.half_width, lambda v: -stats.t.ppf(0.025, len(v) - 1) * stats.sem(v)),
    (
        checks.half_width,
        lambda v: np.diff(stats.t.interval(0.95, len(v) - 1, v.mean(), stats.sem(v)))[0] / 2,
    ),
    (checks.unpaired_half_width, pooled),
    (
        checks.unpaired_half_width,
        lambda a, b: np.diff(stats.ttest_ind(a, b).confidence_interval())[0] / 2,
    ),
    (
        checks.unpaired_half_width,
        lambda a, b: np.diff(stats.ttest_ind(a, b, equal_var=False).confidence_interval())[0] / 2,
    ),
    (
        checks.seeds_needed,
        lambda effect, sd: next(
            n for n in range(2, 999) if stats.t.ppf(0.975, n - 1) * sd / n**0.5 < effect
        ),
    ),
    (checks.updates_of, counted),
    (checks.updates_of, lambda n, size, epochs: ceil(n / size) * epochs),
    (checks.updates_of, lambda n, size, epochs: (n + size - 1) // size * epochs),
    (checks.updates_until, left_over),
    (checks.updates_until, lambda s, m: next(t for t in count() if m**t <= s)),
    (checks.updates_until, lambda s, m: ceil(np.log(s) / np.log(m) - 1e-9)),
    (checks.one_dissenter, patterns_counted),
    (checks.noise_of_first, drawn_one_by_one),
    (checks.noise_of_first, drawn_without_replacement),
    (checks.true_variance, lambda v, m: sum(v) / len(v) / (1 - 1 / m)),
    (checks.correction, lambda std, moving, most: max(1 / most, min(most, std / moving))),
    (checks.momentum_of_pieces, lambda m, pieces: np.exp(np.log(m) / pieces)),
    (checks.momentum_of_pieces, lambda m, pieces: np.power(m, 1.0 / pieces)),
    (checks.pooled_statistics, lambda m, v: [m.mean(0), (v + (m - m.mean(0)) ** 2).mean(0)]),
    (checks.pooled_statistics, lambda m, v: (m.mean(0), (v + m**2).mean(0) - m.mean(0) ** 2)),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_a_right_function_in_another_way_of_writing_passes(check, function):
    report = check(function)
    assert report.passed, report


# ---- wrong ones by program --------------------------------------------------------------------
TOLD = ("gain-not-squared", "evaluations-for-updates")  # in the exercise's own words
FACTOR, OFFSET = ("constant-factor",), ("constant-offset", "off-by-one")
CHANGES = {
    "twice": (lambda r, *_: 2 * r, (*FACTOR, "whole-width")),
    "a third": (lambda r, *_: r / 3, FACTOR),
    "1.1 times": (lambda r, *_: 1.1 * r, FACTOR),
    "one more": (lambda r, *_: r + 1, ("off-by-one", "one-too-many")),
    "one less": (lambda r, *_: r - 1, ("off-by-one",)),
    "more by 0.3": (lambda r, *_: r + 0.3, OFFSET),
    "negative": (lambda r, *_: -r, ("sign-error",)),
    "turned over": (lambda r, *_: 1 / r, ("turned-over", "not-a-number")),
    "squared": (lambda r, *_: r**2, ("squared", "variance-for-deviation")),
    "cubed": (lambda r, *_: r**3, ("cubed",)),
    "root": (
        lambda r, *_: np.sqrt(r),
        ("root-of-it", "not-squared", "not-a-number", "deviation-for-variance"),
    ),
    "log": (lambda r, *_: np.log(r), ("logarithm-of-it", "not-a-number")),
    "log10": (lambda r, *_: np.log10(r), ("logarithm-of-it", "not-a-number")),
    "log2": (lambda r, *_: np.log2(r), ("logarithm-of-it", "not-a-number")),
    "exp": (lambda r, *_: np.exp(r), ("exponential-of-it", "not-a-number")),
    "percent": (lambda r, *_: 100 * r, ("percent-for-share",)),
    "share": (lambda r, *_: r / 100, ("percent-for-share",)),
    "other base": (lambda r, *_: r / np.log(2), ("other-logarithm",)),
    "base ten": (lambda r, *_: r * np.log(10), ("other-logarithm",)),
    "constant": (lambda r, *_: np.full(r.shape, 7.0), ("always-the-same",)),
    "zero": (lambda r, *_: 0 * r, ("always-the-same",)),
    "nan": (lambda r, *_: np.nan * r, ("not-a-number",)),
    "infinite": (lambda r, *_: np.inf * r, ("not-a-number",)),
    "rounded": (lambda r, *_: np.round(r, 1), ("rounded",)),
    "cut": (lambda r, *_: np.trunc(r), ("rounded", "always-the-same")),
    "up": (lambda r, *_: np.ceil(r), ("rounded", "always-the-same")),
    "affine": (lambda r, *_: 2 * r + 1, ("factor-and-offset", "columns-scaled")),
    "from ten": (lambda r, *_: 10 - r, ("factor-and-offset", "columns-scaled")),
    "n for n - 1": (
        lambda r, *a: r * np.sqrt(len(a[0]) / (len(a[0]) - 1)),
        ("other-variance", "sample-variance", "population-deviation"),
    ),
    "n - 1 for n": (
        lambda r, *a: r / np.sqrt(len(a[0]) / (len(a[0]) - 1)),
        ("other-variance", "sample-variance", "population-deviation"),
    ),
    "times n": (lambda r, *a: r * len(a[0]), ("argument-factor",)),
    "times root n": (lambda r, *a: r * np.sqrt(len(a[0])), ("argument-factor", "without-root")),
    "by n": (lambda r, *a: r / len(a[0]), ("argument-factor",)),
    "times first": (lambda r, *a: r * float(a[0]), ("argument-factor",)),
    "by first": (lambda r, *a: r / float(a[0]), ("argument-factor",)),
    "times second": (lambda r, *a: r * float(a[1]), ("argument-factor",)),
    "by second": (lambda r, *a: r / float(a[1]), ("argument-factor", *TOLD)),
    "first itself": (lambda r, *a: a[0] + 0 * r, ("an-argument", "rate-unchanged")),
    "second itself": (lambda r, *a: a[1] + 0 * r, ("an-argument",)),
    "upside down": (lambda r, *_: r[::-1], ("other-order",)),
    "sorted": (lambda r, *_: np.sort(r, axis=0), ("other-order",)),
}


def wrong_ones():
    """Every change of every exercise whose results it changes, and can be made of."""
    for question in QUESTIONS:
        rights = results(question, question.right)
        for name, (change, names) in CHANGES.items():
            function = changed(question, change)
            try:
                got = results(question, function)
            except (TypeError, IndexError, ValueError):
                continue
            same = zip(got, rights, strict=True)
            shapes = all(one.shape == right.shape for one, right in zip(got, rights, strict=True))
            if shapes and not all(np.allclose(*pair, rtol=question.tolerance) for pair in same):
                yield question, name, function, names


def test_no_wrong_one_is_accepted_and_nine_of_ten_are_named_rightly():
    counts, missed = Counter(), []
    for question, name, function, names in wrong_ones():
        report = checked(question, function)
        assert not report.passed, (title(question), name)
        assert report.mistakes[0].seen
        counts["all"] += 1
        counts["named"] += set(report.names) <= set(names)
        if not set(report.names) <= set(names):
            missed.append((title(question), name, report.names))
    assert counts["all"] > 250
    assert counts["named"] / counts["all"] >= 0.95, missed


@pytest.mark.parametrize("question", NUMBERS, ids=title)
def test_an_answer_that_is_wrong_in_one_case_only_says_in_which(question):
    *_, last = question.cases()
    calls = count(1)

    def function(*arguments):
        wrong = next(calls) == len(question.cases())
        right = question.right(*arguments)
        return right if right is None else float(right) * (3.7 if wrong else 1.0)

    (found,) = checked(question, function).mistakes
    assert found.name == "some-cases"
    assert f"not in {last}. " in found.seen


@pytest.mark.parametrize("t", range(1, 9))
@pytest.mark.parametrize("momentum", ["0.1", "0.2", "0.4", "0.8", "0.9", "0.95", "0.99"])
def test_an_exact_power_needs_no_update_more(momentum, t):
    """Decimals know what the rounded quotient of two logarithms does not."""
    question = next(one for one in QUESTIONS if title(one) == "updates_until")
    share = Decimal(momentum) ** t
    assert question.right(float(share), float(momentum)) == t
    assert question.right(float(share * Decimal("1.001")), float(momentum)) == t
    assert question.right(float(share * Decimal("0.999")), float(momentum)) == t + 1


def test_swapped_arguments_are_found():
    def updates(examples, batch_size, epochs):
        return -(-examples // epochs) * batch_size

    assert checks.updates_of(updates).names == ("arguments-swapped",)
    assert checks.layers_until(
        lambda growth, factor: ceil(np.log(factor) / np.log(growth))
    ).names == ("arguments-swapped",)


def test_nothing_is_said_without_numbers():
    """Where no relation is known, it says how large the results are beside the right ones."""
    (found,) = checks.half_width(lambda values: float(np.sin(values).sum() + 5)).mistakes
    assert found.name == "different"
    assert "times the right ones." in found.seen


def test_a_case_that_raises_is_named():
    def function(factor, growth):
        return ceil(np.log(factor) / np.log(growth)) if factor > 2 else 1 // 0

    (found,) = checks.layers_until(function).mistakes
    assert found.name == "raises"
    assert found.seen.startswith("in the case (1.5, 3.0): ZeroDivisionError")


@pytest.mark.parametrize("value", ["3", b"3", 3 + 1j, [1, 2], {"n": 3}, np.zeros((2, 2)), object()])
def test_what_is_no_number_is_refused(value):
    report = checks.updates_of(lambda *_: value)
    assert not report.passed
    assert report.mistakes[0].hint


def test_later_hints_have_the_place_and_the_numbers():
    def function(factor, growth):
        return floor(np.log(factor) / np.log(growth) + 1e-12)

    for _ in range(3):
        text = " ".join(str(checks.layers_until(function)).split())
    assert "Why: The number of layers before that does not reach the factor." in text
    assert "Example: in the case (9, 2), 4 is right; yours is 3." in text
    assert 'Read: Why scale matters, section "And the gradient?"' in text


@pytest.mark.parametrize("question", QUESTIONS, ids=title)
def test_every_known_mistake_shows_in_a_case(question):
    for wrong in question.wrong:
        for one in (wrong.result, *wrong.others):
            assert shown_example(question, replace(wrong, result=one)).startswith("In the case ")
        assert wrong.mistake.why
    right = known("right", "", "", "", question.right)
    if question.tolerance < 0.01:
        assert shown_example(question, right) == ""


# ---- a network trained by one's own backward pass ----------------------------------------------
def keras_losses(batches, weights, rate):
    """The losses of the exercise's network in Keras, in float64."""
    import keras
    import tensorflow as tf

    w, gamma, beta, v, b = weights
    inputs = keras.Input(w.shape[:1], dtype="float64")
    x = keras.layers.Dense(len(gamma), use_bias=False, dtype="float64")(inputs)
    y = keras.layers.BatchNormalization(dtype="float64")(x)
    h = keras.layers.ReLU(dtype="float64")(y)
    model = keras.Model(inputs, keras.layers.Dense(len(b), dtype="float64")(h))
    model.set_weights([w, gamma, beta, 0 * gamma, 1 + 0 * gamma, v, b])
    losses = []
    for images, labels in batches:
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(entropies)
        slopes = tape.gradient(loss, model.trainable_weights)
        for weight, slope in zip(model.trainable_weights, slopes, strict=True):
            weight.assign_sub(rate * slope)
        losses.append(float(loss))
    return losses


def test_the_right_training_is_keras_training():
    for arguments in networks.TRAINING.cases().values():
        ours = networks.trained(*arguments)
        assert ours == pytest.approx(keras_losses(*arguments), rel=1e-9)


@pytest.mark.parametrize(
    "wrong", [*networks.TRAINING.wrong, *trusting.TRUSTED.wrong], ids=lambda one: one.mistake.name
)
def test_mistakes_of_training_and_of_trusting_are_named(wrong):
    mine = wrong in networks.TRAINING.wrong
    report = (checks.training if mine else checks.trusted)(wrong.result)
    assert report.names == (wrong.mistake.name,), report


def test_an_unknown_mistake_is_placed_by_what_cannot_learn():
    """One in the gradient of w shows only where w learns."""

    def training(batches, weights, rate):
        w, *others = weights
        losses = []
        for batch in batches:
            losses.append(networks.trained([batch], (w, *others), rate)[0])
            after = networks.stepped(batch, (w, *others), rate)
            w, *others = (w + 1.1 * (after[0] - w), *after[1:])
        return losses

    (found,) = checks.training(training).mistakes
    assert found.name == "some-cases"
    assert "not in two updates; twelve updates" in found.seen


def test_steps_at_many_lengths_and_points_are_trusted_too():
    def trusted(function, gradient, x):
        rng = np.random.default_rng(5)
        points = [x, *(x * (1 + rng.normal(size=x.shape) / 9) for _ in range(3))]
        reports = (
            gradcheck(function, gradient, point, step=step * np.abs(x).max(), tolerance=1e-6)
            for point in points
            for step in (1e-7, 1e-6, 1e-5)
        )
        return any(report.passed for report in reports)

    assert checks.trusted(trusted).passed


def passes(function, gradient, points, steps, tolerance):
    return any(
        gradcheck(function, gradient, point, step=step, tolerance=tolerance).passed
        for point in points
        for step in steps
    )


def here_and_beside(x):
    return x, x + x.std() / 10 * np.random.default_rng(4).normal(size=x.shape)


@pytest.mark.parametrize("tolerance", [1e-7, 1e-6, 1e-5, 1e-4])
@pytest.mark.parametrize("share", [1e-6, 6e-6, 6e-5])
def test_a_step_that_fits_is_trusted_with_any_tolerance_that_tells_a_thousandth(tolerance, share):
    def trusted(function, gradient, x):
        return passes(function, gradient, here_and_beside(x), [share * x.std()], tolerance)

    assert checks.trusted(trusted).passed


@pytest.mark.parametrize("tolerance", np.geomspace(1e-8, 1e-1, 15))
@pytest.mark.parametrize("step", [STEP, 1e-4])
def test_no_tolerance_mends_a_step_that_does_not_fit(tolerance, step):
    def trusted(function, gradient, x):
        return passes(function, gradient, here_and_beside(x), [step], tolerance)

    assert not checks.trusted(trusted).passed


def test_steps_of_all_lengths_are_trusted_whatever_the_unit():
    def trusted(function, gradient, x):
        steps = [step for step in np.logspace(-8, -3, 6) if step > 1e-12 * np.abs(x).max()]
        return passes(function, gradient, here_and_beside(x), steps, 1e-7)

    assert checks.trusted(trusted).passed


@pytest.mark.parametrize("case", [case for case in trusting.TRUSTED.cases() if "wrong" in case])
def test_a_wrong_gradient_is_off_by_as_much_in_every_unit(case):
    """It is judged by its relative error, and far from what float32 leaves of a right one."""
    function, gradient, x = trusting.TRUSTED.cases()[case]
    report = gradcheck(function, gradient, x, step=STEP * x.std())
    assert report.max_relative_error > 4e-4
    assert np.abs(report.analytic).max() > SMALLEST


def test_whoever_believes_everything_is_not_trusted():
    assert checks.trusted(lambda *_: True).names == ("always-the-same",)


@pytest.mark.parametrize("n", range(1, 12))
@pytest.mark.parametrize("growth", ["1.1", "1.2", "1.5", "2", "3", "5", "6", "10"])
def test_an_exact_power_needs_no_layer_more(growth, n):
    """Decimals know what the rounded quotient of two logarithms does not."""
    question = next(one for one in QUESTIONS if title(one) == "layers_until")
    factor = Decimal(growth) ** n
    assert question.right(float(factor), float(growth)) == n
    assert question.right(float(factor * Decimal("0.999")), float(growth)) == n
    assert question.right(float(factor * Decimal("1.001")), float(growth)) == n + 1


@pytest.mark.parametrize("most", [6, 10, 20, 45])
def test_any_threshold_between_healthy_and_faulty_is_right(most):
    assert checks.fault(lambda s, g: step_by_step(s, g, most)).passed


def test_a_factor_in_the_wrong_place_is_seen():
    """Between neighbours nothing changes much: what is too strict or too lax fails."""
    for most in (1.5, 500):
        assert not checks.fault(lambda s, g, most=most: step_by_step(s, g, most)).passed
    steps = checks.fault(lambda s, g: int(np.max(np.abs(np.diff(np.log(g + 1e-30)))) > 3))
    assert not steps.passed
