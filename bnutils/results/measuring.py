"""What else is asked of trained networks: numbers beside the metrics, from their weights."""

from dataclasses import replace

from bnutils.results.comparison import Comparison
from bnutils.runs import METRICS, Measure, Run
from bnutils.utils.validation import finite, mapping
from bnutils.utils.wording import shown

RETURNED = "{'recalibrated': 0.97}"


def with_measured(comparison: Comparison, measure: Measure | None) -> Comparison:
    """Return a comparison with further metrics, one number for each run.

    Parameters
    ----------
    comparison : Comparison
        Its runs have weights, if anything is measured of them.
    measure : callable or None
        ``measure(arm, seed, weights) -> {name: number}``, of the weights at the end; the same
        names for all runs.

    Returns
    -------
    Comparison
        Whose ``final(name)`` has the numbers.

    Raises
    ------
    TypeError
        If no mapping comes back.
    ValueError
        If a number is not finite, a name is a metric's, or not all runs have the same names.
    """
    if measure is None:
        return comparison
    runs = tuple(_further(run, comparison, measure) for run in comparison.runs)
    names = {tuple(run.metrics) for run in runs}
    if len(names) > 1:
        raise ValueError(
            "`measure` must return the same names for every run; received different ones for two "
            f"of them: {', '.join(sorted({name for each in names for name in each} - {*METRICS}))}."
            " Return a number under each name for each arm."
        )
    return replace(comparison, runs=runs)


def _further(run: Run, comparison: Comparison, measure: Measure) -> Run:
    """The run, with what is measured of its weights."""
    found = measure(run.arm, run.seed, comparison.weights(run.arm, run.seed))
    values = mapping("what `measure` returns", found, RETURNED)
    if taken := sorted(values.keys() & run.metrics.keys()):
        raise ValueError(
            f"`measure` must return names of its own; received {shown(taken[0])}, which is that "
            "of a metric. Take another one."
        )
    checked = {name: finite(f"what `measure` returns as {name}", v) for name, v in values.items()}
    return replace(run, metrics={**run.metrics, **{name: (v,) for name, v in checked.items()}})
