"""The exercises of the lab on cost: what is kept for the way back, and updates for equal time."""

from collections.abc import Sequence

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def kept_activations(function: Function) -> Report:
    """Check ``kept_activations(inputs, widths, batch, norm) -> number``: for the way back.

    Parameters
    ----------
    function : callable
        ``inputs`` are the numbers of an example, ``widths`` the units of each hidden layer, and
        ``norm`` says whether a batch normalisation stands before each activation.

    Returns
    -------
    Report
    """
    return judge(function, KEPT_ACTIVATIONS)


@with_hints
def updates_at_equal_cost(function: Function) -> Report:
    """Check ``updates_at_equal_cost(updates, plain, norm) -> number``: whole ones, without it.

    Parameters
    ----------
    function : callable
        ``updates`` are those with the layer, ``plain`` and ``norm`` the milliseconds that an
        update takes without it and with it.

    Returns
    -------
    Report
    """
    return judge(function, UPDATES_AT_EQUAL_COST)


def _kept(inputs: int, widths: Sequence[int], batch: int, norm: bool) -> int:
    return batch * (inputs + (2 if norm else 1) * sum(widths))


NETWORKS = ((64, (128, 32), 16, True), (64, (128, 32), 16, False), (784, (50,) * 3, 8, True))

KEPT_ACTIVATIONS = Question(
    Signature(
        "kept_activations(inputs, widths, batch, norm) -> number",
        ("inputs", "widths", "batch", "norm"),
        ("number",),
    ),
    _kept,
    lambda: {f"({i}, {list(w)}, {b}, {n})": (i, w, b, n) for i, w, b, n in NETWORKS},
    "Each weighted layer keeps its input, each normalisation keeps what it normalised.",
    places.KEPT,
    (
        known(
            "normalised-not-kept",
            "What the normalisation needs is missing",
            "Which activations does the gradient of a batch normalisation contain?",
            "Its backward pass contains the normalised values, one for each unit and example.",
            lambda inputs, widths, batch, norm: _kept(inputs, widths, batch, False),
        ),
        known(
            "inputs-doubled",
            "The inputs are counted twice",
            "Does a normalisation stand before the first layer?",
            "The image is kept once, by the first layer with weights.",
            lambda inputs, widths, batch, norm: (
                _kept(inputs, widths, batch, norm) + norm * batch * inputs
            ),
        ),
        known(
            "inputs-not-kept",
            "The image itself is missing",
            "What does the gradient of the first kernel contain?",
            "The first layer needs its input as every other one does.",
            lambda inputs, widths, batch, norm: _kept(inputs, widths, batch, norm) - batch * inputs,
        ),
        known(
            "of-one-example",
            "This is what one example needs",
            "For how many examples at once does the way back begin?",
            "All examples of a batch go up before the first of them comes down.",
            lambda inputs, widths, batch, norm: _kept(inputs, widths, 1, norm),
        ),
        known(
            "parameters-counted",
            "Gammas and betas are counted as activations",
            "Do they depend on the batch?",
            "Parameters are there once, whatever the batch. Activations are there per example.",
            lambda inputs, widths, batch, norm: (
                _kept(inputs, widths, batch, norm) + 2 * norm * sum(widths)
            ),
        ),
    ),
)

TIMES = ((300, 1.0, 1.46), (200, 2.0, 3.0), (77, 0.5, 0.95))

UPDATES_AT_EQUAL_COST = Question(
    Signature(
        "updates_at_equal_cost(updates, plain, norm) -> number",
        ("updates", "plain", "norm"),
        ("number",),
    ),
    lambda updates, plain, norm: updates * norm // plain,
    lambda: {f"({u}, {p}, {n})": (u, p, n) for u, p, n in TIMES},
    "The time of all updates with the layer, and how many without it begin and end within it.",
    places.EQUAL_TIME,
    (
        known(
            "turned-over",
            "Here the plain network gets fewer updates",
            "Which of the two updates is the quicker one?",
            "What takes less time is done more often in the same time.",
            lambda updates, plain, norm: updates * plain // norm,
        ),
        known(
            "not-whole-update",
            "This is not a whole number of updates",
            "May the last update end after the time is over?",
            "An update that is not finished changes nothing.",
            lambda updates, plain, norm: updates * norm / plain,
        ),
        known(
            "one-too-many",
            "The last update ends too late where the number is not whole",
            "In which direction must be rounded?",
            "The plain network would get more time than the other one.",
            lambda updates, plain, norm: -(-updates * norm // plain),
        ),
        known(
            "equal-updates",
            "This is equal updates, not equal cost",
            "How long do so many updates take without the layer?",
            "A comparison at equal updates gives the network with the layer more time.",
            lambda updates, plain, norm: updates,
        ),
    ),
)
