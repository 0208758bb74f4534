"""The memory of a lab: all its cells in a fresh kernel, with an empty store."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.runner import ROOT
from bnutils.store import VARIABLE as STORE
from tools import labs

CELL = 900  # seconds that a cell may take


def lab(slug: str, data: str, cores: int | None) -> dict[str, float]:
    """Peak memory of the kernel in MiB, and the seconds that the cells take.

    Parameters
    ----------
    slug : str
        The chapter's.
    data : str
        For ``BNUTILS_DATA``; empty for what is found by itself.
    cores : int or None
        On how many cores the kernel runs; None for all.
    """
    import resource  # not on Windows

    import nbformat
    from nbclient import NotebookClient

    if cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    (path,) = labs.named([slug], ROOT)
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {STORE: str(Path(folder, "runs")), "BNUTILS_PROGRESS": "0"}
        if data:
            os.environ["BNUTILS_DATA"] = data
        resources = {"metadata": {"path": str(path.parent)}}
        begun = time.perf_counter()
        NotebookClient(notebook, timeout=CELL, resources=resources).execute()
        took = time.perf_counter() - begun
    return {"memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10, "work": took}
