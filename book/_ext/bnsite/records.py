"""Measured results as the labs wrote them, and how the book prints their numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnutils.errors import FindingMismatch
from bnutils.findings import read_record
from bnutils.utils.chapters import record_name, record_path

if TYPE_CHECKING:
    from pathlib import Path

DATASETS = {
    "mnist": "MNIST",
    "digits28": "digits, 28 × 28",
    "digits": "digits, 8 × 8",
    "synthetic": "synthetic data",
}
MINUS = "\u2212"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class RecordError(Exception):
    """A record, or a field of it, that does not exist; says what there is instead."""


@dataclass(frozen=True)
class Record:
    """One committed result: ``<chapter>/<finding>.<dataset>``."""

    name: str
    dataset: str
    fields: dict[str, Any]

    @property
    def signed(self) -> bool:
        """Whether the effect is a difference, printed with its sign."""
        bounds = [b for b in (self.fields.get("above"), self.fields.get("below")) if b is not None]
        return not bounds or any(b == 0 for b in bounds) or self.numbers[1] < 0

    @property
    def verdict(self) -> str:
        """What follows by the rule."""
        return str(self.fields["verdict"])

    @property
    def label(self) -> str:
        """The kind of evidence."""
        return str(self.fields["label"])

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Effect, low and high; an end that is open is infinite."""
        effect, low, high = (float(self.fields[k]) for k in ("effect", "low", "high"))
        return effect, low, high

    def formatted(self) -> tuple[str, str, str]:
        """Effect, low and high as they are printed, with as many digits as they deserve."""
        effect, low, high = self.numbers
        digits = digits_of(effect, low, high)
        return (
            number(effect, digits, signed=self.signed),
            number(low, digits),
            number(high, digits),
        )

    @property
    def unit(self) -> str:
        """The unit with the space before it; nothing for a plain number."""
        unit = str(self.fields["unit"] or "")
        return f" {unit}" if unit and unit != "%" else ("\u202f%" if unit else "")

    @property
    def seeds(self) -> str:
        """How many seeds, in words."""
        n = int(self.fields["n"])
        return "1 seed" if n == 1 else f"{n} seeds"

    @property
    def interval(self) -> str:
        """The interval's ends."""
        _, low, high = self.formatted()
        return f"{low} to {high}"

    @property
    def phrase(self) -> str:
        """As in running text: effect with unit, interval and number of seeds."""
        effect, low, high = self.formatted()
        if low == high or int(self.fields["n"]) <= 1:
            return f"{effect}{self.unit}"
        return f"{effect}{self.unit} (95\u202f% interval {low} to {high}, {self.seeds})"

    def part(self, field: str) -> str:
        """One field in words; what a role such as ``{finding}`name:low``` prints."""
        effect, low, high = self.formatted()
        parts = {
            "": self.phrase,
            "effect": f"{effect}{self.unit}",
            "size": f"{effect.lstrip('+' + MINUS)}{self.unit}",
            "low": low,
            "high": high,
            "interval": self.interval,
            "seeds": str(self.fields["n"]),
            "verdict": self.verdict,
            "claim": str(self.fields["claim"]),
            "label": self.label,
            "dataset": DATASETS.get(self.dataset, self.dataset),
        }
        if field not in parts:
            known = ", ".join(k for k in parts if k)
            msg = f"finding {self.name}: no field '{field}'; there are {known}"
            raise RecordError(msg)
        return parts[field]


def digits_of(effect: float, low: float, high: float) -> int:
    """Decimals for two digits of the interval's half-width, and at most four of the effect."""
    half = (high - low) / 2
    finest = decimals(effect, 4) if effect and math.isfinite(effect) else 8
    if math.isfinite(half) and half > 1e-12 * max(abs(effect), 1e-300):
        return max(0, min(decimals(half, 2), finest))
    return max(0, finest - 1) if effect else 2


def decimals(value: float, digits: int) -> int:
    """Decimals that show ``digits`` significant digits of a value."""
    return max(-1, min(12, digits - 1 - math.floor(math.log10(abs(value)))))


def number(value: float, digits: int, *, signed: bool = False) -> str:
    """A number as it is printed in English text, with a real minus sign."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value and (abs(value) < 1e-3 or abs(value) >= 1e6):
        mantissa, _, power = f"{value:.1e}".partition("e")
        text = f"{mantissa}\u202f×\u202f10{str(int(power)).translate(SUPERSCRIPTS)}"
    else:
        text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    sign = "+" if signed and value > 0 else ""
    return sign + (MINUS + text[1:] if text.startswith("-") else text)


def read(root: Path, full_name: str) -> Record:
    """The record ``<chapter>/<finding>.<dataset>``; the data set may be left out if only one."""
    if record_path(root, full_name).exists():
        return of_file(record_path(root, full_name))
    there = of_finding(root, full_name)
    if len(there) == 1:
        return there[0]
    known = ", ".join(r.name for r in there) or "none of this name"
    raise RecordError(f"no record {full_name}; recorded: {known}")


def of_finding(root: Path, finding: str) -> list[Record]:
    """All records of a finding, one for each data set, in a fixed order."""
    paths = record_path(root, finding).parent.glob(f"{finding.rpartition('/')[2]}.*.json")
    order = list(DATASETS)
    found = map(of_file, sorted(paths))
    return sorted(found, key=lambda r: order.index(r.dataset) if r.dataset in order else 99)


def of_file(path: Path) -> Record:
    """The record in a file."""
    try:
        fields = read_record(path)
    except FindingMismatch as error:
        raise RecordError(str(error)) from error
    name = record_name(path)
    return Record(name, name.rpartition(".")[2], fields)
