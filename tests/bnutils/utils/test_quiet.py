"""Notices are held back; everything else comes through."""

import logging
import os

import pytest

from bnutils.utils.quiet import without_advice, without_notices

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
