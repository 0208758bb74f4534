"""Examples of vectors as examples of images: where a mean also runs over pixels."""

from dataclasses import replace
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.mistakes.entry import Example

PIXELS = ((((0, 1), (4, 9)),), (((2, 3), (6, 1)),))
GRADIENTS = ((((1, 0), (0, 2)),), (((0, 0), (0, 1)),))
"""Two images of two pixels, with two channels."""

_BATCHES = {"x": PIXELS, "dy": GRADIENTS}


def of_images(example: Example) -> Example:
    """Return an example with its batch as images: the same numbers, if it has one feature."""
    given = {name: _laid(name, value) for name, value in example.given.items()}
    wrong = example.wrong.replace("axis=1", "axis=(1, 2)")
    return replace(example, given=given, wrong=wrong)


def said(x: Array) -> str:
    """Say what a batch of images is made of; "" if it is none."""
    if x.ndim < 4:
        return ""
    images, height, width, channels = x.shape
    several = f" with {channels} channels" if channels > 1 else ""
    return f"{_counted(images, 'image')} of {_counted(height * width, 'pixel')}{several}, "


def _laid(name: str, value: Any) -> Any:
    batch = np.asarray(value)
    if name not in _BATCHES or batch.ndim > 2:
        return value
    if batch.ndim == 2:
        return _BATCHES[name]
    images = 2 if len(batch) > 2 and len(batch) % 2 == 0 else 1
    return batch.reshape(images, 1, -1, 1).tolist()


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number > 1)}"
