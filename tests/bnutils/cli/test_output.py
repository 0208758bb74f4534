"""The command line into a full disk, a pipe that nobody reads, and streams that are not there."""

import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from bnutils import cli as command
from bnutils.cli import compare
from bnutils.errors import StoreWarning
from bnutils.utils.notices import warn
from tests.bnutils.arguments.samples import comparison, swept
from tests.bnutils.utils.streams import STREAMS

SPOILED = pytest.mark.parametrize("stream", ["closed", "full"])
WORDS = pytest.mark.parametrize(
    "words",
    [
        ["compare"], ["compare", "--json"], ["sweep"], ["store"], ["store", "list"],
        ["store", "--json"], ["store", "clear"], ["compare", "--help"],
    ],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for is there at once."""
    monkeypatch.setenv("BNUTILS_DATA", "digits28")
    monkeypatch.setattr(compare, "compare", lambda *_, **__: comparison())
    monkeypatch.setattr("bnutils.sweep.run", lambda *_, **__: swept())
    for name in ("compare", "sweep"):
        monkeypatch.setattr(f"bnutils.cli.{name}.data_of", lambda chosen: None)


@SPOILED
@WORDS
def test_output_that_cannot_be_written_is_one_line_and_exit_4(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    stream: str,
    words: list[str],
) -> None:
    monkeypatch.setattr(sys, "stdout", STREAMS[stream])
    assert command.main(words) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bnutils: the output cannot be written (")


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize(("words", "code"), [(["store"], 0), (["compare", "--norm", "a"], 2)])
def test_an_error_stream_that_cannot_be_written_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, stream: str, words: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "stderr", STREAMS[stream])
    assert code_of(words) == code


def code_of(words: list[str]) -> Any:
    try:
        return command.main(words)
    except SystemExit as ended:  # how argparse ends
        return ended.code


def test_what_is_said_beside_the_results_is_lost_without_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    drawing = tmp_path / "drawing.svg"
    assert command.main(["compare", "--plot", str(drawing)]) == 0
    assert drawing.stat().st_size > 0
    assert "Figure" not in capsys.readouterr().out


def command_into(stdout: Any) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "bnutils", "store"], stdout=stdout, stderr=subprocess.PIPE, text=True
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_device_is_one_line_and_exit_4() -> None:
    with open("/dev/full", "w") as full:
        assert command_into(full) == (4, CANNOT.format("No space left on device"))


@pytest.mark.skipif(os.name == "nt", reason="Windows says otherwise that nobody reads")
def test_a_closed_pipe_is_one_line_and_exit_4() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert command_into(writer) == (4, CANNOT.format("Broken pipe"))
    finally:
        os.close(writer)


CANNOT = "bnutils: the output cannot be written ({})\n"


@pytest.mark.filterwarnings("default::UserWarning")
def test_a_warning_of_ours_is_one_line_and_another_one_is_shown_as_usual(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual: list[str] = []
    monkeypatch.setattr(warnings, "showwarning", lambda message, *_: usual.append(str(message)))

    def warning(*_: Any, **__: Any) -> Any:
        warn("Finished runs are not kept.", StoreWarning)
        warnings.warn("somebody else's", UserWarning, stacklevel=1)
        return comparison()

    monkeypatch.setattr(compare, "compare", warning)
    assert command.main(["compare"]) == 0
    assert capsys.readouterr().err == "bnutils: Finished runs are not kept.\n"
    assert usual == ["somebody else's"]
