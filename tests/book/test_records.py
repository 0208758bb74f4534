"""How measured results are printed: digits, signs, units; and what a wrong name says."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from bnsite import records

from bnutils.utils.chapters import record_path

FIELDS = {
    "name": "chapter/accuracy",
    "claim": "It is higher.",
    "label": "measured",
    "dataset": "mnist",
    "effect": 0.1312,
    "low": 0.021,
    "high": 0.241,
    "n": 10,
    "unit": "percentage points",
    "above": 0,
    "below": None,
    "tolerance": 0.2,
    "verdict": "supported",
    "p": 0.001,
    "dissenting": 1,
    "ahead": 0.9,
    "detectable": 0.2,
    "demonstration": False,
    "lost": 0,
    "values": [0.1, 0.2],
    "image_error": None,
    "setting": {},
    "predicted": {},
}


def record(**changes: object) -> records.Record:
    return records.Record("chapter/accuracy.mnist", "mnist", {**FIELDS, **changes})


def test_phrase() -> None:
    expected = "+0.13 percentage points (95\u202f% interval 0.02 to 0.24, 10 seeds)"
    assert record().phrase == expected


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({}, "effect", "+0.13 percentage points"),
        ({"effect": -0.1312, "low": -0.241, "high": -0.021}, "effect", "−0.13 percentage points"),
        ({"effect": -0.1312, "low": -0.241, "high": -0.021}, "size", "0.13 percentage points"),
        ({"effect": -0.1312, "low": -0.241, "high": 0.021}, "interval", "−0.24 to 0.02"),
        (
            {"effect": 1.19034, "low": 1.189, "high": 1.192, "above": 1.0, "unit": ""},
            "effect",
            "1.190",
        ),
        (
            {"effect": 7.6, "low": 7.1, "high": 8.1, "unit": "%", "above": 5},
            "effect",
            "7.60\u202f%",
        ),
        (
            {"effect": 3.5e-14, "low": 0, "high": 7e-14, "unit": "", "above": None, "below": 1e-9},
            "effect",
            "3.5\u202f×\u202f10⁻¹⁴",
        ),
        (
            {"effect": 6123.4, "low": 5000.0, "high": 7000.0, "unit": "", "above": 10},
            "effect",
            "6,123",
        ),
        ({"effect": 2.0, "low": 2.0, "high": 2.0, "n": 1, "unit": "", "above": 1}, "", "2.00"),
        ({"effect": 0.0, "low": 0.0, "high": 0.0, "n": 1, "unit": ""}, "", "0.00"),
        ({"low": -math.inf}, "low", "−∞"),
        ({}, "seeds", "10"),
        ({}, "images", "unknown"),
        ({"image_error": 0.0432}, "images", "0.043 percentage points"),
        ({}, "verdict", "supported"),
        ({}, "claim", "It is higher."),
        ({}, "dataset", "MNIST"),
    ],
)
def test_fields(changes: dict[str, object], field: str, text: str) -> None:
    assert record(**changes).part(field) == text


def test_unknown_field_names_the_known_ones() -> None:
    with pytest.raises(records.RecordError, match=r"no field 'mean'; there are effect"):
        record().part("mean")


def write(root: Path, dataset: str, text: str | None = None) -> None:
    path = record_path(root, f"chapter/accuracy.{dataset}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or json.dumps({**FIELDS, "dataset": dataset}))


def test_reading(tmp_path: Path) -> None:
    write(tmp_path, "digits28")
    assert records.read(tmp_path, "chapter/accuracy").dataset == "digits28"
    write(tmp_path, "mnist")
    found = [r.dataset for r in records.of_finding(tmp_path, "chapter/accuracy")]
    assert found == ["mnist", "digits28"]
    with pytest.raises(records.RecordError, match=r"recorded: chapter/accuracy.mnist, chapter"):
        records.read(tmp_path, "chapter/accuracy")
    with pytest.raises(records.RecordError, match="recorded: none of this name"):
        records.read(tmp_path, "chapter/loss.mnist")


@pytest.mark.parametrize("text", ["{", "{}", json.dumps({**FIELDS, "effect": "x"})])
def test_a_damaged_record_says_which(tmp_path: Path, text: str) -> None:
    """What is damaged, the package's own reader says."""
    write(tmp_path, "mnist", text)
    with pytest.raises(records.RecordError, match=r"chapter/findings/accuracy\.mnist\.json is not"):
        records.read(tmp_path, "chapter/accuracy.mnist")
