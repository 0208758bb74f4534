"""What the tests of the checks share."""

from collections.abc import Iterator

import pytest

from bnutils import checks
from bnutils.checks.calls import rooms


@pytest.fixture(autouse=True)
def _first_hints() -> Iterator[None]:
    """Begin and end each test with the first hint of every exercise."""
    checks.reset_hints()
    yield
    checks.reset_hints()


NEED_A_CHILD = ("test_calls_", "-dies-", "-too-slow-", "-too-much-memory-", "-calls-itself-")
"""In the names of tests whose functions hang, die or exhaust memory, or are about the children."""


@pytest.fixture(autouse=True)
def _here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all other calls in this process: quicker, and coverage sees them."""
    if not any(word in request.node.nodeid for word in NEED_A_CHILD):
        monkeypatch.setattr(rooms, "POSSIBLE", False)
