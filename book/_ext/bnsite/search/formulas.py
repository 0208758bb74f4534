"""A formula in one line of text, from the MathML that stands in the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import Tag

if TYPE_CHECKING:
    from collections.abc import Callable

ACCENTS = {"^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "ˉ": "\u0304", "~": "\u0303", "˙": "\u0307"}
RAISED = str.maketrans("0123456789+-−nmijktT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿᵐⁱʲᵏᵗᵀ")
LOWERED = str.maketrans("0123456789=+-−ijkmn", "₀₁₂₃₄₅₆₇₈₉₌₊₋₋ᵢⱼₖₘₙ")
SUMS = re.compile(r"\s*([∑∏∫])(\S*)\s*")
BRACE = "⏟"
INVISIBLE = re.compile("[\u2061-\u2064\u200b]")
SPACED = re.compile(r"\s*([=<>≤≥≈≠→←∈≔∼]|(?<=[\w)²̂])[+−×·±](?=\s*[\w(√]))\s*")


def formula(math: Tag) -> str:
    """Return a formula as readable text: ``x̂ = (x − μ)/√(σ² + ε)``."""
    text = INVISIBLE.sub("", _text(math))
    text = SUMS.sub(r" \1\2 ", SPACED.sub(r" \1 ", text))
    return " ".join(re.sub(r",(?=\S)", ", ", text).split())


def _text(node: Tag) -> str:
    """The text of an element and of what is in it."""
    if node.name in {"mspace", "mphantom"}:
        return " " * (node.name == "mspace")
    parts = [child for child in node.children if isinstance(child, Tag)]
    if not parts:
        return node.get_text().replace("\xa0", " ")
    rule = RULES.get(node.name, "".join)
    return rule([_text(part) for part in parts])


def _grouped(text: str) -> str:
    """A part in brackets, unless it is a single sign or name."""
    return text if re.fullmatch(r"[\w\u0300-\u036f²]*|√?\(.*\)", text.strip()) else f"({text})"


def _set(text: str, table: dict[int, int], mark: str) -> str:
    """An index or an exponent: in small letters if there are some, else after a mark."""
    small = text.strip().translate(table)
    kept = any(a == b for a, b in zip(small, text.strip(), strict=True))
    return mark + _grouped(text) if kept else small


def _below(text: str) -> str:
    return "" if text.strip() == BRACE else _set(text, LOWERED, "_")


def _above(text: str) -> str:
    return _set(text, RAISED, "^")


def _spaced(text: str) -> str:
    """A sum with its bounds, and room before what is summed."""
    return text + " " * text.startswith(("∑", "∏", "∫"))


def _accented(parts: list[str]) -> str:
    """Something with a sign above it."""
    base, above = parts
    accent = ACCENTS.get(above.strip())
    return base + accent if accent and len(base) == 1 else base + _above(above)


RULES: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda p: f"{_grouped(p[0])}/{_grouped(p[1])}",
    "msqrt": lambda p: f"√{_grouped(''.join(p))}",
    "mroot": lambda p: f"{_above(p[1])}√{_grouped(p[0])}",
    "msub": lambda p: p[0] + _below(p[1]),
    "munder": lambda p: _spaced(p[0] + _below(p[1])),
    "msup": lambda p: p[0] + _above(p[1]),
    "mover": _accented,
    "msubsup": lambda p: _spaced(p[0] + _below(p[1]) + _above(p[2])),
    "munderover": lambda p: _spaced(p[0] + _below(p[1]) + _above(p[2])),
    "mtd": lambda p: "".join(p) + " ",
    "mtr": lambda p: "".join(p) + " ",
}
