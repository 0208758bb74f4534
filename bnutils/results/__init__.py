"""What was measured: plain numbers, apart from how they came about and how they are drawn.

====================  ================================================================
:mod:`.comparison`    many runs side by side; differences are taken seed by seed
:mod:`.frames`        runs as tidy tables
:mod:`.measuring`     numbers beside the metrics, from the networks' weights
:mod:`.origins`       where numbers come from
:mod:`.images`        how much of a difference hangs on the test images
:mod:`.files`         comparisons as JSON files
====================  ================================================================
"""

from bnutils.results.comparison import Comparison
from bnutils.results.measuring import with_measured
from bnutils.results.origins import provenance

__all__ = ["Comparison", "provenance", "with_measured"]
