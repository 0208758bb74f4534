"""Layers, right in many styles, and wrong in one way each."""

from typing import ClassVar

import numpy as np

from bnutils import reference
from tests.bnutils.checks.students.shared import parts


class Layer:
    def __init__(self, features, momentum, epsilon):
        self.gamma, self.beta = np.ones(features), np.zeros(features)
        self.moving_mean, self.moving_variance = np.zeros(features), np.ones(features)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training):
        if training:
            mean, variance = x.mean(axis=0), x.var(axis=0)
            self.update(mean, variance)
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    def update(self, mean, variance):
        kept = self.momentum
        self.moving_mean = kept * self.moving_mean + (1 - kept) * mean
        self.moving_variance = kept * self.moving_variance + (1 - kept) * variance


class LayerUpdatingInPlace(Layer):
    def update(self, mean, variance):
        self.moving_mean += (1 - self.momentum) * (mean - self.moving_mean)
        self.moving_variance += (1 - self.momentum) * (variance - self.moving_variance)


class LayerOfTheReference:
    def __init__(self, features, momentum, epsilon):
        self.state = reference.MovingStatistics.initial(features)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training=False):
        if not training:
            mean, variance = self.state.mean, self.state.variance
            return reference.batch_norm_infer(x, None, None, mean, variance, epsilon=self.epsilon)
        y, cache = reference.batch_norm_train(x, None, None, epsilon=self.epsilon)
        self.state = self.state.updated(cache.mean, cache.variance, self.momentum)
        return y


class LayerWithSeparateMethods(Layer):
    def __call__(self, x, *, training):
        return (self.train if training else self.infer)(x).tolist()

    def train(self, x):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.update(mean, variance)
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    def infer(self, x):
        scale = self.gamma / np.sqrt(self.moving_variance + self.epsilon)
        return (x - self.moving_mean) * scale + self.beta


def layer_as_a_closure(features, momentum, epsilon):
    state = {"mean": np.zeros(features), "variance": np.ones(features)}

    def layer(x, training):
        batch = {"mean": x.mean(axis=0), "variance": x.var(axis=0)}
        if training:
            for name, new in batch.items():
                state[name] = momentum * state[name] + (1 - momentum) * new
        used = batch if training else state
        return (x - used["mean"]) / np.sqrt(used["variance"] + epsilon)

    return layer


