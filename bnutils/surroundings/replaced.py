"""Settings that training replaces by the package's own, and puts back."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from threading import Lock
from typing import Any

from bnutils.errors import SettingWarning
from bnutils.surroundings.loading import import_keras
from bnutils.surroundings.refusals import refuse
from bnutils.utils.notices import warn


@dataclass(frozen=True)
class Setting:
    """A setting of the session, and the value that training is done under.

    Attributes
    ----------
    name, setter : str
        What reads it and what sets it, such as ``"keras.config.floatx"``. Older releases do not
        have all of them; what they lack is left alone.
    ours : object
        The package's own value.
    """

    name: str
    setter: str
    ours: Any

    def replaced(self) -> Any:
        """Set our value; return the one that was there, and say so if it was another."""
        theirs = _found(self.name, lambda: self.ours)()
        if getattr(theirs, "name", theirs) != self.ours:
            warn(
                f"{self.name}() is {getattr(theirs, 'name', theirs)!r} in this session; bnutils "
                f"trains under {self.ours!r}, so that runs can be compared, and puts it back.",
                SettingWarning,
            )
            self.set(self.ours)
        return theirs

    def set(self, value: Any) -> None:
        """Set another value."""
        _found(self.setter, lambda _: None)(value)


OURS_OF_THREAD = (Setting("keras.config.dtype_policy", "keras.config.set_dtype_policy", "float32"),)
OURS_OF_SESSION = (
    Setting("keras.config.floatx", "keras.config.set_floatx", "float32"),
    Setting("keras.config.epsilon", "keras.config.set_epsilon", 1e-7),
    Setting(
        "keras.config.image_data_format", "keras.config.set_image_data_format", "channels_last"
    ),
    Setting("keras.config.max_epochs", "keras.config.set_max_epochs", None),
    Setting("keras.config.max_steps_per_epoch", "keras.config.set_max_steps_per_epoch", None),
    Setting("tensorflow.config.functions_run_eagerly", "tensorflow.config.run_functions_eagerly",
            False),
)  # fmt: skip
OURS = OURS_OF_THREAD + OURS_OF_SESSION


@contextmanager
def ours() -> Iterator[None]:
    """Train under the package's own settings; the session's are put back afterwards.

    To be entered in each thread that trains: some settings belong to a thread, and the others
    are put back when the last one leaves.

    Raises
    ------
    SettingError
        See :func:`bnutils.surroundings.refuse`.
    """
    import_keras()
    refuse()
    import numpy as np
    import tensorflow as tf

    with (
        _replaced(OURS_OF_THREAD),  # first: Keras derives the policy from floatx when it is read
        _SESSION.held(),
        tf.device("CPU:0"),
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
    ):
        yield


class _Session:
    """Our values of the session's settings, for as long as any thread trains."""

    def __init__(self) -> None:
        self.lock, self.users = Lock(), 0
        self.theirs: list[Any] = []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Count who needs them: the first one sets them, the last one puts back what was there."""
        with self.lock:
            if not self.users:
                self.theirs = [setting.replaced() for setting in OURS_OF_SESSION]
            self.users += 1
        try:
            yield
        finally:
            with self.lock:
                self.users -= 1
                if not self.users:
                    _put_back(OURS_OF_SESSION, self.theirs)


_SESSION = _Session()


@contextmanager
def _replaced(settings: Sequence[Setting]) -> Iterator[None]:
    theirs = [setting.replaced() for setting in settings]
    try:
        yield
    finally:
        _put_back(settings, theirs)


def _put_back(settings: Sequence[Setting], theirs: Sequence[Any]) -> None:
    for setting, value in zip(settings, theirs, strict=True):
        setting.set(value)


def _found(name: str, missing: Callable[..., Any]) -> Callable[..., Any]:
    """The function of that name, or the one that stands in where a release lacks it."""
    package, _, rest = name.partition(".")
    try:
        function: Callable[..., Any] = attrgetter(rest)(sys.modules[package])
    except AttributeError:
        return missing
    return function
