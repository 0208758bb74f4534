"""Findings: verdicts by rule, and records that cannot drift from what is measured."""

import json
import re
from pathlib import Path

import pytest

from bnutils import findings
from bnutils.errors import FindingMismatch
from bnutils.intervals import Interval

NAN = float("nan")
SMALL_GAIN = Interval(0.5, 0.2, 0.8, 10)
SETTING = {"seeds": range(10), "arms": {"a": {"batch size": 32}}}


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


@pytest.fixture
def record(records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The record of the finding that `state` states, written on purpose."""
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    assert state(setting=SETTING).note == "The record was written."
    monkeypatch.delenv("BNUTILS_FINDINGS")
    return records / "gain.digits.json"


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the build."""
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")


def test_a_record_keeps_numbers_verdict_and_setting(record: Path) -> None:
    kept = json.loads(record.read_text())
    assert kept["verdict"] == "supported"
    assert (kept["effect"], kept["low"], kept["high"], kept["n"]) == (0.5, 0.2, 0.8, 10)
    assert kept["tolerance"] == pytest.approx(0.6)
    assert kept["setting"] == {"seeds": 10, "arms": {"a": {"batch size": 32}}}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("mode", ["state", "check", ""])
def test_the_same_again_agrees(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", mode)
    assert state(setting=SETTING).note == "Agrees with the committed record."


# Another measurement, and what a reader is told of it.
OTHERWISE = {
    "another setting": (
        SMALL_GAIN,
        {"setting": {**SETTING, "arms": {"a": {"batch size": 64}}}},
        "here a: batch size 64, in the record 32. There: supported, [+]0.50 [(]",
    ),
    "fewer seeds": (
        Interval(0.5, 0.2, 0.8, 3),
        {"setting": {**SETTING, "seeds": range(3)}},
        r"here seeds 3, in the record 10\. There",
    ),
    "a lost seed": (Interval(0.5, 0.2, 0.8, 9, 1), {}, r"^1 seed without.*here n 9, in the record"),
    "one seed": (Interval(0.5, NAN, NAN, 1), {}, "^One seed gives no interval.*in the record 10"),
    "all diverged": (Interval(NAN, NAN, NAN, 0, 10), {}, "^10 seeds without.*no seed is left"),
    "another unit": (SMALL_GAIN, {"unit": "per cent"}, "here unit per cent, in the record"),
    "another label": (SMALL_GAIN, {"label": "theorem"}, "here label theorem"),
    "another bound": (SMALL_GAIN, {"above": -1.0}, r"here above -1\.0, in the record 0\.0"),
    "a second bound": (SMALL_GAIN, {"below": 9.0}, r"here below 9\.0, in the record none"),
    "other words": (SMALL_GAIN, {"claim": "BN hurts."}, "another claim: BN gains accuracy"),
    "outside": (Interval(1.15, 0.9, 1.4, 10), {}, "those of the record, but the result is not"),
    "undecided now": (Interval(0.3, -0.1, 0.7, 10), {}, "those of the record, but the result"),
    "the opposite": (Interval(-0.05, -0.06, -0.04, 10), {}, "but the result is not"),
}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(("effect", "changes", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_an_experiment_is_told_how_it_differs(
    effect: Interval, changes: dict[str, object], said: str
) -> None:
    shown = state(effect, **{"setting": SETTING, **changes})
    assert re.search(said, shown.note), shown.note
    assert shown._repr_html_()


@pytest.mark.usefixtures("record", "strict")
@pytest.mark.parametrize(("effect", "changes", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_in_the_build_every_difference_fails(
    effect: Interval, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(FindingMismatch, match=r"must agree.*make findings LAB=chapter-one"):
        state(effect, **{"setting": SETTING, **changes})


@pytest.mark.usefixtures("record", "strict")
def test_within_the_tolerance_and_with_the_same_verdict_the_build_goes_on() -> None:
    assert state(Interval(1.05, 0.8, 1.3, 10), setting=SETTING).effect == 1.05


@pytest.mark.usefixtures("records")
def test_a_finding_of_ones_own_needs_no_record() -> None:
    assert state().note == "A finding of your own: there is no record of it."


@pytest.mark.usefixtures("record")
def test_on_other_data_the_records_on_the_known_ones_are_named() -> None:
    note = state(dataset="mnist").note
    assert note.startswith("There is no record on mnist; there are: on digits supported, +0.50 (")


@pytest.mark.usefixtures("records", "strict")
def test_in_the_build_a_finding_needs_a_record() -> None:
    with pytest.raises(FindingMismatch, match=r"needs a record.*make findings"):
        state()


@pytest.mark.usefixtures("records")
def test_no_record_is_written_without_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    with pytest.raises(ValueError, match="at least two seeds; chapter-one/gain has n = 1"):
        state(Interval(0.5, NAN, NAN, 1))


def _record(**changes: object) -> str:
    whole = {"claim": "BN gains accuracy.", "label": "measured", "unit": "", "above": 0.0}
    whole |= {"below": None, "n": 10, "effect": 0.5, "low": 0.2, "high": 0.8, "tolerance": 0.6}
    whole |= {"verdict": "supported", "setting": {}}
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
        (_record(setting=[1]), "the setting must be an object"),
    ],
)
def test_a_damaged_record_is_not_trusted(
    records: Path, content: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = records / "gain.digits.json"
    path.parent.mkdir()
    path.write_text(content)
    assert re.search(fault, state().note)
    assert "on digits" not in state(dataset="mnist").note
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    with pytest.raises(FindingMismatch, match=f"A record must be a JSON object.*{fault}"):
        state()


def test_a_whole_record_is_trusted(records: Path) -> None:
    path = records / "gain.digits.json"
    path.parent.mkdir()
    path.write_text(_record())
    assert "Agrees" in state().note


def test_a_record_of_an_unknown_setting_agrees_with_none(records: Path) -> None:
    path = records / "gain.digits.json"
    path.parent.mkdir()
    old = json.loads(_record())
    del old["setting"]
    path.write_text(json.dumps(old))
    assert "does not say at what setting" in state().note


def test_outside_a_checkout_nothing_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert state().note == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "fact"}, "label must be one of 'theorem'"),
        ({"above": None}, "Give above, below or both"),
        ({"dataset": "../x"}, "dataset must be a name"),
    ],
)
def test_bad_arguments(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        state(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("effect", [1.0, None, [0.1, 0.2], (1.0, 0.5, 1.5)])
def test_an_effect_is_an_interval(effect: object) -> None:
    with pytest.raises(TypeError, match=r"effect must be an interval, such as bnutils\.interval"):
        state(effect)  # type: ignore[arg-type]


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
    assert "supported on digits, 8 × 8: +0.50 percentage points (95" in str(shown)
    assert "a &lt; b" in shown._repr_html_()
    assert "supported" in shown._repr_html_()
    assert shown.note == ""
