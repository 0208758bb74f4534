"""Train the atlas and write its table: ``python -m tools.atlas [--processes N]``.

On purpose only, as ``make findings``: a build reads the table. The numbers that draw the settings
are those of the seal of the chapter's prediction. Each combination is kept in ``_build/atlas`` as
soon as it is trained, so that a run which was stopped goes on where it was; the table is written
when all are there, and with it the script from which the page draws.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bnutils import predictions
from bnutils.atlas import NAME, design
from bnutils.atlas.table import path_in, read, rows_of, write
from bnutils.store import MemoryStore
from bnutils.utils.chapters import Chapter
from bnutils.utils.files import write_atomically
from bnutils.utils.progress import bar
from tools import labs
from tools.atlas_script import SCRIPT, script

TABLE = path_in(labs.ROOT)
PIECES = labs.ROOT / "_build" / "atlas"
LAST = 10  # combinations that one process trains: what TensorFlow compiled is then forgotten
ONE_CORE = {"LOKY_MAX_CPU_COUNT": "1", "TF_NUM_INTEROP_THREADS": "1"}

Job = tuple[int, dict[str, Any]]


def main(arguments: Sequence[str]) -> int:
    """Train what is missing and write table and script; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.atlas", description=__doc__)
    parser.add_argument("--processes", type=int, default=1, help="trainings side by side")
    processes = parser.parse_args(arguments).processes
    (block,) = predictions.read(Chapter(labs.ROOT, NAME))
    jobs = [(seed, combination) for seed in block.seeds for combination in design(seed)]
    folder = PIECES / block.seal[:16]
    complete(jobs, folder, processes)
    write(TABLE, [row for job in jobs for row in json.loads(piece(folder, job).read_text("utf8"))])
    write_atomically(SCRIPT, script(read(TABLE)))
    print(f"{len(jobs)} combinations: {TABLE}, {SCRIPT}")
    return 0


def piece(folder: Path, job: Job) -> Path:
    """The file of a combination."""
    seed, combination = job
    return folder / f"{seed}-{'-'.join(map(str, combination.values()))}.json"


def work(job: Job) -> int:
    """About how many multiplications an update takes."""
    one = job[1]
    return int(one["depth"] * one["width"] ** 2 * one["batch_size"])


def complete(jobs: Sequence[Job], folder: Path, processes: int) -> None:
    """Train the combinations that have no file yet."""
    missing = [job for job in jobs if not piece(folder, job).is_file()]
    missing.sort(key=work, reverse=True)  # so that no process waits for another at the end
    done = len(jobs) - len(missing)
    with bar(None, total=len(jobs), initial=done, unit="combination", smoothing=0) as shown:
        for job, rows in trained(missing, processes):
            write_atomically(piece(folder, job), json.dumps(rows))
            shown.update()


def trained(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, list[dict[str, Any]]]]:
    """Each combination with its rows, as they are finished; one core for each process."""
    os.environ.update(ONE_CORE)  # of the processes that start from here on
    with get_context("spawn").Pool(processes, maxtasksperchild=LAST) as pool:
        yield from pool.imap_unordered(with_rows, jobs)


def with_rows(job: Job) -> tuple[Job, list[dict[str, Any]]]:
    """Train one combination."""
    return job, rows_of(*job, store=MemoryStore(), progress=False)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
