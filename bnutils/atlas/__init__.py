"""Where batch normalisation helps at all: with and without it, over many settings.

A number draws a few combinations of settings, as equally as they can be drawn (``design``). Each is
trained at seven learning rates (``compare``), and a table holds what came out (``recorded``), also
at the rate that suits each network (``tuned``).
"""

from bnutils.atlas.design import FACTORS, RATES, design
from bnutils.atlas.table import NAME, recorded, tuned
from bnutils.atlas.training import compare

__all__ = ["FACTORS", "NAME", "RATES", "compare", "design", "recorded", "tuned"]
