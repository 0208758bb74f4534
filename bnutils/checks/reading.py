"""Where to read on, and an example to follow with a pencil: the last of the hints."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit

import numpy as np

from bnutils.checks import pictures
from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.mistakes.entry import Example, Place


def where(place: Place) -> str:
    """Return the chapter and the section in words, and below them their address."""
    page = f"book/{place.chapter}/{place.chapter}"
    home = site()
    return f"{place}\n{f'{home}{page}.html' if home else f'{page}.md'}#{place.anchor}"


@cache
def site() -> str:
    """Return where the book of this package is read, "" if nobody knows.

    A fork has its own book, so the address follows from that of the repository.
    """
    try:
        links = metadata("bnutils").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    address = next((one.partition(", ")[2] for one in links if one.startswith("Repository")), "")
    parts = urlsplit(address)
    owner, _, name = parts.path.strip("/").partition("/")
    return f"https://{owner.lower()}.github.io/{name}/" if parts.netloc == "github.com" else ""


def worked(example: Example, formulas: Mapping[str, str]) -> str:
    """Return a small batch with the right result and the wrong one, computed.

    Parameters
    ----------
    example : Example
        The batch.
    formulas : mapping of str to str
        What the student's function computes, by result; it is preferred to the example's own
        wrong formula, which knows one mistake only.

    Returns
    -------
    str
        Numbers, and no formula.
    """
    due = value(example, example.right)
    right = f"{example.result} = {due} is right"
    own = formulas.get(example.result, "")
    for said, text in (("yours is", own), ("with this mistake it is", example.wrong)):
        if text and (found := value(example, text)) not in ("", due):
            return f"for {given(example)}, {right}; {said} {found}."
    return f"for {given(example)}, {right}."


def value(example: Example, text: str) -> str:
    """Return what a formula gives for the example; "" if it speaks of something else."""
    try:
        return listed(evaluate(text, numbers(example)))
    except (ValueError, SyntaxError):
        return ""


def numbers(example: Example) -> dict[str, Array]:
    """Return the example's numbers; several of one feature stand below each other."""
    arrays = {name: np.asarray(one, float) for name, one in example.given.items()}
    return {name: one[:, None] if one.ndim == 1 else one for name, one in arrays.items()}


def given(example: Example) -> str:
    """Return the example's numbers in words."""
    known = numbers(example)
    listing = ", ".join(f"{name} = {listed(one)}" for name, one in known.items())
    return f"{pictures.said(known['x'])}{listing}" if "x" in known else listing


def listed(values: Array) -> str:
    """Return a number, or several of one feature in brackets, or rows of them."""
    if values.size == 1:
        return _short(values.item())
    return f"({', '.join(listed(row) for row in np.squeeze(values))})"


def _short(number: float) -> str:
    number += 0.0  # -0 is 0
    return f"{number:.4g}" if abs(number) < 1e6 else f"{number:.10g}"
