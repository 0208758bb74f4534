"""The numbers of a metric in words, in the one unit in which they are shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from bnutils.intervals import Interval
from bnutils.runs import is_share, title
from bnutils.tables import MISSING, fixed, ranges, signed, writer

Write = Callable[[float], str]

POINTS = "percentage points"
ONE_SEED = "One seed gives no interval: train several, such as seeds=10."
SHARE_DECIMALS = 2


def written(metric: str, intervals: Iterable[Interval], *, plus: bool = False) -> Write:
    """Return a function that writes a value of a metric, in the unit in which it is shown.

    Parameters
    ----------
    metric : str
        An accuracy is a share, and is multiplied by 100; a loss is left as it is.
    intervals : iterable of Interval
        All that will stand together and so get the same decimals.
    plus : bool
        Whether a number above zero gets a sign: for differences.

    Returns
    -------
    callable
        From a value to its text, which is that of :data:`bnutils.tables.MISSING` for NaN.
    """
    values = [value for one in intervals for value in (one.estimate, one.low, one.high)]
    share = is_share(metric)
    write = partial(fixed, decimals=SHARE_DECIMALS) if share else writer(values, 3 if plus else 4)

    def text(value: float) -> str:
        if value != value:  # NaN
            return MISSING
        number = write(100 * value if share else value)
        return signed(number) if plus else number

    return text


def ends(interval: Interval, write: Write) -> str:
    """Return the ends of an interval; of one without ends that there is nothing."""
    if interval.low != interval.low:
        return MISSING
    return f"{write(interval.low)} to {write(interval.high)}"


def sentence(metric: str, interval: Interval, unit: str, *, plus: bool = False) -> str:
    """Return an estimate with its interval and the number of seeds, or why there is none."""
    if not interval.n:
        return "no seed is left"
    estimate = written(metric, [interval], plus=plus)(interval.estimate)
    if interval.n == 1:
        return f"{estimate}{unit} (one seed, which gives no interval)"
    sides = ends(interval, written(metric, [interval], plus=plus))
    return f"{estimate}{unit} (95 % interval {sides}, {interval.n} seeds)"


def divergences(diverged: Mapping[str, Sequence[int]], seeds: int) -> Iterator[str]:
    """Yield, for each arm that diverged, in which of so many seeds, by number."""
    for arm, lost in diverged.items():
        if lost and len(lost) == seeds:
            yield f"{arm} diverged in {f'all {seeds} seeds' if seeds > 1 else 'its one seed'}"
        elif lost:
            yield f"{arm} diverged in {len(lost)} of {seeds} seeds ({ranges(lost)})"


def caption(metric: str, where: str) -> str:
    """Return what a table of means is about."""
    return f"{title(metric)} {where}{', in %' if is_share(metric) else ''}: mean over the seeds"
