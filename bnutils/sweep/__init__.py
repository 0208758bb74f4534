"""Many comparisons at once: a grid of settings, trained here or on a cluster.

``grid`` makes the points, ``run`` trains each with the same seeds, and the result is one tidy
table. Every finished run goes to the store, so a sweep that was stopped goes on where it was.
"""

from bnutils.sweep.cluster import ClusterError
from bnutils.sweep.points import Point, grid, part
from bnutils.sweep.results import Result, Sweep
from bnutils.sweep.running import run
from bnutils.sweep.summary import SweepSummary

__all__ = ["ClusterError", "Point", "Result", "Sweep", "SweepSummary", "grid", "part", "run"]
