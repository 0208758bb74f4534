"""The repository that the launch buttons lead to."""

from pathlib import Path

import pytest
from bnsite import repository

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
