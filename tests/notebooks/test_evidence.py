"""The form of the evidence: claims, records, and that they belong together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bnsite import claims, records

from bnutils import predictions
from bnutils.records import read_record
from bnutils.utils.chapters import Chapter, chapters, record_name
from bnutils.verdicts import EARNED, decide

ROOT = Path(__file__).parents[2]
CLAIMS = claims.read(ROOT)
RECORDS = sorted((ROOT / "book").glob("*/findings/*.json"))
WITH_LAB = [chapter for chapter in chapters(ROOT) if chapter.has_lab]


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
