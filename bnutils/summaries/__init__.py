"""What a comparison comes to: means and paired differences, as numbers and ready to be read.

The numbers are in the metric's own unit, accuracies as shares. What is shown is in one unit: per
cent for an accuracy, percentage points for a difference of two.
"""

from bnutils.summaries.differences import Difference
from bnutils.summaries.rows import OfRows, Row, means, seeds
from bnutils.summaries.summary import Summary
from bnutils.summaries.words import ONE_SEED, POINTS, caption, divergences

__all__ = [
    "ONE_SEED",
    "POINTS",
    "Difference",
    "OfRows",
    "Row",
    "Summary",
    "caption",
    "divergences",
    "means",
    "seeds",
]
