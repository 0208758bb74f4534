"""Layers that take momentum and epsilon for each other, told by their numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bnutils.checks.catalogue import mistake
from bnutils.checks.life.estimation import attempt
from bnutils.checks.life.found import Found
from bnutils.checks.life.judgement import Verdict
from bnutils.checks.life.names import differing
from bnutils.checks.life.replays import Replays
from bnutils.checks.life.reproducing import first_unexplained
from bnutils.checks.life.rules import RIGHT, TRAINING
from bnutils.checks.orders import with_names
from bnutils.checks.report import Mistake

_TAKEN: dict[str, Mapping[str, str]] = {
    "with epsilon as its momentum": {"momentum": "epsilon"},
    "with momentum as its epsilon": {"epsilon": "momentum"},
    "with momentum and epsilon in each other's place": {
        "momentum": "epsilon",
        "epsilon": "momentum",
    },
}
"""What is taken for what, in words; few changes first."""


@dataclass(frozen=True, eq=False)
class MixedUp:
    """A layer in which one constant stands where the other belongs.

    Attributes
    ----------
    said : str
        In words, which.
    taken : mapping of str to str
        For momentum and epsilon what is taken, if it is the other.
    found : Found
        What else it does, as if the constants were the right ones.
    """

    said: str
    taken: Mapping[str, str]
    found: Found

    def mistake(self, others: Sequence[Mistake]) -> Mistake:
        """Name it; `others` is what is wrong besides."""
        rest = ", but for what else is said here" if others else ""
        seen = f"the outputs are those of a layer {self.said}{rest}."
        return mistake("momentum-epsilon-mixup", seen)

    def formulas(self) -> dict[str, str]:
        """Return what is computed, in the constants as they were given."""
        return differing(Found(with_names({**RIGHT, **self.found.formulas}, self._own())))

    def _own(self) -> dict[str, str]:
        return {"momentum": "momentum", "epsilon": "epsilon", **self.taken}


def alone(replays: Replays, verdicts: Sequence[Verdict]) -> MixedUp | None:
    """Return how the constants are mixed up if nothing else is wrong.

    Parameters
    ----------
    replays : Replays
        The layers.
    verdicts : sequence of Verdict
        The lives that were lived.
    """
    for said, taken, turned in _tried(verdicts):
        if first_unexplained({}, replays, turned) is None:
            return MixedUp(said, taken, Found())
    return None


def with_more(replays: Replays, verdicts: Sequence[Verdict]) -> MixedUp | None:
    """Return how the constants are mixed up if formulas explain the rest."""
    for said, taken, turned in _tried(verdicts):
        found, complete = attempt(replace(replays, taken=taken, seen={}), turned)
        if complete:
            return MixedUp(said, taken, found)
    return None


def suspected(found: Found) -> bool:
    """Whether training takes momentum for something, which it should not."""
    return "momentum" in found.formulas.get(TRAINING, "")


def _tried(
    verdicts: Sequence[Verdict],
) -> Iterator[tuple[str, Mapping[str, str], list[Verdict]]]:
    """Yield what may be taken for what, and the lives as they are meant then."""
    for said, taken in _TAKEN.items():
        yield said, taken, [_taking(one, taken) for one in verdicts]


def _taking(verdict: Verdict, taken: Mapping[str, str]) -> Verdict:
    settings = tuple(one.taking(taken) for one in verdict.meant.settings)
    return replace(verdict, meant=replace(verdict.meant, settings=settings))
