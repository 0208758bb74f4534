"""Findings: verdicts by rule, and records that cannot drift from what is measured."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bnutils import findings
from bnutils.errors import FindingMismatch, PredictionError
from bnutils.intervals import Interval, interval
from bnutils.predictions import Prediction
from bnutils.verdicts import EARNED, KEPT, sign_flip_p

BLOCK = """
predictions:
- id: first
  date: 2026-11-29
  pilot: none
  settings: {batch size: [32, 64], seeds: 16}
  claims:
    gain: {claim: BN gains accuracy., above: 0, expected: {digits: supported}}
    small-gain: {claim: BN gains accuracy., above: 0}
"""
SEEDS = Prediction("chapter-one", yaml.safe_load(BLOCK)["predictions"][0]).seeds
SETTING = {"seeds": SEEDS, "arms": {"a": {"batch size": 32}}}


def around(mean: float, spread: float = 0.3, n: int = 16) -> Interval:
    """An effect of which the seeds lie evenly within the spread of the mean."""
    return interval(mean + spread * np.linspace(-1, 1, n))


GAIN = around(0.5)


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for records of a new chapter with a prediction, whose folder we stand in."""
    chapter = tmp_path / "checkout" / "book" / "chapter-one"
    chapter.mkdir(parents=True)
    (tmp_path / "checkout" / "_toc.yml").write_text("")
    (chapter / "claims.yml").write_text(BLOCK)
    monkeypatch.chdir(chapter)
    return chapter / "findings"


def state(effect: Any = GAIN, name: str = "gain", **changes: Any) -> findings.Finding:
    settings = {"claim": "BN gains accuracy.", "above": 0.0, "dataset": "digits", **changes}
    return findings.finding(f"chapter-one/{name}", effect=effect, **settings)


@pytest.mark.parametrize(
    ("above", "below", "verdict"),
    [
        (0.0, None, "supported"),
        (0.1, 0.9, "supported"),
        (0.4, None, "undecided"),
        (None, 0.6, "undecided"),
        (0.4, 0.7, "undecided"),
        (0.8, None, "contradicted"),
        (None, 0.2, "contradicted"),
        (1.0, 2.0, "contradicted"),
    ],
)
def test_the_verdict_follows_from_the_values(
    above: float | None, below: float | None, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "off")
    assert state(above=above, below=below).verdict == verdict
    assert state(above=above, below=below, afterwards=True).verdict == "described"


def test_nine_seeds_carry_no_verdict_however_clear_they_are() -> None:
    assert state(around(5, n=9)).verdict == "undecided"
    assert state(around(5, n=10)).verdict == "supported"
    assert "p = 0.004 by flipping signs" in str(state(around(5, n=9)))


@pytest.mark.parametrize(("most", "verdict"), [(1e-9, "holds"), (1e-15, "fails")])
def test_a_theorem_is_held_against_each_value(most: float, verdict: str) -> None:
    errors = interval([0, 3e-16, 2e-12])
    shown = state(errors, above=None, below=most, label="theorem")
    assert shown.verdict == verdict
    assert shown.effect.estimate == shown.effect.low == shown.effect.high == 2e-12
    assert f"{3 - (verdict == 'fails')} of 3 values where it says" in str(shown)


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


