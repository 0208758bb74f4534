"""What others measured of the book's claims on seeds of their own, and whether it agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bnsite import records
from bnutils.records import DATASETS
from bnutils.utils.words import counted
from bnutils.verdicts import agree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Pair = tuple[records.Record, records.Record]  # ours, and somebody else's


def of_results(root: Path, found: Sequence[records.Record]) -> list[Pair]:
    """All replications of some results, each beside the result."""
    return [(ours, one) for ours in found for one in of_result(root, ours)]


def of_result(root: Path, ours: records.Record) -> list[records.Record]:
    """The replications of a result."""
    finding = ours.name.removesuffix(f".{ours.dataset}")
    return records.replications(root, finding, ours.dataset)


def is_alike(ours: records.Record, other: records.Record) -> bool:
    """Whether two measurements are no further apart than chance explains."""
    return agree(ours.fields["values"], other.fields["values"])


def agreeing(pairs: Sequence[Pair]) -> int:
    """How many agree."""
    return sum(is_alike(*pair) for pair in pairs)


def total(pairs: Sequence[Pair]) -> str:
    """How many replications there are in the book."""
    if not pairs:
        return "No replication by others so far."
    return f"{counted(len(pairs), 'replication')} by others, {how_many_agree(pairs, 'of which')}."


def sentence(pairs: Sequence[Pair]) -> str:
    """Who measured a finding again, and what came of it."""
    each = "; ".join(one_of_them(*pair) for pair in pairs)
    said = how_many_agree(pairs, f"of {len(pairs)}")
    return f"Measured again on other seeds, {said} with ours: {each}."


def how_many_agree(pairs: Sequence[Pair], among: str) -> str:
    """Such as "2 of 3 agree"."""
    number = agreeing(pairs)
    return f"{number} {among} agree{'s' if number == 1 else ''}"


def one_of_them(ours: records.Record, other: records.Record) -> str:
    """One replication."""
    where = DATASETS.get(ours.dataset, ours.dataset)
    apart = "" if is_alike(ours, other) else ", further from ours than chance explains"
    return f"{other.fields['who']} on {where}, {other.verdict}{apart}"