class LayerWithHistory(Layer):
    """Keeps all batches and averages them only when they are needed."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.history = []

    def update(self, mean, variance):
        self.history.append((mean, variance))

    def __call__(self, x, training):
        if not training:
            for mean, variance in self.history:
                super().update(mean, variance)
            self.history.clear()
        return super().__call__(x, training)


RIGHT = [
    Layer,
    LayerUpdatingInPlace,
    LayerOfTheReference,
    LayerWithSeparateMethods,
    layer_as_a_closure,
    LayerWithHistory,
]


class Base:
    """Right; each wrong layer replaces one method."""

    variance = 1.0

    def __init__(self, features, momentum, epsilon):
        self.m, self.v = np.zeros(features), np.full(features, self.variance)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training):
        m, v = x.mean(0), x.var(0)
        if training:
            self.update(m, v, x)
            return self.normalise(x, m, v)
        return self.infer(x)

    def infer(self, x):
        return self.normalise(x, self.m, self.v)

    def update(self, m, v, x):
        k = self.momentum
        self.m, self.v = k * self.m + (1 - k) * m, k * self.v + (1 - k) * v

    def normalise(self, x, m, v):
        return (x - m) / np.sqrt(v + self.epsilon)


class InfersWithTheBatch(Base):
    def infer(self, x):
        return self.normalise(x, x.mean(0), x.var(0))


class TrainsWithMovingStatistics(Base):
    def __call__(self, x, training):
        y = self.infer(x)
        super().__call__(x, training)
        return y


class TrainsWithUpdatedStatistics(Base):
    def __call__(self, x, training):
        super().__call__(x, training)
        return self.infer(x)


class NeverUpdates(Base):
    def update(self, m, v, x):
        pass


class Reversed(Base):
    def update(self, m, v, x):
        k = 1 - self.momentum
        self.m, self.v = k * self.m + (1 - k) * m, k * self.v + (1 - k) * v


class FixedMomentum(Base):
    def update(self, m, v, x):
        self.m, self.v = 0.9 * self.m + 0.1 * m, 0.9 * self.v + 0.1 * v


class TakesEpsilonFirst(Base):
    def __init__(self, d, a, b):
        super().__init__(d, b, a)


class ExchangesByName(Layer):
    def __init__(self, features, momentum, epsilon):
        super().__init__(features, momentum=epsilon, epsilon=momentum)


class ExchangesAttributes(Base):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.epsilon, self.momentum = self.momentum, self.epsilon


class AveragesByEpsilon(Base):
    def update(self, m, v, x):
        k = self.epsilon
        self.m, self.v = k * self.m + (1 - k) * m, k * self.v + (1 - k) * v


class MomentumUnderTheRoot(Base):
    def normalise(self, x, m, v):
        return (x - m) / np.sqrt(v + self.momentum)


class LastBatch(Base):
    def update(self, m, v, x):
        self.m, self.v = m, v


class MovingSampleVariance(Base):
    def update(self, m, v, x):
        super().update(m, x.var(0, ddof=1), x)


class MovingStd(Base):
    def update(self, m, v, x):
        super().update(m, x.std(0), x)


class UpdatesAlways(Base):
    def infer(self, x):
        self.update(x.mean(0), x.var(0), x)
        return self.normalise(x, self.m, self.v)


class UpdatesAfterInference(Base):
    def infer(self, x):
        y = self.normalise(x, self.m, self.v)
        self.update(x.mean(0), x.var(0), x)
        return y


class StartsWithVarianceZero(Base):
    variance = 0.0


class EpsilonOutside(Base):
    def normalise(self, x, m, v):
        return (x - m) / (np.sqrt(v) + self.epsilon)


class SampleVariance(Base):
    def __call__(self, x, training):
        y = super().__call__(x, training)
        return self.normalise(x, x.mean(0), x.var(0, ddof=1)) if training else y


class EachExample(Base):
    def __call__(self, x, training):
        return parts(x, self.epsilon, axis=1)[0]


class VarianceIntoMean(Base):
    def update(self, m, v, x):
        self.m = self.momentum * self.m + (1 - self.momentum) * v
        self.v = self.momentum * self.v + (1 - self.momentum) * v


class EpsilonInVariance(Base):
    def update(self, m, v, x):
        super().update(m, v + self.epsilon, x)


class EpsilonTwice(Base):
    def normalise(self, x, m, v):
        return (x - m) / np.sqrt(v + 2 * self.epsilon)


class Floor(Base):
    def normalise(self, x, m, v):
        return (x - m) / np.sqrt(np.maximum(v, self.epsilon))


class FloorOfStd(Base):
    def normalise(self, x, m, v):
        return (x - m) / np.maximum(np.sqrt(v), self.epsilon)


class Doubled(Base):
    def normalise(self, x, m, v):
        return 2 * (x - m) / np.sqrt(v + self.epsilon)


class Shared(Base):
    state: ClassVar = {}

    def update(self, m, v, x):
        super().update(m, v, x)
        self.state.update(m=self.m, v=self.v)

    def infer(self, x):
        return self.normalise(x, self.state.get("m", self.m), self.state.get("v", self.v))


class SharedBySize(Layer):
    made: ClassVar = {}

    def __init__(self, features, momentum, epsilon):
        super().__init__(features, momentum, epsilon)
        new = self.moving_mean, self.moving_variance
        self.moving_mean, self.moving_variance = self.made.setdefault(features, new)

    def update(self, mean, variance):
        for kept, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            kept += (1 - self.momentum) * (new - kept)


class ByChance(Base):
    rng = np.random.default_rng(0)

    def normalise(self, x, m, v):
        return super().normalise(x, m, v) + 0.01 * self.rng.normal(size=x.shape)


class InPlace(Base):
    def normalise(self, x, m, v):
        x -= m
        return x / np.sqrt(v + self.epsilon)


class Stub(Base):
    def __call__(self, x, training): ...


class WithoutReturn(Base):
    def __call__(self, x, training):
        super().__call__(x, training)


class WithoutTraining(Base):
    def __call__(self, x):
        return x


WRONG = {
    "train-inference-mixup": [
        InfersWithTheBatch,
        TrainsWithMovingStatistics,
        TrainsWithUpdatedStatistics,
    ],
    "statistics-not-updated": [NeverUpdates],
    "momentum-reversed": [Reversed],
    "momentum-ignored": [FixedMomentum],
    "momentum-epsilon-mixup": [
        TakesEpsilonFirst,
        ExchangesByName,
        ExchangesAttributes,
        AveragesByEpsilon,
        MomentumUnderTheRoot,
    ],
    "no-average": [LastBatch],
    "sample-variance": [MovingSampleVariance, SampleVariance],
    "std-instead-of-variance": [MovingStd],
    "updated-in-inference": [UpdatesAlways, UpdatesAfterInference],
    "wrong-initial-state": [StartsWithVarianceZero],
    "epsilon-outside-root": [EpsilonOutside],
    "wrong-statistic": [VarianceIntoMean],
    "epsilon-in-moving-variance": [EpsilonInVariance],
    "epsilon-misplaced": [EpsilonTwice],
    "epsilon-as-floor": [Floor, FloorOfStd],
    "wrong-term": [Doubled],
    "shared-state": [Shared, SharedBySize],
    "not-repeatable": [ByChance],
    "wrong-axis": [EachExample],
    "changes-its-input": [InPlace],
    "unfinished": [Stub],
    "returns-none": [WithoutReturn],
    "wrong-signature": [WithoutTraining, lambda: None, lambda *_: None],
}
