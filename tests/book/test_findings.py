"""Pages that print results: what they depend on, and what they warn of."""

from pathlib import Path
from types import SimpleNamespace

from bnsite import findings


def test_a_page_is_outdated_when_a_record_comes_or_goes(tmp_path: Path) -> None:
    env = SimpleNamespace(docname="page")

    def outdated() -> list[str]:
        return findings.outdated(None, env, set(), set(), set())

    assert outdated() == []
    findings.note_folder(env, tmp_path)
    assert outdated() == []
    (tmp_path / "gain.mnist.json").touch()
    assert outdated() == ["page"]
    findings.note_folder(env, tmp_path)
    (tmp_path / "notes.txt").touch()
    assert outdated() == []
    (tmp_path / "gain.mnist.json").unlink()
    assert outdated() == ["page"]
    findings.forget(None, env, "page")
    assert outdated() == []
