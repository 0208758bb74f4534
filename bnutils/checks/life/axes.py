"""Outputs that are no line in x for each feature: other axes' statistics, or nothing of x."""

from collections.abc import Iterator
from itertools import combinations, product

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.life.judgement import reproduces
from bnutils.checks.life.replays import Plan, Replays
from bnutils.checks.life.roots import ROOTS
from bnutils.checks.life.seen import Numbers, Seen

AFFINE = ("gamma * {} + beta", "{}", "gamma * {}", "{} + beta")


FLAT = ("beta", "0", "gamma", "1", "gamma + beta", "x", "gamma * x + beta", "-beta", "mean(x)")
"""What may be left where x plays no part, or nothing is normalised."""


def crooked(replays: Replays, plan: Plan, seen: Seen) -> str | None:
    """Return a formula for the output of a plan's last call that is no line in x.

    Parameters
    ----------
    replays : Replays
        The layers.
    plan : Plan
        Whose last call is meant.
    seen : Seen
        What is known there.
    """
    outputs = replays.outputs(plan)
    for text in (*FLAT, *_texts(seen.calls[0]["x"].ndim)):
        pairs = zip(seen.calls, outputs, strict=True)
        if all(_gives(text, one, y, replays.exact) for one, y in pairs):
            return text
    return None


def _gives(text: str, numbers: Numbers, y: Array, exact: float) -> bool:
    x = numbers["x"]
    return y.shape == x.shape and reproduces(y, evaluate(text, numbers, y.shape), exact)


def _texts(axes: int) -> Iterator[str]:
    """Yield formulas, the likeliest first."""
    chosen = [over for n in range(1, axes + 1) for over in combinations(range(axes), n)]
    for over, root, affine in product(chosen, ROOTS[:5], AFFINE):
        for ddof in ("", ", ddof=1"):
            for mean, variance in (
                (f"mean(x, axis={over})", f"var(x, axis={over}{ddof})"),
                ("mean(x)", f"var(x, axis={over}{ddof})"),
                (f"mean(x, axis={over})", f"var(x{ddof})"),
            ):
                yield affine.format(f"((x - {mean}) / {root.text.format(variance)})")
