"""Giving a layer another gamma and beta, as training would."""

from typing import Any

from bnutils.checks.calls.calling import Array
from bnutils.checks.fitting import affine
from bnutils.checks.life.script import Pair


def affine_of(layer: Any, pair: Pair) -> tuple[str, ...]:
    """Give a layer this gamma and beta, where they can be found.

    Returns
    -------
    tuple of str
        Which of the two were set.
    """
    own = getattr(layer, "own", layer)
    values = zip(("gamma", "beta"), pair, strict=True)
    return tuple(name for name, value in values if _put(own, name, value))


def _put(layer: Any, name: str, value: Array) -> bool:
    """Set one; whatever an attribute raises means that it cannot be set."""
    try:
        return _as_list(layer, name, value) or affine.put(layer, name, value)
    except Exception:  # noqa: BLE001 - attributes of a student's class may do anything
        return False


def _as_list(layer: Any, name: str, value: Array) -> bool:
    """Set what is a list of numbers, and leave it one."""
    old = getattr(layer, name, None)
    if not isinstance(old, list) or len(old) != len(value) or isinstance(old[0], list):
        return False
    setattr(layer, name, value.tolist())
    return True
