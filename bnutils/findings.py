"""Claims with their measured effect, a verdict by rule, and how they agree with the record.

A lab ends an experiment with :func:`finding`. It states the claim, derives the verdict from
the interval, and says how setting and numbers compare with the record that the chapter keeps.
What else follows from a difference is said by ``BNUTILS_FINDINGS``:

============  ================================================================================
``state``     The default, for experiments: nothing. The finding states what it found, and how
              its setting differs from the record's. It needs no record, and never fails.
``check``     Set by the build and by all that executes the labs as they are committed: another
              setting, number outside its tolerance, wording or verdict is an error, and so is
              a finding without a record. The book cannot say one thing while its labs measure
              another.
``refresh``   The record is written. Set by ``make findings`` alone.
``off``       Nothing is compared.
============  ================================================================================
"""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bnutils.cards import card, text
from bnutils.errors import FindingMismatch
from bnutils.intervals import Interval
from bnutils.records import STATED, elsewhere, phrase, read_record, write_record
from bnutils.settings import as_json, differences, listed
from bnutils.utils.chapters import checkout, record_path
from bnutils.utils.scalars import plain
from bnutils.utils.validation import finite, mapping, one_of
from bnutils.utils.validation import text as words
from bnutils.utils.versions import versions
from bnutils.utils.wording import shown

LABELS = ("theorem", "measured", "literature", "folklore")
VARIABLE = "BNUTILS_FINDINGS"
MODES = ("state", "check", "refresh", "off")
SLACK = 2.0  # half-widths of the interval by which a new measurement may differ


@dataclass(frozen=True)
class Finding:
    """A claim, what was measured, and what follows.

    Attributes
    ----------
    name : str
        ``"<chapter>/<finding>"``.
    claim : str
        One sentence that can turn out false.
    label : {"theorem", "measured", "literature", "folklore"}
        What kind of support the claim has.
    dataset : str
        Data set it was measured on, or ``"synthetic"``.
    effect, low, high : float
        The effect and its 95 % interval, in ``unit``.
    n : int
        Number of seeds.
    unit : str
        Unit of the effect; empty for a plain number.
    above, below : float or None
        The claim says that the effect lies between these.
    tolerance : float
        How far another measurement of the effect may be from this one.
    setting : mapping
        What the numbers depend on, by name.
    note : str
        What is missing, and how it compares with the committed record.
    """

    name: str
    claim: str
    label: str
    dataset: str
    effect: float
    low: float
    high: float
    n: int
    unit: str
    above: float | None
    below: float | None
    tolerance: float
    setting: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def verdict(self) -> str:
        """``"supported"`` if the whole interval is where the claim says, ``"contradicted"`` if
        none of it is, else ``"undecided"``, as where there is no interval.
        """  # noqa: D205
        above = float("-inf") if self.above is None else self.above
        below = float("inf") if self.below is None else self.below
        if above < self.low and self.high < below:
            return "supported"
        return "contradicted" if self.high <= above or below <= self.low else "undecided"

    def record(self) -> dict[str, Any]:
        """Return what is committed: everything but the note, and the packages' versions."""
        values = {key: value for key, value in asdict(self).items() if key != "note"}
        setting = values.pop("setting")
        return {**values, "verdict": self.verdict, "setting": setting, "versions": versions()}

    def __str__(self) -> str:
        return text({**asdict(self), "verdict": self.verdict}, self.note)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card({**asdict(self), "verdict": self.verdict}, self.note)


def finding(
    name: str,
    *,
    claim: str,
    effect: Interval,
    above: float | None = None,
    below: float | None = None,
    dataset: str = "synthetic",
    unit: str = "",
    label: str = "measured",
    tolerance: float | None = None,
    setting: Mapping[str, Any] | None = None,
) -> Finding:
    """State a finding, and how it compares with its committed record.

    Parameters
    ----------
    name : str
        ``"<chapter>/<finding>"``; the record, if there is one, is ``<finding>.<dataset>.json``
        in the chapter's folder ``book/<chapter>/findings``.
    claim : str
        One sentence that can turn out false.
    effect : Interval
        What was measured, from at least two seeds. From fewer there is no verdict.
    above, below : float, optional
        The claim holds if the effect lies between them; at least one.
    dataset : str
        ``data.name``; ``"synthetic"`` for random numbers.
    unit : str
        Unit of the effect, for example ``"percentage points"``.
    label : {"theorem", "measured", "literature", "folklore"}
        What kind of support the claim has.
    tolerance : float, optional
        How far another measurement may be from this one; by default twice the half-width of
        the interval, since seeds may round differently on another machine, plus 1e-9.
    setting : mapping, optional
        What the numbers depend on, by name: ``{"seeds": SEEDS, "batch size": 32}``, or
        :meth:`Comparison.setting <bnutils.results.Comparison.setting>`. Where it is not the
        record's, the finding says what differs.

    Returns
    -------
    Finding

    Raises
    ------
    FindingMismatch
        With ``BNUTILS_FINDINGS=check`` only: if there is no record, or setting, wording, number
        or verdict is not the record's.
    TypeError
        If ``effect`` is not an interval.
    ValueError
        If another argument is outside what is listed here, or a record is to be written of a
        finding without an interval.
    """
    label = one_of("label", label, LABELS)
    mode = one_of(VARIABLE, os.environ.get(VARIABLE) or "state", MODES)
    name = _named("name", name, "[a-z0-9-]+/[a-z0-9-]+", "'<chapter>/<finding>'")
    dataset = _named("dataset", dataset, "[a-z0-9-]+", "a name")
    claim, unit = words("claim", claim), words("unit", unit, empty=True)
    above, below = _bounds(above, below)
    _check_effect(effect)
    slack = _slack(effect, tolerance)
    ends = (effect.estimate, effect.low, effect.high, effect.n)
    at = as_json({} if setting is None else mapping("setting", setting, '{"seeds": 16}'))
    measured = Finding(name, claim, label, dataset, *ends, unit, above, below, slack, at)
    note = "" if mode == "off" else _noted(measured, mode)
    return replace(measured, note=" ".join(part for part in (effect.gaps, note) if part))


