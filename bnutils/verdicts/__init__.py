"""From values by seed to a verdict on a claim that was made before they were known.

===================  ===================================================================
:mod:`.signs`        the sign-flip test
:mod:`.deciding`     the rule by which p becomes a verdict
:mod:`.outcomes`     what else the values say: dissent, what could have been found
:mod:`.replication`  whether another measurement, on other seeds, agrees
===================  ===================================================================
"""

from bnutils.verdicts.deciding import EARNED, KEPT, Verdict, bounds, decide
from bnutils.verdicts.outcomes import (
    Outcome,
    checked,
    detectable,
    is_demonstration,
    measured,
    share_ahead,
)
from bnutils.verdicts.replication import agree, p_of_difference
from bnutils.verdicts.signs import sign_flip_p

__all__ = [
    "EARNED", "KEPT", "Outcome", "Verdict", "agree", "bounds", "checked", "decide",
    "detectable", "is_demonstration", "measured", "p_of_difference", "share_ahead", "sign_flip_p",
]  # fmt: skip
