"""No test depends on how long anything takes: none gives up early, none measures time.

What hangs is ended by the one limit in pyproject.toml. A test waits for a state, in a loop if need
be; where something must be told how long to wait, it is told far longer than any machine needs.
"""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]
HASTE = {
    "a limit of its own": r"(?<![\w.])timeout=\d",
    "a clock": r"\b(?:perf_counter|monotonic|process_time|time\.time)\(",
    "a network that is quiet for half a second": r"networkidle",
    "a pause instead of a state": r"(?m)^(?!\s+while ).*\n.*\bsleep\((?:[1-9]|0\.[1-9])(?!00)",
}


def found(text: str) -> list[str]:
    return [name for name, pattern in HASTE.items() if re.search(pattern, text)]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_test_is_in_no_hurry(path: Path) -> None:
    assert found(path.read_text("utf8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "subprocess.run(command, timeout=60)",
        "begun = time.perf_counter()",
        'page.wait_for_load_state("networkidle")',
        "start()\ntime.sleep(1)\n",
        "start()\ntime.sleep(0.5)\n",
    ],
)
def test_haste_is_seen(text: str) -> None:
    assert found(text)


def test_there_is_a_limit_for_what_hangs() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    assert settings["tool"]["pytest"]["ini_options"]["timeout"] >= 1800
