"""Which versions of the packages numbers come from."""

from importlib.metadata import PackageNotFoundError, version


def versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on, without importing them."""
    found = {}
    for package in ("bnutils", "numpy", "keras", "tensorflow-cpu", "tensorflow"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
