"""Layers of NumPy, however they are made and told that they train."""

import numpy as np
import pytest

from bnutils.checks.fitting.factory import fitted_factory
from bnutils.checks.fitting.layers import set_affine
from tests.bnutils.checks.fits import lives


class Plain:
    """As the exercise has it; the others change one thing each."""

    def __init__(self, features, momentum, epsilon):
        self.momentum, self.epsilon = momentum, epsilon
        self.gamma, self.beta = np.ones(features), np.zeros(features)
        self.mean, self.variance = np.zeros(features), np.ones(features)

    def __call__(self, x, training):
        return self.transform(x, training)

    def transform(self, x, training):
        mean, variance = self.mean, self.variance
        if training:
            k, over = self.momentum, tuple(range(x.ndim - 1))
            mean, variance = x.mean(over), x.var(over)
            self.mean = k * self.mean + (1 - k) * mean
            self.variance = k * self.variance + (1 - k) * variance
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta


def test_what_fits_needs_no_remark():
    assert lives(Plain).remarks == ()
    assert lives(lambda *those: Plain(*those)).remarks == ()
    assert lives(lambda n, m, e: Plain(n, m, e), images=True).remarks == ()


# ---- making -----------------------------------------------------------------------------
class InAnotherOrder(Plain):
    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        super().__init__(num_features, momentum, eps)


class ByName(Plain):
    def __init__(self, dim, *, eps, decay):
        super().__init__(dim, decay, eps)


class WithConstants(Plain):
    def __init__(self, n):
        super().__init__(n, 0.95, 1e-4)


class WithAxis(Plain):
    def __init__(self, features, axis=-1, momentum=0.9, epsilon=1e-3):
        super().__init__(features, momentum, epsilon)


class WithMore(Plain):
    def __init__(self, features, momentum, epsilon, device):
        super().__init__(features, momentum, epsilon)


def test_momentum_and_epsilon_in_each_others_place_are_refused():
    (found,) = fitted_factory(InAnotherOrder).mistakes
    assert found.name == "wrong-signature"
    line = (
        "checks.batch_norm_layer(lambda features, momentum, epsilon: InAnotherOrder("
        "num_features=features, momentum=momentum, eps=epsilon))"
    )
    assert line in " ".join(found.seen.split())
    lives(
        lambda features, momentum, epsilon: InAnotherOrder(
            num_features=features, momentum=momentum, eps=epsilon
        )
    )


def test_a_parameter_that_the_exercise_lacks_is_refused():
    (found,) = fitted_factory(WithMore).mistakes
    assert "device=..." in found.seen


def test_keywords_only_and_other_parameters_are_called_by_name():
    lives(ByName, "ByName(dim=features, decay=momentum, eps=epsilon)")
    lives(WithAxis, "WithAxis(features=features, momentum=momentum, epsilon=epsilon)")


def test_constants_of_its_own_are_found():
    lives(
        WithConstants,
        "Judged by the layer's own momentum = 0.95 and epsilon = 0.0001.",
        constants={"momentum": 0.95, "epsilon": 1e-4},
    )


def test_a_layer_is_no_factory():
    with pytest.raises(TypeError, match="The factory, its name without brackets"):
        fitted_factory(3)


def test_a_factory_that_raises_or_gives_nothing_is_left_to_the_check():
    def raising(features, momentum, epsilon):
        raise ValueError("no")

    fitted = fitted_factory(raising)
    assert not fitted.mistakes
    with pytest.raises(ValueError, match="no"):
        fitted(4, 0.8, 0.1)
    with pytest.raises(TypeError, match="the factory returns None"):
        fitted_factory(lambda features, momentum, epsilon: None)(4, 0.8, 0.1)
    with pytest.raises(TypeError, match="What the factory returns must be something"):
        fitted_factory(lambda features, momentum, epsilon: 3)(4, 0.8, 0.1)


# ---- being told -------------------------------------------------------------------------
class Flag(Plain):
    def __call__(self, x, train_flg=True):
        return self.transform(x, train_flg)


class Upside(Plain):
    def __call__(self, x, inference=False):
        return self.transform(x, not inference)


class Word(Plain):
    def __call__(self, x, mode="train"):
        assert mode in ("train", "test")
        return self.transform(x, mode == "train")


