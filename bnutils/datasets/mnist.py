"""Where MNIST may be, and whether what is there is MNIST."""

import hashlib
import http.client
import io
import os
import socket
import threading
import time
import tokenize
import urllib.request
import zipfile
import zlib
from pathlib import Path

import numpy as np

from bnutils.errors import DataError
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
PATIENCE = 3.0  # seconds to wait for a network that may not be there
DEADLINE = 60.0  # seconds for the whole download
DOWNLOAD_LIMIT = 60_000_000  # bytes; the file has 11.5 million
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
    named = path or os.environ.get("BNUTILS_DATA")
    if named and named != "digits28":
        return _named(Path(named).expanduser())
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
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {part: archive[part] for part in CHECKSUMS}
    except (OSError, *DAMAGED) as problem:
        raise DataError(
            f"{name} cannot be read as MNIST in Keras' layout, an .npz of x_train, y_train, "
            f"x_test, y_test ({type(problem).__name__}: {problem})."
        ) from problem
    for part, expected in CHECKSUMS.items():
        _verify(name, part, arrays[part], expected)
    return arrays


def _verify(name: str, part: str, array: np.ndarray, expected: str) -> None:
    shape = (len(array) if array.ndim else 0, *((28, 28) if part.startswith("x") else ()))
    received = hashlib.sha256(array.tobytes()).hexdigest()
    if array.dtype != np.uint8 or array.shape != shape or received != expected:
        raise DataError(
            f"{name} is not MNIST: the array {part} must be uint8 of shape {shape} with SHA-256 "
            f"{expected[:12]}...; received {array.dtype} of shape {array.shape} with "
            f"{received[:12]}... ."
        )


def _named(file: Path) -> tuple[dict[str, np.ndarray], str]:
    """Read a file that the user named; whatever is wrong with it is an error."""
    if os.path.isdir(file):
        file = file / "mnist.npz"
    remedy = (
        "Name an intact mnist.npz in path or BNUTILS_DATA; or leave both out to look in Keras' "
        "cache and download; or set BNUTILS_DATA=digits28 for the offline images."
    )
    try:
        return verified(file.read_bytes(), str(file)), f"read from {file}"
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise DataError(f"{file} cannot be read as MNIST ({reason}). {remedy}") from problem
    except DataError as problem:
        raise DataError(f"{problem} {remedy}") from problem


def _download(cache: Path | None, spoiled: Exception | None) -> dict[str, np.ndarray]:
    """Fetch what Keras would fetch, with a bounded wait; keep it only if it is sound."""
    remedy = "set BNUTILS_DATA to an mnist.npz, or load 'digits28', which needs no download"
    note = f"; Keras' copy cannot be used: {spoiled}" if spoiled else ""
    if not urllib.request.getproxies().get("https") and not reachable(HOST):
        raise NotToBeHad(f"no copy on this machine and no network{note}; {remedy}")
    try:
        content = _fetch()
        arrays = verified(content, "The downloaded file")
    except (OSError, http.client.HTTPException, DataError) as problem:
        raise NotToBeHad(f"the download failed: {problem}{note}; {remedy}") from problem
    try:
        if cache is not None:
            write_atomically(cache, content)
    except OSError:
        return arrays  # a cache that cannot be written costs the next run a download
    return arrays


def _fetch() -> bytes:
    """Read the file piece by piece, so that a slow server cannot hold us for ever."""
    stop, content = time.monotonic() + DEADLINE, bytearray()
    with urllib.request.urlopen(URL, timeout=PATIENCE) as response:
        while piece := response.read(1 << 16):
            content += piece
            if time.monotonic() > stop or len(content) > DOWNLOAD_LIMIT:
                raise TimeoutError(f"more than {DEADLINE:.0f} s or {DOWNLOAD_LIMIT} bytes")
    return bytes(content)


def reachable(host: str, patience: float | None = None) -> bool:
    """Whether a connection to ``host`` opens within ``patience`` seconds.

    Looking up a name has no time limit of its own, so it is done in a thread that is left
    behind when it takes too long.
    """
    patience = PATIENCE if patience is None else patience
    opened = threading.Event()

    def connect() -> None:
        try:
            socket.create_connection((host, 443), timeout=patience).close()
        except OSError:
            return
        opened.set()

    attempt = threading.Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(patience)
    return opened.is_set()
