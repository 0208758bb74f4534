"""Where numbers come from: which data, which versions of the packages."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bnutils.datasets import Dataset


def provenance(data: Dataset) -> dict[str, Any]:
    """Return name, source and checksum of the data, and the versions."""
    source = {"name": data.name, "source": data.source, "checksum": data.checksum}
    return {"data": source, "versions": versions()}


def versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on, without importing them."""
    found = {}
    for package in ("bnutils", "numpy", "keras", "tensorflow-cpu", "tensorflow"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
