"""For what a result was seen: its record's setting, in words.

Whatever stands in the setting is said, once, however many arms share it; where arms differ, all
their values are. Left out is what stands elsewhere in a record (seeds, the data's checksum), and
by which program networks were trained, since both give the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bnutils.records import DATASETS
from bnutils.utils.words import exact

from .sizes import network, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bnsite.records import Record

ELSEWHERE = {"seeds", "data", "engine"}
FORMS = {
    "activation": "activation {}",
    "hidden": "hidden layers of {}",
    "network": "{}",
    "norm": "{} normalisation",
    "optimiser": "{}",
    "placement": "normalisation {} the activation",
    "split": "{} split",
}
MANY = 8  # numbers; of longer lists the ends are said
PLURALS = {  # what is counted: "5 epochs"
    "batches", "draws", "epochs", "examples", "features", "filters", "images", "inputs", "layers",
    "parameters", "rows", "steps", "training images", "units", "updates",
}  # fmt: skip


def scope(record: Record) -> list[str]:
    """What a result hangs on, a phrase for each setting, arms first."""
    setting = record.fields["setting"]
    values: dict[str, list[Any]] = {}
    for name, value in (*leaves(setting), *sizes(setting, record.dataset)):
        known = values.setdefault(name.replace("_", " "), [])
        known += [value] if value not in known else []
    said = [phrase(name, those) for name, those in values.items()]
    return [*compared([f"“{arm}”" for arm in dict.fromkeys(arms_of(setting))]), *said]


def compared(arms: list[str]) -> list[str]:
    """What was held against what."""
    pair = " against ".join(arms)
    return [pair if len(arms) == 2 else ", ".join(arms)] if arms else []


def seen_for(found: Sequence[Record]) -> str:
    """For what a finding was seen: on which data, and what holds on all of them."""
    each = {record.dataset: scope(record) for record in found}
    shared = [
        one for one in next(iter(each.values())) if all(one in said for said in each.values())
    ]
    places = [on(name, [one for one in said if one not in shared]) for name, said in each.items()]
    rest = f": {'; '.join(shared)}" if shared else ""
    return f"Seen on {' and on '.join(places)}{rest}."


def on(dataset: str, own: list[str]) -> str:
    """A data set, with what holds on it alone."""
    return DATASETS.get(dataset, dataset) + (f" ({'; '.join(own)})" if own else "")


def leaves(setting: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of a setting that have a value, networks taken apart."""
    for name, value in setting.items():
        if isinstance(value, dict):
            yield from leaves(value)
        elif name == "model":
            yield from network(value)
        elif name not in ELSEWHERE:
            yield name, value


def arms_of(setting: Mapping[str, Any]) -> Iterator[str]:
    """The names of what was compared."""
    for name, value in setting.items():
        if name == "arms":
            yield from value
        elif isinstance(value, dict):
            yield from arms_of(value)


def phrase(name: str, values: list[Any]) -> str:
    """A setting with its value, or its values where arms differ."""
    if name in PLURALS and all(isinstance(value, int) for value in values):
        said = " or ".join(map(in_words, values))
        return f"{said} {name.removesuffix('s') if values == [1] else name}"
    between = " × " if name.startswith("shape") else ", "
    said = " or ".join(in_words(value, between) for value in values)
    return FORMS.get(name, f"{name} {{}}").format(said)


def in_words(value: Any, between: str = ", ") -> str:
    """A value as it is read."""
    if isinstance(value, list | tuple):
        parts = [in_words(one) for one in value]
        long = len(parts) > MANY and isinstance(value[0], int | float)
        return f"{parts[0]} to {parts[-1]} ({len(parts)} values)" if long else between.join(parts)
    if value is None or isinstance(value, bool):
        return {None: "no", True: "yes", False: "no"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    return exact(value) if isinstance(value, float) else str(value)
