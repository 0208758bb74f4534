"""Mistakes in the backward pass."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "The backward pass"

X_HAT = "(x - mean(x)) / sqrt(var(x) + epsilon)"
SCALE = "gamma / sqrt(var(x) + epsilon)"
THROUGH_VARIANCE = f"{X_HAT} * mean(dy * {X_HAT})"
DX = f"{SCALE} * (dy - mean(dy) - {THROUGH_VARIANCE})"
DGAMMA = f"sum(dy * {X_HAT})"
BATCH = {"dy": (1, 0, 0, 0), "x": (2, 4, 6, 8), "gamma": 2, "epsilon": 1}


def _dx(inner: str = "") -> Example:
    """Return an example of dx, with what stands in the wrong one's brackets."""
    return Example("dx", DX, f"{SCALE} * ({inner})" if inner else "", BATCH)


def _dgamma(wrong: str) -> Example:
    return Example("dgamma", DGAMMA, wrong, BATCH)


BACKWARD: dict[str, Entry] = {
    "detached-statistics": Entry(
        "The gradient ignores that mean and variance depend on x",
        "In the graph, count the paths from x to y. How many does your dx have?",
        "dx is a multiple of dy: an example without a loss of its own has no gradient.",
        "x reaches y on three paths, and two of them run through the batch's mean and variance. "
        "With the first alone the layer trains, slower, and nobody notices.",
        places.DETACHED,
        _dx("dy"),
    ),
    "detached-mean": Entry(
        "The gradient's path through the mean is missing",
        "Add up your dx over the batch. What should the sum be, and why?",
        "dx does not add up to 0 over the batch.",
        "To shift the whole batch changes nothing, so the gradient has no part in that direction.",
        places.INVARIANTS,
        _dx(f"dy - {THROUGH_VARIANCE}"),
    ),
    "detached-variance": Entry(
        "The gradient's path through the variance is missing",
        "Add up x_hat times your dx over the batch. What should the sum be, nearly?",
        "dx adds up to 0, but x_hat times dx does not nearly do so.",
        "To stretch the whole batch changes nearly nothing, so the gradient has nearly no part in "
        "that direction.",
        places.INVARIANTS,
        _dx("dy - mean(dy)"),
    ),
    "batch-size-missing": Entry(
        "A sum stands where a mean belongs",
        "Each example has only a share in mean and variance. How large is it?",
        "A term is too large by a factor, the number of examples.",
        "The mean is a sum divided by the number of examples, and so is the variance. The same "
        "divisor comes back in their gradients.",
        places.COMPACT,
        _dx(f"dy - sum(dy) - {X_HAT} * sum(dy * {X_HAT})"),
    ),
    "sign-error": Entry(
        "A term has the wrong sign",
        "Go through the terms one by one: which way should each of them move the result?",
        "The numbers are off by twice the term.",
        "The mean is subtracted in the forward pass, and the gradient through it is too.",
        places.COMPACT,
        _dx(f"dy + mean(dy) - {THROUGH_VARIANCE}"),
    ),
    "mean-instead-of-sum": Entry(
        "A gradient is averaged that should be added up",
        "Each example adds its own part to the gradient of a parameter that all share.",
        "The result is too small by a factor, the number of examples.",
        "The parameter was used by every example, so their gradients add up. Where the loss is a "
        "mean, its division is in dy already.",
        places.STAGED,
        _dgamma(f"mean(dy * {X_HAT})"),
    ),
    "dgamma-from-x": Entry(
        "dgamma is computed from x",
        "What is gamma multiplied with in the forward pass?",
        "dgamma changes when the whole batch is shifted, and it should not.",
        "The gradient of a factor is the other factor, and gamma's other factor is x_hat.",
        places.STAGED,
        _dgamma("sum(dy * x)"),
    ),
    "dx-does-not-sum-to-zero": Entry(
        "dx does not add up to zero over the batch",
        "A shift of the whole batch changes nothing. Look at the path through the mean.",
        "In at least one feature the sum of dx is far from 0.",
        "The layer is blind to a common shift of its inputs, so the loss does not change with it.",
        places.INVARIANTS,
        _dx(),
    ),
}