def test_a_record_keeps_values_verdict_setting_and_prediction(record: Path) -> None:
    kept = json.loads(record.read_text())
    assert (kept["verdict"], kept["p"], kept["dissenting"]) == ("supported", 2.0**-15, 0)
    assert kept["values"] == pytest.approx(GAIN.values)
    assert (kept["effect"], kept["n"]) == (pytest.approx(0.5), 16)
    assert kept["tolerance"] == pytest.approx(GAIN.high - GAIN.low)
    assert kept["setting"] == {"seeds": SEEDS, "arms": {"a": {"batch size": 32}}}
    assert kept["predicted"]["expected"] == "supported"
    assert kept["predicted"]["date"] == "2026-11-29"
    assert len(record.read_text().splitlines()) < 50  # values stand in one line


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("mode", ["state", "check", ""])
def test_the_same_again_agrees(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", mode)
    shown = state(setting=SETTING)
    assert shown.note == "Agrees with the committed record."
    assert "predicted on 2026-11-29, supported expected" in " ".join(str(shown).split())


# Another measurement, and what a reader is told of it.
OTHERWISE: dict[str, tuple[Interval, dict[str, Any], str]] = {
    "another setting": (
        GAIN,
        {"setting": {**SETTING, "arms": {"a": {"batch size": 64}}}},
        "here a: batch size 64, in the record 32. There: supported, [+]0.50 [(]",
    ),
    "another label": (GAIN, {"label": "theorem"}, "here label theorem"),
    "outside": (around(1.15), {}, "those of the record, but the result is not"),
    "undecided now": (around(0.3, 2), {}, "those of the record, but the result"),
    "the opposite": (around(-0.05, 0.01), {}, "but the result is not"),
}
# What is not even what was predicted.
UNPREDICTED: dict[str, tuple[Interval, dict[str, Any], str, str]] = {
    "fewer seeds": (
        around(0.5, n=3),
        {"setting": {**SETTING, "seeds": range(3)}},
        r"here seeds 3, in the record .* and 13 more\. There",
        "other seeds than those of the block",
    ),
    "a value less": (interval(GAIN.values[1:]), {}, "here n 15, in the record 16", "15 values for"),
    "one seed": (interval([1.0]), {}, "^One seed gives no interval.*in the record 16", "1 values"),
    "another unit": (GAIN, {"unit": "per cent"}, "here unit per cent, in the record", "unit 'per"),
    "another bound": (GAIN, {"above": -1.0}, r"here above -1\.0, in the record 0\.0", "above -1"),
    "a second bound": (GAIN, {"below": 9.0}, r"here below 9\.0, in the record none", "below 9"),
    "other words": (GAIN, {"claim": "BN hurts."}, "another claim: BN gains", "claim 'BN hurts.'"),
    "unplanned": (
        GAIN,
        {"setting": {**SETTING, "arms": {"a": {"batch size": 8}}}},
        "here a: batch size 8",
        r"batch size 8, the block \[32, 64\]",
    ),
}
TOLD = {key: each[:3] for key, each in {**OTHERWISE, **UNPREDICTED}.items()}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(("effect", "changes", "said"), TOLD.values(), ids=TOLD)
def test_an_experiment_is_told_how_it_differs(
    effect: Interval, changes: dict[str, Any], said: str
) -> None:
    shown = state(effect, **{"setting": SETTING, **changes})
    assert re.search(said, shown.note), shown.note
    assert shown._repr_html_()


@pytest.mark.usefixtures("record", "strict")
@pytest.mark.parametrize(("effect", "changes", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_in_the_build_every_difference_fails(
    effect: Interval, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(FindingMismatch, match=r"must agree.*make findings LAB=chapter-one"):
        state(effect, **{"setting": SETTING, **changes})


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("mode", ["check", "refresh"])
@pytest.mark.parametrize(
    ("effect", "changes", "told", "said"), UNPREDICTED.values(), ids=UNPREDICTED
)
def test_what_was_not_predicted_is_neither_checked_nor_recorded(
    mode: str,
    effect: Interval,
    changes: dict[str, Any],
    told: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", mode)
    with pytest.raises(PredictionError, match=rf"must be what the block chapter-one/first.*{said}"):
        state(effect, **{"setting": SETTING, **changes})


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("mode", ["check", "refresh"])
def test_a_measured_claim_needs_a_prediction(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", mode)
    with pytest.raises(PredictionError, match=r"chapter-one/other is in no block of book/chapter"):
        state(name="other", setting=SETTING)


def test_what_is_described_and_what_is_proved_need_none(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for changes in ({"afterwards": True}, {"label": "theorem"}):
        for mode in ("refresh", "check"):
            monkeypatch.setenv("BNUTILS_FINDINGS", mode)
            assert state(name="other", **changes).note
        assert json.loads((records / "other.digits.json").read_text())["predicted"] == {}


@pytest.mark.usefixtures("record", "strict")
def test_a_block_that_was_edited_after_its_record_is_found(record: Path) -> None:
    claims = record.parents[1] / "claims.yml"
    claims.write_text(BLOCK.replace("pilot: none", "pilot: we knew"))
    with pytest.raises(PredictionError, match="other seeds than those of the block"):
        state(setting=SETTING)
    seeds = Prediction("chapter-one", yaml.safe_load(claims.read_text())["predictions"][0]).seeds
    forged = json.loads(record.read_text())
    forged["setting"]["seeds"] = seeds
    record.write_text(json.dumps(forged))
    with pytest.raises(PredictionError, match="must be of the prediction as it stands"):
        state(setting={**SETTING, "seeds": seeds})


@pytest.mark.usefixtures("record", "strict")
def test_the_tolerance_itself_is_within_it() -> None:
    """Twice the half width of the interval, and no more."""
    wide = GAIN.high - GAIN.low
    assert "Agrees" in state(interval(np.array(GAIN.values) + wide), setting=SETTING).note
    with pytest.raises(FindingMismatch, match="must agree"):
        state(interval(np.array(GAIN.values) + wide + 1e-6), setting=SETTING)


def dissenting(size: float) -> Interval:
    """Seeds of which two go the other way, the further the less is sure."""
    return interval([1.0] * 14 + [-size, -size])


@pytest.mark.usefixtures("records")
def test_a_verdict_is_kept_longer_than_it_is_earned(monkeypatch: pytest.MonkeyPatch) -> None:
    clear, weaker, lost = (dissenting(size) for size in (0.5, 1.6, 3.0))
    p = [sign_flip_p(one.values) for one in (clear, weaker, lost)]
    assert p[0] <= EARNED < p[1] <= KEPT < p[2]
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    assert state(clear, setting=SETTING, tolerance=1).verdict == "supported"
    assert state(weaker, "small-gain", setting=SETTING, tolerance=1).verdict == "undecided"
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    assert state(weaker, setting=SETTING, tolerance=1).verdict == "supported"
    assert state(clear, "small-gain", setting=SETTING, tolerance=1).verdict == "undecided"
    with pytest.raises(FindingMismatch, match="must agree with its record"):
        state(lost, setting=SETTING, tolerance=1)


def test_a_seed_that_diverged_counts_against_the_claim(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    values = [float("nan"), *around(0.5).values[1:]]
    shown = state(interval(values), setting=SETTING)
    assert (shown.outcome.dissenting, shown.effect.lost) == (1, 1)
    assert "1 seed diverged" in " ".join(str(shown).split())
    kept = json.loads((records / "gain.digits.json").read_text())
    assert (kept["values"][0], kept["lost"], kept["n"]) == (None, 1, 15)
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    assert "Agrees" in state(interval(values), setting=SETTING).note


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
        state(setting=SETTING)


@pytest.mark.usefixtures("records")
def test_no_record_is_written_without_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    with pytest.raises(FindingMismatch, match="at least two seeds; chapter-one/gain has n = 1"):
        state(interval([0.5]), afterwards=True)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("", "Expecting value"),
        ("[1]", "no attribute 'keys'"),
        ('{"effect": 1}', "without above, ahead, below, claim, demonstration, detectable"),
        ({"tolerance": float("nan")}, "effect and tolerance must be finite"),
        ({"effect": None}, "isfinite"),
        ({"low": None}, "not supported between"),
        ({"low": 0.6}, "the effect must lie in its interval"),
        ({"high": float("nan")}, "the effect must lie in its interval"),
        ({"setting": [1]}, "the setting must be an object"),
    ],
)
def test_a_damaged_record_is_not_trusted(
    record: Path, change: str | dict[str, Any], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(record.read_text())
    record.write_text(change if isinstance(change, str) else json.dumps({**whole, **change}))
    assert re.search(fault, state().note)
    assert "on digits" not in state(dataset="mnist").note
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    with pytest.raises(FindingMismatch, match=f"A record must be a JSON object.*{fault}"):
        state(setting=SETTING)


def test_outside_a_checkout_nothing_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert state().note == ""


def test_nothing_is_a_tolerance_and_an_image_error() -> None:
    assert state(tolerance=0, image_error=0).tolerance == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "fact"}, "label must be one of 'theorem'"),
        ({"label": "folklore"}, "label must be one of 'theorem'"),
        ({"above": None}, "Give above, below or both"),
        ({"dataset": "../x"}, "dataset must be a name"),
        ({"image_error": -1}, "image_error must be at least 0"),
        ({"tolerance": -1}, "tolerance must be at least 0"),
    ],
)
def test_bad_arguments(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        state(**changes)


BARE = Interval(0.5, 0.2, 0.8, 10)


@pytest.mark.parametrize("effect", [1.0, None, [0.1, 0.2], (1.0, 0.5, 1.5), BARE])
def test_an_effect_is_an_interval_with_its_values(effect: object) -> None:
    with pytest.raises(TypeError, match=r"effect must be an interval that knows its values"):
        state(effect)


@pytest.mark.parametrize("name", ["gain", "a/b/c", "../x/gain", "a/b c", "A/b"])
def test_names_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="name must be"):
        findings.finding(name, claim="x", effect=GAIN, above=0)
    with pytest.raises(ValueError, match="dataset must be a name"):
        state(dataset="../../elsewhere")


def test_an_unknown_mode_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "maybe")
    with pytest.raises(ValueError, match="BNUTILS_FINDINGS must be one of"):
        state()


def test_what_a_reader_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "off")
    shown = state(unit="percentage points", claim="a < b", image_error=0.1)
    assert "supported on digits, 8 × 8: +0.50 percentage points (95" in str(shown)
    assert "choice of test images: 0.10 percentage points" in " ".join(str(shown).split())
    assert "a &lt; b" in shown._repr_html_()
    assert "supported" in shown._repr_html_()
    assert shown.note == ""
