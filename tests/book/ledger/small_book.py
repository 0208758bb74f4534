"""A book with two chapters: claims, and predictions that came out, or not, or wait."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from bnutils import predictions
from bnutils.predictions import Prediction
from bnutils.utils.chapters import CONTENTS, Chapter, record_path, replication_path

if TYPE_CHECKING:
    from pathlib import Path

ARM = {"batch size": 32, "engine": "replicas"}
TOC = """
root: book/one/one
chapters:
  - file: book/one/one
  - file: book/two/two
"""
CLAIMS = {
    "one": [
        {"id": "better", "claim": "It is better by $x^2$.", "label": "measured",
         "findings": ["one/gain"], "status": "Seen.", "sources": []},
        {"id": "said", "claim": "It is always better.", "label": "folklore",
         "findings": [], "status": "False in general.", "sources": []},
    ],
    "two": [
        {"id": "same", "claim": "It is the same.", "label": "theorem",
         "findings": ["two/identity"], "status": "Proved.", "sources": []},
    ],
}  # fmt: skip
BLOCKS = {
    "one": {
        "id": "first-edition",
        "date": "2026-01-02",
        "pilot": "Ten seeds gave $+1$.",
        "settings": {"epochs": 5},
        "claims": {
            "gain": {"claim": "Better by $x^2$", "above": 0, "unit": "points",
                     "expected": {"mnist": "supported", "digits28": "supported"}},
            "sure": {"claim": "Far better", "above": 0},
            "later": {"claim": "Better later", "above": 0},
        },
    },
    "two": {"id": "next", "date": "2026-01-03", "pilot": "Nothing.", "settings": {},
            "claims": {"new": {"claim": "New", "below": 1, "expected": {"mnist": "undecided"}}}},
}  # fmt: skip


def block(chapter: str) -> Prediction:
    """A chapter's block, as it is read from its file."""
    return Prediction(chapter, yaml.safe_load(yaml.safe_dump(dated(BLOCKS[chapter]))))


def dated(given: dict[str, Any]) -> dict[str, Any]:
    """A block whose date is one."""
    return yaml.safe_load(yaml.safe_dump(given).replace(f"'{given['date']}'", given["date"]))


@cache
def setting() -> dict[str, Any]:
    """Of a comparison."""
    plain = {"model": "MLP(hidden=(128,), norm=None)", **ARM}
    normal = {"model": "MLP(hidden=(128,), norm='batch')", **ARM}
    return {
        "seeds": block("one").seeds,
        "epochs": 5,
        "data": "0123456789ab",
        "arms": {"batch norm": normal, "plain": plain},
    }


def fields(name: str, dataset: str, verdict: str, **more: Any) -> dict[str, Any]:
    """A record."""
    seal = block("one").seal
    before = {"block": "one/first-edition", "date": "2026-01-02", "seal": seal}
    return {
        "name": name, "claim": "Better by $x^2$", "label": "measured", "dataset": dataset,
        "unit": "points", "above": 0, "below": None, "effect": 1.5, "low": 0.5, "high": 2.5,
        "n": 15, "lost": 1, "values": [1.5] * 15 + [None], "verdict": verdict, "p": 0.001,
        "dissenting": 1, "ahead": 0.9, "detectable": 1.0, "demonstration": False,
        "tolerance": 1.0, "image_error": 0.25, "setting": setting(),
        "predicted": {**before, "expected": "supported"}, "versions": {}, **more,
    }  # fmt: skip


def records() -> list[dict[str, Any]]:
    """All of them."""
    theorem = {"label": "theorem", "p": None, "ahead": None, "detectable": None, "predicted": {}}
    return [
        fields("one/gain", "mnist", "undecided"),
        fields("one/gain", "digits28", "supported"),
        fields("one/sure", "synthetic", "supported", demonstration=True),
        fields("two/identity", "synthetic", "holds", **theorem, setting={"seeds": 16, "m": 8}),
    ]


def replications() -> list[dict[str, Any]]:
    """What others measured: two of them the same, the third something else."""
    by = {"date": "2026-02-03", "predicted": {}}
    far = {"values": [-1.5, -1.4] * 8, "effect": -1.45, "low": -1.5, "high": -1.4}
    return [
        fields("one/gain", "mnist", "supported", who="ada", **by),
        fields("one/gain", "digits28", "supported", who="ada", **by),
        fields("one/gain", "digits28", "contradicted", who="bob", **by, **far),
    ]


def write(root: Path) -> Path:
    """Write all of the book but its two generated pages."""
    write_text(root / CONTENTS, TOC)
    for slug, claims in CLAIMS.items():
        chapter = Chapter(root, slug)
        held = {"claims": claims, "predictions": [dated(BLOCKS[slug])]}
        write_text(chapter.claims, yaml.safe_dump(held, sort_keys=False))
        write_text(chapter.page, f":orphan:\n\n# Chapter {slug}\n")
    for record in records():
        path = record_path(root, f"{record['name']}.{record['dataset']}")
        write_text(path, json.dumps(record))
    for one in replications():
        path = replication_path(root, f"{one['name']}.{one['dataset']}", one["who"])
        write_text(path, json.dumps(one))
    assert predictions.read(Chapter(root, "one"))[0].seal == block("one").seal
    return root


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf8")
