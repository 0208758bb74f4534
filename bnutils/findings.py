"""Claims with what was measured, and a verdict by rule.

A lab ends an experiment with :func:`finding`. It states the claim, derives the verdict from the
values by seed, and says how setting and numbers compare with the prediction and the record that the
chapter keeps (see :mod:`bnutils.agreement`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bnutils.agreement import mode_now, noted
from bnutils.cards import card, text
from bnutils.intervals import Interval
from bnutils.settings import as_json
from bnutils.utils.validation import finite, flag, is_a, mapping, matching, one_of
from bnutils.utils.validation import text as words
from bnutils.utils.versions import versions
from bnutils.utils.wording import shown
from bnutils.verdicts import Outcome, bounds, checked, measured

LABELS = ("theorem", "measured")
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
    label : {"theorem", "measured"}
        What kind of support the claim has.
    dataset : str
        Data set it was measured on, or ``"synthetic"``.
    unit : str
        Unit of the effect; empty for a plain number.
    above, below : float or None
        The claim says that the effect lies between these.
    effect : Interval
        Mean over seeds with its interval; of a theorem the value that is furthest from the truth.
    outcome : Outcome
        The verdict, and what else the values by seed say of the claim.
    tolerance : float
        How far another measurement of the effect may be from this one.
    image_error : float or None
        Standard error of the effect from sampling the test images, in ``unit``.
    setting : mapping
        What the numbers depend on, by name.
    predicted : mapping
        Block, date, seal and expected outcome of its prediction, if it agrees with its record.
    note : str
        What is missing, and how it compares with the committed record.
    """

    name: str
    claim: str
    label: str
    dataset: str
    unit: str
    above: float | None
    below: float | None
    effect: Interval
    outcome: Outcome
    tolerance: float
    image_error: float | None = None
    setting: Mapping[str, Any] = field(default_factory=dict)
    predicted: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def verdict(self) -> str:
        """``"supported"``, ``"contradicted"`` or ``"undecided"``; ``"described"`` of what was
        claimed afterwards, ``"holds"`` or ``"fails"`` of a theorem.
        """  # noqa: D205
        return self.outcome.verdict

    def record(self) -> dict[str, Any]:
        """Return what is committed: everything but the note, and the packages' versions."""
        parts = {key: value for key, value in vars(self).items() if key != "note"}
        effect, outcome = parts.pop("effect"), parts.pop("outcome")
        ends = {"effect": effect.estimate, "low": effect.low, "high": effect.high}
        seeds = {"n": effect.n, "lost": effect.lost, "values": list(effect.values)}
        return {**parts, **ends, **seeds, **asdict(outcome), "versions": versions()}

    def __str__(self) -> str:
        return text(self.record(), self.note)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.record(), self.note)


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
    afterwards: bool = False,
    tolerance: float | None = None,
    image_error: float | None = None,
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
        What was measured, with its values by seed: ``bnutils.interval(values)`` or
        ``result.difference(...)``. Of a claim with one bound, ten seeds are the fewest that can
        carry a verdict.
    above, below : float, optional
        The claim holds if the effect lies between them; at least one.
    dataset : str
        ``data.name``; ``"synthetic"`` for random numbers.
    unit : str
        Unit of the effect, for example ``"percentage points"``.
    label : {"measured", "theorem"}
        A theorem is checked numerically: it holds if every single value is within the bounds.
    afterwards : bool
        Whether the claim was formed after looking. It has an interval then, and no verdict.
    tolerance : float, optional
        How far another measurement may be from this one; by default twice the half-width of
        the interval, since seeds may round differently on another machine, plus 1e-9.
    image_error : float, optional
        Standard error from sampling the test images, in ``unit``:
        :meth:`Comparison.image_error <bnutils.results.Comparison.image_error>`.
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
    PredictionError
        Likewise, and when a record is to be written: if the claim is not what was predicted.
    TypeError
        If ``effect`` is not an interval.
    ValueError
        If another argument is outside what is listed here.
    """
    label = one_of("label", label, LABELS)
    mode = mode_now()
    name = matching("name", name, "[a-z0-9-]+/[a-z0-9-]+", "'<chapter>/<finding>'")
    dataset = matching("dataset", dataset, "[a-z0-9-]+", "a name")
    claim, unit = words("claim", claim), words("unit", unit, empty=True)
    ends = bounds(above, below)
    _check_effect(effect)
    slack = _slack(effect, tolerance)
    images = None if image_error is None else _size("image_error", image_error)
    at = as_json({} if setting is None else mapping("setting", setting, '{"seeds": 16}'))
    seen, outcome = _judged(effect, ends, label, described=flag("afterwards", afterwards))
    stated = Finding(name, claim, label, dataset, unit, *ends, seen, outcome, slack, images, at)
    note, record = noted(stated.record(), mode)
    said = " ".join(part for part in (effect.gaps, note) if part)
    return _as_recorded(replace(stated, note=said), record)


def _as_recorded(stated: Finding, record: Mapping[str, Any]) -> Finding:
    """A finding with the verdict that its record has earned, and with its prediction."""
    if not record:
        return stated
    outcome = replace(stated.outcome, verdict=record["verdict"])
    return replace(stated, outcome=outcome, predicted=record.get("predicted", {}))


def _judged(
    effect: Interval, ends: tuple[float | None, float | None], label: str, *, described: bool
) -> tuple[Interval, Outcome]:
    """The effect as it is shown, and what follows."""
    if label == "measured":
        return effect, measured(effect.values, *ends, described=described)
    outcome, worst = checked(effect.values, *ends)
    return replace(effect, estimate=worst, low=worst, high=worst), outcome


def _slack(effect: Interval, tolerance: float | None) -> float:
    """How far another measurement may be from this one."""
    if tolerance is None:
        return SLACK * (effect.high - effect.low) / 2 + 1e-9
    return _size("tolerance", tolerance)


def _size(name: str, value: float) -> float:
    """A number that is not negative."""
    given = finite(name, value)
    if given < 0:
        raise ValueError(f"{name} must be at least 0; received {shown(value)}.")
    return given


def _check_effect(effect: Interval) -> None:
    if not is_a(effect, Interval) or not effect.values:
        raise TypeError(
            "effect must be an interval that knows its values, such as bnutils.interval(values) "
            "with one value for each seed, or result.difference(...); received "
            f"{shown(effect)}."
        )
