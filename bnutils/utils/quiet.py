"""Keeps notices of TensorFlow that help nobody here out of notebooks.

That is for the eye only: where the error stream is closed or no file, or there is no folder for
temporary files, the notices are shown, and nothing else happens.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

STDERR = 2
# On some processors TensorFlow says so whatever the level of its log is.
NOTICE = re.compile(rb"oneDNN custom operations are on|before absl::InitializeLog\(\)")


@contextmanager
def without_notices() -> Iterator[None]:
    """Hold back what is written to the error stream meanwhile; pass on all but the notices.

    They are written by C++ code, which Python's own ``sys.stderr`` does not see.
    """
    _keep_open()
    held = _hold_back()
    try:
        yield
    finally:
        if held is not None:
            _pass_on(*held)


def _keep_open() -> None:
    """Give a closed error stream a place to go: else the next file that is opened takes it."""
    try:
        os.fstat(STDERR)
    except OSError:
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != STDERR:
                os.dup2(nowhere, STDERR)
                os.close(nowhere)


def _hold_back() -> tuple[IO[bytes], int] | None:
    """Send the error stream to a temporary file; return it and the stream, or None."""
    _flush()
    try:
        held = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is passed on
    except OSError:
        return None
    try:
        kept = os.dup(STDERR)
        os.dup2(held.fileno(), STDERR)
    except OSError:
        held.close()
        return None
    return held, kept


def _pass_on(held: IO[bytes], kept: int) -> None:
    """Put the error stream back and write to it what was held back."""
    _flush()
    with suppress(OSError):
        os.dup2(kept, STDERR)
        os.close(kept)
        held.seek(0)
        os.write(STDERR, b"".join(line for line in held if not NOTICE.search(line)))
    held.close()


def _flush() -> None:
    """Flush Python's own error stream, if there is one and it can be flushed."""
    with suppress(Exception):
        sys.stderr.flush()


@contextmanager
def without_advice() -> Iterator[None]:
    """Hold back TensorFlow's advice to trace less often: each network is traced once, as meant."""

    def wanted(record: logging.LogRecord) -> bool:
        return "tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(wanted)
    try:
        yield
    finally:
        logger.removeFilter(wanted)
