"""What all tests share: quiet, offline, and away from the user's own files."""

import os
from pathlib import Path

import hypothesis
import pytest

# No deadline: a test never depends on the clock. The same examples every time.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True)
hypothesis.settings.load_profile("course")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
os.environ["MPLBACKEND"] = "agg"
os.environ["BNUTILS_PROGRESS"] = "0"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a store, a Keras cache and a data setting of its own."""
    monkeypatch.setenv("BNUTILS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("BNUTILS_DATA", raising=False)
    monkeypatch.delenv("BNUTILS_FINDINGS", raising=False)
