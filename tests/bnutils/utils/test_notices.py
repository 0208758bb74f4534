"""What is said beside the work stops nothing."""

import sys
import warnings
from typing import Any

import pytest

from bnutils.utils.notices import say, warn
from tests.bnutils.utils.streams import STREAMS, Odd


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_no_stream_stops_the_work(monkeypatch: pytest.MonkeyPatch, stream: Any) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    say("a line")
    say("a line", stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", SHOW)
        warn("a warning", UserWarning)


SHOW = warnings.showwarning  # pytest has put its own there


def test_a_line_is_said() -> None:
    stream = Odd()
    say("a line", stream)
    assert stream.text == "a line\n"


def test_a_warning_names_the_line_that_asked() -> None:
    def asked() -> None:
        warn("careful", UserWarning)

    with pytest.warns(UserWarning, match="careful") as seen:
        asked()
    assert seen[0].filename == __file__


def test_a_warning_may_be_made_an_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="careful"):
            warn("careful", UserWarning)


def test_a_warning_that_cannot_be_shown_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no place to show it")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", broken)
        warn("something is odd", UserWarning)
