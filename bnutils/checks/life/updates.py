"""What is wrong with an update of a moving statistic, by its terms."""

from collections.abc import Iterator

from bnutils.checks.formulas.averages import of_weights
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.life.found import MEANT
from bnutils.checks.life.sparse import Sum, number
from bnutils.checks.life.terms import FACTORS

Weights = dict[str, str]
"""By what is weighted, in the language of the formulas."""

_STATISTICS = {
    "var(x, ddof=1)": "sample-variance",
    "sqrt(var(x))": "std-instead-of-variance",
    "sqrt(var(x, ddof=1))": "std-instead-of-variance",
    "epsilon": "epsilon-in-moving-variance",
}


def update_names(state: str, found: Sum) -> list[str]:
    """Return the names of the mistakes in an update.

    Parameters
    ----------
    state : str
        "moving_mean" or "moving_variance".
    found : Sum
        What it becomes.
    """
    weights = dict(_weight(factor, text) for factor, text in found.terms)
    old, news = weights.get(state, "0"), {t: w for t, w in weights.items() if t != state}
    others = {t: w for t, w in news.items() if t != MEANT[state]}
    new = news.get(MEANT[state]) or next(iter(others.values()), "0")
    weighed = () if len(weights) > 2 and others and _add_up(weights) else (old, new)
    names = [*_of_statistics(others), *(_of_weights(*weighed) if weighed else ())]
    return list(dict.fromkeys(names)) or ["wrong-term"]


def _weight(factor: float, text: str) -> tuple[str, str]:
    """Split a term into what is weighted and its weight."""
    for weight in sorted(FACTORS, key=len, reverse=True):
        if weight and text.startswith(f"{weight} * "):
            return text.removeprefix(f"{weight} * "), _times(factor, weight)
    return (text, _times(factor, "1")) if text not in FACTORS else ("1", _times(factor, text))


def _times(factor: float, weight: str) -> str:
    return weight if factor == 1 else number(factor) if weight == "1" else f"{factor:g} * {weight}"


def _of_statistics(others: Weights) -> Iterator[str]:
    for text in others:
        if "axis" in text:
            yield f"wrong-axis={text.partition('axis=')[2].rstrip(')')})"
        else:
            yield _STATISTICS.get(text, "wrong-statistic")


def _of_weights(old: str, new: str) -> Iterator[str]:
    if "N" in new:
        yield "batch-size-missing" if new.endswith("* N") or new == "N" else "wrong-term"
    else:
        name = of_weights(_number(old), _number(new))
        if name == "weights-do-not-add-up" and _add_up({"old": old, "new": new}):
            name = "wrong-term"
        if name:
            yield f"{name}={old}" if name == "momentum-ignored" else name


def _number(weight: str) -> str | float:
    """Return a weight as a number, unless it depends on momentum or on the updates."""
    return weight if any(map(str.isalpha, weight)) else float(evaluate(weight, {}))


def _add_up(weights: Weights) -> bool:
    """Whether the weights add up to 1, whatever momentum is."""
    total = " + ".join(weights.values())
    sums = [float(evaluate(total, {"momentum": m, "updates": 3, "N": 5})) for m in (0.7, 0.9)]
    return all(abs(one - 1) < 1e-6 for one in sums)
