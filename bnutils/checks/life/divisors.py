"""What was divided by, in readings: from a divisor back to the variance in it.

:mod:`bnutils.checks.formulas.divisors` knows all arguments of a function, and so fits a line in the
candidates for the variance. A layer's state is not given but has to come out of the divisor first:
each way to divide is undone, and the one is taken whose states have the likeliest updates.
"""

import numpy as np

from bnutils.checks.life.found import stack
from bnutils.checks.life.lines import Line
from bnutils.checks.life.replays import Replays, Rows
from bnutils.checks.life.roots import Root
from bnutils.checks.life.sparse import number

SCALED = "({} * sqrt({{0}} + epsilon))"


def back(replays: Replays, root: Root, divisor: Rows) -> Rows:
    """Return the variance behind a divisor, if it was made in this way."""
    return [
        np.asarray(root.back(r, np.asarray(one.epsilon)))
        for r, one in zip(divisor, replays.settings, strict=True)
    ]


def own_roots(replays: Replays, fresh: Line) -> list[Root]:
    """Return ways to divide with a constant of one's own, by a new layer whose variance is 1."""
    r = stack([fresh.root])
    epsilon = np.concatenate([np.full(one.features, one.epsilon) for one in replays.settings])
    found = []
    for text, values in (
        ("sqrt({{0}} + {})", r**2 - 1),
        ("(sqrt({{0}}) + {})", r - 1),
        (SCALED, r / np.sqrt(1 + epsilon)),
    ):
        if np.ptp(values) < replays.exact and abs(values[0]) > replays.exact:
            found.append(constant_root(text, float(np.mean(values))))
    return found


def constant_root(text: str, value: float) -> Root:
    """Return a way to divide that has a constant in it."""
    written = text.format(number(float(f"{value:.6g}")))
    if text == SCALED:
        return Root(written, lambda r, e: (r / value) ** 2 - e, 1.2, "wrong-term")
    name = f"epsilon-ignored={value:.6g}"
    if text.startswith("sqrt"):
        return Root(written, lambda r, e: r**2 - value, 1.2, name)
    return Root(written, lambda r, e: (r - value) ** 2, 1.7, f"{name} epsilon-outside-root")
