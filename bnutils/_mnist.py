"""Where MNIST may be, and whether what is there is MNIST."""

import hashlib
import io
import os
import socket
import threading
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import numpy as np

from bnutils.errors import DataError
from bnutils.files import write_atomically

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
DOWNLOAD_LIMIT = 60_000_000  # bytes; the file has 11.5 million


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
        file = Path(named) / "mnist.npz" if Path(named).is_dir() else Path(named)
        return read(file), f"read from {file}"
    cache = keras_cache()
    try:
        return read(cache), "found in Keras' cache"
    except DataError as problem:
        return _download(cache, problem if cache.exists() else None), "downloaded"


def keras_cache() -> Path:
    """The file in which Keras keeps MNIST (without importing Keras)."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "datasets" / "mnist.npz"


def read(source: Path | bytes) -> dict[str, np.ndarray]:
    """Read and verify the four arrays, from a file or from its content.

    Raises
    ------
    DataError
        If the file cannot be read or is not MNIST, array by array.
    """
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {part: archive[part] for part in CHECKSUMS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        raise DataError(
            f"{_name(source)} cannot be read as MNIST in Keras' layout "
            f"({type(problem).__name__}: {problem}). Give the path of an intact mnist.npz, or "
            "delete it so that it can be downloaded again."
        ) from problem
    for part, expected in CHECKSUMS.items():
        received = hashlib.sha256(arrays[part].tobytes()).hexdigest()
        if received != expected:
            raise DataError(
                f"{_name(source)} is not MNIST: the array {part} must have SHA-256 "
                f"{expected[:12]}..., received {received[:12]}... . Replace the file or "
                "delete it so that it can be downloaded again."
            )
    return arrays


def _name(source: Path | bytes) -> str:
    return "The downloaded file" if isinstance(source, bytes) else str(source)


def _download(cache: Path, spoiled: DataError | None) -> dict[str, np.ndarray]:
    """Fetch what Keras would fetch, with a bounded wait; keep it only if it is sound."""
    note = f"; {spoiled}" if spoiled else ""
    if not reachable(HOST):
        raise NotToBeHad(f"no copy on this machine and no network{note}")
    try:
        with urllib.request.urlopen(URL, timeout=PATIENCE) as response:
            content = response.read(DOWNLOAD_LIMIT)
        arrays = read(content)
    except (OSError, urllib.error.URLError, DataError) as problem:
        raise NotToBeHad(f"the download failed: {problem}{note}") from problem
    try:
        write_atomically(cache, content)
    except OSError:
        return arrays  # a cache that cannot be written costs the next run a download
    return arrays


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
