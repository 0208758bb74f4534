"""What a run is filed under: everything that its numbers depend on."""

import ast
from pathlib import Path

import pytest

import bnutils
from bnutils.store import identity, live
from tests.bnutils.store.samples import task

PACKAGE = Path(bnutils.__file__).parent
HARMLESS = {  # imported by what computes, and cannot change a number
    "errors", "intervals", "runs",
    "utils/files", "utils/notices", "utils/progress", "utils/quiet", "utils/scalars",
    "utils/validation", "utils/versions", "utils/wording", "utils/words", "settings",
}  # fmt: skip
# In the key by checksum, but for how they are dealt; drawing and telling; the keys themselves.
APART = {"datasets", "plotting", "results", "summaries", "tables", "store", "keys"}


def test_the_key_depends_on_everything_that_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    key, present = identity.key(task()), identity.present()
    assert key == identity.key(task())
    assert key != identity.key(task(batch_size=16))
    for part in (
        {"versions": {"numpy": "1"}},
        {"code": "edited"},
        {"format": 1},
        {"surroundings": {"a": 1}},
    ):
        monkeypatch.setattr(identity, "present", lambda part=part: {**present, **part})
        assert key != identity.key(task())


def test_what_is_only_kept_beside_does_not_change_the_key() -> None:
    assert identity.key(task()) == identity.key(task(weights=True)) == identity.key(task())
    assert identity.key(task(memory_gib=0.1)) == identity.key(task())


def imported(module: Path) -> set[Path]:
    """Files of the package that a module imports, wherever in it; of a wing, its face."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            path = PACKAGE.parent / Path(*name.split("."))
            found |= {p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()}
    return {path for path in found if PACKAGE in path.parents}


def test_the_fingerprint_covers_the_modules_that_compute() -> None:
    """All that the training code imports from the package, except what cannot change numbers."""
    seen: set[Path] = set()
    queue = {PACKAGE / "training.py", PACKAGE / "engine" / "groups.py"}
    while queue:
        module = queue.pop()
        seen.add(module)
        queue |= imported(module) - seen
    named = {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in seen}
    computing = {n for n in named - HARMLESS if n.split("/")[0] not in APART}
    covered = {
        path.relative_to(PACKAGE).with_suffix("").as_posix()
        for pattern in identity.COMPUTED_BY
        for path in PACKAGE.glob(pattern)
    }
    assert computing - {"__init__", "utils/__init__"} <= covered
    assert "datasets/splits" in covered
    assert not covered & HARMLESS


def test_an_edited_module_changes_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pattern in identity.COMPUTED_BY:
        for path in PACKAGE.glob(pattern):
            copy = tmp_path / path.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    before = identity.code_fingerprint()
    monkeypatch.setattr(live, "PACKAGE", tmp_path)
    assert before == identity.code_fingerprint()
    for name in ("engine/layers.py", "models/starts.py"):
        with (tmp_path / name).open("a") as module:
            module.write("# edited\n")
        before, old = identity.code_fingerprint(), before
        assert before != old
