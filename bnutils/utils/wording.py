"""How a value that was received stands in a message: in one short line, whatever it is."""

from reprlib import Repr
from typing import Any

LONGEST = 100  # characters


class _Short(Repr):
    """Arrays and tables by what they are, everything else by the start of its repr."""

    def repr_instance(self, x: Any, level: int) -> str:
        """Of whatever :mod:`reprlib` does not know."""
        shape = getattr(x, "shape", None)
        if not isinstance(x, type) and isinstance(shape, tuple) and shape:
            return f"{type(x).__name__} of shape {shape}"
        return super().repr_instance(x, level)


_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = LONGEST
_SHORT.maxlevel, _SHORT.maxlong = 3, 30


def shown(value: object) -> str:
    """Return what a message says of a value.

    Parameters
    ----------
    value : object
        Anything, also what has a very long repr, or one that fails.

    Returns
    -------
    str
        At most about a hundred characters in one line; an array by its kind and shape.
    """
    try:
        text = " ".join(_SHORT.repr(value).split())
    except Exception:  # noqa: BLE001 - a message must not fail by what it speaks of
        text = f"an object of type {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
