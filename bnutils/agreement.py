"""Whether a finding agrees with what its chapter committed: the prediction and the record.

``BNUTILS_FINDINGS`` says what follows where it does not:

============  ================================================================================
``state``     The default, for experiments: nothing. The finding states what it found, and how
              its setting differs from the record's. It needs no record, and never fails.
``check``     Set by the build and by all that executes the labs as they are committed: another
              setting, number outside its tolerance, wording or verdict is an error, and so is
              a finding without a record. The book cannot say one thing while its labs measure
              another.
``refresh``   The record is written. Set by ``make findings`` alone.
``off``       Nothing is compared.
============  ================================================================================

A verdict is earned at p <= 1/500, by ``make findings``. Measured again, on the same seeds but
perhaps on another machine, it stands while p <= 1/50 on the same side and the effect is within its
tolerance; what was undecided then stays so.
"""

import os
from collections.abc import Iterator
from math import isclose
from pathlib import Path
from typing import Any

from bnutils.errors import FindingMismatch, PredictionError
from bnutils.predictions import Prediction, of_finding
from bnutils.records import STATED, Fields, elsewhere, phrase, read_record, write_record
from bnutils.settings import as_json, differences, listed, parts
from bnutils.utils.chapters import checkout, record_path
from bnutils.utils.validation import one_of
from bnutils.utils.wording import shown
from bnutils.verdicts import KEPT, decide

VARIABLE = "BNUTILS_FINDINGS"
AGREES = "Agrees with the committed record."
MODES = ("state", "check", "refresh", "off")


def mode_now() -> str:
    """Return what ``BNUTILS_FINDINGS`` says.

    Raises
    ------
    ValueError
        If it is no mode.
    """
    return one_of(VARIABLE, os.environ.get(VARIABLE) or "state", MODES)


def noted(measured: Fields, mode: str) -> tuple[str, dict[str, Any]]:
    """Return how a finding compares with its record, or write the record; and what it agrees with.

    The second is the record, or empty where there is none or it says something else.

    Raises
    ------
    FindingMismatch
        In the mode ``check``, if they do not agree; and if there is no interval to write down.
    PredictionError
        In the modes ``check`` and ``refresh``, if the finding is not what was predicted.
    """
    root = checkout()
    if root is None or mode == "off":
        return "", {}
    path = record_path(root, f"{measured['name']}.{measured['dataset']}")
    if mode == "refresh":
        write_record(path, record := _recorded(root, measured))
        return "The record was written.", record
    return _strict(root, measured, path) if mode == "check" else _lenient(root, measured, path)


def _lenient(root: Path, measured: Fields, path: Path) -> tuple[str, dict[str, Any]]:
    """How a finding compares with its record, whatever it is."""
    try:
        record = read_record(path)
    except FindingMismatch as problem:
        return str(problem) if path.exists() else _without_record(measured, root), {}
    difference = _difference(measured, record)
    return (difference, {}) if difference else (AGREES, record)


def _strict(root: Path, measured: Fields, path: Path) -> tuple[str, dict[str, Any]]:
    """That a finding agrees with its prediction and its record; else an error."""
    before, record = predicted(root, measured), read_record(path)
    if difference := _difference(measured, record):
        raise _mismatch(measured, difference, path)
    if before != record.get("predicted", {}):
        raise PredictionError(
            f"The record {path} must be of the prediction as it stands; it was measured for "
            f"{shown(record.get('predicted'))}, and the block is now {shown(before)}. A changed "
            "prediction is a new one: use its seeds, and measure again with `make findings`."
        )
    return AGREES, record


def _mismatch(measured: Fields, difference: str, path: Path) -> FindingMismatch:
    name, dataset = measured["name"], measured["dataset"]
    return FindingMismatch(
        f"The finding {name} on {dataset} must agree with its record, which it does not: "
        f"measured {measured['verdict']}, {phrase(measured)}. {difference} If the change is "
        f"meant, run `make findings LAB={name.partition('/')[0]}` and commit {path}. To "
        f"experiment, unset {VARIABLE}."
    )


