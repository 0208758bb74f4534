"""What a layer computes instead is found out from what it returns, or what holds is said."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.life import lives
from bnutils.checks.life.judgement import Manner, judged
from tests.bnutils.checks.life import fresh, layers
from tests.bnutils.checks.students.layer import Layer

FOUND = [
    ({"train root": "np.sqrt(V ** 2 + eps)"}, ("wrong-statistic",)),
    ({"train root": "(-np.sqrt(V + eps))"}, ("wrong-term",)),
    ({"train root": "np.sqrt(np.sqrt(V) + eps)"}, ("std-instead-of-variance",)),
    ({"train root": "np.sqrt(V + 0.01)"}, ("epsilon-ignored",)),
    ({"train centre": "0.0", "infer centre": "0.0"}, ("mean-not-subtracted",)),
    ({"infer centre": "m + M"}, ("train-inference-mixup",)),
    ({"infer root": "(np.sqrt(V) + 1e-3)"}, ("epsilon-ignored", "epsilon-outside-root")),
    ({"train affine": "beta * h + gamma"}, ("gamma-beta-swapped",)),
    ({"train affine": "gamma * h - beta"}, ("wrong-term",)),
    ({"train affine": "gamma * (h + beta)"}, ("wrong-term",)),
    ({"new mean": "mom * M + m"}, ("weights-do-not-add-up",)),
    ({"new mean": "M + (m - M) / t"}, ("wrong-term",)),
    ({"new mean": "0.9 * M + 0.1 * m"}, ("momentum-ignored",)),
    ({"new mean": "mom * M + (1 - mom) * x.sum(axis=AXES)"}, ("batch-size-missing",)),
    ({"batch mean": "np.median(x, axis=AXES)"}, ("wrong-statistic",)),
    ({"train centre": "np.median(x, axis=AXES)"}, ("wrong-statistic",)),
    ({"train spread": "np.ptp(x, axis=AXES)"}, ("wrong-statistic",)),
    ({"new variance": "mom * W + (1 - mom) * np.ptp(x, axis=AXES)"}, ("wrong-statistic",)),
    ({"new mean": "mom * M + (1 - mom) * x.min(axis=AXES)"}, ("wrong-statistic",)),
    ({"infers as training": "t > 5"}, ("train-inference-mixup",)),
    ({"infers as training": "t == 0"}, ("train-inference-mixup",)),
    ({"skip update": "n < 3"}, ("statistics-not-updated",)),
]


@pytest.mark.parametrize(("changes", "names"), FOUND, ids=str)
def test_a_change_is_named_and_its_formulas_hold_on_new_data(changes, names):
    factory = layers.Made("class", changes).factory()
    report = checks.batch_norm_layer(factory)
    assert report.names == names
    assert fresh.reproduced(factory, report.formulas), report.formulas


UNKNOWN = [
    {"infer centre": "np.quantile(x, 0.3, axis=AXES)"},
    {"infer spread": "np.quantile(x, 0.8, axis=AXES) ** 2"},
    {"train affine": "gamma * h + np.exp(beta)"},
    {"infer affine": "gamma * h + gamma"},
    {"train affine": "0 * h + np.exp(beta)"},
    {"trains as inference": "t == 1"},
]


@pytest.mark.parametrize("changes", UNKNOWN, ids=str)
def test_of_what_is_not_found_out_the_first_place_is_said(changes):
    report = checks.batch_norm_layer(layers.Made("class", changes).factory())
    assert not report.passed
    mode = "inference" if any(name.startswith("infer ") for name in changes) else "training"
    assert f"in {mode}" in str(report)


def other(**methods):
    """The right layer with other methods."""
    return type("Other", (Layer,), methods)


def test_outputs_that_are_off_by_a_factor_are_said_to_be():
    def call(self, x, training):
        y = Layer.__call__(self, x, training)
        return y * np.abs(self.gamma).max() if training else y

    (found,) = checks.batch_norm_layer(other(__call__=call)).mistakes
    assert "outputs in training are wrong, in " in found.seen
    assert "by the factor " in found.seen
    assert "outputs in inference are right." in found.seen


def test_a_layer_that_raises_only_while_it_is_looked_into_is_still_wrong():
    def call(self, x, training):
        if len(x) == 4:
            raise ValueError("four")
        return Layer.__call__(self, x, training) + 1

    assert checks.batch_norm_layer(other(__call__=call)).names == ("different",)


def test_as_many_rules_as_sizes_are_not_written_down():
    def call(self, x, training):
        y = Layer.__call__(self, x, training)
        return y * {1: 2, 2: 3, 9: 4, 40: 5, 300: 6}.get(len(x), 1) if training else y

    assert not checks.batch_norm_layer(other(__call__=call)).passed


def test_inference_that_forgets_x_after_a_while_is_missed():
    def call(self, x, training):
        self.count = getattr(self, "count", 0) + training
        y = Layer.__call__(self, x, training)
        return y if training or self.count < 6 else 0 * y + self.beta

    assert not checks.batch_norm_layer(other(__call__=call)).passed


def test_a_layer_that_gives_its_last_output_back_is_told_so():
    def call(self, x, training):
        if training:
            self.last = Layer.__call__(self, x, True)
        last = getattr(self, "last", x)
        return last if last.shape == x.shape else np.resize(last, x.shape)

    (found,) = checks.batch_norm_layer(other(__call__=call)).mistakes
    assert found.name == "train-inference-mixup"
    assert "whatever x is" in found.seen


def test_an_attribute_that_raises_is_none_that_can_be_set():
    def broken(self):
        raise RuntimeError("not now")

    def call(self, x, training):
        mean, variance = self.moving_mean, self.moving_variance
        if training:
            mean, variance = x.mean(axis=0), x.var(axis=0)
            self.update(mean, variance)
        return (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    hidden = property(broken, lambda self, value: None)
    report = checks.batch_norm_layer(other(__call__=call, gamma=hidden))
    assert report.passed, str(report)
    assert any(one.startswith("gamma could not be set") for one in report.remarks)


def test_a_factory_that_takes_its_arguments_in_another_order_is_refused():
    def start(self, features, epsilon, momentum):
        Layer.__init__(self, features, momentum, epsilon)

    assert checks.batch_norm_layer(other(__init__=start)).names == ("wrong-signature",)


EXCHANGED = [
    ({"train root": "(np.sqrt(V) + eps)", "infer root": "(np.sqrt(V) + eps)"},
        ("epsilon-outside-root",)),
    ({"new variance": "(1 - mom) * W + mom * v"}, ("momentum-reversed",)),
    ({"new mean": "M", "first variance": "0.0"},
        ("wrong-initial-state", "statistics-not-updated")),
    ({"train root": "np.sqrt(V)", "infer root": "np.sqrt(V)"}, ("epsilon-missing",)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "names"), EXCHANGED, ids=str)
def test_constants_in_each_others_place_are_told_beside_another_mistake(changes, names):
    made = layers.Made("class", changes).factory()

    def factory(d, a, b):
        return made(d, b, a)

    report = checks.batch_norm_layer(factory)
    assert report.names == ("momentum-epsilon-mixup", *names)
    assert "but for what else is said here" in report.mistakes[0].seen
    assert fresh.reproduced(factory, report.formulas), report.formulas


@pytest.mark.parametrize("axes", ["0", "(0, 1, 2)"])
@pytest.mark.parametrize("style", layers.STYLES)
def test_constants_in_each_others_place_are_told_in_any_style(style, axes):
    made = layers.Made(style, {}, axes).factory()
    images = axes != "0"
    check = checks.batch_norm_convolution_layer if images else checks.batch_norm_layer
    report = check(lambda d, a, b: made(d, b, a))
    assert report.names == ("momentum-epsilon-mixup",)
    assert report.formulas["moving_mean"].startswith("epsilon * moving_mean")


def test_constants_exchanged_behind_keywords_are_told():
    def factory(features, *, momentum, epsilon):
        return Layer(features, epsilon, momentum)

    assert checks.batch_norm_layer(factory).names == ("momentum-epsilon-mixup",)


def test_digits_lost_at_a_large_mean_are_the_only_finding():
    def call(self, x, training):
        mean, variance = self.moving_mean, self.moving_variance
        if training:
            mean = x.mean(axis=0)
            variance = (x**2).mean(axis=0) - mean**2
            self.update(mean, variance)
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    report = checks.batch_norm_layer(other(__call__=call))
    assert report.names == ("cancelling-variance",)
    assert report.mistakes[0].seen.startswith("a large mean: in training")


def test_a_library_that_refuses_one_example_is_not_asked_for_it():
    def call(self, x, training):
        if training and len(x) == 1:
            raise ValueError("more than one value is expected")
        return Layer.__call__(self, x, training)

    verdicts = list(judged(other(__call__=call), lives.ordinary(), Manner(refuses_one=True)))
    assert len(verdicts) == len(lives.ordinary())
    assert not any(one.wrong or one.mistakes for one in verdicts)
