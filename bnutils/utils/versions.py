"""Which versions of the packages numbers come from."""

from importlib.metadata import PackageNotFoundError, version

# TensorFlow and Keras have several names.
PACKAGES = (
    "bnutils", "numpy", "keras", "keras-nightly", "tensorflow-cpu", "tensorflow",
    "tensorflow-intel", "tensorflow-macos", "intel-tensorflow", "tf-nightly", "tf-nightly-cpu",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on, without importing them."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
