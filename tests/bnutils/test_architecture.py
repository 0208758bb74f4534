"""The house holds: arrows point down, faces are used, bodies are short, guides are complete.

The rules stand in ARCHITECTURE.md, whose list of floors is read from there. Every import counts,
also one inside a function or for type checkers only.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "bnutils"
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf8")
GUIDE = (PACKAGE / "README.md").read_text("utf8")
DOORS = ("__init__", "__main__")  # of the house: above everything


def module_name(path: Path) -> str:
    """``bnutils.store`` for its ``__init__.py``, the wing's face."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


PATHS = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf8")) for name, path in PATHS.items()}
WINGS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
TOP = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem not in DOORS)
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PATHS.values())


def imported(name: str) -> Iterator[tuple[str, str]]:
    """What a module of the package takes from which other: (module, name or "")."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name in PATHS)
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: write imports in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole, "") if whole in PATHS else (str(node.module), alias.name)


ARROWS = {
    name: sorted({(to, what) for to, what in imported(name) if to in PATHS}) for name in PATHS
}


def room(name: str) -> str:
    """The top-level module or wing that a module belongs to."""
    return name.split(".")[1]


def floors() -> list[list[str]]:
    """The floors as ARCHITECTURE.md draws them, the highest first."""
    drawing = re.search(r"```floors\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert drawing
    return [line.split() for line in drawing[1].splitlines()]


FLOOR = {name: height for height, names in enumerate(reversed(floors())) for name in names}
INDOORS = [name for name in PATHS if name not in ("bnutils", "bnutils.__main__")]


def offered_by(wing: str) -> list[str]:
    return getattr(importlib.import_module(f"bnutils.{wing}"), "__all__", [])


# ---- imports ----------------------------------------------------------------------------
def test_every_room_has_one_floor() -> None:
    named = [name for floor in floors() for name in floor]
    assert sorted(named) == sorted([*TOP, *WINGS])


@pytest.mark.parametrize("name", INDOORS)
def test_arrows_point_down(name: str) -> None:
    others = {room(to) for to, _ in ARROWS[name]} - {room(name)}
    assert [other for other in sorted(others) if FLOOR[other] >= FLOOR[room(name)]] == []


def test_there_is_no_circle() -> None:
    graph = {name: {to for to, _ in arrows} for name, arrows in ARROWS.items()}
    TopologicalSorter(graph).prepare()  # raises, and names the circle


@pytest.mark.parametrize("name", INDOORS)
def test_a_wing_is_entered_by_its_face(name: str) -> None:
    """What the face offers is taken from the face; the rest from the module that has it."""
    inside = [(to, what) for to, what in ARROWS[name] if to.count(".") > 1]
    others = [(to, what) for to, what in inside if room(to) != room(name)]
    assert [f"{to}.{what}" for to, what in others if what in offered_by(room(to))] == []


def test_nothing_private_stands_beside_the_public() -> None:
    assert [f for f in FILES if Path(f).stem.startswith("_") and Path(f).stem not in DOORS] == []


# ---- size -------------------------------------------------------------------------------
def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a body without its docstring."""
    body = function.body[ast.get_docstring(function) is not None :]
    return int(body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


BODIES = {
    f"{name}:{node.name}": lines(node)
    for name, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
}


def test_no_body_is_long() -> None:
    assert {name: length for name, length in BODIES.items() if length > 30} == {}


def test_most_bodies_are_short() -> None:
    assert median(BODIES.values()) <= 5
    assert quantiles(BODIES.values(), n=10, method="inclusive")[-1] <= 13


def test_no_module_is_long() -> None:
    lengths = {f: len((PACKAGE / f).read_text("utf8").splitlines()) for f in FILES}
    assert {f: length for f, length in lengths.items() if length > 300} == {}


# ---- the guides -------------------------------------------------------------------------
def test_the_reading_order_names_every_module() -> None:
    named = re.findall(r"\]\(([\w/]+\.py)\)", GUIDE)
    faces = {f for f in FILES if f.endswith("__init__.py")}
    assert sorted(set(named) - set(FILES)) == [], "named, but not there"
    assert sorted(set(FILES) - set(named) - faces) == [], "there, but not named"
    assert [f for f in named if named.count(f) > 1] == [], "named twice"


@pytest.mark.parametrize("guide", [ARCHITECTURE, GUIDE], ids=["ARCHITECTURE", "README"])
def test_every_wing_is_described(guide: str) -> None:
    assert [wing for wing in WINGS if f"`{wing}/`" not in guide] == []


def test_paths_in_the_architecture_exist() -> None:
    named = re.findall(r"`([\w.]+/[\w./-]+)`", ARCHITECTURE)
    assert [n for n in named if not any((base / n).exists() for base in (ROOT, PACKAGE))] == []


def test_what_import_bnutils_offers_is_in_the_reading_order() -> None:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text("utf8"))
    sources = [node for node in ast.walk(stub) if isinstance(node, ast.ImportFrom)]
    whole = {alias.name for node in sources if node.module is None for alias in node.names}
    rooms = {node.module or "" for node in sources} - {"", "engine"} | whole
    assert [r for r in sorted(rooms) if f"{r}.py" not in GUIDE and f"`{r}/`" not in GUIDE] == []
