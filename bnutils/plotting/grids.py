"""Readings as pictures need them: of each arm a grid, layers downwards and updates across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bnutils.tables import require_frame
from bnutils.utils.validation import one_of
from bnutils.utils.wording import shown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("arm", "seed", "update", "statistic", "where", "value")
FAR = 100.0  # from such a ratio on a quantity is drawn by logarithm


@dataclass(frozen=True)
class Grids:
    """One statistic of several arms, on common rows and columns.

    Attributes
    ----------
    places : list of str
        The rows: layers, from the first to the last.
    updates : list of int
        The columns: after how many updates it was read.
    values : mapping of str to numpy.ndarray
        For each arm ``(seeds, places, updates)``; NaN where an arm has no such layer, and
        where a value is not finite.
    there : mapping of str to numpy.ndarray
        For each arm ``(places,)``: whether it has such a layer.
    """

    places: list[str]
    updates: list[int]
    values: Mapping[str, np.ndarray]
    there: Mapping[str, np.ndarray]

    @property
    def seeds(self) -> int:
        """The most that an arm has."""
        return max(len(values) for values in self.values.values())

    def spans_decades(self) -> bool:
        """Whether nine tenths of the positive values lie far apart, and there are few others."""
        numbers = self._finite()
        positive = numbers[numbers > 0]
        if numbers.min() < 0 or len(positive) < 2 / 3 * len(numbers):
            return False
        low, high = np.quantile(positive, [0.05, 0.95])
        return bool(high >= FAR * low)

    def require_logarithms(self, reference: float | None) -> None:
        """Raise ``ValueError`` if something to draw has no logarithm; a few zeros will do."""
        numbers = self._finite()
        if numbers.min() < 0 or not numbers.max() > 0 or not (reference is None or reference > 0):
            raise ValueError(
                "What is drawn by logarithm must be positive; received values from "
                f"{numbers.min():g} to {numbers.max():g} and reference={reference}. Draw it with "
                "log=False."
            )

    def means(self, log: bool) -> dict[str, np.ndarray]:
        """Return the mean over the finite values of each cell; by logarithm a geometric one."""
        found = {}
        for arm, values in self.values.items():
            known = np.isfinite(values).sum(axis=0)
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = np.nansum(np.log(values) if log else values, axis=0) / known
            found[arm] = np.exp(mean) if log else mean
        return found

    def _finite(self) -> np.ndarray:
        numbers = np.concatenate([values.ravel() for values in self.values.values()])
        finite: np.ndarray = numbers[np.isfinite(numbers)]
        return finite


def grids(readings: "pd.DataFrame", statistic: str, layers: str | None) -> Grids:
    """Return the grids of one statistic.

    Parameters
    ----------
    readings : pandas.DataFrame
        As :meth:`bnutils.results.Comparison.readings` returns them.
    statistic : str
        Which one.
    layers : str or None
        The kind of layer, such as ``"dense"``; None for all.

    Raises
    ------
    ValueError
        If there is no such statistic or kind, no finite value, or arms that have the same layers
        have them in another order.
    TypeError
        If the readings are no table of readings.
    """
    rows = _rows(readings, statistic, layers)
    places = _in_order([list(dict.fromkeys(arm["where"])) for _, arm in _arms(rows)])
    updates = sorted(set(rows.loc[np.isfinite(rows["value"]), "update"]))
    if not updates:
        raise ValueError(
            f"What is drawn must have a finite value; received {len(rows)} readings of "
            f"{statistic!r} without any. Read it before the networks diverge."
        )
    values = {str(name): _grid(arm, places, updates) for name, arm in _arms(rows)}
    there = {str(name): np.isin(places, arm["where"]) for name, arm in _arms(rows)}
    return Grids(places, [int(update) for update in updates], values, there)


def short(place: str) -> str:
    """Return the name of a place as a figure has room for it: ``"batch norm 2"``."""
    words = (("_normalization", " norm"), ("global_average_", ""), ("2d", ""), ("_", " "))
    for long, brief in words:
        place = place.replace(long, brief)
    return place


def kind(place: str) -> str:
    """Return the kind of a place, without its number: ``"dense"`` of ``"dense 2"``."""
    return place.rpartition(" ")[0] if is_numbered(place) else place


def is_numbered(place: str) -> bool:
    """Whether a place is a layer with its number."""
    word, _, number = place.rpartition(" ")
    return bool(word) and number.isdecimal()


def _rows(readings: "pd.DataFrame", statistic: str, layers: str | None) -> "pd.DataFrame":
    """The readings that were asked for, each once."""
    require_frame("readings", readings)
    if not (set(COLUMNS) <= set(readings.columns) and len(readings)):
        raise ValueError(
            f"readings must have rows, and the columns {', '.join(COLUMNS)}; received "
            f"{len(readings)} rows of {', '.join(map(str, readings.columns)) or 'no columns'}. "
            "Take those of a comparison with probes: compare(..., probes=...).readings()."
        )
    known = dict.fromkeys(readings["statistic"])
    rows: pd.DataFrame = readings.loc[
        readings["statistic"] == one_of("statistic", statistic, known)
    ]
    if layers is not None:
        kinds = rows["where"].map(kind)
        rows = rows.loc[kinds == one_of("layers", layers, dict.fromkeys(kinds))]
    twice = int(rows.duplicated(["arm", "seed", "update", "where"]).sum())
    if twice:
        raise ValueError(
            "readings must have one value for each arm, seed, update and layer; received "
            f"{twice} more. Draw one comparison at a time."
        )
    return rows


def _arms(rows: "pd.DataFrame") -> "list[tuple[object, pd.DataFrame]]":
    """Each arm with its rows, in their order."""
    return [(name, arm) for name, arm in rows.groupby("arm", sort=False)]


def _in_order(orders: Sequence[Sequence[str]]) -> list[str]:
    """All places, so that each order is kept."""
    before: dict[str, set[str]] = {place: set() for order in orders for place in order}
    for earlier, later in (pair for order in orders for pair in pairwise(order)):
        before[later].add(earlier)
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError as problem:
        circle = " and ".join(dict.fromkeys(problem.args[1]))
        raise ValueError(
            "Arms side by side must have the layers that they share in one order; received "
            f"{shown(circle)} in more than one. Choose a kind, such as layers='dense'."
        ) from problem


def _grid(arm: "pd.DataFrame", places: Sequence[str], updates: Sequence[int]) -> np.ndarray:
    """Seeds by places by updates."""
    import pandas as pd

    seeds = list(dict.fromkeys(arm["seed"]))
    cells = pd.MultiIndex.from_product([seeds, places, updates])
    values = arm.set_index(["seed", "where", "update"])["value"].reindex(cells)
    found = values.to_numpy(dtype=float).reshape(len(seeds), len(places), len(updates))
    return np.where(np.isfinite(found), found, np.nan)
