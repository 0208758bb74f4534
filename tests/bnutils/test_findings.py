"""Findings: verdicts by rule, and records that cannot drift from what is measured."""

import json
from pathlib import Path

import pytest

from bnutils import findings
from bnutils.errors import FindingMismatch
from bnutils.intervals import Interval

SMALL_GAIN = Interval(0.5, 0.2, 0.8, 10)


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for records of a new chapter, whose folder we stand in."""
    chapter = tmp_path / "checkout" / "book" / "chapter-one"
    chapter.mkdir(parents=True)
    (tmp_path / "checkout" / "_toc.yml").write_text("")
    monkeypatch.chdir(chapter)
    return chapter / "findings"


def state(effect: Interval = SMALL_GAIN, **changes: object) -> findings.Finding:
    settings = {"claim": "BN gains accuracy.", "above": 0.0, "dataset": "digits", **changes}
    return findings.finding("chapter-one/gain", effect=effect, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("above", "below", "verdict"),
    [
        (0.0, None, "supported"),
        (0.1, 0.9, "supported"),
        (0.3, None, "undecided"),
        (None, 0.5, "undecided"),
        (0.3, 0.7, "undecided"),
        (0.8, None, "contradicted"),
        (None, 0.2, "contradicted"),
        (1.0, 2.0, "contradicted"),
    ],
)
@pytest.mark.usefixtures("records")
def test_the_verdict_follows_from_the_interval(
    above: float | None, below: float | None, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "off")
    assert state(above=above, below=below).verdict == verdict


def test_a_record_is_written_on_purpose_only(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FindingMismatch, match=r"needs a record.*make findings"):
        state()
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    state()
    record = json.loads((records / "gain.digits.json").read_text())
    assert record["verdict"] == "supported"
    assert (record["effect"], record["low"], record["high"], record["n"]) == (0.5, 0.2, 0.8, 10)
    assert record["tolerance"] == pytest.approx(0.6)
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    assert "Agrees" in state().note


@pytest.mark.parametrize(
    ("effect", "agrees"),
    [
        (Interval(0.55, 0.3, 0.8, 10), True),
        (Interval(1.05, 0.8, 1.3, 10), True),
        (Interval(1.15, 0.9, 1.4, 10), False),
        (Interval(-0.05, -0.3, 0.2, 10), True),  # undecided, within the tolerance
        (Interval(-0.05, -0.06, -0.04, 10), False),  # the opposite verdict
    ],
)
@pytest.mark.usefixtures("records")
def test_a_measurement_outside_the_tolerance_fails(
    effect: Interval, agrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    state()
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    if agrees:
        assert state(effect).effect == effect.estimate
    else:
        with pytest.raises(FindingMismatch, match=r"must agree with its record: 0\.5 \+- 0\.6"):
            state(effect)


@pytest.mark.usefixtures("records")
def test_a_claim_that_was_reworded_needs_a_new_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    state()
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    with pytest.raises(FindingMismatch, match=r"claim='BN never hurts\.'"):
        state(claim="BN never hurts.")
    for change in ({"unit": "percent"}, {"label": "theorem"}, {"above": -1.0}, {"below": 9.0}):
        with pytest.raises(FindingMismatch, match=f"stated otherwise: {next(iter(change))}="):
            state(**change)
    with pytest.raises(FindingMismatch, match="stated otherwise: n=2"):
        state(Interval(0.5, 0.2, 0.8, 2))


def _record(**changes: object) -> str:
    whole = {"claim": "BN gains accuracy.", "label": "measured", "unit": "", "above": 0.0}
    whole |= {"below": None, "n": 10, "effect": 0.5, "low": 0.2, "high": 0.8, "tolerance": 0.6}
    whole |= {"verdict": "supported"}
    return json.dumps({**whole, **changes})


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "Expecting value"),
        ("[1]", "no attribute 'keys'"),
        ('{"effect": 1}', "without above, below, claim, high, label, low"),
        (_record(tolerance=float("nan")), "effect and tolerance must be finite"),
        (_record(effect=None), "isfinite"),
        (_record(low=None), "not supported between"),
        (_record(low=0.6), "the effect must lie in its interval"),
        (_record(high=float("nan")), "the effect must lie in its interval"),
    ],
)
def test_a_damaged_record_is_not_trusted(records: Path, content: str, fault: str) -> None:
    path = records / "gain.digits.json"
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(FindingMismatch, match=f"A record must be a JSON object.*{fault}"):
        state()


def test_a_whole_record_is_trusted(records: Path) -> None:
    path = records / "gain.digits.json"
    path.parent.mkdir()
    path.write_text(_record())
    assert "Agrees" in state().note


def test_outside_a_checkout_nothing_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert state().note == "Not compared with a record."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "fact"}, "label must be one of 'theorem'"),
        ({"above": None}, "Give above, below or both"),
        ({"effect": Interval(1.0, float("nan"), float("nan"), 1)}, "at least two seeds"),
    ],
)
def test_bad_arguments(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        state(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["gain", "a/b/c", "../x/gain", "a/b c", "A/b"])
def test_names_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="name must be"):
        findings.finding(name, claim="x", effect=SMALL_GAIN, above=0)
    with pytest.raises(ValueError, match="dataset must be a name"):
        state(dataset="../../elsewhere")


def test_an_unknown_mode_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "maybe")
    with pytest.raises(ValueError, match="BNUTILS_FINDINGS must be one of"):
        state()


def test_what_a_reader_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "off")
    shown = state(unit="percentage points", claim="a < b")
    assert "0.5 percentage points, 95 % interval 0.2 to 0.8, n = 10" in str(shown)
    assert "a &lt; b" in shown._repr_html_()
