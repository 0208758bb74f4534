"""At what setting something was measured, and how two settings differ, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NAMED = 4  # differences that a sentence lists
FIRST, MANY = 3, 8  # values of a list that are shown if there are more than many
ABSENT = object()
WHOLE = "all of it"  # in place of a part that only one side has

Difference = tuple[tuple[str, ...], Any, Any]


def as_json(value: Any) -> Any:
    """Return a setting as JSON keeps it.

    The usual seeds, 0 to n - 1, become ``n``; arrays and tuples become lists, NumPy's numbers
    Python's, and what JSON does not know the text that ``repr`` gives.
    """
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if hasattr(value, "tolist"):  # NumPy's arrays and scalars
        return as_json(value.tolist())
    if isinstance(value, list | tuple | range):
        parts = [as_json(one) for one in value]
        return len(parts) if parts and parts == list(range(len(parts))) else parts
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def parts(setting: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a setting and of all settings in it, with their names."""
    for name, value in setting.items():
        if isinstance(value, Mapping):
            yield from parts(value)
        else:
            yield name, value


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Say how a setting differs from the one in a record, one phrase for each difference.

    Parameters
    ----------
    here, there : mapping
        Names and values, nested or not, both as :func:`as_json` returns them.

    Returns
    -------
    list of str
        Such as ``"here epochs 3, in the record 5"``; empty if they are equal.
    """
    alike: dict[tuple[str, str, str], list[tuple[str, ...]]] = defaultdict(list)
    for path, a, b in _walk(here, there):
        alike[path[-1], _shown(a), _shown(b)].append(path)
    return [_phrase(paths, a, b) for (_, a, b), paths in alike.items()]


def listed(phrases: Iterable[str]) -> str:
    """Join phrases; of many the first few, and how many more there are."""
    every = list(phrases)
    more = [f"and {len(every) - NAMED} more"] if len(every) > NAMED else []
    return "; ".join(every[:NAMED] + more)


def _walk(
    here: Mapping[str, Any], there: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """Yield where two settings differ."""
    for key in {**there, **here}:
        a, b = here.get(key, ABSENT), there.get(key, ABSENT)
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            yield from _walk(a, b, (*path, key))
        elif a != b:
            yield (*path, key), a, b


def _shown(value: Any) -> str:
    """Return a value in words."""
    if isinstance(value, list):
        shown = value if len(value) <= MANY else [*value[:FIRST], f"and {len(value) - FIRST} more"]
        return ", ".join(map(_shown, shown))
    if isinstance(value, Mapping):
        return WHOLE
    return "none" if value is ABSENT or value is None else f"{value}"


def _phrase(paths: list[tuple[str, ...]], here: str, there: str) -> str:
    """Return one difference in words; the same one in several places is said once."""
    (*place, name), *others = paths
    if WHOLE in (here, there):
        return f"{name} only {'here' if here == WHOLE else 'in the record'}"
    where = "" if others or not place else f"{place[-1]}: "
    return f"here {where}{name} {here}, in the record {there}"
