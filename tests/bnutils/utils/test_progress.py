"""A bar is shown where it can be, and stops nothing where it cannot."""

import sys
from typing import Any

import pytest

from bnutils.utils.progress import bar
from tests.bnutils.utils.streams import STREAMS, Odd


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_no_stream_stops_the_work(monkeypatch: pytest.MonkeyPatch, stream: Any) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, stream)
    with bar(True, total=3, mininterval=0) as shown:
        for _ in range(3):
            shown.update()
    with pytest.raises(ZeroDivisionError), bar(True, total=3, mininterval=0) as shown:
        shown.update(1 // 0)


@pytest.mark.parametrize(
    ("progress", "setting", "wanted"),
    [(True, "0", True), (None, "1", True), (None, "0", False), (False, "1", False)],
)
def test_it_is_shown_when_wanted(
    monkeypatch: pytest.MonkeyPatch, progress: bool | None, setting: str, wanted: bool
) -> None:
    stream = Odd()
    for name in ("stdout", "stderr"):  # the former in a notebook
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setenv("BNUTILS_PROGRESS", setting)
    with bar(progress, total=2, mininterval=0) as shown:
        shown.update()
    assert ("2" in stream.text) is wanted


@pytest.mark.parametrize("value", ["yes", 1, 0.0, []])
def test_whether_is_yes_or_no(value: Any) -> None:
    with pytest.raises(TypeError, match="progress must be True or False; received"):
        bar(value)