def _named(argument: str, value: str, form: str, what: str) -> str:
    """A name of which files are made."""
    given = plain(value)
    if not isinstance(given, str) or not re.fullmatch(form, given):
        raise ValueError(f"{argument} must be {what} in a-z, 0-9, -; received {shown(value)}.")
    return given


def _bounds(above: float | None, below: float | None) -> tuple[float | None, float | None]:
    """Where the effect lies if the claim holds."""
    if above is None and below is None:
        raise ValueError("Give above, below or both: where the effect lies if the claim holds.")
    least = None if above is None else finite("above", above)
    return least, None if below is None else finite("below", below)


def _slack(effect: Interval, tolerance: float | None) -> float:
    """How far another measurement may be from this one."""
    if tolerance is None:
        return SLACK * (effect.high - effect.low) / 2 + 1e-9
    given = finite("tolerance", tolerance)
    if given < 0:
        raise ValueError(f"tolerance must be at least 0; received {shown(tolerance)}.")
    return given


def _check_effect(effect: Interval) -> None:
    if not hasattr(effect, "estimate"):
        raise TypeError(
            "effect must be an interval, such as bnutils.interval(values) with one value for "
            f"each seed, or result.difference(...); received {shown(effect)}."
        )


def _noted(measured: Finding, mode: str) -> str:
    """Return how a finding compares with its record, or write the record."""
    root = checkout()
    if root is None:
        return ""
    path = record_path(root, f"{measured.name}.{measured.dataset}")
    if mode == "refresh":
        return _written(measured, path)
    try:
        difference = _difference(measured, read_record(path))
    except FindingMismatch as problem:
        if mode == "check":
            raise
        return _without_record(measured, root) if not path.exists() else str(problem)
    if difference and mode == "check":
        raise FindingMismatch(
            f"The finding {measured.name} on {measured.dataset} must agree with its record, which "
            f"it does not: measured {measured.verdict}, {phrase(asdict(measured))}. {difference} "
            f"If the change is meant, run `make findings LAB={measured.name.partition('/')[0]}` "
            f"and commit {path}. To experiment, unset {VARIABLE}."
        )
    return difference or "Agrees with the committed record."


def _written(measured: Finding, path: Path) -> str:
    if not measured.low <= measured.effect <= measured.high:
        raise ValueError(
            f"A record needs an interval, from at least two seeds; {measured.name} has "
            f"n = {measured.n}. Measure more seeds."
        )
    write_record(path, measured.record())
    return "The record was written."


def _difference(measured: Finding, record: dict[str, Any]) -> str:
    """Say how a finding differs from its record; return '' where they agree."""
    own = asdict(measured)
    there = f"There: {record['verdict']}, {phrase(record)}."
    if "setting" not in record:
        return f"The record does not say at what setting it was measured. {there}"
    setting = differences(measured.setting, record["setting"])
    stated = [key for key in STATED if own[key] != record[key]]
    stated = [key for key in stated if key != "n"] if setting else stated  # its seeds say it
    setting += differences({key: own[key] for key in stated}, {key: record[key] for key in stated})
    if setting:
        return f"Not the setting of the record: {listed(setting)}. {there}"
    if own["claim"] != record["claim"]:
        return f"The record has another claim: {record['claim'].rstrip('.')}. {there}"
    gap = abs(measured.effect - record["effect"])
    if measured.verdict != record["verdict"] or not gap <= record["tolerance"]:
        return (
            "The settings named are those of the record, but the result is not: what differs is "
            f"the code, or the machine. {there}"
        )
    return ""


def _without_record(measured: Finding, root: Path) -> str:
    """Say what there is to compare with where a finding has no record."""
    others = elsewhere(root, measured.name)
    if not others:
        return "A finding of your own: there is no record of it."
    known = [f"on {name} {record['verdict']}, {phrase(record)}" for name, record in others.items()]
    return f"There is no record on {measured.dataset}; there are: {'; '.join(known)}."
