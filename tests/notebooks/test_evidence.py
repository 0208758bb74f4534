"""The form of the evidence: claims, records, and that they belong together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bnsite import claims, records

from bnutils.utils.chapters import record_name

ROOT = Path(__file__).parents[2]
CLAIMS = claims.read(ROOT)
RECORDS = sorted((ROOT / "book").glob("*/findings/*.json"))


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
def test_records_say_at_what_setting_they_were_measured(path: Path) -> None:
    assert records.of_file(path).fields["setting"].get("seeds") or "gap-shrinks" in path.name


def test_findings_on_a_data_set_are_there_for_both() -> None:
    names = set(map(record_name, RECORDS))
    pairs = {n.rpartition(".")[0] for n in names if n.endswith((".mnist", ".digits28"))}
    missing = [f"{p}.{d}" for p in sorted(pairs) for d in ("mnist", "digits28")]
    assert [m for m in missing if m not in names] == []
