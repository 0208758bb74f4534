"""Claims with their measured effect, a verdict by rule, and the committed record.

A lab ends an experiment with :func:`finding`. It states the claim, derives the verdict from
the interval, and compares the effect with the record that the chapter keeps: the book cannot
say one thing while its labs measure another.
"""

import html
import json
import os
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bnutils.errors import FindingMismatch
from bnutils.intervals import Interval
from bnutils.utils.chapters import checkout, record_path
from bnutils.utils.files import write_atomically
from bnutils.utils.validation import one_of
from bnutils.utils.versions import versions

LABELS = ("theorem", "measured", "literature", "folklore")
VARIABLE = "BNUTILS_FINDINGS"
MODES = ("check", "refresh", "off")
STATED = ("claim", "label", "unit", "above", "below", "n")  # what a record says besides numbers
NUMBERS = ("effect", "low", "high", "tolerance")
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
    note : str
        How it compares with the committed record.
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
    note: str = ""

    @property
    def verdict(self) -> str:
        """``"supported"`` if the whole interval is where the claim says, ``"contradicted"`` if
        none of it is, else ``"undecided"``.
        """  # noqa: D205
        above = float("-inf") if self.above is None else self.above
        below = float("inf") if self.below is None else self.below
        if above < self.low and self.high < below:
            return "supported"
        return "contradicted" if self.high <= above or below <= self.low else "undecided"

    def record(self) -> dict[str, Any]:
        """Return what is committed: everything but the note, and the packages' versions."""
        values = {key: value for key, value in asdict(self).items() if key != "note"}
        return {**values, "verdict": self.verdict, "versions": versions()}

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"{self.claim}\n  {self.verdict} on {self.dataset}: {self.effect:.3g}{unit}, "
            f"95 % interval {self.low:.3g} to {self.high:.3g}, n = {self.n}. {self.note}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        claim, *rest = (html.escape(part.strip()) for part in str(self).split("\n"))
        return (
            f'<div class="finding finding-{self.verdict}"><p><strong>{claim}</strong></p>'
            f"<p>{' '.join(rest)}</p></div>"
        )


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
) -> Finding:
    """State a finding and compare it with its committed record.

    Parameters
    ----------
    name : str
        ``"<chapter>/<finding>"``; the record is ``<finding>.<dataset>.json`` in the chapter's
        folder ``book/<chapter>/findings``.
    claim : str
        One sentence that can turn out false.
    effect : Interval
        What was measured, from at least two seeds (or a deterministic number, low = high).
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

    Returns
    -------
    Finding

    Raises
    ------
    FindingMismatch
        If there is a record and the effect is outside its tolerance, or the verdict is the
        opposite; or if there is none where records are kept. ``BNUTILS_FINDINGS=refresh``
        writes the record instead; ``off`` compares nothing.
    ValueError
        If an argument is outside what is listed here.
    """
    one_of("label", label, LABELS)
    mode = os.environ.get(VARIABLE, "check")
    one_of(VARIABLE, mode, MODES)
    _check_arguments(name, dataset, effect, above, below)
    slack = SLACK * (effect.high - effect.low) / 2 + 1e-9 if tolerance is None else tolerance
    ends = (effect.estimate, effect.low, effect.high, effect.n)
    measured = Finding(name, claim, label, dataset, *ends, unit, above, below, slack)
    root = checkout()
    if mode == "off" or root is None:
        return replace(measured, note="Not compared with a record.")
    path = record_path(root, f"{name}.{dataset}")
    if mode == "refresh":
        write_atomically(path, json.dumps(measured.record(), indent=2) + "\n")
        return replace(measured, note="The record was written.")
    return _compared(measured, path)


def read_record(path: Path) -> dict[str, Any]:
    """Read a committed record.

    Raises
    ------
    FindingMismatch
        If there is none, or it cannot be read.
    """
    refresh = (
        f"Run `make findings` to measure it and commit the record; if you are experimenting, "
        f"set {VARIABLE}=off."
    )
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if missing := {*STATED, *NUMBERS, "verdict"} - record.keys():
            raise ValueError(f"without {', '.join(sorted(missing))}")
        if not np.isfinite([record["effect"], record["tolerance"]]).all():
            raise ValueError("effect and tolerance must be finite")
        if not record["low"] <= record["effect"] <= record["high"]:
            raise ValueError("the effect must lie in its interval")
    except FileNotFoundError as problem:
        raise FindingMismatch(
            f"A finding needs a record; {path} is missing. {refresh}"
        ) from problem
    except (ValueError, TypeError, AttributeError) as problem:
        raise FindingMismatch(
            f"A record must be a JSON object; {path} is not ({problem}). {refresh}"
        ) from problem
    return record


def _check_arguments(
    name: str, dataset: str, effect: Interval, above: float | None, below: float | None
) -> None:
    if not re.fullmatch("[a-z0-9-]+/[a-z0-9-]+", name):
        raise ValueError(f"name must be '<chapter>/<finding>' in a-z, 0-9, -; received {name!r}.")
    if not re.fullmatch("[a-z0-9-]+", dataset):
        raise ValueError(f"dataset must be a name in a-z, 0-9, -; received {dataset!r}.")
    if above is None and below is None:
        raise ValueError("Give above, below or both: where the effect lies if the claim holds.")
    if not effect.low <= effect.estimate <= effect.high:
        raise ValueError(
            f"effect must be an interval, which takes at least two seeds; received {effect}."
        )


def _compared(measured: Finding, path: Path) -> Finding:
    """Return the finding if it agrees with the record; raise if not."""
    record, own = read_record(path), asdict(measured)
    gap = abs(measured.effect - record["effect"])
    opposite = {measured.verdict, record["verdict"]} == {"supported", "contradicted"}
    restated = [f"{key}={own[key]!r}" for key in STATED if own[key] != record[key]]
    if restated or opposite or not gap <= record["tolerance"]:
        raise FindingMismatch(
            f"The finding {measured.name} on {measured.dataset} must agree with its record: "
            f"{record['effect']:.4g} +- {record['tolerance']:.2g}, {record['verdict']}; measured "
            f"{measured.effect:.4g}, {measured.verdict}{'; stated otherwise: ' * bool(restated)}"
            f"{', '.join(restated)}. If you are experimenting, set {VARIABLE}=off. If the change "
            f"is meant, run `make findings` and commit {path}."
        )
    return replace(measured, note="Agrees with the committed record.")
