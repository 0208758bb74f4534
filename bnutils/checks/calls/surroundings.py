"""Around a call: nothing that a function sets, prints or asks for gets out of it."""

import builtins
import io
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from bnutils.checks.calls.output import written_to


def _streams() -> tuple[Any, ...]:
    return sys.stdin, sys.stdout, sys.stderr, builtins.input, sys.breakpointhook


def _set_streams(old: tuple[Any, ...]) -> None:
    sys.stdin, sys.stdout, sys.stderr, builtins.input, sys.breakpointhook = old


def _set_environment(old: dict[str, str]) -> None:
    if os.environ.copy() != old:
        os.environ.clear()
        os.environ.update(old)


def _folder() -> str | None:
    with suppress(OSError):  # somebody removed it
        return os.getcwd()
    return None


def _set_folder(old: str | None) -> None:
    if old is not None and _folder() != old:
        os.chdir(old)


STATE: tuple[tuple[Callable[[], Any], Callable[[Any], None]], ...] = (
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (_folder, _set_folder),
    (os.environ.copy, _set_environment),
    (_streams, _set_streams),
)
"""What every program shares: how it is read, and how it is set to what it was."""


@contextmanager
def undisturbed(stream: io.TextIOBase | None = None) -> Iterator[None]:
    """Set everything back after a call, and let nothing be heard or asked meanwhile.

    Parameters
    ----------
    stream : text stream, optional
        What takes the place of ``sys.stdout`` and ``sys.stderr``; by default nobody listens.
    """
    before = [(put, get()) for get, put in STATE]
    heard = stream or written_to(None)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), np.printoptions():
            warnings.simplefilter("ignore")
            _set_streams((io.StringIO(), heard, heard, _nobody_answers, _no_breakpoint))
            yield
    finally:
        for put, value in before:
            put(value)


def _nobody_answers(prompt: object = "") -> str:
    raise EOFError("input() has nobody to ask while a function is checked")


def _no_breakpoint(*arguments: object, **words: object) -> None:
    """Go on: in a check there is nobody at the debugger."""
