"""Committed records of findings: how they are read and written, and their numbers in words."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bnutils.errors import FindingMismatch
from bnutils.utils.chapters import record_path
from bnutils.utils.files import write_atomically
from bnutils.utils.words import THIN, counted, digits_of, exact, number

STATED = ("label", "unit", "above", "below", "n")  # what a record says besides numbers
VALUES = re.compile(r"\[[^][{}\"]*\]")  # of numbers alone
NUMBERS = ("effect", "low", "high", "tolerance")
OUTCOME = ("verdict", "p", "dissenting", "ahead", "detectable", "demonstration")  # by rule
REST = ("lost", "values", "image_error", "setting")
DATASETS = {
    "mnist": "MNIST",
    "digits28": "digits, 28 × 28",
    "digits": "digits, 8 × 8",
    "synthetic": "synthetic data",
}

Fields = Mapping[str, Any]


def read_record(path: Path) -> dict[str, Any]:
    """Read a committed record.

    Raises
    ------
    FindingMismatch
        If there is none, or it cannot be read.
    """
    refresh = (
        f"Run `make findings LAB={path.parents[1].name}` to measure it, and commit the record."
    )
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _check(record)
    except FileNotFoundError as problem:
        raise FindingMismatch(
            f"A finding needs a record; {path} is missing. {refresh}"
        ) from problem
    except (ValueError, TypeError, AttributeError) as problem:
        raise FindingMismatch(
            f"A record must be a JSON object; {path} is not ({problem}). {refresh}"
        ) from problem
    return record


def _check(record: dict[str, Any]) -> None:
    """Raise if a record is not whole."""
    if missing := {"claim", *STATED, *NUMBERS, *OUTCOME, *REST} - record.keys():
        raise ValueError(f"without {', '.join(sorted(missing))}")
    if not np.isfinite([record["effect"], record["tolerance"]]).all():
        raise ValueError("effect and tolerance must be finite")
    if not record["low"] <= record["effect"] <= record["high"]:
        raise ValueError("the effect must lie in its interval")
    if not isinstance(record["setting"], dict):
        raise ValueError("the setting must be an object")


def write_record(path: Path, fields: Fields) -> None:
    """Write a record, whole or not at all."""
    values = [value if np.isfinite(value) else None for value in fields["values"]]
    text = json.dumps({**fields, "values": values}, indent=2, allow_nan=False)
    write_atomically(path, VALUES.sub(_on_one_line, text) + "\n")


def _on_one_line(values: re.Match[str]) -> str:
    """A list of numbers as a line."""
    return re.sub(r"\s+", " ", values[0]).replace("[ ", "[").replace(" ]", "]")


def elsewhere(root: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the records of ``"<chapter>/<finding>"`` on any data set that can be read."""
    found = {}
    for path in sorted(record_path(root, name).parent.glob(f"{name.rpartition('/')[2]}.*.json")):
        try:
            found[path.stem.rpartition(".")[2]] = read_record(path)
        except FindingMismatch:
            continue
    return found


def bounds_of(fields: Fields) -> list[float]:
    """Return what the effect is held against, from below."""
    return [float(b) for key in ("above", "below") if (b := fields.get(key)) is not None]


def claimed(fields: Fields) -> str:
    """Return where the effect lies if the claim holds: ``"above 0"``, ``"0.74 to 0.76"``."""
    bounds = [exact(bound) for bound in bounds_of(fields)]
    side = "above " if fields.get("below") is None else "below "
    return " to ".join(bounds) if len(bounds) != 1 else side + bounds[0]


def has_interval(fields: Fields) -> bool:
    """Whether there is an interval, with ends that differ as they are printed."""
    _, low, high = formatted(fields)
    return low != high and int(fields["n"]) > 1


def is_signed(fields: Fields) -> bool:
    """Whether the effect is a difference, printed with its sign."""
    bounds = bounds_of(fields)
    return not bounds or any(b == 0 for b in bounds) or float(fields["low"]) < 0


def formatted(fields: Fields) -> tuple[str, str, str]:
    """Return effect, low and high as they are printed, with as many digits as they deserve."""
    effect, low, high = (float(fields[key]) for key in ("effect", "low", "high"))
    digits = digits_of(effect, low, high)
    shown = number(effect, digits, signed=is_signed(fields))
    return shown, number(low, digits), number(high, digits)


def unit_of(fields: Fields) -> str:
    """Return the unit with the space before it; nothing for a plain number."""
    unit = str(fields["unit"] or "")
    return f" {unit}" if unit and unit != "%" else (f"{THIN}%" if unit else "")


def phrase(fields: Fields) -> str:
    """Return what was measured as in running text: effect with unit, interval, seeds."""
    effect, low, high = formatted(fields)
    if not has_interval(fields):
        return f"{effect}{unit_of(fields)}"
    seeds = counted(int(fields["n"]), "seed")
    return f"{effect}{unit_of(fields)} (95{THIN}% interval {low} to {high}, {seeds})"


def amount(fields: Fields, part: str) -> str:
    """Return a size, such as ``image_error``, in the unit of the effect; ``"unknown"`` if None."""
    if fields[part] is None:
        return "unknown"
    size = float(fields[part])
    return f"{number(size, digits_of(size, 0, 2 * size))}{unit_of(fields)}"
