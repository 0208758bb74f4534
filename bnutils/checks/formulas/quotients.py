"""What a feature's values are multiplied by: a scale over a divisor, as in gamma / std."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns
from bnutils.checks.formulas.divisors import Divisor, divisors
from bnutils.checks.formulas.language import tidy
from bnutils.checks.formulas.numbers import near, times, written

SCALES = {
    "gamma": "",
    "1": "gamma-ignored",
    "beta": "gamma-beta-swapped",
    "gamma ** 2": "wrong-factor",
    "1 / gamma": "wrong-factor",
    "gamma * beta": "wrong-factor",
    "gamma + beta": "wrong-factor",
    "gamma - beta": "wrong-factor",
    "abs(gamma)": "wrong-factor",
    "sqrt(abs(gamma))": "wrong-factor",
    "N * gamma": "batch-size-missing",
    "gamma / N": "wrong-factor",
    "(N - 1) * gamma": "wrong-factor",
    "gamma / (N - 1)": "wrong-factor",
    "N ** 2 * gamma": "wrong-factor",
    "gamma / N ** 2": "wrong-factor",
    "N": "wrong-factor",
    "1 / N": "wrong-factor",
    "N ** 2": "wrong-factor",
    "1 / N ** 2": "wrong-factor",
    "beta ** 2": "wrong-factor",
    "1 / beta": "wrong-factor",
    "(1 + gamma)": "wrong-factor",
}
"""What may stand for gamma, with the mistake's name; the likeliest first."""


@dataclass(frozen=True)
class Quotient:
    """scale / divisor, in the language of formulas.

    Attributes
    ----------
    scale : str
        One of the scales.
    sign : int
        1, or -1 where the sign is wrong.
    divisor : Divisor
    deviations : tuple of (str, str)
        The mistakes' names, with what stands where.
    """

    scale: str
    sign: int
    divisor: Divisor
    deviations: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """The formula."""
        number = self.sign / self.divisor.factor
        return f"{times(number, f'({self.scale})')} / {self.divisor.text()}"


def quotient(
    values: Array,
    columns: Columns,
    spreads: Mapping[str, str],
    tolerance: float,
    scales: Mapping[str, str] = SCALES,
) -> Quotient | None:
    """Find out what scale over which divisor the values are.

    Parameters
    ----------
    values : ndarray
        (n,), one for each place of the columns.
    columns : Columns
        What formulas come to there.
    spreads, scales : mapping of str to str
        Candidates, each with the name of the mistake that it is, "" for what is right.
    tolerance : float
        How far off a number may be, relative to itself.

    Returns
    -------
    Quotient or None
        That with the fewest mistakes; None if there is none.
    """
    found = list(_all(values, columns, spreads, tolerance, scales))
    return min(found, key=lambda one: len(one.deviations), default=None)


def _all(
    values: Array,
    columns: Columns,
    spreads: Mapping[str, str],
    tolerance: float,
    scales: Mapping[str, str],
) -> Iterator[Quotient]:
    tops = columns.of(scales)
    signed = [(name, sign) for name in tops for sign in (1, -1)]
    with np.errstate(all="ignore"):
        quotients = np.column_stack([sign * tops[name] / values for name, sign in signed])
    candidates = columns.of(spreads)
    for place, divisor in divisors(quotients, candidates, columns["epsilon"], tolerance):
        name, sign = signed[place]
        where = "in place of gamma" if "gamma" in scales else "in the numerator"
        wrong = [(scales[name], f"{name} stands {where}")] if scales[name] else []
        if sign < 0:
            wrong.append(("sign-error", "the sign in front is the opposite one"))
        yield Quotient(name, sign, divisor, (*wrong, *divisor_deviations(divisor, spreads)))


def divisor_deviations(divisor: Divisor, spreads: Mapping[str, str]) -> list[tuple[str, str]]:
    """Name what is wrong with a divisor, with what stands where."""
    right, name = divisor.power == 2, spreads[divisor.spread]
    deviation = name.startswith("std")
    found: list[tuple[str, str]] = []
    if not divisor.of_spread:
        return [("not-divided", "it is not divided by the standard deviation")]
    if deviation and divisor.power == 1:
        said = f"it is divided by {tidy(divisor.text())}"
        found += [("epsilon-outside-root", said)] * bool(divisor.of_epsilon)
        rest, instead = name.removeprefix("std-of-"), f"{tidy(divisor.spread)} stands in place of"
        found += [(rest, f"{instead} {_std(spreads)}")] * name.startswith("std-of-")
    else:
        found += [(name, _in_place(divisor, name, spreads))] * bool(name)
        found += (
            [] if right else [(_of_power(divisor.power), f"the divisor is {tidy(divisor.text())}")]
        )
    if not near(divisor.factor, 1):
        found.append(("wrong-factor", _all_times(1 / divisor.factor)))
    return [*found, *_epsilon(divisor)]


def _in_place(divisor: Divisor, name: str, spreads: Mapping[str, str]) -> str:
    if name == "no-root":
        return f"it is divided by {tidy(divisor.text())}"
    return f"{divisor.spread} stands in place of {_variance(spreads)}"


def _variance(spreads: Mapping[str, str]) -> str:
    return next((text for text, name in spreads.items() if not name), "the variance")


def _std(spreads: Mapping[str, str]) -> str:
    variance = _variance(spreads)
    return f"sqrt({variance})" if "(" in variance or "_" in variance else "the standard deviation"


def _all_times(factor: float) -> str:
    if near(abs(factor), 1) or abs(factor) > 1:
        return f"all is multiplied by {written(factor)} as well"
    return f"all is divided by {written(1 / factor)} as well"


def _of_power(power: float) -> str:
    return {1.0: "no-root", 4.0: "root-twice", 0.5: "no-root", 2 / 3: "wrong-power"}.get(
        power, "times-std"
    )


def _epsilon(divisor: Divisor) -> Sequence[tuple[str, str]]:
    """Name what stands for epsilon."""
    scale = divisor.factor**divisor.power
    share, constant = divisor.of_epsilon / scale, divisor.constant / scale
    found = []
    if not near(divisor.of_spread / scale, 1):
        found.append(
            ("wrong-factor", f"the variance counts {written(divisor.of_spread / scale)} times")
        )
    if near(share, 0) and not near(constant, 0, 1e-14):
        return [
            *found,
            ("epsilon-ignored", f"your numbers are those of epsilon = {written(constant)}"),
        ]
    if near(share, 0):
        enters = "epsilon" in divisor.spread
        return found if enters else [*found, ("epsilon-missing", "epsilon does not enter")]
    if not near(share, 1):
        name = (
            "sign-error"
            if near(share, -1)
            else "epsilon-twice"
            if near(share, 2)
            else "wrong-factor"
        )
        said = "is subtracted" if near(share, -1) else f"counts {written(share)} times"
        found.append((name, f"epsilon {said}"))
    if constant:
        found.append(("wrong-factor", f"{written(constant)} is added to epsilon"))
    return found
