"""The table of the atlas as the script from which its page draws.

    globalThis.BNAtlas = {factors, rates, combinations, settings}

``factors`` has the levels of each factor; ``rates`` those of each optimiser; a combination is
``[seed, number of the level of each factor...]``; and each of its settings, rate by rate, is
``[hits of the plain network, hits with batch normalisation, low, high]``: test images that its
four runs recognised together, and the ends of the interval of the difference in hundredths of a
point. Behind its settings a combination has the numbers of the rates that are best for the two
networks, and the interval of their difference.
"""

import json
from typing import Any

import numpy as np
import pandas as pd

from bnutils.atlas import FACTORS, RATES, tuned
from bnutils.atlas.table import KEY
from tools import labs

SCRIPT = labs.ROOT / "book" / "_static" / "explorables" / "atlas-table.js"
ENDS = ("low", "high")


def script(table: pd.DataFrame) -> str:
    """The script, in one line for each combination."""
    groups = (rows for _, rows in table.groupby(KEY, sort=False))
    best = (row for _, row in tuned(table).iterrows())
    lines = ",\n".join(map(_line, groups, best))
    said = {"factors": FACTORS, "rates": RATES}
    return (
        "/* The table of the atlas, written by `python -m tools.atlas`. */\n"
        f"globalThis.BNAtlas = {{ ...{json.dumps(said)}, combinations: [\n{lines}\n] }};\n"
    )


def _line(rows: pd.DataFrame, best: "pd.Series[Any]") -> str:
    """One combination."""
    places = [levels.index(best[name]) for name, levels in FACTORS.items()]
    settings = [[*_hits(row), *_ends(row)] for _, row in rows.iterrows()]
    rates = RATES[best["optimizer"]]
    own = [rates.index(best[f"{kind}_rate"]) for kind in ("plain", "norm")]
    made = [int(best["seed"]), *places, settings, [*own, *_ends(best)]]
    return json.dumps(made, separators=(",", ":"))


def _hits(row: "pd.Series[Any]") -> list[int]:
    return [sum(row["plain_test"]), sum(row["norm_test"])]


def _ends(row: "pd.Series[Any]") -> list[int]:
    """In hundredths of a point; what is not 0 does not become it."""
    return [round(100 * row[end]) or int(np.sign(round(row[end], 9))) for end in ENDS]
