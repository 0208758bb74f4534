"""What is to be trained: arms, and all that decides their numbers.

==================  ==================================================================
:mod:`.planning`    checked tasks, one for each arm
:mod:`.arms`        what is compared
:mod:`.budgets`     how many seeds, how long each is trained, and when it is looked at
==================  ==================================================================
"""

from bnutils.tasks.arms import Architecture, Arm, checked_arms
from bnutils.tasks.budgets import seed_list, stops_of
from bnutils.tasks.planning import ENGINES, MEMORY_GIB, SPLITTINGS, Task, planned, setting_of

__all__ = [
    "ENGINES",
    "MEMORY_GIB",
    "SPLITTINGS",
    "Architecture",
    "Arm",
    "Task",
    "checked_arms",
    "planned",
    "seed_list",
    "setting_of",
    "stops_of",
]
