"""What right layers return in a life: the oracle."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bnutils import reference
from bnutils.checks.calls.calling import Array
from bnutils.checks.life.script import Life, Pair, Setting, Step

BOTH = frozenset({"gamma", "beta"})


@dataclass
class Right:
    """A right layer, in float64."""

    setting: Setting
    gamma: Array
    beta: Array
    state: reference.MovingStatistics
    sample_variance: bool = False

    @classmethod
    def new(cls, setting: Setting, sample_variance: bool = False) -> "Right":
        """Return one that has seen nothing."""
        features = setting.features
        state = reference.MovingStatistics.initial(features)
        return cls(setting, np.ones(features), np.zeros(features), state, sample_variance)

    def set_affine(self, pair: Pair, which: Iterable[str] = BOTH) -> None:
        """Take another gamma and beta, or only the one that can be set."""
        self.gamma = pair[0] if "gamma" in which else self.gamma
        self.beta = pair[1] if "beta" in which else self.beta

    def __call__(self, x: Array, training: bool) -> Array:
        """Return y, and keep what training changes."""
        return self._train(x) if training else self._infer(x)

    def _train(self, x: Array) -> Array:
        y, cache = reference.batch_norm_train(
            x, self.gamma, self.beta, epsilon=self.setting.epsilon
        )
        count = x.size // x.shape[-1]
        unbiased = count / (count - 1) if self.sample_variance else 1.0
        variance = cache.variance * unbiased
        self.state = self.state.updated(cache.mean, variance, self.setting.momentum)
        return y

    def _infer(self, x: Array) -> Array:
        state, epsilon = self.state, self.setting.epsilon
        return reference.batch_norm_infer(
            x, self.gamma, self.beta, state.mean, state.variance, epsilon=epsilon
        )


def expected(
    life: Life, parameters: Iterable[str] = BOTH, sample_variance: bool = False
) -> tuple[Array, ...]:
    """Return what right layers give at each step.

    Parameters
    ----------
    life : Life
        The script.
    parameters : iterable of str
        Which of gamma and beta the layer lets itself be given.
    sample_variance : bool, default False
        Whether the moving variance takes the sample variance, as in PyTorch.
    """
    layers = [Right.new(setting, sample_variance) for setting in life.settings]
    return tuple(_step(layers[step.layer], step, parameters) for step in life.steps)


def _step(layer: Right, step: Step, parameters: Iterable[str]) -> Array:
    if step.affine is not None:
        layer.set_affine(step.affine, parameters)
    return layer(np.asarray(step.x, np.float64), step.training)
