"""The workflows: least privilege, actions pinned by commit, and an end in sight for every job."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
LABELS = {"theorem", "measured here", "literature", "folklore"}


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)( # v\d+\.\d+\.\d+)?$", path.read_text("utf8"), re.M)
    assert used
    assert [name for name, version in used if not re.search(r"@[0-9a-f]{40}$", name)] == []
    assert [name for name, version in used if not version] == [], "say which version it is"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_more_rights_than_it_names_and_ends(path: Path) -> None:
    workflow = read(path)
    assert set(workflow["permissions"].values()) <= {"read"}
    assert [name for name, job in workflow["jobs"].items() if "timeout-minutes" not in job] == []
    assert "pipefail" in workflow["defaults"]["run"]["shell"]


def test_one_action_has_one_version_everywhere() -> None:
    text = "".join(path.read_text("utf8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (\S+)@([0-9a-f]{40})", text))
    assert len({name for name, _ in pins}) == len(pins)


def test_dependabot_watches_the_actions() -> None:
    updates = read(GITHUB / "dependabot.yml")["updates"]
    assert "github-actions" in {entry["package-ecosystem"] for entry in updates}


@pytest.mark.parametrize("path", [f for f in FORMS if f.stem != "config"], ids=lambda p: p.stem)
def test_a_form_can_be_filled_in(path: Path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= form.keys()
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids) > 0
    assert all(field["attributes"]["label"] for field in form["body"])


def test_who_brings_a_claim_is_asked_what_it_rests_on() -> None:
    for name in ("wrong-sentence", "new-evidence"):
        fields = {
            field["id"]: field for field in read(GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml")["body"]
        }
        assert set(fields["label"]["attributes"]["options"]) >= LABELS
    template = (GITHUB / "pull_request_template.md").read_text("utf8")
    assert all(label in template for label in LABELS)
