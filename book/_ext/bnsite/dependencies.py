"""What a lab's result depends on, found without running it.

A lab depends on its code cells, on the modules of ``bnutils`` that it uses (directly or
through one another), on the locked requirements, on the data that it would get, and on what the
environment says of findings and numbers (``BNUTILS_FINDINGS``, TensorFlow's settings). Code is
read from source: imports by ``ast``, public names from ``bnutils/__init__.pyi``. A wing that
is named, such as ``bnutils.engine``, stands for all its modules, since it may load any of
them when they are asked for. Where the source leaves a doubt, the lab depends on the whole
package: to run once too often is cheap, a stale result is not.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bnutils.surroundings.filing import HARMLESS, PREFIXES
from bnutils.utils.chapters import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGE = "bnutils"
DYNAMIC = {"import_module", "__import__", "exec", "eval"}
# One runs the files of modules that are loaded anyway, to compare them with what is loaded; the
# other imports what a lab's function imports, which is found in the lab's source here.
UNDERSTOOD = {"store.live", "keys.describing"}
NOT_CODE = {".md", ".pyc", ".pyo", ".pyi"}
# The package's variables that only say where files are; for the data see `data_state`.
PLACES = {"BNUTILS_DATA", "BNUTILS_STORE", "BNUTILS_STORE_LIMIT", "BNUTILS_SITE"}


class InDoubtError(Exception):
    """The source does not say which modules it uses."""


@dataclass(frozen=True)
class Package:
    """The package's source folder, read as text only."""

    folder: Path

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Dotted names below the package, as ``datasets`` or ``sub.part``, with their files."""
        found = {}
        for path in sorted(self.folder.rglob("*.py")):
            parts = path.relative_to(self.folder).with_suffix("").parts
            if "__pycache__" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return found

    @cached_property
    def others(self) -> list[Path]:
        """Files that are no modules, such as style sheets: any lab may depend on them."""
        return [
            p
            for p in sorted(self.folder.rglob("*"))
            if p.is_file()
            and p.suffix not in NOT_CODE | {".py"}
            and p.name != "py.typed"
            and not any(part.startswith((".", "__pycache__")) for part in p.parts)
        ]

    @cached_property
    def public(self) -> dict[str, str]:
        """Public names with the module that each is, or comes from."""
        tree = ast.parse((self.folder / "__init__.pyi").read_text("utf8"))
        names = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    itself = f"{node.module or ''}.{alias.name}".lstrip(".")
                    source = itself if itself in self.modules else node.module or alias.name
                    names[alias.asname or alias.name] = source
        return names

    def behind(self, name: str) -> list[str]:
        """The modules behind ``bnutils.<name>``; all of a wing, where the name is one's."""
        module = self.public.get(name, name)
        if module not in self.modules:
            raise InDoubtError(name)
        return [module, *(m for m in self.modules if m.startswith(f"{module}."))]

    @cached_property
    def imports(self) -> dict[str, frozenset[str] | None]:
        """What each module imports from the package; None where that is in doubt."""
        return {name: self._imports_of(name, path) for name, path in self.modules.items()}

    def _imports_of(self, name: str, path: Path) -> frozenset[str] | None:
        is_package = path.name == "__init__.py"
        try:
            return frozenset(uses(self, ast.parse(path.read_text("utf8")), name, is_package)) - {""}
        except (InDoubtError, SyntaxError):
            return None

    def closure(self, start: Iterable[str]) -> frozenset[str]:
        """All modules reached from ``start``; every module where one is in doubt."""
        seen, todo = set(), list(start)
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            reached = self.imports.get(name)
            if reached is None:
                return frozenset(self.modules)
            todo += [*reached, *parents(name)]
        return frozenset(seen | {""} if seen else ())


def parents(name: str) -> list[str]:
    """The packages that are loaded before a module: ``a.b`` of ``a.b.c``, then ``a``."""
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(len(parts) - 1, 0, -1)]


def uses(package: Package, tree: ast.AST, inside: str | None, is_package: bool) -> Iterator[str]:
    """The package's modules that a piece of code names (``inside``: the module it is in)."""
    aliases = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE:
                    below = alias.name.partition(".")[2]
                    if below:
                        yield from package.behind(below)
                    if alias.asname is None or not below:
                        aliases.add(alias.asname or PACKAGE)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(package, node, inside, is_package)
        elif isinstance(node, ast.Call) and _called(node) in DYNAMIC and inside not in UNDERSTOOD:
            raise InDoubtError(_called(node))
    if inside != "":  # the package's own __init__ loads lazily what others ask for
        yield from _attributes(package, tree, aliases)


