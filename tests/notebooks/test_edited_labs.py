"""A reader changes a number, and the lab runs to its end: one of all edits of every lab.

All of them: ``python -m tools.lab_edits``, in a weekly workflow.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import lab_edits, labs


def sampled() -> Iterator[tuple[Path, lab_edits.Edit]]:
    """Of each lab the edit in the middle."""
    for lab in labs.every().values():
        edits = lab_edits.every_edit(lab)
        yield lab, edits[len(edits) // 2]


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The images that need no download; the shortened package is put back afterwards."""
    import bnutils

    before = dict(vars(bnutils))
    monkeypatch.setenv("BNUTILS_DATA", "digits28")
    yield
    for name in ("load", "compare", "recorded"):
        vars(bnutils).pop(name, None)
    vars(bnutils).update({k: v for k, v in before.items() if k in ("load", "compare", "recorded")})


@pytest.mark.parametrize(
    ("lab", "edit"), list(sampled()), ids=lambda one: getattr(one, "stem", str(one))
)
def test_an_edited_lab_runs_to_its_end_and_states_its_findings(
    lab: Path, edit: lab_edits.Edit
) -> None:
    shown = lab_edits.run_edited(lab, edit)
    assert lab_edits.problem_of(shown, lab_edits.findings_in(lab)) == ""
    assert [one.name for one in shown.findings if not one.note] == []
