"""Checks of a layer with state: its lives are judged, and what it does instead is found out."""

import warnings
from collections.abc import Sequence

import numpy as np

from bnutils.checks.calls.calling import Function, Signature, Witness
from bnutils.checks.calls.sessions import session
from bnutils.checks.catalogue import mistake
from bnutils.checks.fitting.factory import FittedFactory, fitted_factory
from bnutils.checks.fitting.observing import GRID
from bnutils.checks.judging import DOUBLE, INSIDE
from bnutils.checks.ladder import with_hints
from bnutils.checks.life import lives
from bnutils.checks.life.causes import Causes, causes, symptom
from bnutils.checks.life.judgement import Manner, Verdict, judged
from bnutils.checks.life.lives import Grid
from bnutils.checks.report import Mistake, Report, each_once

FAST = (
    "Its variance loses digits when the mean is large, as Flax' own does; there "
    "use_fast_variance=False computes it from x - mean."
)

SEARCH = 20.0
"""Seconds that finding the causes may take; it takes about one."""


@with_hints
def batch_norm_layer(factory: Function) -> Report:
    """Check a layer that keeps moving statistics, by what it returns in its life.

    Parameters
    ----------
    factory : callable
        ``factory(features, momentum, epsilon) -> layer``, for instance a class. The layer is
        called as ``layer(x, training=True)`` or ``layer(x, training=False)`` with x
        (N, features), and returns y (N, features). It starts as Keras' layer does: gamma and
        moving variance 1, beta and moving mean 0. `momentum` weights the old value.

    Returns
    -------
    Report
        Of everything that two layers return that are trained and asked in turn, with batches of
        many sizes, also of one example, and with other gamma and beta.
    """
    return _checked("batch_norm_layer", factory, ())


@with_hints
def batch_norm_convolution_layer(factory: Function) -> Report:
    """Check a layer that keeps moving statistics of images, channels last.

    Parameters
    ----------
    factory : callable
        ``factory(channels, momentum, epsilon) -> layer``, as for :func:`batch_norm_layer`, with
        x and y (N, H, W, channels): examples and pixels share one mean.

    Returns
    -------
    Report
        As for :func:`batch_norm_layer`.
    """
    return _checked("batch_norm_convolution_layer", factory, GRID)


def _checked(name: str, factory: Function, grid: Grid) -> Report:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with session() as call:
                fitted = fitted_factory(factory, images=bool(grid), caller=call)
        except TypeError as error:
            seen = f"TypeError: {error}"
            return Report(name, (mistake("wrong-signature", seen),), ())
        if fitted.mistakes:
            return Report(name, fitted.mistakes, (), remarks=fitted.remarks)
        return _lived(name, fitted, grid)


def _lived(name: str, fitted: FittedFactory, grid: Grid) -> Report:
    manner = Manner(fitted.constants, fitted.sample_variance, fitted.refuses_one)
    ordinary, special = lives.ordinary(grid), lives.special(grid)
    verdicts = list(judged(fitted, ordinary, manner))
    remarks = (*fitted.remarks, *_remarks(verdicts))
    if any(one.wrong or one.mistakes for one in verdicts):
        found, formulas = _found_out(Finding(fitted, verdicts, manner, grid))
        return Report(name, each_once(found), _names(verdicts), formulas, remarks)
    more = list(judged(fitted, special, manner))
    if fitted.kind.arrays == "jax" and any(one.wrong and _is_lossy(one) for one in more):
        more, remarks = [one for one in more if not _is_lossy(one)], (*remarks, FAST)
    found = each_once([one for verdict in more for one in _blamed(verdict, verdicts)])
    return Report(name, found, _names([*verdicts, *more]), {}, remarks)


def _is_lossy(verdict: Verdict) -> bool:
    return verdict.life.blame == "cancelling-variance"


class Finding(Witness):
    """The search for the causes: it lets the student's layers live on, and so is bounded too."""

    def __init__(
        self, fitted: FittedFactory, verdicts: Sequence[Verdict], manner: Manner, grid: Grid
    ) -> None:
        self.fitted, self.verdicts, self.manner, self.grid = fitted, verdicts, manner, grid
        self.found: Causes | None = None

    def __call__(self) -> float:
        """Search."""
        self.found = causes(self.fitted, self.verdicts, self.manner, self.grid)
        return 0.0

    def saw(self) -> Causes | None:
        """Return what was found."""
        return self.found


def _found_out(finding: Finding) -> Causes:
    with session(SEARCH) as call:
        outcome = call(finding, Signature("search()", (), ("nothing",)), (), ((),))
    return outcome.saw or ([symptom(finding.verdicts)], {})


def _names(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    return tuple(one.life.name for one in verdicts)


def _blamed(verdict: Verdict, ordinary: Sequence[Verdict]) -> tuple[Mistake, ...]:
    """Return what a life with one change shows; exceptions keep their names."""
    if not verdict.outputs:
        return () if verdict.life.may_refuse else verdict.mistakes
    excused = verdict.life.needs_float64 and any(one.precision is not DOUBLE for one in ordinary)
    if not verdict.wrong or excused:
        return verdict.mistakes
    seen = f"{verdict.life.name}: {verdict.seen(verdict.wrong[0])}"
    return (mistake(verdict.life.blame, seen), *verdict.mistakes)


def _remarks(verdicts: Sequence[Verdict]) -> list[str]:
    remarks = []
    guessed = (INSIDE,) if any(one.wrong for one in verdicts) else ()  # some lives show less
    levels = [one.precision for one in verdicts if one.precision not in guessed]
    level = max(levels, key=lambda one: one.right, default=DOUBLE)
    if level is not DOUBLE:
        remarks.append(f"It computes in {level.name}, and was judged at that precision.")
    given = frozenset().union(*(one.parameters for one in verdicts))
    missing = [one for one in ("gamma", "beta") if one not in given]
    if missing:
        remarks.append(
            f"{' and '.join(missing)} could not be set, and so only 1 and 0 were tried. Keep "
            "them as attributes of these names."
        )
    return remarks
