"""``python -m benchmarks``: measure, and write results.json, report.md and report.svg."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from benchmarks.figure import draw
from benchmarks.jobs import BENCHMARKS, QUICK, Sizes
from benchmarks.machine import describe, load_average
from benchmarks.records import Record, Results
from benchmarks.report import write
from benchmarks.runner import ROOT, MeasurementError, Say, measure, take_turns
from bnutils.utils.files import write_atomically

FOLDER = ROOT / "benchmarks"
TRIAL = ROOT / "_build" / "benchmarks"  # a trial does not replace what was measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 if anything failed, 2 after a wrong request, 130 if stopped."""
    chosen = _parser().parse_args(arguments)
    chosen.folder = chosen.folder or (TRIAL if chosen.quick else FOLDER)
    path = chosen.folder / "results.json"
    try:
        if chosen.report:
            publish(Results.load(path), chosen.folder)
            return 0
        return run(chosen, path)
    except (OSError, ValueError) as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("benchmarks: interrupted; finished benchmarks are in the results", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    usual = [name for name in BENCHMARKS if name != "book"]
    some = f"some of {', '.join(BENCHMARKS)}; what was measured of the others is kept"
    add("--only", nargs="+", choices=list(BENCHMARKS), default=usual, metavar="NAME", help=some)
    add("--repeats", type=int, help="repetitions of each measurement")
    add("--quick", action="store_true", help="tiny sizes: shows that it runs, measures nothing")
    add("--book", action="store_true", help="also build the book, cold and warm (20 minutes)")
    add("--report", action="store_true", help="only write the report again from results.json")
    add("--folder", type=Path, help="where results and report are written")
    return parser


def run(chosen: argparse.Namespace, path: Path) -> int:
    """Measure one benchmark after the other; what is finished is on disk."""
    sizes = QUICK if chosen.quick else Sizes()
    if chosen.repeats is not None:
        if chosen.repeats < 1:
            raise ValueError(f"--repeats must be at least 1; received {chosen.repeats}.")
        sizes = replace(sizes, repeats=chosen.repeats)
    names = list(dict.fromkeys([*chosen.only, *(["book"] if chosen.book else [])]))
    results, begun = begin(path, sizes), _now()
    for name in names:
        records = benchmark(name, sizes, say)
        results = results.with_benchmark(name, begun, records)
        publish(results, chosen.folder)
    failed = [record for name in names for record in results.of(name) if record.problem]
    for record in failed:
        say(f"Failed: {record.benchmark}, {record.contestant}: {record.problem}")
    say(f"Wrote results.json, report.md and report.svg to {chosen.folder}")
    return 1 if failed else 0


def begin(path: Path, sizes: Sizes) -> Results:
    """What was measured before, if it was with these sizes."""
    new = Results(describe(), asdict(sizes))
    if not path.exists():
        return new
    old = Results.load(path)
    if old.comparable(new):
        return old.on(new.machine)
    say(f"{path.name} is of other sizes: it is replaced.")
    return new


def benchmark(name: str, sizes: Sizes, say: Say) -> list[Record]:
    """Do what must be done before, then let the contestants take turns."""
    with tempfile.TemporaryDirectory() as folder:
        plan = BENCHMARKS[name](sizes, Path(folder))
        try:
            for command in plan.before:
                measure(command, 900)
        except MeasurementError as problem:
            reason = f"its preparation {problem}"
            return [Record(name, job.contestant, job.setting, {}, reason) for job in plan.jobs]
        return [*take_turns(plan.jobs, sizes.repeats, say), *plan.missing]


def publish(results: Results, folder: Path) -> None:
    """Write results, report and figure."""
    results.save(folder / "results.json")
    write_atomically(folder / "report.md", write(results))
    write_atomically(folder / "report.svg", draw(results))


def _now() -> str:
    """The date, and how busy the machine is with other things."""
    load = load_average()
    return date.today().isoformat() + (f", load {load:.2f}" if load is not None else "")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("BNUTILS_PROGRESS", "0")
    raise SystemExit(main())
