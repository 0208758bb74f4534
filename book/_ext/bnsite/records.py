"""Measured results as the labs wrote them, and how the book prints their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnutils.errors import FindingMismatch
from bnutils.records import DATASETS, amount, formatted, phrase, read_record, unit_of
from bnutils.utils.chapters import Chapter, record_name, record_path
from bnutils.utils.words import MINUS

if TYPE_CHECKING:
    from pathlib import Path


class RecordError(Exception):
    """A record, or a field of it, that does not exist; says what there is instead."""


@dataclass(frozen=True)
class Record:
    """One committed result: ``<chapter>/<finding>.<dataset>``."""

    name: str
    dataset: str
    fields: dict[str, Any]

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

    @property
    def interval(self) -> str:
        """The interval's ends."""
        _, low, high = formatted(self.fields)
        return f"{low} to {high}"

    @property
    def phrase(self) -> str:
        """As in running text: effect with unit, interval and number of seeds."""
        return phrase(self.fields)

    def part(self, field: str) -> str:
        """One field in words; what a role such as ``{finding}`name:low``` prints."""
        effect, low, high = formatted(self.fields)
        parts = {
            "": self.phrase,
            "effect": f"{effect}{unit_of(self.fields)}",
            "size": f"{effect.lstrip('+' + MINUS)}{unit_of(self.fields)}",
            "low": low,
            "high": high,
            "interval": self.interval,
            "seeds": str(self.fields["n"]),
            "images": amount(self.fields, "image_error"),
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


def replications(root: Path, finding: str, dataset: str = "*") -> list[Record]:
    """What others measured of a finding, on seeds of their own; on one data set or all."""
    slug, _, name = finding.partition("/")
    paths = Chapter(root, slug).replications.glob(f"{name}.{dataset}.*.json")
    return [of_file(path) for path in sorted(paths)]


def of_file(path: Path) -> Record:
    """The record in a file."""
    try:
        fields = read_record(path)
    except FindingMismatch as error:
        raise RecordError(str(error)) from error
    name = record_name(path)
    return Record(name, name.rpartition(".")[2], fields)
