"""The terms that may stand where a statistic belongs.

Unlike the variances in :mod:`bnutils.checks.formulas.spreads`, which bring the name of their
mistake, they have costs and may hold a state; the whole formula tells what is wrong with it.
"""

from bnutils.checks.life.seen import Seen
from bnutils.checks.life.sparse import Column

STATISTICS: dict[str, float] = {
    "mean(x)": 0,
    "var(x)": 0,
    "var(x, ddof=1)": 0.5,
    "sqrt(var(x))": 0.5,
    "epsilon": 1,
    "1": 1,
    "mean(x**2)": 1,
    "sqrt(var(x, ddof=1))": 1.5,
    "mean(x)**2": 1.5,
    "sqrt(var(x) + epsilon)": 1.5,
    "mean(x, axis=(0, 1))": 1,
    "var(x, axis=(0, 1))": 1,
    "mean((x - moving_mean)**2)": 1.5,
    "var(x)**2": 2,
    "mean(abs(x))": 2,
    "mean(abs(x - mean(x)))": 2,
    "abs(mean(x))": 2,
    "1 / sqrt(var(x) + epsilon)": 2,
    "sqrt(mean(x**2))": 2,
    "mean((x - momentum * moving_mean - (1 - momentum) * mean(x))**2)": 2,
    "(mean(x) - moving_mean)**2": 2,
    "moving_mean**2": 2,
    "moving_mean * mean(x)": 2,
    "momentum": 1,
    "median(x)": 2,
    "min(x)": 2,
    "max(x)": 2,
    "(max(x) - min(x))": 2,
}
"""What a layer may take from a batch, with how unlikely it is."""

OF_IMAGES: dict[str, float] = {
    "mean(x, axis=(0, 1, 2, 3))": 1,
    "var(x, axis=(0, 1, 2, 3))": 1,
    "mean(var(x, axis=(1, 2)))": 1,
    "mean(var(x, axis=0))": 1,
    "mean(var(x, axis=(0, 1)))": 1,
    "mean(var(x, axis=(0, 2)))": 1,
    "var(mean(x, axis=(1, 2)))": 1,
    "var(mean(x, axis=0))": 1,
}

FACTORS: dict[str, float] = {
    "": 0.5,
    "momentum": 1,
    "(1 - momentum)": 1,
    "N": 1.5,
    "1 / N": 1.5,
    "momentum**2": 2,
    "momentum * (1 - momentum)": 2,
    "(1 - momentum)**2": 2,
    "1 / updates": 2,
    "(1 - 1 / updates)": 2,
    "1 / (updates + 1)": 2.5,
    "updates / (updates + 1)": 2.5,
    "(1 + momentum)": 2.5,
    "(1 - momentum) * N": 2,
    "(1 - momentum) / N": 2,
    "(1 - momentum) * (N - 1) / N": 2,
    "1 / (1 - momentum**updates)": 3,
    "(1 - momentum) / (1 - momentum**updates)": 3,
    "momentum * (1 - momentum**(updates - 1)) / (1 - momentum**updates)": 3,
}
"""What may stand before it."""

STATE = ("moving_mean", "moving_variance")


MOST = 3.0
"""What is less likely than this is left out."""


def statistics(known: Seen) -> dict[str, float]:
    """Return the statistics that make sense for what is known."""
    chosen = STATISTICS
    if known.images:
        flat = {text: cost for text, cost in chosen.items() if "axis=(0, 1))" not in text}
        chosen = {**flat, **OF_IMAGES}
    return {
        text: cost
        for text, cost in chosen.items()
        if all(name in known for name in STATE if name in text)
    }


def plain(known: Seen, meant: str = "") -> list[Column]:
    """Return statistics without factors, for what a batch is normalised with.

    Parameters
    ----------
    known : Seen
        The calls.
    meant : str
        The statistic that belongs there.
    """
    texts = {**statistics(known), **{name: 0.5 for name in STATE if name in known}}
    texts |= {meant: 0.0} if meant else {}
    columns = [Column(text, known.value(text), cost) for text, cost in texts.items()]
    return sorted(columns, key=lambda one: one.cost)


def weighted(known: Seen, state: str, meant: str) -> list[Column]:
    """Return statistics with factors, for an update.

    Parameters
    ----------
    known : Seen
        The calls.
    state : str
        Which of the two is updated.
    meant : str
        With which statistic of the batch.
    """
    held = {name: 0.0 if name == state else 1.5 for name in STATE if name in known}
    texts = {**statistics(known), **held, meant: 0.0}
    columns = [
        Column(joined(factor, text), known.value(factor or "1") * known.value(text), cost)
        for text, unlikely in texts.items()
        for factor, more in FACTORS.items()
        if (cost := _cost(text, factor, unlikely + more, state, meant)) <= MOST
    ]
    return sorted(columns, key=lambda one: one.cost)


def _cost(text: str, factor: str, cost: float, state: str, meant: str) -> float:
    right = {(state, "momentum"), (meant, "(1 - momentum)")}
    return 0.0 if (text, factor) in right else max(0.1, cost - 0.5 * (text == state))


def joined(factor: str, text: str) -> str:
    """Return a product in words."""
    if not factor or text == "1":
        return factor or text
    return f"{factor} * ({text})" if " + " in text or " / " in text else f"{factor} * {text}"