def predicted(root: Path, measured: Fields) -> dict[str, Any]:
    """Return what a record says of its prediction; nothing where no prediction is needed.

    Raises
    ------
    PredictionError
        If what was measured is in no block, or not what its block says.
    """
    name = measured["name"]
    if measured["label"] != "measured" or measured["verdict"] == "described":
        return {}
    there = of_finding(root, name)
    if there is None:
        raise PredictionError(
            f"A claim that is measured must be predicted first; {name} is in no block of "
            f"book/{name.partition('/')[0]}/claims.yml. Write the block, commit it and use its "
            "seeds, or say finding(..., afterwards=True)."
        )
    block, claim = there
    if wrong := [*_beside(measured, vars(claim), block.seeds), *_elsewhere(measured, block)]:
        raise PredictionError(
            f"The finding {name} must be what the block {block.name} predicts; it has {wrong[0]}. "
            f"A changed prediction has other seeds: bnutils.seeds('{block.seal}')."
        )
    return {
        "block": block.name,
        "date": block.block["date"].isoformat(),
        "seal": block.seal,
        "expected": claim.expected_on(measured["dataset"]),
    }


def _beside(measured: Fields, claim: Fields, seeds: list[int]) -> Iterator[str]:
    """What differs between a finding and its block."""
    for part in ("claim", "unit", "above", "below"):
        if not _alike(measured[part], claim[part]):
            yield f"{part} {shown(measured[part])}, the block {shown(claim[part])}"
    used = [value for name, value in parts(measured["setting"]) if name == "seeds"]
    if not used or any(one != seeds for one in used):
        yield "other seeds than those of the block"
    if len(measured["values"]) != len(seeds):
        yield f"{len(measured['values'])} values for {len(seeds)} seeds"


def _alike(here: Any, there: Any) -> bool:
    """Whether two parts are equal, numbers but for rounding."""
    numbers = isinstance(here, int | float) and isinstance(there, int | float)
    return isclose(here, there, rel_tol=1e-12) if numbers else bool(here == there)


def _elsewhere(measured: Fields, block: Prediction) -> Iterator[str]:
    """What differs between the setting of a finding and the settings of its block.

    Parts of the same name must have the same value, or one of the block's list.
    """
    there = as_json(block.block["settings"])
    for name, value in parts(measured["setting"]):
        planned = there.get(name, value) if name != "seeds" else value
        if value != planned and not (isinstance(planned, list) and value in planned):
            yield f"{name} {shown(value)}, the block {shown(planned)}"


def _recorded(root: Path, measured: Fields) -> dict[str, Any]:
    """All that a record says."""
    before = predicted(root, measured)
    if not measured["low"] <= measured["effect"] <= measured["high"]:
        raise FindingMismatch(
            f"A record needs an interval, from at least two seeds; {measured['name']} has "
            f"n = {measured['n']}. Measure more seeds."
        )
    return {**measured, "predicted": before}


def _difference(measured: Fields, record: Fields) -> str:
    """Say how a finding differs from its record; return '' where they agree."""
    there = f"There: {record['verdict']}, {phrase(record)}."
    setting = differences(measured["setting"], record["setting"])
    stated = [key for key in STATED if measured[key] != record[key]]
    stated = [key for key in stated if key != "n"] if setting else stated  # its seeds say it
    setting += differences(*({key: one[key] for key in stated} for one in (measured, record)))
    if setting:
        return f"Not the setting of the record: {listed(setting)}. {there}"
    if measured["claim"] != record["claim"]:
        return f"The record has another claim: {record['claim'].rstrip('.')}. {there}"
    if not _stands(measured, record):
        return (
            "The settings named are those of the record, but the result is not: what differs is "
            f"the code, or the machine. {there}"
        )
    return ""


def _stands(measured: Fields, record: Fields) -> bool:
    """Whether what was measured again is what the record says."""
    if record["label"] == "theorem":
        return bool(measured["verdict"] == record["verdict"])
    near = abs(measured["effect"] - record["effect"]) <= record["tolerance"]
    if record["verdict"] not in ("supported", "contradicted"):
        return bool(near)
    again = decide(measured["values"], measured["above"], measured["below"], KEPT)
    return bool(near and again.name == record["verdict"])


def _without_record(measured: Fields, root: Path) -> str:
    """Say what there is to compare with where a finding has no record."""
    others = elsewhere(root, measured["name"])
    if not others:
        return "A finding of your own: there is no record of it."
    known = [f"on {name} {record['verdict']}, {phrase(record)}" for name, record in others.items()]
    return f"There is no record on {measured['dataset']}; there are: {'; '.join(known)}."
