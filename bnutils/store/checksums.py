"""Content with its checksum: what the store writes, and can trust when it reads it again."""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bnutils.runs import Weights


def digest(content: bytes | str) -> str:
    """Return the SHA-256 of bytes, or of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def seal(name: str, content: Any) -> str:
    """Return JSON that holds the content and a checksum over name and content.

    With the name in it, a file that was copied under another name is not trusted.
    """
    text = json.dumps(content)
    return f'{{"sha256": "{digest(name + text)}", "content": {text}}}\n'


def unseal(path: Path) -> Any:
    """Read what :func:`seal` made under the name of the file (without its suffix).

    Raises
    ------
    OSError
        If the file cannot be read; ``FileNotFoundError`` if there is none.
    ValueError
        If it is damaged, or was sealed under another name.
    """
    try:
        outer = json.loads(path.read_text("utf-8"))
        content, checksum = outer["content"], outer["sha256"]
    except (KeyError, TypeError) as problem:
        raise ValueError("it has no checksum") from problem
    if checksum != digest(path.stem + json.dumps(content)):
        raise ValueError("its checksum is wrong")
    return content


def pack(weights: Mapping[int, Weights]) -> bytes:
    """Return weights by seed as a NumPy archive: ``"0/final/0"``, ``"0/final/1"``, ..."""
    named: dict[str, Any] = {
        f"{seed}/{which}/{index}": array
        for seed, own in weights.items()
        for which, arrays in own.items()
        for index, array in enumerate(arrays)
    }
    buffer = io.BytesIO()
    if named:
        np.savez(buffer, **named)
    return buffer.getvalue()


def unpack(path: Path, checksum: str) -> dict[int, Weights]:
    """Read what :func:`pack` made.

    Raises
    ------
    OSError
        If the file cannot be read; ``FileNotFoundError`` if there is none.
    ValueError
        If its SHA-256 is not ``checksum``.
    """
    content = path.read_bytes()
    if digest(content) != checksum:
        raise ValueError("its checksum is wrong")
    weights: dict[int, dict[str, list[np.ndarray]]] = {}
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        for name in archive.files:  # in the order in which they were packed
            seed, which, _ = name.split("/")
            weights.setdefault(int(seed), {}).setdefault(which, []).append(archive[name])
    return dict(weights)
