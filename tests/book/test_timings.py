"""Times in a page are those of the benchmarks' results, and what was not measured is a warning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from bnsite.timings import RESULTS, TimingError, timing

from tests.book.small_site import build, write

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [
    {"benchmark": "pace", "setting": {"depth": depth, "rule": "sgd"}, "values": {"ratio": ratios}}
    for depth, ratios in ((2, [1.21, 1.5, 1.36]), (10, [150.4]), (30, []))
]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("pace depth=2 rule=sgd ratio", "1.4"), ("pace depth=10 ratio", "150")],
)
def test_the_median_is_printed(asked: str, shown: str) -> None:
    assert timing(RECORDS, asked) == shown


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("pace ratio", "must fit one record; it fits 3 of: depth=2 rule=sgd; depth=10 rule=sgd"),
        ("pace depth=3 ratio", "it fits 0 of"),
        ("price ratio", "it fits 0 of: none"),
        ("pace depth=2 seconds", "no quantity 'seconds'; there are ratio"),
        ("pace depth=30 ratio", "no quantity 'ratio'"),
    ],
)
def test_what_was_not_measured_is_said(asked: str, problem: str) -> None:
    with pytest.raises(TimingError, match=problem):
        timing(RECORDS, asked)


def test_a_page_shows_the_number_and_warns_of_what_is_not_there(tmp_path: Path) -> None:
    write(tmp_path / "source" / RESULTS, json.dumps({"records": RECORDS}))
    page = "# Page\n\n{timing}`pace depth=2 ratio` times, {timing}`pace depth=7 ratio`\n"
    site, warnings = build(tmp_path, {"index": page}, "bnsite.timings")
    assert '<span class="bn-finding">1.4</span> times' in (site / "index.html").read_text("utf8")
    assert warnings.count("WARNING") == 1
    assert "timing 'pace depth=7 ratio' must fit one record" in warnings
