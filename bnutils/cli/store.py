"""``python -m bnutils store``: what has been computed, and how to be rid of it."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from bnutils.cli.output import tell
from bnutils.store import Held, Store, default_store
from bnutils.tables import ranges

ACTIONS = {
    "info": "say how much there is, of which model and data",
    "list": "show one line for each set of seeds",
    "prune": "delete runs of other code or package versions, and damaged ones",
    "clear": "delete everything",
}


def add_store(parser: argparse.ArgumentParser) -> None:
    """Give a parser the arguments of the command."""
    listed = "; ".join(f"{action}: {what}" for action, what in ACTIONS.items())
    parser.add_argument("action", nargs="?", default="info", choices=ACTIONS, help=listed)
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    store = default_store()
    if chosen.action == "info":
        _info(store, chosen.json)
    elif chosen.action == "list":
        _list(store, chosen.json)
    else:
        deleted = store.prune() if chosen.action == "prune" else store.clear()
        told = f"Deleted {deleted} runs from {store.folder}"
        tell(json.dumps({"deleted": deleted}) if chosen.json else told)


def _info(store: Store, as_json: bool) -> None:
    contents = store.contents()
    states = Counter({"usable": 0, "old": 0, "damaged": 0, "unreadable": 0})
    for held in contents:
        states[held.state] += held.count
    table = _table(contents)
    counts = table.groupby(["model", "data"], as_index=False)["runs"].sum()
    if as_json:
        size = {"folder": str(store.folder), "bytes": store.size(), "limit": store.limit}
        by = json.loads(counts.to_json(orient="records"))
        tell(json.dumps({**size, "runs": states.total(), **states, "by_model": by}))
        return
    tell(f"{states.total()} runs, {_size(store.size())} of {_size(store.limit)}, in {store.folder}")
    tell(
        f"{states['usable']} of the present code and package versions, {states['old']} of others, "
        f"{states['damaged']} damaged"
        + (f", {states['unreadable']} that you cannot read" if states["unreadable"] else "")
    )
    if len(counts):
        tell(counts.to_string(index=False))


def _list(store: Store, as_json: bool) -> None:
    table = _table(store.contents())
    if as_json:
        tell(table.to_json(orient="records"))
    else:
        tell(table.to_string(index=False) if len(table) else f"No runs in {store.folder}")


def _table(contents: Iterable[Held]) -> pd.DataFrame:
    """One row for all seeds of what was otherwise asked in the same way; those that can be read."""
    groups: dict[str, list[Held]] = {}
    for held in contents:
        if held.state not in ("damaged", "unreadable"):
            asked = {name: value for name, value in held.settings.items() if name != "seed"}
            groups.setdefault(json.dumps([held.state, asked], sort_keys=True), []).append(held)
    columns = [
        "model",
        "data",
        "batch",
        "optimizer",
        "updates",
        "runs",
        "seeds",
        "weights",
        "state",
    ]
    table = pd.DataFrame([_row(group) for group in groups.values()], columns=columns)
    return table.sort_values(columns[:5], ignore_index=True)


def _row(group: list[Held]) -> dict[str, Any]:
    asked = group[0].settings
    return {
        "model": str(asked.get("model", "unknown")),
        "data": _data(asked),
        "batch": asked.get("batch_size", 0),
        "optimizer": _optimizer(asked.get("optimizer", {})),
        "updates": max(asked.get("stops", [0])),
        "runs": sum(held.count for held in group),
        "seeds": ranges(seed for held in group for seed in held.seeds),
        "weights": sum(held.count for held in group if held.weights),
        "state": group[0].state,
    }


def _data(asked: Mapping[str, Any]) -> str:
    """Name of the data set, as far as it was filed, and the start of its checksum."""
    return f"{asked.get('dataset', '')} {str(asked.get('data', 'unknown'))[:8]}".strip()


def _optimizer(asked: Mapping[str, Any]) -> str:
    of = f" of {asked['decayed']}" if "decayed" in asked else ""
    decay = f", decay {asked['weight_decay']}{of}" if "weight_decay" in asked else of
    return f"{asked.get('name', 'unknown')} {asked.get('learning_rate', '')}{decay}".strip()


def _size(count: int) -> str:
    """Bytes with a unit: 1.2 MB."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_:
            return f"{count / bytes_:.3g} {unit}"
    return f"{count} B"
