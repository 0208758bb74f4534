"""Predictions that cannot be moved: what was claimed beforehand, and the seeds that follow from it.

A chapter writes down what it expects in the list ``predictions`` of its ``claims.yml``, one block
for each experiment, before the experiment is run::

    - id: first-comparison
      date: 2026-11-29
      pilot: Ten other seeds on MNIST gave -0.22 percentage points.
      settings: {network: Dense 128, optimiser: adam, epochs: 5, seeds: 16}
      claims:
        test-accuracy:
          claim: After 5 epochs, batch norm has a higher test accuracy than plain
          above: 0
          unit: percentage points
          expected: {mnist: contradicted, digits28: supported}

The *seal* of a block is its SHA-256, and the seeds of the experiment are the 32-bit words of the
seal. Whoever changes a claim afterwards, or a bound, has other seeds, and has to run again.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bnutils.errors import PredictionError
from bnutils.utils.chapters import Chapter
from bnutils.utils.validation import at_least
from bnutils.utils.wording import shown

WHO = "BNUTILS_WHO"
MOST = 1000  # seeds of one seal
MOST_FILES = 64  # whose blocks are kept in memory
SEEDS = 16  # of every claim that is measured
OUTCOMES = ("supported", "contradicted", "undecided")
PARTS = {"id", "date", "pilot", "settings", "claims"}
WORD = 8  # hexadecimal digits of 32 bits


@dataclass(frozen=True)
class Claim:
    """One claim of a block.

    Attributes
    ----------
    finding : str
        ``"<chapter>/<finding>"``.
    claim, unit : str
        In words, as the lab states it.
    above, below : float or None
        The claim holds if the effect lies between these.
    expected : str or mapping
        What we think will come out; if that differs, by data set.
    """

    finding: str
    claim: str
    unit: str
    above: float | None
    below: float | None
    expected: str | Mapping[str, str] = "supported"

    def expected_on(self, dataset: str) -> str:
        """Return what we think will come out on a data set."""
        given = self.expected
        return given if isinstance(given, str) else given.get(dataset, "undecided")


@dataclass(frozen=True)
class Prediction:
    """A block: one experiment with all that is claimed about it.

    Attributes
    ----------
    chapter : str
        Whose ``claims.yml`` it stands in.
    block : mapping
        As it is written there.
    """

    chapter: str
    block: Mapping[str, Any]

    @property
    def name(self) -> str:
        """``"<chapter>/<id>"``."""
        return f"{self.chapter}/{self.block['id']}"

    @property
    def seal(self) -> str:
        """SHA-256 of the whole block, as 64 hexadecimal digits."""
        return seal(self.block)

    @property
    def seeds(self) -> list[int]:
        """The seeds of the experiment."""
        return _words(self.seal, SEEDS)

    @property
    def claims(self) -> list[Claim]:
        """What is claimed."""
        return [_claim(self, name, parts) for name, parts in self.block["claims"].items()]


def seal(block: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a prediction block, as 64 hexadecimal digits.

    It is that of the block as JSON with sorted keys and without blanks, dates as ``2026-11-29``;
    how the block is laid out in the file does not matter.
    """
    text = json.dumps(block, sort_keys=True, separators=(",", ":"), default=_plain)
    return _hashed(text)


def seeds(seal: str, n: int = SEEDS) -> list[int]:
    """Return the seeds that follow from a seal: its 32-bit words.

    After the eight words of the seal come those of the SHA-256 of its digits, and so on. With
    ``BNUTILS_WHO=ada`` they are those of the SHA-256 of the seal, a blank and ``ada``: seeds of
    somebody's own, for ``make replicate``.

    Parameters
    ----------
    seal : str
        64 hexadecimal digits.
    n : int
        How many seeds.

    Returns
    -------
    list of int
        From 0 to 2^32 - 1.

    Raises
    ------
    ValueError
        If ``seal`` is no SHA-256, or ``n`` is not between 1 and 1000.
    """
    if not (isinstance(seal, str) and re.fullmatch("[0-9a-f]{64}", seal)):
        raise ValueError(
            "seal must be the SHA-256 of a prediction, 64 digits of 0-9 and a-f; received "
            f"{shown(seal)}. To use seeds of your own, pass a list of numbers instead."
        )
    who = os.environ.get(WHO)
    count = at_least("n", n, 1, MOST)
    return seeds_of(seal, who, count) if who else _words(seal, count)


