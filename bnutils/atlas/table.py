"""The table of the atlas: a row for each setting, and what follows from its four pairs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np

from bnutils.atlas.design import FACTORS, RATES, design
from bnutils.atlas.training import RUNS, TEST, VALIDATION, arm_name, at_all_rates
from bnutils.errors import FindingMismatch
from bnutils.results import Comparison
from bnutils.store import BaseStore
from bnutils.tables import require_frame
from bnutils.tasks import seed_list
from bnutils.utils.chapters import Chapter, checkout
from bnutils.utils.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy_loader.load("pandas")

NAME = "atlas"
"""Of the chapter, and of its table."""
KEY = ["seed", *FACTORS]  # of a combination
SHORT = {"plain": "plain", "batch norm": "norm"}  # in the names of columns
IMAGES = {"val": VALIDATION, "test": TEST}
HITS = [f"{kind}_{part}" for kind in SHORT.values() for part in IMAGES]
DIVERGED = [f"{kind}_diverged" for kind in SHORT.values()]
COLUMNS = [*KEY, "learning_rate", *HITS, *DIVERGED, "seconds"]


def recorded(seeds: Any, store: BaseStore | None = None, progress: bool | None = None) -> Any:
    """Return the atlas of these numbers: the table that is committed, or one trained here.

    Parameters
    ----------
    seeds : int or iterable of int
        Each draws five combinations, see :func:`bnutils.atlas.design`. Where one of them is not
        in the committed table, and outside a checkout, everything is trained.
    store, progress
        As of :func:`bnutils.compare`.

    Returns
    -------
    pandas.DataFrame
        A row for each setting: its ``seed``, a column for each factor, ``learning_rate``; by
        run, how many images were recognised, ``plain_val``, ``plain_test``, ``norm_val`` and
        ``norm_test``, as tuples; how many of the runs diverged, which count as they are;
        ``seconds`` that its combination took; and, in percentage points, ``difference``: the mean
        of the test accuracy with batch normalisation minus that without, with the ends ``low``
        and ``high`` of its 95 % interval.

    Raises
    ------
    FindingMismatch
        If the committed table is not whole.
    """
    numbers, path = seed_list(seeds), table_path()
    if path is not None and path.is_file():
        there = read(path)
        if set(numbers) <= set(there["seed"]):
            return there[there["seed"].isin(numbers)].reset_index(drop=True)
    return judged(pd.DataFrame(trained(numbers, store, progress)))


def trained(
    seeds: Sequence[int], store: BaseStore | None = None, progress: bool | None = None
) -> list[dict[str, Any]]:
    """Return the rows of some numbers, trained here where the store does not have them."""
    pairs = [(seed, combination) for seed in seeds for combination in design(seed)]
    return [row for pair in pairs for row in rows_of(*pair, store, progress)]


def rows_of(
    seed: int,
    combination: Mapping[str, Any],
    store: BaseStore | None = None,
    progress: bool | None = None,
) -> list[dict[str, Any]]:
    """Return a row for each rate of a combination, trained if need be."""
    start = perf_counter()
    result = at_all_rates(seed, combination, store, progress)
    seconds = round(perf_counter() - start, 1)
    rates = RATES[combination["optimizer"]]
    return [{"seed": seed, **combination, **_row(result, r), "seconds": seconds} for r in rates]


def _row(result: Comparison, rate: float) -> dict[str, Any]:
    """What came out at one rate."""
    arms = {short: arm_name(kind, rate) for kind, short in SHORT.items()}
    hits = {
        f"{short}_{part}": _hits(result, arm, part, images)
        for short, arm in arms.items()
        for part, images in IMAGES.items()
    }
    lost = {f"{short}_diverged": len(result.diverged(arm)) for short, arm in arms.items()}
    return {"learning_rate": rate, **hits, **lost}


def _hits(result: Comparison, arm: str, part: str, images: int) -> tuple[int, ...]:
    """By run, how many images were recognised."""
    shares = result.final(f"{part}_accuracy")[arm]
    return tuple(int(hits) for hits in (shares * images).round())


def table_path() -> Path | None:
    """Return where a checkout keeps the table; None outside one."""
    root = checkout()
    return None if root is None else path_in(root)


def path_in(root: Path) -> Path:
    """Return where a checkout at ``root`` keeps it."""
    return Chapter(root, NAME).recorded / f"{NAME}.csv"


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the table, whole or not at all."""
    table = pd.DataFrame(rows)[COLUMNS]
    for name in HITS:
        table[name] = [" ".join(map(str, hits)) for hits in table[name]]
    write_atomically(path, table.to_csv(index=False, lineterminator="\n"))


