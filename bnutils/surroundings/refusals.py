"""Surroundings under which there is no training: nothing can be set to mend them."""

from collections.abc import Callable, Sequence

from bnutils.errors import SettingError


def refuse() -> None:
    """Raise if training would not be what it says, and nothing can be set to mend that.

    Raises
    ------
    SettingError
        If Keras is on another backend, TensorFlow does not execute eagerly, compares tensors
        as in version 1, or distributes.
    """
    for rule, is_broken, advice in REFUSED:
        if found := is_broken():
            raise SettingError(f"To train, {rule}; {found}. {advice}")


def _backend() -> str:
    import keras

    name = keras.config.backend()
    return "" if name == "tensorflow" else f"Keras was loaded on {name!r}"


def _not_eager() -> str:
    import tensorflow as tf

    return "" if tf.executing_eagerly() else "it does not"


def _compares_identities() -> str:
    import tensorflow as tf

    one = tf.constant([1])
    return "they are compared by identity" if (one == tf.constant([1])) is False else ""


def _distributes() -> str:
    import tensorflow as tf

    return "one is" if tf.distribute.has_strategy() else ""


# (rule, what breaks it in words or "", what to do)
REFUSED: Sequence[tuple[str, Callable[[], str], str]] = (
    (
        "Keras must run on TensorFlow",
        _backend,
        "Restart the kernel and import bnutils first, or set KERAS_BACKEND=tensorflow.",
    ),
    (
        "TensorFlow must execute eagerly",
        _not_eager,
        "Call bnutils outside of tf.function and tf.Graph; if eager execution was switched off, "
        "restart the kernel.",
    ),
    (
        "tensors must be compared by value",
        _compares_identities,
        "Call tf.compat.v1.enable_tensor_equality(), or restart the kernel.",
    ),
    (
        "no tf.distribute strategy may be active",
        _distributes,
        "Call bnutils outside of strategy.scope().",
    ),
)
