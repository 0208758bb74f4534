"""The repository that the launch buttons lead to."""

from pathlib import Path

import nbformat
import pytest
from bnsite import repository

from tools import repository_address

ROOT = Path(__file__).parents[2]


def test_address_of_a_fork() -> None:
    here = repository.address(ROOT, {})
    assert here.startswith("https://")
    fork = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "me/mine"}
    assert repository.address(ROOT, fork) == "https://github.com/me/mine"


@pytest.mark.parametrize(
    ("environ", "branch"),
    [
        ({}, "main"),
        ({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF_NAME": "12/merge"}, "main"),
        (
            {
                "GITHUB_EVENT_NAME": "push",
                "GITHUB_REF_TYPE": "branch",
                "GITHUB_REF_NAME": "trunk",
            },
            "trunk",
        ),
    ],
)
def test_branch(environ: dict[str, str], branch: str) -> None:
    assert repository.branch(environ) == branch


FORK = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "me/mine",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_SHA": "0123abc",
}


@pytest.mark.parametrize("lab", repository_address.labs(), ids=lambda path: path.stem)
def test_a_downloaded_lab_installs_what_its_site_was_built_from(lab: Path) -> None:
    committed = lab.read_text("utf8")
    assert repository.own(committed, ROOT, {}) == committed
    first = nbformat.reads(repository.own(committed, ROOT, FORK), as_version=4).cells[1]
    assert first.source == repository_address.bootstrap("https://github.com/me/mine", "0123abc")


def test_a_pull_request_has_no_commit_to_fetch() -> None:
    assert repository.commit({**FORK, "GITHUB_EVENT_NAME": "pull_request"}) == ""


@pytest.mark.parametrize(
    ("server", "name", "site"),
    [
        ("https://github.com", "Me/mine", "https://me.github.io/mine/"),
        ("https://github.com", "me/Me.github.io", "https://me.github.io/"),
        ("https://example.org", "me/mine", ""),
    ],
)
def test_the_site_of_a_fork_has_an_address_of_its_own(server: str, name: str, site: str) -> None:
    environ = {"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": name}
    assert repository.site_address(ROOT, environ) == site
