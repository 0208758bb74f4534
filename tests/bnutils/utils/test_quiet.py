"""Notices are held back; everything else comes through."""

import logging
import os
import subprocess
import sys
import tempfile
from typing import Any

import pytest

from bnutils.utils.quiet import without_advice, without_notices
from tests.bnutils.utils.streams import STREAMS

NOTICE = b"I0000 port.cc:153] oneDNN custom operations are on. You may see slightly ...\n"


def test_a_notice_is_dropped_and_the_rest_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    with without_notices():
        os.write(2, b"a warning\n" + NOTICE + b"an error\n")
        assert capfd.readouterr().err == ""
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "a warning\nan error\nafterwards\n"


def test_the_rest_is_passed_on_after_an_error_too(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        os.write(2, b"what went wrong\n")
        raise ImportError

    with pytest.raises(ImportError), without_notices():
        fail()
    assert capfd.readouterr().err == "what went wrong\n"


def test_advice_is_held_back_for_the_moment(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tensorflow")
    advice = "5 out of the last 5 calls to %s triggered tf.function retracing."
    logger.propagate, before = True, logger.propagate
    try:
        with without_advice():
            logger.warning(advice, "f")
            logger.warning("something else")
        logger.warning(advice, "g")
    finally:
        logger.propagate = before
    assert [record.getMessage() for record in caplog.records] == ["something else", advice % "g"]


def fail_there() -> None:
    with without_notices():
        raise ZeroDivisionError


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_no_error_stream_stops_the_work_nor_swallows_an_error(
    monkeypatch: pytest.MonkeyPatch, stream: Any
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with without_notices():
        pass
    with pytest.raises(ZeroDivisionError):
        fail_there()


def test_without_a_temporary_folder_notices_are_shown(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def nowhere() -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", nowhere)
    with without_notices():
        os.write(2, NOTICE)
    assert capfd.readouterr().err.encode() == NOTICE
    with pytest.raises(ZeroDivisionError):
        fail_there()


CLOSED = """
import os
from bnutils.utils.quiet import without_notices
with without_notices():
    os.write(2, b"lost")
with open("first", "wb") as file:
    os.write(2, b"lost too")
    print(file.fileno() > 2, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream by its number")
def test_a_closed_error_stream_is_not_taken_by_the_next_file(tmp_path: Any) -> None:
    """Else what TensorFlow writes to the error stream would end up in that file."""
    command = [sys.executable, "-c", CLOSED]
    done = subprocess.run(
        command, cwd=tmp_path, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2), check=True
    )
    assert done.stdout.strip() == b"True"
    assert (tmp_path / "first").read_bytes() == b""
