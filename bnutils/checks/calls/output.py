"""What a function prints while it is checked: its start is kept, the rest forgotten."""

import io
import tempfile
from typing import IO

from bnutils.checks.calls.text import short

KEPT = 2000
"""Bytes; endless output fills neither memory nor disk."""


class Start(io.RawIOBase):
    """A stream that keeps the first bytes alone.

    Parameters
    ----------
    file : binary file, optional
        Where they are kept; nowhere if there is none.
    """

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file = file
        self._room = KEPT if file else 0

    def writable(self) -> bool:
        """Whether it can be written to, which it always can."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep what there is room for, and say that all is written."""
        start = bytes(data[: self._room])
        self._room -= len(start)
        if self._file and start:
            self._file.write(start)
        return len(data)


class Heard:
    """What was printed, by this process or by a child of it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`

    def stream(self) -> io.TextIOWrapper:
        """Return what to put in the place of ``sys.stdout``."""
        return written_to(self._file)

    def remarks(self) -> tuple[str, ...]:
        """Say what was heard, if anything."""
        self._file.seek(0)
        said = short(self._file.read().decode("utf8", "replace"))
        return (f"The function itself printed this in the check:\n{said}",) if said else ()

    def close(self) -> None:
        """Forget it."""
        self._file.close()


def written_to(file: IO[bytes] | None) -> io.TextIOWrapper:
    """Return a text stream that keeps the start of what it is given in a file."""
    return io.TextIOWrapper(Start(file), "utf8", "replace", write_through=True)  # type: ignore[arg-type]