def seeds_of(seal: str, who: str, n: int = SEEDS) -> list[int]:
    """Return the seeds of a replication: those of a seal and a word, as :func:`seeds` says."""
    return _words(_hashed(f"{seal} {who}"), n)


def _words(seal: str, n: int) -> list[int]:
    """The first words of a seal, of its own SHA-256 and so on."""
    words: list[int] = []
    while len(words) < n:
        words += [int(seal[at : at + WORD], 16) for at in range(0, len(seal), WORD)]
        seal = _hashed(seal)
    return words[:n]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(chapter: Chapter) -> list[Prediction]:
    """Return the predictions of a chapter; none where it has no file of claims.

    Raises
    ------
    PredictionError
        If a block is not whole, or two of them claim the same.
    """
    text = chapter.claims.read_text("utf-8") if chapter.claims.is_file() else ""
    found = [Prediction(chapter.slug, block) for block in _blocks(text)]
    names = [claim.finding for one in found for claim in _checked(one).claims]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise PredictionError(
            f"A finding must be predicted in one block; {', '.join(twice)} is in more than one of "
            f"{chapter.claims}. Keep the block that its lab names the seal of."
        )
    return found


def of_finding(root: Path, name: str) -> tuple[Prediction, Claim] | None:
    """Return the block that predicts ``"<chapter>/<finding>"``, and the claim; None if none does.

    Raises
    ------
    PredictionError
        If a block of the chapter is not whole.
    """
    blocks = read(Chapter(root, name.partition("/")[0]))
    found = ((one, claim) for one in blocks for claim in one.claims if claim.finding == name)
    return next(found, None)


@lru_cache(maxsize=MOST_FILES)
def _blocks(text: str) -> tuple[Mapping[str, Any], ...]:
    """The blocks of a file: taken apart once for each content, however many findings ask."""
    import yaml  # of the build, not of the package

    held = yaml.safe_load(text)
    return tuple((held.get("predictions") or []) if isinstance(held, Mapping) else [])


def _checked(one: Prediction) -> Prediction:
    """A block with all that a block has."""
    if missing := PARTS - set(one.block):
        raise PredictionError(
            f"A prediction must have {', '.join(sorted(PARTS))}; the block "
            f"{shown(one.block.get('id'))} of {one.chapter} is without "
            f"{', '.join(sorted(missing))}. See bnutils.predictions for an example."
        )
    if not isinstance(one.block["date"], date):
        raise PredictionError(
            f"The date of a prediction must be a day, such as 2026-11-29; {one.name} has "
            f"{shown(one.block['date'])}."
        )
    return one


def _claim(one: Prediction, name: str, parts: Mapping[str, Any]) -> Claim:
    """A claim of a block, with a bound and with outcomes that there are."""
    bounds = {side: parts[side] for side in ("above", "below") if parts.get(side) is not None}
    if not bounds or not all(isinstance(bound, int | float) for bound in bounds.values()):
        raise PredictionError(
            "A claim must say on which side of which number the effect lies, with above, below or "
            f"both; {name} in {one.name} has {shown(bounds or None)}. Without a direction nothing "
            "is predicted."
        )
    expected = parts.get("expected", "supported")
    said = [expected] if isinstance(expected, str) else list(expected.values())
    if unknown := [word for word in said if word not in OUTCOMES]:
        raise PredictionError(
            f"What is expected must be one of {', '.join(OUTCOMES)}; {name} in {one.name} has "
            f"{shown(unknown[0])}."
        )
    ends = (bounds.get("above"), bounds.get("below"))
    words = (str(parts["claim"]), str(parts.get("unit", "")))
    return Claim(f"{one.chapter}/{name}", *words, *ends, expected)


def _plain(value: Any) -> str:
    """What JSON does not know, as text."""
    if isinstance(value, date):
        return value.isoformat()
    raise PredictionError(
        f"A prediction must hold texts, numbers, dates, lists and mappings; received {value!r}."
    )
