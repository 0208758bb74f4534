"""The exercise of the lab on measuring: p by counting patterns of signs."""

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def one_dissenter(function: Function) -> Report:
    """Check ``one_dissenter(n) -> number``: n - 1 seeds agree, one has the other sign."""
    return judge(function, ONE_DISSENTER)


ONE_DISSENTER = Question(
    Signature("one_dissenter(n) -> number", ("n",), ("number",)),
    lambda n: 2 * (n + 1) / 2**n,
    lambda: {f"({n})": (n,) for n in (10, 7, 16)},
    "Which patterns of signs have a sum at least as far from zero, on either side?",
    places.SIGNS,
    (
        known(
            "one-sided-p",
            "These are the patterns on one side of zero only",
            "A mean as far below zero would have surprised as much.",
            "Nothing was claimed of the side, so the mirror image of each pattern counts too.",
            lambda n: (n + 1) / 2**n,
        ),
        known(
            "no-dissent",
            "This is p if no seed dissents",
            "Patterns in which all agree are further away; as far away are some others.",
            "As far as the one seen are all patterns with one dissenter, whichever seed it is.",
            lambda n: 2 / 2**n,
        ),
        known(
            "without-the-extremes",
            "The patterns in which all seeds agree are left out",
            "p counts what is at least as far away, not only what is equally far.",
            "If all seeds agree the mean is still further from zero.",
            lambda n: 2 * n / 2**n,
        ),
    ),
)
