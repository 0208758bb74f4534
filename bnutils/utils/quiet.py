"""Keeps notices of TensorFlow that help nobody here out of notebooks."""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2
# On some processors TensorFlow says so whatever the level of its log is.
NOTICE = re.compile(rb"oneDNN custom operations are on|before absl::InitializeLog\(\)")


@contextmanager
def without_notices() -> Iterator[None]:
    """Hold back what is written to the error stream meanwhile; pass on all but the notices.

    They are written by C++ code, which Python's own ``sys.stderr`` does not see.
    """
    sys.stderr.flush()
    kept = os.dup(STDERR)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, STDERR)
            os.close(kept)
            held.seek(0)
            os.write(STDERR, b"".join(line for line in held if not NOTICE.search(line)))


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
