"""Mistakes that are found by estimating the formula: something else stands in it."""

from collections.abc import Mapping

from bnutils.checks.mistakes import backward, folding, inference, normalising, places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Another formula"

CENTRED = "(x - mean(x))"
ROOT = "sqrt(var(x) + epsilon)"


def _y(wrong: str = "", given: Mapping[str, object] = normalising.BATCH) -> Example:
    return Example("y", normalising.RIGHT, wrong, given)


DEVIATIONS: dict[str, Entry] = {
    "wrong-factor": Entry(
        "A factor is wrong",
        "Compare each factor with the equation: is it there once, and on the right side?",
        "The result, or one of its terms, is the same multiple of the right one in every batch.",
        "A gradient that is a multiple of the right one trains at another learning rate, and "
        "different terms with different factors train something else.",
        places.COMPACT,
        Example("dx", backward.DX, f"2 * {backward.DX}", backward.BATCH),
    ),
    "extra-term": Entry(
        "A term is added that does not belong there",
        "Go through the terms of the equation one by one: which of yours is not among them?",
        "What is left after the right terms are taken away is a multiple of one that should not "
        "be there.",
        "Each term of the equation has one reason. One without a reason moves the result away.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} / {ROOT} + beta + epsilon"),
    ),
    "times-std": Entry(
        "It is multiplied where it should be divided",
        "If x were ten times as large, what should become of the result, and what does?",
        "The spread of the result grows with the square of the spread of x.",
        "Normalising takes the unit of x away. Multiplied, the unit comes in twice.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} * {ROOT} + beta"),
    ),
    "not-divided": Entry(
        "The division by the standard deviation is missing",
        "If x were ten times as large, what should become of the result, and what does?",
        "Where x is spread more, the result is too: without the division it keeps the unit of x.",
        "Features of different scales keep their scales, which is what the layer is to end.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} + beta"),
    ),
    "root-twice": Entry(
        "The root is taken twice",
        "Follow the variance through your code: which function returns its root already?",
        "Features that vary much come out too large, others too small.",
        "The standard deviation is the root of the variance already.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} / sqrt(sqrt(var(x)) + epsilon) + beta"),
    ),
    "wrong-power": Entry(
        "The standard deviation has the wrong power",
        "If x is measured in metres, in what is each factor measured, and what is left?",
        "The result is off by a power of the standard deviation: right where that is 1.",
        "The unit of x must be gone from y, and stand once in the denominator of dx.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} / {ROOT} ** 3 + beta"),
    ),
    "epsilon-twice": Entry(
        "epsilon is added twice",
        "Follow epsilon through your code: where does it enter, and what is computed from that?",
        "The numbers are those of an epsilon twice as large, or of one more outside the root.",
        "The floor under the variance is then another one than the layer's.",
        places.EPSILON,
        _y(f"gamma * {CENTRED} / sqrt(var(x) + 2 * epsilon) + beta"),
    ),
    "not-the-variance": Entry(
        "Something else stands where the variance belongs",
        "Compute the variance of two numbers by hand, and yours of the same two.",
        "The mean of y is beta; what it is divided by is not the standard deviation.",
        "The variance is the mean of the squared distances from the mean, and nothing else makes "
        "the spread 1.",
        places.EQUATIONS,
        _y(f"gamma * {CENTRED} / sqrt(mean(x ** 2) + epsilon) + beta"),
    ),
    "not-the-mean": Entry(
        "Something else stands where the mean belongs",
        "Compute the mean of two numbers by hand, and yours of the same two.",
        "The spread of y is right, and its mean is not beta.",
        "Only the mean leaves distances that add up to 0.",
        places.EQUATIONS,
        _y(f"gamma * (x - sum(x)) / {ROOT} + beta"),
    ),
    "mean-of-variances": Entry(
        "The variances of the images are averaged",
        "Two images may differ in their means: does your variance see that?",
        "Right where all images have the same mean; otherwise the results are too large.",
        "The variance of a channel is that of all its pixels. An average of variances leaves out "
        "how far the images are from each other.",
        places.IMAGES,
        _y(
            f"gamma * {CENTRED} / sqrt(mean(var(x, axis=(1, 2))) + epsilon) + beta",
            {**normalising.BATCH, "x": ((((2,), (4,)),), (((6,), (8,)),))},
        ),
    ),
    "mean-not-divided": Entry(
        "The mean is not divided by the standard deviation",
        "Which is done first, the subtraction or the division? Look for brackets.",
        "The spread of y is right, and its mean is off by more where the mean of x is large.",
        "Division comes before subtraction where no bracket says otherwise.",
        places.EQUATIONS,
        _y(f"gamma * (x / {ROOT} - mean(x)) + beta"),
    ),
    "normalised-twice": Entry(
        "It is normalised twice",
        "How often does the mean occur in your code, and how often in the equation?",
        "The moving mean is subtracted, and once more from what is normalised already.",
        "In inference one fixed map is applied once. A second one treats numbers that are "
        "normalised as if they were not.",
        places.IN_INFERENCE,
        Example(
            "y",
            inference.INFERRED,
            "gamma * ((x - moving_mean) / sqrt(moving_variance + epsilon) - moving_mean)"
            " / sqrt(moving_variance + epsilon) + beta",
            inference.BATCH,
        ),
    ),
    "around-moving-mean": Entry(
        "The variance is taken around the moving mean",
        "Which mean belongs to the variance of this batch?",
        "The new moving variance is too large, by more where old and new mean differ.",
        "A variance is measured around the batch's own mean. Around another number it grows by the "
        "square of the distance.",
        places.AVERAGE,
        Example(
            "moving_variance",
            inference.SPREAD,
            "momentum * moving_variance + (1 - momentum) * mean((x - moving_mean) ** 2)",
            inference.UPDATE,
        ),
    ),
    "mean-not-scaled": Entry(
        "The mean is subtracted without the scale",
        "The mean goes through the same multiplication as the kernel: where is it in yours?",
        "The kernel is right. The bias is right only where the scale is 1.",
        "The layer subtracts the mean first and scales afterwards, so that the mean is scaled too.",
        places.IN_INFERENCE,
        Example(
            "bias",
            folding.BIAS,
            f"{folding.SCALE} * bias - moving_mean + beta",
            folding.LAYER,
        ),
    ),
    "not-the-path": Entry(
        "The sum over the batch is taken of something else",
        "Which product is summed in the equation, and which one in yours?",
        "The result is a sum over the batch, of another product than the one that belongs there.",
        "The gradient of a shared number is the sum of its parts: in each example what comes back, "
        "times what the number was multiplied with.",
        places.STAGED,
        Example("dgamma", backward.DGAMMA, f"sum({backward.X_HAT})", backward.BATCH),
    ),
    "right-for-some": Entry(
        "Some inputs come out right and others do not",
        "What differs between them? Look for a number that is right for one of them alone.",
        "Right for the first input, say, or for one shape.",
        "A number of your own, a length or an axis for example, fits one shape by accident.",
        places.EQUATIONS,
    ),
    "right-for-some-examples": Entry(
        "Some examples come out right and others do not",
        "Which examples does your code reach? Look for a `return` inside a loop, and for a loop "
        "that begins late or ends early.",
        "Some rows of the result are right, and the others are not.",
        "The same map is applied to every example. So a formula that is right for one of them is "
        "right for all.",
        places.EQUATIONS,
    ),
    "fails-in-float32": Entry(
        "Numbers in float32 come out wrong",
        "Which numbers in your function need more digits than float32 has?",
        "Right for float64; for float32 the digits are lost.",
        "float32 keeps about seven digits. Differences of large numbers have none of them left.",
        places.ROUNDING,
    ),
    "another-formula": Entry(
        "The numbers are those of another formula",
        "Write the equation next to your code and compare them term by term.",
        "The formula is known, and is shown by the second hint; it has no name of its own.",
        "It differs from the equation in more than one place, or in an unusual one.",
        places.EQUATIONS,
        _y(),
    ),
}
