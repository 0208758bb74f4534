"""What was said by somebody else, made fit for a message: plain, and short."""

import re

LONGEST = 300
"""Characters of an exception's message."""

LINES = 3

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Return the text without the codes that colour a terminal."""
    return _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n")))


def short(text: str, longest: int = LONGEST, lines: int = LINES) -> str:
    """Return the first lines of a text that are not empty, plain, and at most so long."""
    said = [line.rstrip() for line in plain(text[: 10 * longest]).splitlines() if line.strip()]
    start = "\n".join(said[:lines])[:longest]
    whole = len(said) <= lines and len("\n".join(said)) <= longest and len(text) <= 10 * longest
    return start if whole else f"{start} ..."
