"""The ledger's totals as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bnsite.claims import LABELS
from bnsite.ledger import results, scoring
from bnutils.utils.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bnsite.claims import Claim
    from bnsite.ledger.scoring import Call
    from bnsite.records import Record


def of_claims(every: Sequence[Claim]) -> str:
    """How many claims there are, by kind of evidence."""
    labels = [str(claim.get("label")) for claim in every]
    said = [f"{labels.count(name)} {words}" for name, words in LABELS.items()]
    return f"{counted(len(every), 'claim')}: {', '.join(said)}."


def of_results(found: Sequence[Record]) -> str:
    """How many results there are, by verdict, and how many of them were hardly in question."""
    counts = results.verdicts(found)
    measured = [f"{counts[word]} {word}" for word in results.MEASURED]
    failing = f", {counts['fails']} do not" if counts["fails"] else ""
    return (
        f"{counted(len(found), 'result')}, a finding on one data set each: {', '.join(measured)}; "
        f"of theorems {counts['holds']} hold{failing}. Demonstrations, whose bound was hardly in "
        f"question: {results.demonstrations(found)}."
    )


def of_score(calls: Sequence[Call]) -> str:
    """How many predictions came out, and which are not counted."""
    counts = scoring.score(calls)
    said = f"{counts[scoring.RIGHT]} right, {counts[scoring.WRONG]} wrong"
    shown = [call.is_surprise for call in calls if call.score == scoring.DEMONSTRATION]
    otherwise = f" and {sum(shown)} otherwise" if any(shown) else ""
    as_expected = f"{counted(len(shown) - sum(shown), 'demonstration')} as expected"
    rest = f"; {as_expected}{otherwise}, not counted" if shown else ""
    proved = counts[scoring.THEOREM]
    rest += f"; {counted(proved, 'theorem')} by now, not counted" if proved else ""
    waiting = f"; {counts[scoring.WAITING]} not yet measured" if counts[scoring.WAITING] else ""
    return f"{counted(len(calls), 'prediction')}: {said}{rest}{waiting}"


def of_blocks(blocks: Sequence[Sequence[Call]]) -> str:
    """How many blocks there are, and how many wait for their experiment."""
    waiting = sum(all(call.record is None for call in calls) for calls in blocks)
    return f"{counted(len(blocks), 'block')}, {waiting} of them not yet measured"
