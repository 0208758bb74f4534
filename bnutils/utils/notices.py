"""What is said beside the work: a line, a warning. Saying it never stops the work."""

import sys
import warnings
from typing import Any


def say(line: str, stream: Any = None) -> None:
    """Print a line; where the stream is closed, full or missing, it is lost.

    Parameters
    ----------
    line : str
        What to say.
    stream : file, optional
        The ordinary output by default.
    """
    try:
        print(line, file=sys.stdout if stream is None else stream, flush=True)
    except Exception:  # noqa: BLE001 - a stream may be anything, and fail in any way
        return


def warn(text: str, category: type[Warning], stacklevel: int = 2) -> None:
    """Warn as :func:`warnings.warn` does, also where the error stream cannot be written.

    Parameters
    ----------
    text : str
        What is wrong and what to do.
    category : type of Warning
        Its class. Where a filter makes it an error, it is raised.
    stacklevel : int
        As in :func:`warnings.warn`: 2 is the line that called the function which warns.
    """
    try:
        warnings.warn(text, category, stacklevel + 1)
    except Warning:
        raise
    except Exception:  # noqa: BLE001 - as above
        return
