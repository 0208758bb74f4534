"""What was expected of each predicted claim, beside what came out.

Right is an expectation that came out. A demonstration, whose bound was hardly in question, is not
counted, however it came out; where that is not as expected it is told all the same. Nor is what
turned out to be a theorem: its record is checked, not measured. What has no record yet, or one
that was measured for another seal, is waiting.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bnsite import records
from bnutils import predictions
from bnutils.utils.chapters import chapters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bnutils.predictions import Claim, Prediction

RIGHT, WRONG = "right", "wrong"
DEMONSTRATION, THEOREM, WAITING = "demonstration", "theorem", "not yet measured"
MARKS = {RIGHT: "✓", WRONG: "✗", DEMONSTRATION: "–", THEOREM: "–", WAITING: "…"}


@dataclass(frozen=True)
class Call:
    """One claim of a block on one data set.

    Attributes
    ----------
    block, claim
        Where it was predicted.
    dataset, expected : str
        On what, and what we thought; the data set is empty where that waits for the record.
    record : Record or None
        What was measured for it.
    """

    block: Prediction
    claim: Claim
    dataset: str
    expected: str
    record: records.Record | None

    @property
    def score(self) -> str:
        """How it came out."""
        if self.record is None:
            return WAITING
        if is_theorem(self.record):
            return THEOREM
        if self.record.fields["demonstration"]:
            return DEMONSTRATION
        return WRONG if self.is_surprise else RIGHT

    @property
    def is_surprise(self) -> bool:
        """Whether it came out otherwise than expected, counted or not."""
        if self.record is None or is_theorem(self.record):
            return False
        return self.record.verdict != self.expected


def blocks(root: Path) -> list[Prediction]:
    """All blocks, chapter by chapter."""
    return [block for chapter in chapters(root) for block in predictions.read(chapter)]


def calls(root: Path, block: Prediction) -> list[Call]:
    """All that a block predicts."""
    return [call for claim in block.claims for call in calls_of(root, block, claim)]


def calls_of(root: Path, block: Prediction, claim: Claim) -> Iterator[Call]:
    """A claim on each of its data sets."""
    found = {
        record.dataset: record
        for record in records.of_finding(root, claim.finding)
        if record.fields["predicted"].get("seal") == block.seal or is_theorem(record)
    }
    for dataset in [*found, *(one for one in planned(claim) if one not in found)]:
        yield Call(block, claim, dataset, claim.expected_on(dataset), found.get(dataset))
    if not found and not planned(claim):
        yield Call(block, claim, "", str(claim.expected), None)


def is_theorem(record: records.Record) -> bool:
    """Whether a claim that was predicted has been proved since, and is only checked."""
    return bool(record.fields["label"] == "theorem")


def planned(claim: Claim) -> Mapping[str, str]:
    """The data sets that a claim names, with what is expected on each."""
    return {} if isinstance(claim.expected, str) else claim.expected


def score(every: Iterable[Call]) -> Counter[str]:
    """How many came out how."""
    return Counter(call.score for call in every)
