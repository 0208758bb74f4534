"""How the tests read what a figure says and draws: numbers with the digits that they show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

State = dict[str, Any]
NUMBER = r"−?\d+(?:\.\d+)?(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@dataclass(frozen=True)
class Shown:
    """A figure at one moment: its state, its text, and what it draws."""

    state: State
    status: str
    view: str


def parsed(text: str) -> tuple[float, float]:
    """The number that a text shows, and half a unit of its last digit."""
    digits, _, power = text.replace("−", "-").partition("×10")
    scale = 10.0 ** int(power.translate(RAISED) or "0")
    places = len(digits.partition(".")[2])
    return float(digits) * scale, 0.5 * 10.0**-places * scale


def agrees(text: str, value: float) -> bool:
    """Whether a text shows this number, rounded."""
    number, half = parsed(text)
    return abs(number - value) <= half + 1e-9


def all_agree(texts: list[str], values: Any) -> bool:
    """Whether the texts show these numbers, one by one."""
    numbers = np.ravel(values)
    return len(texts) == len(numbers) and all(map(agrees, texts, numbers))


def close(places: list[str], values: Any) -> bool:
    """Whether attributes of a drawing are these numbers, to the digits that are written."""
    return np.allclose([float(place) for place in places], np.ravel(values), rtol=0, atol=0.0051)


def found(pattern: str, text: str) -> re.Match[str]:
    """The one place of the text that has this form."""
    matches = list(re.finditer(pattern, text))
    assert len(matches) == 1, f"{len(matches)} of {pattern} in {text}"
    return matches[0]


def every(pattern: str, text: str) -> list[str]:
    """All that the pattern's group catches."""
    return re.findall(pattern, text)
