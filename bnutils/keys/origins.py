"""Where code comes from: a released package whose version names it, or one's own files."""

import sys
import sysconfig
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

OURS = "bnutils"  # its version stays the same while its code changes
PYTHON = "python"
SITES = {"site-packages", "dist-packages"}


@cache
def released(module: str) -> str:
    """Return the package and version that a module belongs to; '' where that is one's own code.

    Parameters
    ----------
    module : str
        ``"numpy.linalg"``, ``"__main__"``.

    Returns
    -------
    str
        ``"numpy 2.1.0"``; ``"python"`` for the standard library.
    """
    top = module.partition(".")[0]
    if top in (OURS, "__main__") or not (place := _place(top)):
        return ""
    if place in ("built-in", "frozen") or _is_standard(Path(place)):
        return PYTHON
    if not SITES & set(Path(place).parts):
        return ""
    return _versioned(top)


def _versioned(top: str) -> str:
    """A module in a folder of packages, with its package's version; '' where that has none."""
    try:
        return f"{top} {version(top)}"
    except PackageNotFoundError:
        there = packages_distributions().get(top)  # takes half a second
        return f"{there[0]} {version(there[0])}" if there else ""


def _place(top: str) -> str:
    """The file of a module, or what Python says instead; '' where there is none."""
    if top in sys.builtin_module_names:
        return "built-in"
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return ""
    return (spec and spec.origin) or ""


def _is_standard(place: Path) -> bool:
    folders = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib"))
    return any(place.is_relative_to(one) for one in folders) and not SITES & set(place.parts)
