"""Write .binder/requirements.txt: what a learner needs, from the lock, with its hashes.

Usage: python tools/binder_requirements.py [--check]

Binder builds an image for anybody who clicks: it gets the packages that a lab imports and
JupyterLab, not those that build and test the book. Only whole entries of requirements.txt
are copied, so that versions and hashes are the same.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK, TARGET = ROOT / "requirements.txt", ROOT / ".binder" / "requirements.txt"
# flit-core builds bnutils, unfetched; the last two are imported by labs.
TOP = ("flit-core", "ipykernel", "jupyterlab", "ml-dtypes", "threadpoolctl")
HEAD = "# Written by tools/binder_requirements.py from requirements.txt; change nothing here.\n"
# repo2docker builds on this machine; an entry for another is left out.
BINDER = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(text: str) -> list[str]:
    """The lock's entries: requirement, hashes, and the comment on who asks for it."""
    return [b for b in re.split(r"(?m)^(?=[A-Za-z0-9])", text) if re.match(r"[\w.-]+==", b)]


def requirement(block: str) -> Requirement:
    """The requirement that an entry begins with."""
    return Requirement(block.split("\\")[0].split("\n")[0].strip())


def askers(block: str) -> set[str]:
    """Who asks for an entry, by the comment that the lock's tool wrote."""
    comment = block.partition("# via")[2]
    names = re.findall(r"#?\s*([A-Za-z0-9._-]+)", comment.replace("#", " "))
    return {normal(n) for n in names if n not in {"-r"}}


def wanted_here(block: str) -> bool:
    """Whether an entry is for the machine that Binder builds on."""
    marker: Marker | None = requirement(block).marker
    return marker is None or marker.evaluate(BINDER)


def top_names() -> set[str]:
    """What bnutils declares, and the notebook's own tools."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    return {normal(Requirement(r).name) for r in project["dependencies"]} | set(TOP)


def closure(lock: list[str]) -> list[str]:
    """The entries that the top names ask for, directly or through others, in order."""
    here = {normal(requirement(block).name): block for block in lock if wanted_here(block)}
    chosen = {name for name in top_names() if name in here}
    while True:
        more = {n for n, block in here.items() if n not in chosen and askers(block) & chosen}
        if not more:
            return [here[name] for name in sorted(chosen)]
        chosen |= more


def generated() -> str:
    """The file's text; comments of the lock are left out."""
    blocks = closure(entries(LOCK.read_text("utf8")))
    return HEAD + "\n".join(re.sub(r"(?m)^\s+#.*\n?", "", b).rstrip() for b in blocks) + "\n"


def main() -> None:
    """Write the file, or with ``--check`` compare it."""
    if "--check" in sys.argv[1:]:
        if TARGET.read_text("utf8") != generated():
            sys.exit(f"{TARGET} is not what the lock gives: run tools/binder_requirements.py")
        return
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(generated(), "utf8")


if __name__ == "__main__":
    main()
