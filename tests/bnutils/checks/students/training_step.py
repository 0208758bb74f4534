"""Training steps of a Keras model, right in many styles, and wrong in one way each."""

import numpy as np

from bnutils.models import import_keras

KERAS = import_keras()

import tensorflow as tf  # noqa: E402 - after Keras, which is loaded without notices

NORM = KERAS.layers.BatchNormalization


def step(model, optimizer, loss_function, x, y, *, training=True, variables=None, times=1):
    """The right step, with something to change."""
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=training))
    variables = model.trainable_variables if variables is None else variables
    gradients = tape.gradient(loss, variables)
    for _ in range(times):
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
    return loss


def applied(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return float(loss)


def only_gradients(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_variables))
    return np.asarray(loss)


@tf.function
def compiled(model, optimizer, loss_function, x, y):
    return step(model, optimizer, loss_function, x, y)


def functional(model, optimizer, loss_function, x, y):
    """The new statistics are carried on by hand."""
    state = model.non_trainable_variables
    with tf.GradientTape() as tape:
        logits, new = model.stateless_call(model.trainable_variables, state, x, training=True)
        loss = loss_function(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, value in zip(state, new, strict=True):
        variable.assign(value)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


RIGHT = [step, applied, only_gradients, compiled, functional]


def unfinished(model, optimizer, loss_function, x, y):
    raise NotImplementedError


def empty(model, optimizer, loss_function, x, y):
    """Nothing yet."""


def forgotten(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def not_applied(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    tape.gradient(loss, model.trainable_variables)
    return loss


def forward_twice(model, *rest):
    model(rest[2], training=True)
    return step(model, *rest)


def second_forward_after(model, *rest):
    """For a metric, with the weights that are new."""
    loss = step(model, *rest)
    model(rest[2], training=True)
    return loss


def discarded(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        logits, _ = model.stateless_call(
            model.trainable_variables, model.non_trainable_variables, x, training=True
        )
        loss = loss_function(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def moving_too(model, *rest):
    return step(model, *rest, variables=model.weights)


def uphill(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    gradients = [-one for one in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


def by_hand(model, optimizer, loss_function, x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        variable.assign_sub(0.1 * gradient)
    return loss


def kernels_only(model, *rest):
    kernels = [one for one in model.trainable_variables if one.path.endswith("kernel")]
    return step(model, *rest, variables=kernels)


def sum_of_losses(model, optimizer, loss_function, x, y):
    return step(model, optimizer, lambda *pair: 2 * loss_function(*pair), x, y)


def freezing(model, *rest):
    loss = step(model, *rest)
    for layer in model.layers:
        if isinstance(layer, NORM):
            layer.trainable = False
    return loss


def loss_afterwards(model, optimizer, loss_function, x, y):
    step(model, optimizer, loss_function, x, y)
    return loss_function(y, model(x, training=False))


def silent(*arguments):
    step(*arguments)


def nothing(model, optimizer, loss_function, x, y):
    return loss_function(y, model(x))


def another_batch(model, optimizer, loss_function, x, y):
    loss = loss_function(y, model(x, training=False))
    half = step(model, optimizer, loss_function, x[: len(x) // 2], y[: len(y) // 2])
    return loss if half is None else half


WRONG = {
    "inference-mode": [
        forgotten,
        lambda *arguments: step(*arguments, training=False),
        lambda *arguments: step(*arguments, training=None),
    ],
    "not-applied": [not_applied],
    "forward-twice": [forward_twice],
    "statistics-elsewhere": [second_forward_after],
    "statistics-not-moved": [discarded],
    "moving-in-the-gradient": [moving_too],
    "uphill": [uphill],
    "applied-twice": [lambda *arguments: step(*arguments, times=2)],
    "not-the-optimizer": [by_hand],
    "weights-left-out": [kernels_only],
    "layer-frozen": [freezing],
    "another-loss": [loss_afterwards],
    "loss-not-returned": [silent],
    "nothing-changed": [nothing],
    "another-step": [sum_of_losses],
}
