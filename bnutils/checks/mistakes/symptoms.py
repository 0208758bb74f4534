"""What is left where no mistake is recognised: the property that fails."""

from bnutils.checks.mistakes import normalising, places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Symptoms"

SYMPTOMS: dict[str, Entry] = {
    "not-a-number": Entry(
        "The result is not finite",
        "Look for a division by zero or the root of a negative number.",
        "NaN or an infinity is among the numbers.",
        "0/0 and roots of negative numbers have no value, and neither has a sum with one of them.",
        places.EPSILON,
        Example(
            "y",
            normalising.RIGHT,
            "gamma * (x - mean(x)) / sqrt(var(x)) + beta",
            {**normalising.BATCH, "x": (3, 3, 3)},
        ),
    ),
    "mean-is-not-beta": Entry(
        "The mean of y over the batch is not beta",
        "Look at how the mean is taken and subtracted, and at how beta is added.",
        "The mean of y over the batch is something else than beta.",
        "x_hat has mean 0 in every batch, so that y has mean beta.",
        places.GUARANTEES,
        Example("y", normalising.RIGHT, "", normalising.BATCH),
    ),
    "std-is-not-gamma": Entry(
        "The standard deviation of y over the batch is not gamma",
        "Look at what you divide by, and at how gamma enters.",
        "The mean of y is beta, and its standard deviation is not nearly gamma.",
        "x_hat has a standard deviation of nearly 1 in every batch, so that of y is nearly gamma.",
        places.GUARANTEES,
        Example("y", normalising.RIGHT, "", normalising.BATCH),
    ),
    "depends-on-batch": Entry(
        "An example's output depends on the other examples",
        "In inference each example is treated alone. Which line looks at the whole batch?",
        "The first example comes out differently alone and with its batch.",
        "The answer to a question must not depend on who else has asked one.",
        places.IN_INFERENCE,
    ),
    "different": Entry(
        "The numbers are different",
        "Compute the first number by hand and compare step by step.",
        "The report says where the results differ most, and what was expected there.",
        "No known mistake gives these numbers.",
        places.EQUATIONS,
    ),
}
