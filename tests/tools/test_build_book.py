"""The build command: what can go wrong ends in a message and a non-zero exit code."""

import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tools import build_book

TOC = "root: book/index\nparts:\n  - chapters:\n      - file: book/one\n"
WRITE = """
import pathlib
for name in {names}:
    page = pathlib.Path("_build/html", name + ".html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("x" * 1000)
{then}
"""
ALL = ["index", "book/index", "book/one"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_toc.yml").write_text(TOC)
    return tmp_path


def run(root: Path, names: list[str], then: str = "", limit: float = build_book.LIMIT) -> int:
    code = WRITE.format(names=names, then=then)
    return build_book.main(root, [sys.executable, "-c", code], limit)


def test_a_complete_build_says_where_it_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, ALL) == 0
    assert str(root / "_build" / "html" / "index.html") in capsys.readouterr().out


def test_a_missing_page_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, ALL[:2]) == 1
    assert "Missing page: _build/html/book/one.html" in capsys.readouterr().err


def test_a_failing_build_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, ALL, "raise SystemExit(3)") == 1
    assert "exit code 3" in capsys.readouterr().err


def test_a_build_that_hangs_is_stopped(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, ALL, "import time; time.sleep(600)", limit=1) == 1
    assert "Stopped after 1 s." in capsys.readouterr().err


def test_two_builds_at_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "_build").mkdir()
    with FileLock(root / "_build" / ".lock"):
        assert run(root, ALL) == 1
    assert "Another build" in capsys.readouterr().err
    assert run(root, ALL) == 0


def test_after_an_interrupted_build_every_page_is_read_again(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = root / "_build" / ".doctrees" / "one.doctree"
    old.parent.mkdir(parents=True)
    old.touch()
    assert run(root, ALL) == 0
    assert old.exists()
    assert run(root, ALL, "raise SystemExit(1)") == 1
    assert run(root, ALL) == 0
    assert not old.exists()
    capsys.readouterr()
    assert run(root, ALL) == 0
    assert "did not end" not in capsys.readouterr().out


def test_the_table_of_contents_is_read_in_full() -> None:
    expected = build_book.expected_pages(build_book.ROOT)
    assert len(expected) == len(set(expected)) > 15
    sources = {path.relative_to(build_book.ROOT / "_build" / "html") for path in expected[1:]}
    for source in sources:
        stem = build_book.ROOT / source.with_suffix("")
        assert stem.with_suffix(".md").is_file() or stem.with_suffix(".ipynb").is_file()


def test_kernels_write_nothing_outside_the_checkout(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BNUTILS_STORE")
    assert build_book.environment(root)["BNUTILS_STORE"] == str(root / "_build" / "runs")


@pytest.mark.parametrize("name", ["_build", "_build/.lock", "_build/.unfinished"])
def test_a_checkout_that_cannot_be_written_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Something of another kind stands where the build writes first: nobody can write there."""
    if name == "_build":
        (root / name).write_text("in the way")
    elif name.endswith(".lock"):
        (root / name).mkdir(parents=True)
    else:
        (root / "_build").mkdir()
        (root / name).symlink_to(root / "no" / "where")
    assert run(root, ALL) == 1
    error = capsys.readouterr().err
    assert "must be a folder that you can write" in error
    assert error.count("\n") == 1


def test_keras_keeps_its_files_in_the_checkout_where_there_is_no_home(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would take ``/tmp/.keras``, with whatever settings somebody left there."""
    own = str(root / "_build" / "keras")
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(root))
    assert "KERAS_HOME" not in build_book.environment(root)
    monkeypatch.setenv("HOME", str(root / "nowhere"))
    assert build_book.environment(root)["KERAS_HOME"] == own
    (root / "nowhere" / ".keras").mkdir(parents=True)  # read before, if not to be written
    assert "KERAS_HOME" not in build_book.environment(root)

    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert build_book.environment(root)["KERAS_HOME"] == own
    monkeypatch.setenv("KERAS_HOME", "chosen")
    assert build_book.environment(root)["KERAS_HOME"] == "chosen"
