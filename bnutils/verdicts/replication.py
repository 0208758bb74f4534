"""Whether two measurements of one claim, each on seeds of its own, agree."""

from collections.abc import Iterable

import numpy as np

from bnutils.verdicts.deciding import EARNED


def p_of_difference(one: Iterable[float | None], other: Iterable[float | None]) -> float:
    """Return Welch's two-sided p of the difference of two means.

    Parameters
    ----------
    one, other : iterable of float or None
        One value for each seed; seeds without one are left out.

    Returns
    -------
    float
        How often two measurements of one effect would be at least so far apart. Of values that are
        all equal it is 1, of two that have no spread and differ 0.

    Raises
    ------
    ValueError
        If a measurement has fewer than two values.
    """
    from scipy.stats import ttest_ind_from_stats

    known = [np.array([v for v in values if v is not None], float) for values in (one, other)]
    known = [values[np.isfinite(values)] for values in known]
    if min(map(len, known)) < 2:
        raise ValueError(
            "Two measurements must have at least two values each to be compared; received "
            f"{len(known[0])} and {len(known[1])}."
        )
    parts = [(values.mean(), values.std(ddof=1), len(values)) for values in known]
    if not any(spread for _, spread, _ in parts):
        return float(parts[0][0] == parts[1][0])
    return float(ttest_ind_from_stats(*parts[0], *parts[1], equal_var=False).pvalue)


def agree(one: Iterable[float | None], other: Iterable[float | None]) -> bool:
    """Whether two measurements are no further apart than chance explains, at p > 1/500.

    Parameters and errors are those of :func:`p_of_difference`.
    """
    return p_of_difference(one, other) > EARNED
