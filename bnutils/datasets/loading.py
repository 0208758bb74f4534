"""Which data set is meant by a name, and what to take where MNIST cannot be had.

``load("auto")`` takes MNIST where it can be had and otherwise ``digits28``, a set of the same
shape made from the digits that scikit-learn ships. It says in one line which it took and why.
"""

import os
from collections.abc import Callable

import numpy as np

from bnutils.datasets import digits, mnist
from bnutils.datasets.dataset import Dataset, scaled
from bnutils.utils import validation
from bnutils.utils.notices import say

NAMES = ("auto", "mnist", "digits28", "digits")


def load(
    name: str = "auto",
    path: str | os.PathLike[str] | None = None,
    report: Callable[[str], object] = say,
) -> Dataset:
    """Load a data set by name.

    Parameters
    ----------
    name : {"auto", "mnist", "digits28", "digits"}
        ``"mnist"``: 48,000 / 12,000 / 10,000 images of 28x28 for training, validation and
        test; looked for in ``path``, in the environment variable ``BNUTILS_DATA``, in Keras'
        cache, then downloaded to it. ``"digits28"``: 9,600 / 2,400 / 3,000 images of 28x28
        made from scikit-learn's digits, the same on every machine, without a network.
        ``"digits"``: scikit-learn's 1,797 digits as they are, 8x8. ``"auto"``: MNIST where it
        can be had, ``digits28`` otherwise (or when ``BNUTILS_DATA=digits28``).
    path : path-like, optional
        An ``mnist.npz`` in Keras' layout, or the folder that holds it.
    report : callable
        Receives the one line that ``"auto"`` says. By default it is printed.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        If the name is unknown.
    TypeError
        If ``path`` is no path or ``report`` no function.
    DataError
        If MNIST was asked for and cannot be had, or a file that was named is not MNIST.
    """
    name = validation.one_of("name", name, NAMES)
    validation.function("report", report)
    if path is not None:
        validation.path("path", path)
    if name in ("digits", "digits28"):
        return digits.digits() if name == "digits" else digits.digits28()
    if name == "mnist":
        return _load_mnist(path)
    return _automatic(path, report)


def _automatic(path: str | os.PathLike[str] | None, report: Callable[[str], object]) -> Dataset:
    """MNIST where it can be had; else the offline set, and say so."""
    if path is None and os.environ.get(mnist.VARIABLE, "").strip() == "digits28":
        report(f"Data: digits28, because {mnist.VARIABLE}=digits28.")
        return load("digits28")
    try:
        data = _load_mnist(path)
    except mnist.NotToBeHad as reason:
        report(f"Data: digits28, because MNIST cannot be had ({reason}).")
        return load("digits28")
    report(f"Data: mnist, {data.source}.")
    return data


def _load_mnist(path: str | os.PathLike[str] | None) -> Dataset:
    """MNIST with the last fifth of its training images as validation split."""
    arrays, source = mnist.find(path)
    x_train, y_train, x_test, y_test = (arrays[part] for part in mnist.CHECKSUMS)
    cut = len(x_train) * 4 // 5
    return Dataset(
        "mnist",
        scaled(x_train[:cut]),
        y_train[:cut].astype(np.int64),
        scaled(x_train[cut:]),
        y_train[cut:].astype(np.int64),
        scaled(x_test),
        y_test.astype(np.int64),
        source,
    )