def read(path: Path) -> "pd.DataFrame":
    """Return the table in a file, with what follows from it.

    Raises
    ------
    FindingMismatch
        If it is not whole.
    """
    try:
        table = pd.read_csv(path, converters=dict.fromkeys(("gain", "learning_rate"), float))
        if list(table.columns) != COLUMNS:
            raise ValueError(f"its columns are {', '.join(table.columns)}")
        _check_design(table)
        for name in HITS:
            table[name] = [tuple(map(int, hits.split())) for hits in table[name]]
        return judged(table)
    except (OSError, ValueError, AttributeError) as problem:
        raise FindingMismatch(
            f"The table of the atlas must be whole; that in {path} is not ({problem}). Run "
            "`python -m tools.atlas` and commit it."
        ) from problem


def _check_design(table: "pd.DataFrame") -> None:
    """Raise if the settings are not those that the seeds draw."""
    drawn = [
        (seed, *combination.values(), rate)
        for seed in dict.fromkeys(table["seed"])
        for combination in design(seed)
        for rate in RATES[combination["optimizer"]]
    ]
    there = list(table[[*KEY, "learning_rate"]].itertuples(index=False, name=None))
    if there != drawn:
        raise ValueError("its settings are not those that its seeds draw")


def judged(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with the difference of each setting, in points, and its 95 % interval.

    The interval is Student's, of four pairs. Images are counted before anything is divided: a
    difference of none is 0, and not 1e-15.
    """
    from scipy.special import stdtrit

    hits = {short: np.array(table[f"{short}_test"].tolist()) for short in SHORT.values()}
    gaps = (hits["norm"] - hits["plain"]).reshape(-1, RUNS)
    mean = 100 * gaps.sum(axis=1) / (RUNS * TEST)
    spread = 100 * gaps.std(axis=1, ddof=1) / TEST
    half = stdtrit(RUNS - 1, 0.975) * spread / np.sqrt(RUNS)
    return table.assign(difference=mean, low=mean - half, high=mean + half)


def tuned(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return the atlas with each network at its own best rate: a row for each combination.

    The rate is that with the highest validation accuracy of the four runs together, the lowest if
    there are several; reported is the test accuracy.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`recorded`.

    Returns
    -------
    pandas.DataFrame
        ``seed`` and the factors, ``plain_rate`` and ``norm_rate``, ``plain_test`` and
        ``norm_test``, and ``difference``, ``low``, ``high`` as there.

    Raises
    ------
    TypeError, ValueError
        If it is no table of :func:`recorded`.
    """
    require_frame("table", table)
    if missing := [name for name in (*KEY, "learning_rate", *HITS) if name not in table]:
        raise ValueError(
            "table must be that of atlas.recorded; received one without the column "
            f"{missing[0]!r}. Choose among its rows, and leave its columns."
        )
    return judged(pd.DataFrame(list(_best(table))))


def _best(table: "pd.DataFrame") -> Iterator[dict[str, Any]]:
    """Each combination with the rate of each network."""
    for key, group in table.groupby(KEY, sort=False):
        row = dict(zip(KEY, key, strict=True))
        for short in SHORT.values():
            chosen = group.iloc[int(np.argmax([sum(h) for h in group[f"{short}_val"]]))]
            row |= {f"{short}_rate": chosen["learning_rate"]}
            row |= {f"{short}_test": chosen[f"{short}_test"]}
        yield row
