"""What may stand for mean and variance: over which axes, divided by what, and of what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

Axes = tuple[int, ...] | None


@dataclass(frozen=True)
class Statistics:
    """Means, and the variances that may go with them.

    Attributes
    ----------
    centres, spreads : mapping of str to str
        Formulas, each with its mistakes' names, "" for what is right.
    """

    centres: Mapping[str, str]
    spreads: Mapping[str, str]


def mean(axes: Axes = None) -> str:
    """Return the formula of a mean over axes; None: the right ones."""
    return f"mean(x{_axis(axes)})"


def spreads(axes: Axes = None) -> dict[str, str]:
    """Return what may be the variance over some axes, with each mistake's name.

    A name "std-of-..." belongs to a standard deviation: outside the root it is right but for
    the rest of the name, under the root it stands where the variance belongs.
    """
    axis = _axis(axes)
    variance, sample = f"var(x{axis})", f"var(x{axis}, ddof=1)"
    centred = f"(x - mean(x{axis}))"
    return {
        variance: "",
        sample: "sample-variance",
        f"sqrt({variance})": "std-instead-of-variance",
        f"sqrt({sample})": "std-of-sample-variance",
        f"sum({centred} ** 2{axis})": "batch-size-missing",
        f"mean(x ** 2{axis})": "mean-not-subtracted",
        f"{variance} ** 2": "no-root",
        f"{sample} ** 2": "no-root",
        f"sqrt(sum({centred} ** 2{axis}))": "std-of-batch-size-missing",
        f"sqrt(mean(x ** 2{axis}))": "std-of-mean-not-subtracted",
        **_rare(axis, mean(axes)),
    }


def all_spreads() -> dict[str, str]:
    """Return what may be the variance, and moments that nobody would take for it on purpose."""
    found, others = spreads(), moments()
    return found | {text: others[text] for text in others if text not in found}


def moments() -> dict[str, str]:
    """Return means, sums and maxima of powers of the distances from a right or wrong centre."""
    distances = ("x", "(x - mean(x))", "(x - sum(x))", "(x - max(x))", "(x + mean(x))")
    forms = product(("mean", "sum", "max"), distances, (2, 3, 4, -2))
    found = [f"{over}({one} ** {power})" for over, one, power in forms]
    return dict.fromkeys([*found, "sum(x)"], "not-the-variance")


def _rare(axis: str, mean: str) -> dict[str, str]:
    """Return what hardly anybody takes for the variance."""
    variance, centred = f"var(x{axis})", f"(x - mean(x{axis}))"
    return {
        f"mean(abs({centred}){axis})": "std-of-not-the-variance",
        f"mean(x ** 2{axis}) + {mean} ** 2": "sign-error",
        f"mean(x ** 2{axis}) - {mean}": "not-the-variance",
        f"sum({centred} ** 2{axis}) / N ** 2": "wrong-factor",
        f"{mean} ** 2": "not-the-variance",
        f"abs({mean})": "std-of-not-the-variance",
        f"sum(x ** 2{axis})": "mean-not-subtracted",
        f"mean((x + {mean}) ** 2{axis})": "sign-error",
        f"mean((x - sum(x{axis})) ** 2{axis})": "batch-size-missing",
        f"(max(x{axis}) - min(x{axis})) ** 2": "not-the-variance",
        f"max(x{axis}) - min(x{axis})": "std-of-not-the-variance",
        f"max(abs(x){axis})": "std-of-not-the-variance",
        f"median(abs(x - median(x{axis})){axis})": "std-of-not-the-variance",
        **floored(variance),
        **floored(f"var(x{axis}, ddof=1)", "+sample-variance"),
        mean: "not-the-variance",
        "N": "not-the-variance",
        f"N * sum({centred} ** 2{axis})": "wrong-factor",
        f"{variance} / N": "wrong-factor",
        f"{variance} * epsilon": "wrong-factor",
        f"{variance} / epsilon": "wrong-factor",
    }


def floored(variance: str, more: str = "") -> dict[str, str]:
    """Return what has epsilon as the least that it may be; `more` is what else is wrong."""
    return {
        f"maximum({variance}, epsilon)": f"epsilon-as-floor{more}",
        f"maximum(sqrt({variance}), epsilon)": f"std-of-epsilon-as-floor{more}",
    }


def moving_spreads() -> dict[str, str]:
    """Return what may be the variance in inference, with each mistake's name."""
    mixed = "train-inference-mixup"
    return {
        "moving_variance": "",
        "var(x)": mixed,
        "sqrt(moving_variance)": "std-instead-of-variance",
        "moving_variance ** 2": "no-root",
        "var(x, ddof=1)": f"{mixed}+sample-variance",
        "sqrt(var(x))": f"std-of-{mixed}",
        "sqrt(var(x, ddof=1))": f"std-of-{mixed}+sample-variance",
        "moving_mean ** 2": "not-the-variance",
        "abs(moving_mean)": "std-of-not-the-variance",
        "moving_mean": "not-the-variance",
        "mean((x - moving_mean) ** 2)": mixed,
        "moving_variance * N / (N - 1)": "sample-variance",
        "moving_variance * (N - 1) / N": "sample-variance",
        "N * moving_variance": "wrong-factor",
        "moving_variance * epsilon": "wrong-factor",
        "moving_variance / epsilon": "wrong-factor",
        "moving_variance / N": "wrong-factor",
        "moving_variance * gamma ** 2": "wrong-factor",
        "moving_variance ** 2 + 2 * epsilon * moving_variance": "wrong-power",
        **floored("moving_variance"),
    }


def of_axes(wrong: Iterable[tuple[int, ...]]) -> Mapping[str, str]:
    """Return the variances over wrong axes, all with the name of that mistake."""
    found = {}
    for axes in wrong:
        for text, name in list(spreads(axes).items())[:8]:
            standard = name.startswith("std-")
            rest = "" if name == "std-instead-of-variance" else name.removeprefix("std-of-")
            prefix = "std-of-" if standard else ""
            found[text] = f"{prefix}wrong-axis={axes}+{rest}".rstrip("+")
    return found


def _axis(axes: Axes) -> str:
    return "" if axes is None else f", axis={axes}"


def turned() -> Statistics:
    """Return statistics of the examples laid along the features: a square batch hides it."""
    centres = {"turned(mean(x, axis=1))": "wrong-axis=flat", "0": "mean-not-subtracted"}
    spreads = {
        "turned(var(x, axis=1))": "wrong-axis=flat",
        "turned(var(x, axis=1, ddof=1))": "wrong-axis=flat+sample-variance",
        "turned(sqrt(var(x, axis=1)))": "std-of-wrong-axis=flat",
    }
    return Statistics(centres, spreads)
