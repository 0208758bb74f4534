"""Error streams as they are met: closed, full, of an odd class."""

import errno
from typing import Any


class Closed:
    """As a file after ``close()``."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise ValueError("I/O operation on closed file.")

    def flush(self) -> None:
        raise ValueError("I/O operation on closed file.")


class Full(Closed):
    """As a file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    flush = write  # type: ignore[assignment]


class Odd:
    """Takes text and can do nothing else."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


STREAMS: dict[str, Any] = {"none": None, "closed": Closed(), "full": Full(), "odd": Odd()}
