"""The locks belong together: one set of ranges, one set of versions and hashes."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
# Binder's machine, as far as the markers of bnutils' dependencies ask.
BINDER = {"sys_platform": "linux", "platform_machine": "x86_64"}
NO_EXTRA = {"extra": ""}
Pins = dict[tuple[str, Version], frozenset[str]]  # hashes by name and version


def ranges(name: str) -> list[Requirement]:
    """The requirements of a hand-written list."""
    lines = (ROOT / name).read_text("utf8").splitlines()
    stripped = [line.partition("#")[0].strip() for line in lines]
    return [Requirement(line) for line in stripped if line]


def dependencies() -> list[Requirement]:
    """What bnutils itself declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def pins(name: str) -> Pins:
    """What a lock holds; one for all systems may hold two versions of a package."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / name).read_text("utf8"))
    return dict(pin(block) for block in blocks if not block.startswith("#"))


def pin(block: str) -> tuple[tuple[str, Version], frozenset[str]]:
    """An entry begins with its requirement, then come its hashes."""
    requirement = Requirement(block.partition("\\")[0].strip())
    (specifier,) = requirement.specifier
    key = canonicalize_name(requirement.name), Version(specifier.version)
    return key, frozenset(re.findall(r"sha256:[0-9a-f]{64}", block))


def names(lock: Pins) -> set[str]:
    return {name for name, _ in lock}


LOCKS = ("requirements.txt", ".binder/requirements.txt", ".ci/oldest.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_names_no_index(lock: str) -> None:
    assert all(pins(lock).values())
    assert not re.search(r"(?m)^-|://", (ROOT / lock).read_text("utf8"))


def test_extras_that_packages_ask_of_each_other_are_in_the_lock() -> None:
    """Else pip, asked for hashes, fails on the day on which a newer release appears."""
    lock = (ROOT / "requirements.txt").read_text("utf8")
    asked = [Requirement(line) for d in distributions() for line in d.requires or ()]
    here = [r for r in asked if r.extras and (r.marker is None or r.marker.evaluate(NO_EXTRA))]
    lines = {f"{canonicalize_name(r.name)}[{','.join(sorted(r.extras))}]==" for r in here}
    assert [line for line in sorted(lines) if f"\n{line}" not in lock] == []


def test_the_course_asks_for_what_bnutils_asks_for() -> None:
    course = {(r.name, str(r.specifier), str(r.marker)) for r in ranges("requirements.in")}
    assert {(r.name, str(r.specifier), str(r.marker)) for r in dependencies()} <= course


def test_the_lock_covers_every_range() -> None:
    wanted = {canonicalize_name(r.name) for r in ranges("requirements.in")}
    assert wanted <= names(pins("requirements.txt"))


def test_binder_has_a_part_of_the_lock() -> None:
    """The same versions with the same hashes, and fewer of them."""
    assert pins(".binder/requirements.txt").items() < pins("requirements.txt").items()


def test_binder_covers_what_the_labs_need() -> None:
    here = [r for r in dependencies() if r.marker is None or r.marker.evaluate(BINDER)]
    wanted = {canonicalize_name(r.name) for r in (*here, *ranges(".binder/requirements.in"))}
    assert wanted <= names(pins(".binder/requirements.txt"))


def test_binder_fetches_nothing_unlocked() -> None:
    build = (ROOT / ".binder" / "postBuild").read_text("utf8")
    assert "set -e" in build
    assert "--no-deps --no-build-isolation" in build


def test_the_oldest_are_the_lower_bounds() -> None:
    """To the digits that a bound has; if one was lowered, delete the file and `make lock`."""
    oldest = dict(pins(".ci/oldest.txt").keys())
    for requirement in (*dependencies(), *ranges(".ci/oldest.in")):
        bound = next(s for s in requirement.specifier if s.operator == ">=").version
        pinned = oldest[canonicalize_name(requirement.name)]
        assert pinned.release[: len(Version(bound).release)] == Version(bound).release, requirement


def test_the_oldest_tools_are_those_of_the_course() -> None:
    course = {str(r) for r in ranges("requirements.in")}
    assert {str(r) for r in ranges(".ci/oldest.in")} <= course
