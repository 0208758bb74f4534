"""The form of the evidence: claims, records, and that they belong together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bnsite import claims, records

from bnutils import predictions
from bnutils.records import read_record
from bnutils.settings import differences, parts
from bnutils.utils.chapters import Chapter, chapters, record_name, record_path, replication_path
from bnutils.verdicts import EARNED, decide

ROOT = Path(__file__).parents[2]
CLAIMS = claims.read(ROOT)
RECORDS = sorted((ROOT / "book").glob("*/findings/*.json"))
WITH_LAB = [chapter for chapter in chapters(ROOT) if chapter.has_lab]
STATED = ("name", "dataset", "label", "claim", "unit", "above", "below")


def claim_id(claim: dict[str, object]) -> str:
    return str(claim.get("id"))


def test_claims_have_ids_of_their_own() -> None:
    ids = [c["id"] for c in CLAIMS]
    assert CLAIMS
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_is_complete(claim: dict[str, object]) -> None:
    assert claim["label"] in claims.LABELS
    assert str(claim["claim"]).strip()
    assert str(claim["status"]).strip()
    if claim["label"] == "measured":
        assert claim["findings"]
    if claim["label"] == "literature":
        assert claim["sources"]


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_refers_to_records(claim: dict[str, object]) -> None:
    names = list(claim.get("findings") or [])
    assert [n for n in names if not records.of_finding(ROOT, n)] == []


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_cites_the_bibliography(claim: dict[str, object]) -> None:
    known = re.findall(r"@\w+\{([^,\s]+)", (ROOT / "book" / "references.bib").read_text("utf8"))
    assert set(claim.get("sources") or []) <= set(known)


def test_every_record_is_in_the_ledger() -> None:
    claimed = {name for claim in CLAIMS for name in claim.get("findings") or []}
    recorded = {record_name(path).rpartition(".")[0] for path in RECORDS}
    assert recorded - claimed == set()


@pytest.mark.parametrize("path", RECORDS, ids=record_name)
def test_records_are_whole_and_lie_where_their_names_say(path: Path) -> None:
    fields = records.of_file(path).fields
    assert record_name(path) == f"{fields['name']}.{fields['dataset']}"


@pytest.mark.parametrize("path", RECORDS, ids=record_name)
def test_a_record_says_what_follows_from_its_values_by_the_rule(path: Path) -> None:
    fields = read_record(path)
    found = decide(fields["values"], fields["above"], fields["below"], EARNED)
    if fields["label"] == "theorem":
        assert fields["verdict"] == ("fails" if found.dissenting else "holds")
    elif fields["verdict"] != "described":
        assert (fields["verdict"], fields["p"]) == (found.name, pytest.approx(found.p))


@pytest.mark.parametrize("path", RECORDS, ids=record_name)
def test_a_record_is_of_the_prediction_that_stands_in_its_chapter(path: Path) -> None:
    fields = read_record(path)
    there = predictions.of_finding(ROOT, fields["name"])
    if fields["label"] == "theorem" or fields["verdict"] == "described":
        assert not fields["predicted"]
        return
    assert there is not None
    block, claim = there
    assert fields["predicted"]["seal"] == block.seal
    assert (fields["claim"], fields["unit"]) == (claim.claim, claim.unit)
    bounds = [(fields[side], getattr(claim, side)) for side in ("above", "below")]
    assert all(here == (there and pytest.approx(there)) for here, there in bounds)
    assert len(fields["values"]) == predictions.SEEDS


@pytest.mark.parametrize("chapter", WITH_LAB, ids=lambda one: one.slug)
def test_each_lab_takes_the_seeds_of_its_predictions(chapter: Chapter) -> None:
    lab = chapter.lab.read_text("utf-8")
    assert [one.name for one in predictions.read(chapter) if one.seal not in lab] == []


def test_every_prediction_has_a_record() -> None:
    claimed = {c.finding for one in chapters(ROOT) for b in predictions.read(one) for c in b.claims}
    assert claimed - {record_name(path).rpartition(".")[0] for path in RECORDS} == set()


@pytest.mark.parametrize("path", RECORDS, ids=record_name)
def test_records_say_at_what_setting_they_were_measured(path: Path) -> None:
    assert records.of_file(path).fields["setting"].get("seeds") or "gap-shrinks" in path.name


def test_findings_on_a_data_set_are_there_for_both() -> None:
    names = set(map(record_name, RECORDS))
    pairs = {n.rpartition(".")[0] for n in names if n.endswith((".mnist", ".digits28"))}
    missing = [f"{p}.{d}" for p in sorted(pairs) for d in ("mnist", "digits28")]
    assert [m for m in missing if m not in names] == []


# ---- what others measured ---------------------------------------------------------------
def wrong_with(path: Path, root: Path) -> Iterator[str]:
    """Why a replication is none: its place, what it claims, its seeds, or its verdict."""
    one = read_record(path)
    full_name = f"{one['name']}.{one['dataset']}"
    if path != replication_path(root, full_name, str(one.get("who"))):
        yield "another place than its name and who measured it"
        return
    ours = read_record(record_path(root, full_name))
    yield from (f"another {part}" for part in STATED if one[part] != ours[part])
    seeds = predictions.seeds_of(ours["predicted"]["seal"], one["who"])
    if any(value != seeds for name, value in parts(one["setting"]) if name == "seeds"):
        yield "other seeds than those of the seal and the word"
    if differences(without_seeds(one["setting"]), without_seeds(ours["setting"])):
        yield "another setting"
    found = decide(one["values"], one["above"], one["below"], EARNED)
    if one["verdict"] != found.name:
        yield "another verdict than that of its values"


def without_seeds(setting: Any) -> Any:
    """A setting without the seeds and what follows from them alone."""
    if not isinstance(setting, dict):
        return setting
    return {name: without_seeds(part) for name, part in setting.items() if name != "seeds"}


@pytest.mark.parametrize("chapter", chapters(ROOT), ids=lambda one: one.slug)
def test_replications_are_of_claims_of_the_book(chapter: Chapter) -> None:
    each = {path.name: [*wrong_with(path, ROOT)] for path in chapter.replications.glob("*")}
    assert {name: wrong for name, wrong in each.items() if wrong} == {}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"who": "bob"}, ["another place"]),
        ({"dataset": "digits28"}, ["another place"]),
        ({"claim": "It is often below 0."}, ["another claim"]),
        ({"above": 0.01}, ["another above"]),
        ({"values": [0.01] * 16}, ["another verdict"]),
        ({"verdict": "undecided"}, ["another verdict"]),
        ({"setting": {"seeds": [1, 2]}}, ["other seeds", "another setting"]),
    ],
)
def test_what_is_no_replication_is_told(
    tmp_path: Path, changes: dict[str, Any], wrong: list[str]
) -> None:
    name = "the-transform/negative-variance.synthetic"
    ours = read_record(record_path(ROOT, name))
    seeds = predictions.seeds_of(ours["predicted"]["seal"], "ada")
    one = {**ours, "who": "ada", "setting": {**ours["setting"], "seeds": seeds}, **changes}
    path = replication_path(tmp_path, name, "ada")
    for place, held in ((path, one), (record_path(tmp_path, name), ours)):
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(held), "utf8")
    found = [*wrong_with(path, tmp_path)]
    assert len(found) == len(wrong)
    assert all(said.startswith(start) for said, start in zip(found, wrong, strict=True))
