"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from bnutils.utils.files import write_atomically


@pytest.mark.parametrize("content", [b"\x00\xff", "mean \N{GREEK SMALL LETTER MU}\n", ""])
def test_what_is_written_is_what_is_read(tmp_path: Path, content: bytes | str) -> None:
    file = tmp_path / "file"
    write_atomically(file, content)
    assert file.read_bytes() == (content if isinstance(content, bytes) else content.encode())


def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b" / "file", "new")
    assert (tmp_path / "a" / "b" / "file").read_text() == "new"


def test_a_file_that_is_there_is_replaced_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_atomically(str(file), "a long old text")
    write_atomically(str(file), "new")
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_meets_the_old_content_until_the_new_one_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, met = tmp_path / "file", []
    write_atomically(file, "old")
    real = os.fsync

    def looking(descriptor: int) -> None:
        met.append(file.read_text())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", looking)
    write_atomically(file, "new")
    assert met == ["old"]
    assert file.read_text() == "new"


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_target_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, problem: BaseException
) -> None:
    file = tmp_path / "file"
    write_atomically(file, "old")

    def interrupted(*_: object) -> None:
        raise problem

    owner = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, interrupted)
    with pytest.raises(type(problem)):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_target_that_cannot_be_replaced_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_atomically(folder, "new")
    assert list(tmp_path.iterdir()) == [folder]
