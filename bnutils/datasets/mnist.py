"""Where MNIST may be, and whether what is there is MNIST."""

import hashlib
import http.client
import io
import os
import tokenize
import urllib.request
import zipfile
import zlib
from pathlib import Path

import numpy as np

from bnutils.datasets.download import fetch, reachable
from bnutils.errors import DataError
from bnutils.utils import validation
from bnutils.utils.files import write_atomically

# SHA-256 of the arrays' bytes: the archive's own hash depends on who compressed it.
CHECKSUMS = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
HOST = "storage.googleapis.com"
URL = f"https://{HOST}/tensorflow/tf-keras-datasets/mnist.npz"  # the file that Keras downloads
VARIABLE = "BNUTILS_DATA"
IMAGES = {"train": 60_000, "test": 10_000}
DAMAGED = (  # what NumPy and zipfile raise for a damaged archive
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


class NotToBeHad(DataError):  # noqa: N818 - a state of the world, not a malfunction
    """MNIST is nowhere on this machine and cannot be downloaded."""


def find(path: str | os.PathLike[str] | None = None) -> tuple[dict[str, np.ndarray], str]:
    """Return MNIST's four arrays and where they were found.

    Raises
    ------
    DataError
        If a file that ``path`` or ``BNUTILS_DATA`` names is missing or is not MNIST.
    NotToBeHad
        If nothing was named, Keras' cache has no sound copy and the download failed.
    """
    named = os.environ.get(VARIABLE, "").strip() if path is None else path
    if path is not None or named not in ("", "digits28"):
        by = "path" if path is not None else VARIABLE
        return _named(validation.path(by, named)), f"read from the file that {by} names"
    cache = keras_cache()
    if cache is None:
        return _download(None, None), "downloaded"
    try:
        return verified(cache.read_bytes(), str(cache)), "found in Keras' cache"
    except FileNotFoundError:
        return _download(cache, None), "downloaded"
    except (OSError, DataError) as problem:
        return _download(cache, problem), "downloaded"


def keras_cache() -> Path | None:
    """The file in which Keras keeps MNIST (without importing Keras), or None without a home."""
    try:
        home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    except RuntimeError:
        return None
    return home / "datasets" / "mnist.npz"


def verified(content: bytes, name: str) -> dict[str, np.ndarray]:
    """Return the four arrays of an archive, if they are MNIST's to the last byte.

    Raises
    ------
    DataError
        If the archive cannot be read, or an array is not MNIST's.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _unreadable(name, f"it is no .npz archive: it begins with {content[:16]!r}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {part: archive[part] for part in CHECKSUMS}
    except (OSError, *DAMAGED) as problem:
        raise _unreadable(name, _reason(problem)) from problem
    for part, expected in CHECKSUMS.items():
        _verify(name, part, arrays[part], expected)
    return arrays


def _unreadable(name: str, reason: str) -> DataError:
    return DataError(
        f"{name} cannot be read as MNIST in Keras' layout, an .npz of x_train, y_train, x_test, "
        f"y_test ({reason})."
    )


def _clause(problem: Exception) -> str:
    """A message as a part of a sentence."""
    return str(problem).rstrip(".")


def _reason(problem: Exception) -> str:
    """Why an archive is refused; NumPy's advice to allow pickles, which run code, is left out."""
    if "pickle" in str(problem):
        return "it holds Python objects, which are never read, instead of arrays of numbers"
    return f"{type(problem).__name__}: {_clause(problem)}"


def _verify(name: str, part: str, array: np.ndarray, expected: str) -> None:
    images = part.startswith("x")
    form = "(images, 28, 28)" if images else "(images,)"
    fits = array.ndim == (3 if images else 1) and (not images or array.shape[1:] == (28, 28))
    wrong = f"{name} is not MNIST: the array {part} must"
    if array.dtype != np.uint8 or not fits:
        raise DataError(
            f"{wrong} be uint8 of shape {form}; received {array.dtype} of shape {array.shape}."
        )
    received = hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
    if received != expected:
        count = IMAGES[part.removeprefix("x_").removeprefix("y_")]
        raise DataError(
            f"{wrong} be that of MNIST's {count} images (SHA-256 {expected[:12]}); received "
            f"{len(array)} {'images' if images else 'labels'} ({received[:12]})."
        )


def _named(file: Path) -> dict[str, np.ndarray]:
    """Read a file that the user named; whatever is wrong with it is an error."""
    remedy = (
        f"Name an intact mnist.npz in path or {VARIABLE}; or leave both out to look in Keras' "
        f"cache and download; or set {VARIABLE}=digits28 for the offline images."
    )
    try:
        file = file.expanduser()
        file = file / "mnist.npz" if os.path.isdir(file) else file
        return verified(file.read_bytes(), str(file))
    except (OSError, RuntimeError) as problem:  # RuntimeError: nobody's home folder
        reason = getattr(problem, "strerror", None) or str(problem)
        raise DataError(f"{str(file)!r} cannot be read as MNIST ({reason}). {remedy}") from problem
    except DataError as problem:
        raise DataError(f"{problem} {remedy}") from problem


def _download(cache: Path | None, spoiled: Exception | None) -> dict[str, np.ndarray]:
    """Fetch what Keras would fetch, with a bounded wait; keep it only if it is sound."""
    remedy = "set BNUTILS_DATA to an mnist.npz, or load 'digits28', which needs no download"
    note = f"; Keras' copy cannot be used: {_clause(spoiled)}" if spoiled else ""
    if not urllib.request.getproxies().get("https") and not reachable(HOST):
        raise NotToBeHad(f"no copy on this machine and no network{note}; {remedy}")
    try:
        content = fetch(URL)
        arrays = verified(content, "The downloaded file")
    except (OSError, http.client.HTTPException, DataError) as problem:
        raise NotToBeHad(f"the download failed: {_clause(problem)}{note}; {remedy}") from problem
    try:
        if cache is not None:
            write_atomically(cache, content)
    except OSError:
        return arrays  # a cache that cannot be written costs the next run a download
    return arrays
