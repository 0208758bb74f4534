"""From the formulas of what a layer computes to the mistakes of the catalogue."""

import re
from collections.abc import Iterator

from bnutils.checks.catalogue import mistake
from bnutils.checks.formulas.language import tidy
from bnutils.checks.life.found import Found, of_mean, of_variance
from bnutils.checks.life.rules import INFERENCE, INFERRED, MEAN, RIGHT, TRAINING, VARIANCE
from bnutils.checks.life.updates import update_names
from bnutils.checks.life.words import noticed
from bnutils.checks.report import Mistake

ORDER = ("gamma at first", "beta at first", "moving_mean at first", "moving_variance at first",
         TRAINING, MEAN, VARIANCE, INFERENCE, *INFERRED.values())  # fmt: skip
_RIGHT = {key: tidy(text) for key, text in RIGHT.items()}


def differing(found: Found) -> dict[str, str]:
    """Return the formulas that are not those of a right layer, in the order of a life."""
    wrong = {
        key: text
        for key, text in found.formulas.items()
        if text != _RIGHT[key.partition(" if ")[0]] or " if " in key
    }
    return dict(sorted(wrong.items(), key=lambda one: ORDER.index(one[0].partition(" if ")[0])))


def named(found: Found) -> tuple[Mistake, ...]:
    """Return the mistakes that a layer makes, the earliest in its life first.

    Parameters
    ----------
    found : Found
        What it computes.
    """
    seen: dict[str, list[str]] = {}
    for key, text in differing(found).items():
        for name in _names(found, key, text):
            seen.setdefault(name, []).append(noticed(key, text))
    if "mean-not-subtracted" in seen and found.formulas.get(MEAN) == MEAN:
        _leave_out(seen, "statistics-not-updated", "moving_mean")
    return tuple(mistake(name, "\n".join(texts)) for name, texts in seen.items())


def _leave_out(seen: dict[str, list[str]], name: str, state: str) -> None:
    """A mean that is never subtracted looks like one that is never updated."""
    seen[name] = [text for text in seen.get(name, []) if f"{state} stays" not in text]
    if not seen[name]:
        del seen[name]


def _names(found: Found, key: str, text: str) -> list[str]:
    name, _, condition = key.partition(" if ")
    if name.endswith("at first"):
        return ["wrong-initial-state"]
    if name in INFERRED.values():
        return ["updated-in-inference"]
    if name in (MEAN, VARIANCE):
        return update_names(name, found.sums[key])
    whole = key if condition else name
    names = list(dict.fromkeys(_output_names(found, whole, name == TRAINING, text)))
    by_updates = name == INFERENCE and any(one in found.formulas for one in INFERRED.values())
    return names or ([] if by_updates else ["wrong-term"])


def _output_names(found: Found, key: str, training: bool, text: str) -> Iterator[str]:
    yield from _affine_names(found, key, text)
    yield from _root_names(found, key)
    yield from _statistics_names(found, key)
    axes = re.search(r"axis=(\(.*?\)|\d)", text)
    if axes:
        yield f"wrong-axis={axes[1].replace(',)', ',)')}"
    if training and "moving_" in text:
        yield "train-inference-mixup"
    batch = "(x)" in text or (text in ("beta", "0") and " if " in key)
    if not training and batch and not any(one in found.formulas for one in INFERRED.values()):
        yield "train-inference-mixup"


def _affine_names(found: Found, key: str, text: str) -> Iterator[str]:
    line = found.lines.get(key)
    if line and (line.scale, line.shift) == ("beta", "gamma"):
        yield "gamma-beta-swapped"
        return
    if text == "beta" or "x" not in re.findall(r"\w+", text):
        return  # nothing of x is left, which has another reason
    if "gamma" not in text:
        yield "gamma-ignored"
    if "beta" not in text:
        yield "beta-ignored"
    if line and (line.scale not in ("gamma", "1") or line.shift not in ("beta", "0")):
        yield "wrong-term"


def _root_names(found: Found, key: str) -> Iterator[str]:
    root = found.roots.get(key)
    spread = found.sums.get(of_variance(key))
    if root is None or not root.cost:
        return
    own = [factor for factor, text in spread.terms if text == "1"] if spread else []
    if own and root.name == "epsilon-missing":
        yield f"epsilon-ignored={own[0]:g}"
    else:
        yield from root.name.split() or ["wrong-term"]


def _statistics_names(found: Found, key: str) -> Iterator[str]:
    if key == INFERENCE and found.parts:
        return
    centre, spread = found.sums.get(of_mean(key)), found.sums.get(of_variance(key))
    if centre is not None and not centre.terms:
        yield "mean-not-subtracted"
    elif centre is not None and str(centre) != "mean(x)" and "moving" not in str(centre):
        yield "wrong-statistic"
    texts = [text for _, text in spread.terms] if spread else []
    if "var(x, ddof=1)" in texts:
        yield "sample-variance"
    elif "epsilon" in texts:
        yield "epsilon-misplaced"
    elif "sqrt(var(x))" in texts:
        yield "std-instead-of-variance"
    elif texts not in ([], ["var(x)"], ["var(x)", "1"]) and not _otherwise_named(texts):
        yield "wrong-statistic"


def _otherwise_named(texts: list[str]) -> bool:
    return any("moving" in one or "axis" in one for one in texts)