class OtherWord(Plain):
    def __call__(self, x, mode="infer"):
        assert mode in ("train", "infer")
        return self.transform(x, mode == "train")


class LongWord(Plain):
    def __call__(self, x, mode="training"):
        assert mode in ("training", "test")
        return self.transform(x, mode == "training")


class NoWord(Plain):
    def __call__(self, x, mode=True):
        assert mode in (True, False)
        return self.transform(x, mode)


class Position(Plain):
    def __call__(self, x, t):
        return self.transform(x, t)


class Attribute(Plain):
    training = True

    def __call__(self, x):
        return self.transform(x, self.training)


class WordAttribute(Plain):
    mode = "train"

    def __call__(self, x):
        return self.transform(x, self.mode == "train")


class OtherWordAttribute(Plain):
    mode = "eval"

    def __call__(self, x):
        assert self.mode in ("train", "eval")
        return self.transform(x, self.mode == "train")


class Switched(Plain):
    on = True

    def train(self):
        self.on = True

    def eval(self):
        self.on = False

    def __call__(self, x):
        return self.transform(x, self.on)


class Anything(Plain):
    def __call__(self, *those, **named):
        return self.transform(*those, **named)


class Forward:
    def __init__(self, features, momentum, epsilon):
        inner = Plain(features, momentum, epsilon)
        self.params = {"gamma": inner.gamma, "beta": inner.beta}
        self.inner = inner

    def forward(self, x, is_training):
        self.inner.gamma, self.inner.beta = self.params["gamma"], self.params["beta"]
        return self.inner(x, is_training), "cache"


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (Flag, "layer(x, train_flg=True)"),
        (Upside, "layer(x, inference=False)"),
        (Word, "layer(x, mode='train')"),
        (OtherWord, "layer(x, mode='train')"),
        (Position, "layer(x, True)"),
        (Attribute, "layer.training = True; layer(x)"),
        (LongWord, "layer(x, mode='training')"),
        (NoWord, "layer(x, mode=True)"),
        (WordAttribute, "layer.mode = 'train'; layer(x)"),
        (OtherWordAttribute, "layer.mode = 'train'; layer(x)"),
        (Switched, "layer.train(); layer(x)"),
        (Anything, ""),
        (Forward, "layer.forward(x, is_training=True)"),
    ],
)
def test_a_layer_is_told_in_its_own_manner(factory, said):
    lives(factory, said)


def test_a_layer_that_cannot_be_told_fails_when_it_is_called():
    class Deaf(Plain):
        def __call__(self, x):
            return x

    with pytest.raises(TypeError, match="training"):
        fitted_factory(Deaf)(4, 0.8, 0.1)(np.ones((2, 4)), training=True)


# ---- gamma and beta ---------------------------------------------------------------------
class Renamed(Plain):
    def __init__(self, *those):
        super().__init__(*those)
        self._weight, self._bias = self.gamma[None], self.beta[None]

    def __call__(self, x, training):
        self.gamma, self.beta = self._weight[0], self._bias[0]
        return self.transform(x, training)


class Scalars(Plain):
    def __init__(self, *those):
        super().__init__(*those)
        self.gamma, self.beta = 1, 0


class Slots:
    __slots__ = ("b", "g", "inner")

    def __init__(self, *those):
        self.inner = Plain(*those)
        self.g, self.b = self.inner.gamma, self.inner.beta

    def __call__(self, x, training):
        self.inner.gamma, self.inner.beta = self.g, self.b
        return self.inner(x, training)


class Without:
    def __init__(self, features, momentum, epsilon):
        self.kernel = np.ones((features, features))
        self.gamma = None

    def __call__(self, x, training):
        return x


def test_gamma_and_beta_have_many_names():
    fitted = fitted_factory(Renamed)
    layer = fitted(4, 0.8, 0.1)
    layer.own.__dict__.pop("gamma")
    layer.own.__dict__.pop("beta")
    assert set_affine(layer, np.arange(4.0), np.ones(4))
    assert layer.own._weight.shape == (1, 4)
    lives(Scalars)
    lives(Slots)


def test_a_layer_without_them_says_so():
    layer = fitted_factory(Without)(4, 0.8, 0.1)
    assert not set_affine(layer, np.ones(4), np.ones(4))
