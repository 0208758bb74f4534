"""Which outputs of a life formulas give, and which they do not."""

from collections.abc import Mapping, Sequence

from bnutils.checks.life.judgement import Verdict, reproduces
from bnutils.checks.life.replays import Replays
from bnutils.checks.life.rules import lived_by

SAME = 1e-6

Formulas = Mapping[str, str]


def reproduced(formulas: Formulas, replays: Replays, verdict: Verdict) -> list[bool]:
    """Return for each step of a life whether the formulas give its output."""
    due = lived_by(formulas, verdict.meant, replays.parameters)
    kept = max(SAME, replays.exact)
    return [reproduces(y, d, kept) for y, d in zip(verdict.outputs, due, strict=True)]


def first_unexplained(
    formulas: Formulas, replays: Replays, verdicts: Sequence[Verdict]
) -> tuple[Verdict, int] | None:
    """Return the first step whose output the formulas do not give; None if there is none."""
    for verdict in verdicts:
        same = reproduced(formulas, replays, verdict)
        if not all(same):
            return verdict, same.index(False)
    return None


def unexplained(formulas: Formulas, replays: Replays, verdicts: Sequence[Verdict]) -> set[str]:
    """Return the modes in which some output is not what the formulas say."""
    return {
        step.mode
        for verdict in verdicts
        for step, same in zip(
            verdict.life.steps, reproduced(formulas, replays, verdict), strict=True
        )
        if not same
    }
