"""What several tests of the package need."""

import pytest

from bnutils.store import live


@pytest.fixture
def engine_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that put other functions into the engine and still want a store."""
    monkeypatch.setattr(live, "changed", lambda paths: [])
