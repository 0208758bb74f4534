"""What a command says: results to the ordinary output, all else to the error stream.

Either may be a full disk, or a pipe that nobody reads any more.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from bnutils import errors
from bnutils.utils.notices import say


class Undelivered(Exception):  # noqa: N818 - reads as what happened
    """The ordinary output cannot be written."""


def tell(text: str, end: str = "\n") -> None:
    """Print a result.

    Parameters
    ----------
    text : str
        What to print.
    end : str
        What to print after it.

    Raises
    ------
    Undelivered
        If it cannot be written. What is printed from then on goes nowhere, or Python would try to
        write it once more at its end.
    """
    try:
        print(text, end=end, flush=True)
    except (OSError, ValueError) as problem:  # ValueError: the stream was closed
        _discard()
        raise Undelivered(getattr(problem, "strerror", None) or str(problem)) from problem


def complain(line: str) -> None:
    """Print a line to the error stream; where that cannot be written, it is lost."""
    if sys.stderr is not None:
        say(line, sys.stderr)


@contextmanager
def warnings_in_a_line() -> Iterator[None]:
    """Say the package's own warnings as errors are said, without the line of code that warned."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            if category.__module__ == errors.__name__:
                complain(f"bnutils: {message}")
            else:
                usual(message, category, *where, **more)

        warnings.showwarning = show
        yield


def _discard() -> None:
    """Send the rest of the output nowhere; it may also be a stream that is no file."""
    with suppress(OSError, ValueError, AttributeError):
        output = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, output)
        os.close(nowhere)
