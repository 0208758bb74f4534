"""What was measured: every repetition of every contestant, in one JSON file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from bnutils.utils.files import write_atomically

FORMAT = 2


@dataclass(frozen=True)
class Record:
    """One contestant of one benchmark.

    Attributes
    ----------
    benchmark, contestant : str
        What was measured, and with what.
    setting : mapping
        What else distinguishes it, such as ``{"seeds": 10}``.
    values : mapping of str to list of float
        For each quantity, one value for each repetition: ``process`` and ``work`` in seconds,
        ``epoch`` in seconds per seed, ``update`` in milliseconds per seed, ``memory`` in MiB.
    problem : str
        What went wrong; there are no values then, or fewer.
    skipped : str
        Why it was not tried, such as a package that is not installed.
    """

    benchmark: str
    contestant: str
    setting: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, list[float]] = field(default_factory=dict)
    problem: str = ""
    skipped: str = ""

    def median(self, quantity: str) -> float:
        """Median over the repetitions; NaN if there is none."""
        values = self.values.get(quantity)
        return median(values) if values else float("nan")

    def range(self, quantity: str) -> tuple[float, float]:
        """Smallest and largest value; NaN if there is none."""
        values = self.values.get(quantity) or [float("nan")]
        return min(values), max(values)


def ratio(one: Record, other: Record, quantity: str, other_quantity: str = "") -> float:
    """Median of the first over median of the second."""
    return one.median(quantity) / other.median(other_quantity or quantity)


@dataclass(frozen=True)
class Results:
    """All records, with the machine that measures and the sizes.

    ``dates`` says for each benchmark when it was measured, ``elsewhere`` the machine of those
    that an earlier one measured. A benchmark is of one machine: only whole ones are replaced.
    """

    machine: Mapping[str, Any]
    sizes: Mapping[str, Any]
    dates: Mapping[str, str] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    elsewhere: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, benchmark: str) -> list[Record]:
        return [record for record in self.records if record.benchmark == benchmark]

    def find(self, benchmark: str, contestant: str, **setting: Any) -> Record:
        """The record with this setting; one without values where there is none."""
        for record in self.of(benchmark):
            has = {name: record.setting.get(name) for name in setting}
            if record.contestant == contestant and has == setting:
                return record
        return Record(benchmark, contestant, setting, skipped="not measured")

    def with_benchmark(self, name: str, date: str, records: Iterable[Record]) -> "Results":
        """The same with all records of one benchmark replaced."""
        kept = tuple(record for record in self.records if record.benchmark != name)
        elsewhere = {key: value for key, value in self.elsewhere.items() if key != name}
        dates = {**self.dates, name: date}
        return Results(self.machine, self.sizes, dates, (*kept, *records), elsewhere)

    def on(self, machine: Mapping[str, Any]) -> "Results":
        """The same on a machine that goes on measuring; what was measured names its own."""
        if _as_json(self.machine) == _as_json(machine):
            return self
        measured = {name: self.machine_of(name) for name in self.dates}
        elsewhere = {
            name: one for name, one in measured.items() if _as_json(one) != _as_json(machine)
        }
        return replace(self, machine=machine, elsewhere=elsewhere)

    def machine_of(self, benchmark: str) -> Mapping[str, Any]:
        """The machine that measured a benchmark."""
        return self.elsewhere.get(benchmark, self.machine)

    def comparable(self, other: "Results") -> bool:
        """Whether both are of the same sizes; repetitions may differ."""
        return bool(self._work() == other._work())

    def _work(self) -> Any:
        """The sizes but for the repetitions, as JSON gives them back."""
        return _as_json({name: size for name, size in self.sizes.items() if name != "repeats"})

    def save(self, path: Path) -> None:
        """Write a JSON file, whole or not at all."""
        write_atomically(path, json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> "Results":
        """Read what :meth:`save` wrote.

        Raises
        ------
        ValueError
            If the file is not one of these.
        OSError
            If it cannot be read.
        """
        try:
            found = json.loads(path.read_text("utf-8"))
            if found["format"] != FORMAT:
                raise ValueError(f"format {found['format']}")
            records = tuple(Record(**record) for record in found["records"])
            machine, sizes, dates = found["machine"], found["sizes"], found["dates"]
            return cls(machine, sizes, dates, records, found["elsewhere"])
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(
                f"{path} must be results of this version of the benchmarks; it is not "
                f"({type(problem).__name__}: {problem}). Delete it and run make bench."
            ) from problem


def _as_json(value: Any) -> Any:
    """Return a value as a file gives it back."""
    return json.loads(json.dumps(value))