def _imported_from(
    package: Package, node: ast.ImportFrom, inside: str | None, is_package: bool
) -> Iterator[str]:
    base = _absolute(node, inside, is_package)
    if base is None:
        return
    for alias in node.names:
        if alias.name == "*":
            raise InDoubtError("*")
        deeper = f"{base}.{alias.name}".lstrip(".")
        yield from package.behind(deeper if deeper in package.modules else base or alias.name)


def _absolute(node: ast.ImportFrom, inside: str | None, is_package: bool) -> str | None:
    """The imported module's name below the package; None for other packages' modules."""
    module = node.module or ""
    if not node.level:
        first, _, below = module.partition(".")
        return below if first == PACKAGE else None
    if inside is None:
        return None
    parts = inside.split(".") if inside else []
    keep = len(parts) - node.level + (1 if is_package else 0)
    return ".".join([*parts[: max(keep, 0)], *([module] if module else [])])


def _called(node: ast.Call) -> str:
    function = node.func
    return str(getattr(function, "id", None) or getattr(function, "attr", ""))


def _attributes(package: Package, tree: ast.AST, aliases: set[str]) -> Iterator[str]:
    """Names after ``bnutils.``; the package itself, handed around, leaves a doubt."""
    aliases = aliases | {PACKAGE}
    bases = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.value.id in aliases:
            bases.add(id(node.value))
            if not node.attr.startswith("__"):
                yield from package.behind(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in aliases and id(node) not in bases:
            raise InDoubtError(node.id)


def code_cells(notebook: Mapping[str, Any]) -> list[str]:
    """The code of a notebook's cells, in order."""
    sources = (c["source"] for c in notebook["cells"] if c["cell_type"] == "code")
    return [s if isinstance(s, str) else "".join(s) for s in sources]


def modules_of(package: Package, notebook: Mapping[str, Any]) -> frozenset[str]:
    """The modules of the package that a notebook's code reaches."""
    lines = "\n".join(code_cells(notebook)).splitlines()
    magic = [line for line in lines if line.lstrip().startswith(("%", "!"))]
    if any(PACKAGE in line for line in magic):
        return frozenset(package.modules)
    # A magic line leaves an expression in its place: an `if` above it keeps its body.
    plain = [
        line[: len(line) - len(line.lstrip())] + "..." if line in magic else line for line in lines
    ]
    try:
        return package.closure(set(uses(package, ast.parse("\n".join(plain)), None, False)))
    except (InDoubtError, SyntaxError):
        return frozenset(package.modules)


def digest(*parts: bytes | str) -> str:
    """A short text that differs where any of the parts does."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def data_state(environ: Mapping[str, str]) -> str:
    """Which data ``load("auto")`` would take, as far as files and settings tell."""
    wish = environ.get("BNUTILS_DATA", "")
    home = Path(environ.get("KERAS_HOME") or Path.home() / ".keras")
    path = Path(wish) if wish else home / "datasets" / "mnist.npz"
    if path.is_dir():
        path = path / "mnist.npz"
    try:
        stat = path.stat()
    except OSError:
        return wish or "default"
    return f"{path.absolute()} {stat.st_size} {stat.st_mtime_ns}"


def session(environ: Mapping[str, str]) -> list[str]:
    """What the environment decides of a lab's outputs: how findings are stated, and numbers."""
    return [
        f"{name}={value}"
        for name, value in sorted(environ.items())
        if name.startswith((PACKAGE.upper(), *PREFIXES)) and name not in PLACES | HARMLESS
    ]


@dataclass(frozen=True)
class Fingerprint:
    """Two notebooks' results may differ only if their fingerprints do.

    The data's part stands apart: a lab may fetch the data while it runs, so that part is
    taken afterwards, and all others before.
    """

    code: str
    data: str = field(default="")


def records_of(root: Path, notebook_path: Path) -> list[Path]:
    """The committed records that a lab compares its findings with."""
    chapter = Chapter(root, notebook_path.stem.removesuffix("-lab"))
    return sorted(chapter.findings.glob("*.json"))


def fingerprint(
    root: Path, notebook_path: Path, environ: Mapping[str, str] | None = None
) -> Fingerprint:
    """What a notebook's result depends on, in two short texts."""
    environ = os.environ if environ is None else environ
    package = Package(root / PACKAGE)
    notebook = json.loads(notebook_path.read_text("utf8"))
    modules = modules_of(package, notebook)
    files = [package.modules[m] for m in sorted(modules) if m in package.modules]
    requirements = root / "requirements.txt"
    parts: list[bytes | str] = [
        f"{sys.version_info.major}.{sys.version_info.minor}",
        requirements.read_bytes() if requirements.exists() else b"",
        *code_cells(notebook),
        *session(environ),
    ]
    depends = [*files, *package.others] if modules else []
    for path in [*depends, *records_of(root, notebook_path)]:
        parts += [path.relative_to(root).as_posix(), path.read_bytes()]
    return Fingerprint(digest(*parts), data_state(environ) if "datasets" in modules else "")
