"""Statistics of a Keras model measured anew, right in many styles, and wrong in one way each."""

import numpy as np

from bnutils.models import import_keras

KERAS = import_keras()
NORM = KERAS.layers.BatchNormalization


def norms(model):
    return [layer for layer in model.layers if isinstance(layer, NORM)]


def inputs(model, layer, x, *, training=False):
    return np.asarray(KERAS.Model(model.inputs[0], layer.input)(x, training=training))


def stored(layer, mean, variance):
    layer.moving_mean.assign(mean)
    layer.moving_variance.assign(variance)


def others(h):
    return tuple(range(h.ndim - 1))


def layer_by_layer(model, x):
    for layer in norms(model):
        h = inputs(model, layer, x)
        stored(layer, h.mean(others(h)), h.var(others(h)))


def in_batches(model, x):
    """From sums, as one must where the training set does not fit into memory."""
    for layer in norms(model):
        count = total = squares = 0
        for start in range(0, len(x), 10):
            h = inputs(model, layer, x[start : start + 10]).astype(float)
            count += h[..., 0].size
            total = total + h.sum(others(h))
            squares = squares + (h**2).sum(others(h))
        mean = total / count
        stored(layer, mean, squares / count - mean**2)


def forwards(model, x):
    """By the layer itself: with momentum 0 it keeps what it sees."""
    for layer in norms(model):
        kept, layer.momentum = layer.momentum, 0.0
        layer(inputs(model, layer, x), training=True)
        layer.momentum = kept


RIGHT = [layer_by_layer, in_batches, forwards]


def unfinished(model, x):
    raise NotImplementedError


def empty(model, x):
    """Nothing yet."""


def with_(change):
    """A student who stores something else than mean and variance of the inputs h."""

    def student(model, x):
        for layer in norms(model):
            stored(layer, *change(inputs(model, layer, x), layer))

    return student


def mean_of(h):
    return h.mean(others(h))


def variance_of(h):
    return h.var(others(h))


def batch_variances(size, *, weighted):
    def change(h, layer):
        parts = [h[start : start + size] for start in range(0, len(h), size)]
        weights = [len(part) for part in parts] if weighted else None
        return mean_of(h), np.average([variance_of(part) for part in parts], 0, weights)

    return change


def order_ignored(model, x):
    measured = [inputs(model, layer, x) for layer in norms(model)]
    for layer, h in zip(norms(model), measured, strict=True):
        stored(layer, mean_of(h), variance_of(h))


def all_at_once(model, x):
    """Right without dropout: the whole set is one batch."""
    kept = [layer.momentum for layer in norms(model)]
    for layer in norms(model):
        layer.momentum = 0.0
    model(x, training=True)
    for layer, momentum in zip(norms(model), kept, strict=True):
        layer.momentum = momentum


def only_first(model, x):
    layer = norms(model)[0]
    h = inputs(model, layer, x)
    stored(layer, mean_of(h), variance_of(h))


def training_on(model, x):
    layer_by_layer(model, x)
    kernel = model.trainable_variables[0]
    kernel.assign(0.9 * kernel)


def momentum_left(model, x):
    layer_by_layer(model, x)
    norms(model)[0].momentum = 0.0


def frozen(model, x):
    layer_by_layer(model, x)
    norms(model)[-1].trainable = False


def last_batch(model, x):
    for layer in norms(model):
        for start in range(0, len(x), 16):
            h = inputs(model, layer, x[start : start + 16])
            stored(layer, mean_of(h), variance_of(h))


def on_copies(model, x):
    for layer in norms(model):
        mean, variance = layer.moving_mean.numpy().copy(), layer.moving_variance.numpy().copy()
        h = inputs(model, layer, x)
        mean[:], variance[:] = mean_of(h), variance_of(h)


def in_place(model, x):
    x -= x.mean()
    layer_by_layer(model, x)


def outputs_of(h, layer):
    y = np.asarray(layer(h, training=False))
    return mean_of(y), variance_of(y)


WRONG = {
    "order-ignored": order_ignored,
    "dropout-left-on": all_at_once,
    "layer-left-out": only_first,
    "weights-changed": training_on,
    "setting-left-changed": momentum_left,
    "of-a-part": last_batch,
    "nothing-changed": on_copies,
    "changes-its-input": in_place,
    "mean-of-batch-variances": with_(batch_variances(16, weighted=True)),
    "sample-variance": with_(lambda h, _: (mean_of(h), h.var(others(h), ddof=1))),
    "std-instead-of-variance": with_(lambda h, _: (mean_of(h), h.std(others(h)))),
    "mean-not-taken-off": with_(lambda h, _: (mean_of(h), (h**2).mean(others(h)))),
    "results-swapped": with_(lambda h, _: (variance_of(h), mean_of(h))),
    "one-for-all-channels": with_(
        lambda h, _: (np.full(h.shape[-1], h.mean()), np.full(h.shape[-1], h.var()))
    ),
    "of-one-example": with_(lambda h, _: (mean_of(h[:1]), variance_of(h[:1]))),
    "of-the-output": with_(outputs_of),
    "moved-not-set": with_(
        lambda h, layer: (
            0.9 * layer.moving_mean.numpy() + 0.1 * mean_of(h),
            0.9 * layer.moving_variance.numpy() + 0.1 * variance_of(h),
        )
    ),
    "not-the-population": with_(lambda h, _: (mean_of(h), 1.5 * variance_of(h))),
}
