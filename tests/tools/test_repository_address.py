"""The repository's address: one, wherever it stands."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import repository_address

ROOT = Path(__file__).parents[2]


def test_it_is_the_same_everywhere() -> None:
    assert repository_address.faults() == []


def test_it_is_printed() -> None:
    command = [sys.executable, str(ROOT / "tools" / "repository_address.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repository_address.address()


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that holds the address."""
    files = [ROOT / name for name in repository_address.COPIES] + repository_address.labs()
    for path in files:
        place = tmp_path / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    monkeypatch.setattr(repository_address, "ROOT", tmp_path)
    return tmp_path


def test_it_is_changed_everywhere_and_nothing_else_is(copy: Path) -> None:
    before = repository_address.address()
    texts = {path: path.read_text("utf8") for path in copy.rglob("*.*") if path.is_file()}
    repository_address.write("https://example.org/me/mine")
    assert repository_address.faults() == []
    for path, text in texts.items():
        assert before in text
        assert path.read_text("utf8") == text.replace(before, "https://example.org/me/mine")


@pytest.mark.parametrize("address", ["me/mine", "http://example.org/me/mine", "https://a/b c/d"])
def test_what_is_no_address_is_refused(copy: Path, address: str) -> None:
    with pytest.raises(SystemExit, match="An address looks like"):
        repository_address.write(address)
