"""Measure a claim on seeds of your own: ``python -m tools.replicate CLAIM WHO``.

The seeds follow from the seal of the prediction and from WHO, a word of yours such as a name, so
that nobody can choose them. It is said how the result compares with the record, and the result is
written to ``replications/`` in the chapter's folder: with a pull request it gets a line of its own
on the claim's card and in the ledger.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bnutils.cards import text
from bnutils.errors import FindingMismatch
from bnutils.findings import Finding
from bnutils.predictions import WHO, of_finding
from bnutils.records import Fields, read_record, write_record
from bnutils.utils.chapters import record_path, replication_path
from bnutils.verdicts import agree, p_of_difference
from tools import labs
from tools.lab_cells import experiment_cells, run

NAMES = "[a-z0-9-]{1,30}"


def main(arguments: Sequence[str], root: Path = labs.ROOT) -> int:
    """Replicate what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.replicate", description=__doc__)
    parser.add_argument("claim", metavar="CLAIM", help="such as with-and-without/test-accuracy")
    parser.add_argument("who", metavar="WHO", help="a word of yours: a-z, 0-9, -")
    asked = parser.parse_args(arguments)
    if problem := _problem(asked.claim, asked.who, root):
        print(problem, file=sys.stderr)
        return 2
    found = measured(asked.claim, asked.who, root)
    if not found:
        return 1
    for one in found:
        report(one, asked.who, root)
    return 0


def _problem(claim: str, who: str, root: Path) -> str:
    """Why this cannot be replicated, or ''."""
    if not re.fullmatch(NAMES, who):
        return f"WHO must be a word of a-z, 0-9 and -, at most 30 of them; received {who!r}."
    known = sorted(labs.every(root))
    if claim.partition("/")[0] not in known:
        return (
            f"CLAIM must be <chapter>/<finding>; received {claim!r}. Chapters: {', '.join(known)}."
        )
    if of_finding(root, claim) is None:
        return f"CLAIM must be predicted in the chapter's claims.yml; {claim!r} is not."
    return ""


def measured(claim: str, who: str, root: Path) -> list[Finding]:
    """Run the claim's lab on these seeds; what it found, on each of its data sets."""
    lab = labs.every(root)[claim.partition("/")[0]]
    print(f"Running {lab.name} on the seeds of {who!r}; this may take minutes.", flush=True)
    with _seeds_of(who):
        shown = run(experiment_cells(lab), lab.parent, {})
    found = [one for one in shown.findings if one.name == claim]
    if shown.error or not found:
        print(f"The lab did not state {claim}. {shown.error}", file=sys.stderr)
    return found


@contextmanager
def _seeds_of(who: str) -> Iterator[None]:
    """Let labs take other seeds than those of the book, and compare with no record."""
    before = dict(os.environ)
    os.environ |= {WHO: who, "BNUTILS_FINDINGS": "off"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def report(one: Finding, who: str, root: Path) -> None:
    """Say how a result compares with the record, and write it down."""
    print(f"\n{text(one.record(), '')}\n{compared(one.record(), root)}")
    path = replication_path(root, f"{one.name}.{one.dataset}", who)
    write_record(path, {**one.record(), "who": who, "date": date.today().isoformat()})
    print(f"Written: {path.relative_to(root)}. A pull request with it adds it to the ledger.")


def compared(one: Fields, root: Path) -> str:
    """How far a result lies from the record, in a sentence."""
    try:
        record = read_record(record_path(root, f"{one['name']}.{one['dataset']}"))
    except FindingMismatch:
        return f"There is no record on {one['dataset']} to compare it with."
    values = (one["values"], record["values"])
    p = p_of_difference(*values)
    same = "Both have the verdict" if one["verdict"] == record["verdict"] else "The record has"
    far = "no further apart than" if agree(*values) else "further apart than"
    return (
        f"{same} {record['verdict']!r}. Two measurements of one effect would be as far apart as "
        f"these in {100 * p:.3g} % of cases: they are {far} chance explains."
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
