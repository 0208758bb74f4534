"""Keras is loaded on TensorFlow, whatever the session or a file on this machine says."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from bnutils.errors import KerasError, SettingWarning
from bnutils.surroundings.filing import at_start
from bnutils.utils.notices import warn
from bnutils.utils.quiet import without_notices

BACKEND = "KERAS_BACKEND"
THREADS = "TF_NUM_INTRAOP_THREADS"
HALF_IMPORTED = "Keras was being imported and is only half there: restart the kernel."


def import_keras() -> Any:
    """Import Keras on TensorFlow, which takes seconds the first time, without its log lines.

    ``KERAS_BACKEND`` and ``keras.json`` do not matter: the course is on TensorFlow.

    Raises
    ------
    KerasError
        If it cannot be imported, as after an interrupted attempt.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    try:
        with nullcontext() if "keras" in sys.modules else _on_tensorflow():
            import keras
        _one_core_each()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(HALF_IMPORTED) from None
    except Exception as problem:
        raise KerasError(
            f"Keras on TensorFlow must be importable; it is not ({type(problem).__name__}: "
            f"{problem}). If its import was interrupted before, restart the kernel; else install "
            "keras and tensorflow again."
        ) from problem
    return keras


@contextmanager
def _on_tensorflow() -> Iterator[None]:
    """Let Keras be loaded on TensorFlow, whatever the environment names."""
    theirs = os.environ.get(BACKEND)
    if theirs not in (None, "tensorflow"):
        warn(f"{BACKEND} is {theirs!r}; bnutils loads Keras on TensorFlow.", SettingWarning)
    os.environ[BACKEND] = "tensorflow"
    try:
        at_start()
        with without_notices():
            yield
    finally:
        if theirs is None:
            del os.environ[BACKEND]
        else:
            os.environ[BACKEND] = theirs


def _one_core_each() -> None:
    """Let TensorFlow keep an operation on one core: trainings are what shares out the cores.

    Left alone if somebody has chosen otherwise, or TensorFlow is at work already. Whatever it is,
    it decides nothing but the rounding.
    """
    import tensorflow as tf

    if THREADS not in os.environ and not tf.config.threading.get_intra_op_parallelism_threads():
        with suppress(RuntimeError):  # it is at work
            tf.config.threading.set_intra_op_parallelism_threads(1)
