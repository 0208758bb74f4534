"""What a folded kernel and a folded bias are computed from.

Right is kernel * scale and (bias - moving_mean) * scale + beta, where scale is gamma /
sqrt(moving_variance + epsilon). Which scale a student's is shows in the kernel.
"""

from collections.abc import Sequence

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas import features, paths
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers, tidy
from bnutils.checks.formulas.numbers import added
from bnutils.checks.formulas.quotients import Quotient, quotient
from bnutils.checks.formulas.terms import BIAS, BIAS_VOCABULARY, FOLDING_SPREADS, KERNEL
from bnutils.checks.formulas.weighed import compared, weighed

SCALE = "scale"
RIGHT_SCALE = "gamma / sqrt(moving_variance + epsilon)"
MISSING = {
    f"{SCALE} * bias": "bias-forgotten",
    f"{SCALE} * moving_mean": "mean-not-subtracted",
    "beta": "beta-ignored",
}
OTHERS = {
    "bias": "bias-not-scaled",
    "moving_mean": "mean-not-scaled",
    "gamma": "gamma-beta-swapped",
    f"{SCALE} * beta": "wrong-factor",
    "gamma * bias": "wrong-factor",
    "gamma * moving_mean": "mean-not-scaled",
    "gamma * beta": "wrong-factor",
    SCALE: "extra-term",
    "1": "extra-term",
    f"{SCALE} ** 2 * bias": "wrong-factor",
    f"{SCALE} ** 2 * moving_mean": "wrong-factor",
    "moving_mean / sqrt(moving_variance + epsilon)": "wrong-factor",
    "bias / sqrt(moving_variance + epsilon)": "wrong-factor",
    f"{RIGHT_SCALE} * bias": "wrong-factor",
    f"{RIGHT_SCALE} * moving_mean": "wrong-factor",
    f"{SCALE} * moving_mean * beta": "extra-term",
    "epsilon": "extra-term",
    f"{SCALE} * epsilon": "extra-term",
    f"{SCALE} * moving_variance": "wrong-factor",
    "gamma * moving_mean / (moving_variance + epsilon)": "wrong-factor",
    "moving_mean * sqrt(moving_variance + epsilon)": "wrong-factor",
    "bias * sqrt(moving_variance + epsilon)": "wrong-factor",
    "gamma * moving_mean * sqrt(moving_variance + epsilon)": "wrong-factor",
    "gamma * bias * sqrt(moving_variance + epsilon)": "wrong-factor",
    "moving_variance": "extra-term",
    "abs(beta)": "wrong-factor",
    "beta ** 2": "wrong-factor",
    "1 / beta": "wrong-factor",
}


def kernel(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what the kernel is multiplied with, output by output."""
    found = _scale(batches, results, -1, tolerance)
    if found is None:
        return paths.explained(
            [{**_vectors(one), "kernel": one["kernel"]} for one in batches],
            results,
            KERNEL,
            tolerance,
        )
    text = f"kernel * ({found.text()})"
    if tidy(found.text()) == "1":
        return Explanation.of("kernel", [("kernel-not-scaled", "the kernel comes back as it was")])
    return Explanation.of(text, found.deviations)


def kernel_turned(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what a square kernel is multiplied with, input by input."""
    found = _scale(batches, results, 0, tolerance)
    if found is None:
        return None
    wrong = ("wrong-kernel-axis", "the scales lie along the inputs")
    return Explanation.of(f"kernel * column({found.text()})", [wrong, *found.deviations])


def _scale(
    batches: Sequence[Numbers], results: Sequence[Array], axis: int, tolerance: float
) -> Quotient | None:
    """Return what all weights along an axis are multiplied with; None if they differ."""
    scales = []
    for batch, folded in zip(batches, results, strict=True):
        own = np.asarray(batch["kernel"], float)
        with np.errstate(all="ignore"):
            ratio = np.moveaxis(folded / own, axis, -1).reshape(-1, own.shape[axis])
        if not np.allclose(ratio, ratio[0], rtol=1e3 * tolerance, atol=0):
            return None
        scales.append(ratio.mean(axis=0))
    columns = Columns([_vectors(batch) for batch in batches], [one.shape for one in scales])
    return quotient(joined(scales), columns, FOLDING_SPREADS, tolerance)


def _vectors(batch: Numbers) -> Numbers:
    """Return what belongs to outputs; scales may name N, of which folding has none."""
    return {name: value for name, value in batch.items() if not name.endswith("kernel")}


def bias(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what the bias is computed from, with the scale that the kernel has."""
    shapes = [np.shape(one) for one in results]
    found = _scale(batches, [batch["own_kernel"] for batch in batches], -1, tolerance)
    scales = [(found.text(), found.deviations)] if found else []
    for scale, wrong in [*scales, (RIGHT_SCALE, ())]:
        explained = _bias(batches, results, shapes, scale, tolerance)
        if explained is not None:
            return Explanation.of(explained.formula, [*wrong, *explained.deviations])
    batches = [_vectors(batch) for batch in batches]
    right = {text: one for text, one in BIAS.items() if "bias" in batches[0] or "bias" not in text}
    stds = () if found is None else (found.divisor.text(),)
    return features.whole(
        Columns(batches, shapes), joined(results), right, BIAS_VOCABULARY, stds, tolerance
    )


def _bias(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    shapes: Sequence[tuple[int, ...]],
    scale: str,
    tolerance: float,
) -> Explanation | None:
    known = Columns([_vectors(batch) for batch in batches], shapes)
    places = np.cumsum([0, *(shape[0] for shape in shapes)])
    own = [
        {**_vectors(batch), SCALE: known[scale][start:end]}
        for batch, start, end in zip(batches, places, places[1:], strict=False)
    ]
    columns = Columns(own, shapes)
    has_bias = "bias" in batches[0]
    due = {f"{SCALE} * bias": 1.0, f"{SCALE} * moving_mean": -1.0, "beta": 1.0}
    due = {term: number for term, number in due.items() if has_bias or "bias" not in term}
    found = weighed(joined(results), columns.of(due), columns.of(OTHERS), 100 * tolerance)
    if found is None:
        return None
    wrong = _plainer([*compared(found, due, MISSING, OTHERS)], found)
    return Explanation.of(added(found).replace(SCALE, f"({scale})"), wrong)


def _plainer(wrong: list[tuple[str, str]], found: dict[str, float]) -> list[tuple[str, str]]:
    """Leave out that a term is missing where it is there in another form."""
    there = {"bias": "bias-forgotten", "moving_mean": "mean-not-subtracted"}
    idle = {
        name
        for word, name in there.items()
        if any(text != f"{SCALE} * {word}" and word in text.split() for text in found)
    }
    if "gamma" in found:
        idle.add("beta-ignored")
    return [one for one in wrong if one[0] not in idle]
