"""The one kind of progress bar."""

import os
import sys
from collections.abc import Callable
from typing import Any

from bnutils.utils.validation import flag

Tick = Callable[[int], object]  # told how many updates were done just now


class Forgiving:
    """A stream that may be closed, full or no file at all: what cannot be written is lost."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        try:
            self.stream.write(text)
        except Exception:  # noqa: BLE001 - a stream may be anything, and fail in any way
            return 0
        return len(text)

    def flush(self) -> None:
        """Flush if it can be done."""
        try:
            self.stream.flush()
        except Exception:  # noqa: BLE001 - as above
            return

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def bar(progress: bool | None, **settings: Any) -> Any:
    """Return a tqdm bar that goes away when it is done, and never stops what it shows.

    In a notebook it is written to the ordinary output, elsewhere to the error stream, which
    leaves the ordinary output to results.

    Parameters
    ----------
    progress : bool, optional
        Whether to show it; by default unless ``BNUTILS_PROGRESS=0``.
    **settings
        Of ``tqdm.tqdm``.

    Raises
    ------
    TypeError
        If ``progress`` is something else.
    """
    from tqdm import tqdm

    usual = os.environ.get("BNUTILS_PROGRESS") != "0"
    wanted = usual if progress is None else flag("progress", progress)
    stream = sys.stdout if "ipykernel" in sys.modules else sys.stderr
    shown = Forgiving(stream)
    off = stream is None or not wanted
    return tqdm(leave=False, file=shown, disable=off, dynamic_ncols=True, **settings)
