"""Mistakes in the transform itself: statistics, root, scale and shift."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Normalising"

RIGHT = "gamma * (x - mean(x)) / sqrt(var(x) + epsilon) + beta"
BATCH = {"x": (2, 4, 6, 8), "gamma": 2, "beta": 1, "epsilon": 1}


def _y(wrong: str = "", **given: object) -> Example:
    """Return an example of the transform, on another batch where one is given."""
    return Example("y", RIGHT, wrong, {**BATCH, **given})


NORMALISING: dict[str, Entry] = {
    "sample-variance": Entry(
        "The variance is the sample variance",
        "There are two variances, which differ in what the sum is divided by. Which one does "
        "batch normalisation take, and which one does the function that you call?",
        "All normalised values are too small by a factor, which depends on the number of examples: "
        "0.87 for four of them, 0.98 for thirty-two, and nearer to 1 where epsilon counts.",
        "The variance describes this batch; it does not estimate that of other batches. So it "
        "divides by the number of examples, and not by one less.",
        places.EQUATIONS,
        _y("gamma * (x - mean(x)) / sqrt(var(x, ddof=1) + epsilon) + beta", epsilon=0),
    ),
    "epsilon-outside-root": Entry(
        "epsilon stands outside the root",
        "Compare the place of epsilon with the equation, symbol by symbol.",
        "Nearly right where the variance is large. Where it is small the values are off by a lot.",
        "Outside the root, epsilon keeps the divisor above epsilon; inside, above its root, which "
        "is much larger. Trained weights expect the one that they were trained with.",
        places.EPSILON,
        _y("gamma * (x - mean(x)) / (sqrt(var(x)) + epsilon) + beta"),
    ),
    "epsilon-missing": Entry(
        "epsilon is not used",
        "Ask what happens to a feature that is the same in every example.",
        "All values are a little too large, and a constant feature gives NaN.",
        "A feature that is the same in all examples has variance 0. Only epsilon keeps the "
        "quotient defined.",
        places.EPSILON,
        _y("gamma * (x - mean(x)) / sqrt(var(x)) + beta"),
    ),
    "epsilon-ignored": Entry(
        "epsilon is a number of your own",
        "Look for a constant such as 1e-5 where the argument should stand.",
        "The numbers stay the same whatever epsilon the function is given.",
        "Frameworks differ in their epsilon; with a constant the function is right for one only.",
        places.EPSILON,
        _y("gamma * (x - mean(x)) / sqrt(var(x) + 1e-5) + beta"),
    ),
    "no-root": Entry(
        "The variance is used where the standard deviation belongs",
        "If x is measured in metres, what is the unit of what you divide by?",
        "The standard deviation of y is not gamma: features that vary much come out small.",
        "A variance has the unit of x squared. Only its root, in the unit of x, makes the quotient "
        "a pure number, the same for metres and for millimetres.",
        places.EQUATIONS,
        _y("gamma * (x - mean(x)) / (var(x) + epsilon) + beta"),
    ),
    "wrong-axis": Entry(
        "The statistics are taken over the wrong axes",
        "Which numbers share one mean: those of an example, or those of a feature? Print the "
        "shape of your mean.",
        "The mean over the batch is not beta, but the mean over other axes may be.",
        "A feature is compared with itself in other examples. The mean of an example over its "
        "features mixes quantities of different units; that is layer normalisation.",
        places.AXIS,
        _y(
            "gamma * (x - mean(x, axis=1)) / sqrt(var(x, axis=1) + epsilon) + beta",
            x=((0, 1), (4, 9)),
        ),
    ),
    "mean-not-subtracted": Entry(
        "The mean is not subtracted",
        "What should the mean of the normalised values be? Compare it with yours.",
        "The spread is right, and everything is shifted, by more where the mean is large.",
        "Without it, the next layer meets a shift that depends on all weights below.",
        places.EQUATIONS,
        _y("gamma * x / sqrt(var(x) + epsilon) + beta"),
    ),
    "gamma-ignored": Entry(
        "gamma is not used",
        "Try gamma = 2: what should change, and does it?",
        "The standard deviation of y is nearly 1 in every feature.",
        "gamma hands the choice of the scale back to the network. Without it each feature has "
        "standard deviation 1, and gamma never gets a gradient.",
        places.SCALE_AND_SHIFT,
        _y("(x - mean(x)) / sqrt(var(x) + epsilon) + beta"),
    ),
    "beta-ignored": Entry(
        "beta is not used",
        "Try beta = 5: what should change, and does it?",
        "The mean of y is 0 in every feature.",
        "beta hands the choice of the mean back to the network. A bias before the layer cannot do "
        "its work: the mean is subtracted, and the bias with it.",
        places.SCALE_AND_SHIFT,
        _y("gamma * (x - mean(x)) / sqrt(var(x) + epsilon)"),
    ),
    "gamma-beta-swapped": Entry(
        "gamma and beta are in each other's place",
        "Which of the two scales and which shifts? Look also at the order of the arguments.",
        "The mean of y is gamma, and its standard deviation is the size of beta.",
        "A new layer has gamma 1 and beta 0: swapped, it returns 1 for every input.",
        places.SCALE_AND_SHIFT,
        _y("beta * (x - mean(x)) / sqrt(var(x) + epsilon) + gamma"),
    ),
    "cancelling-variance": Entry(
        "The variance loses its digits when the mean is large",
        "Try a feature with mean 1000 and standard deviation 0.01 in float32. Where do you "
        "subtract two large numbers that are nearly equal?",
        "Right for small means. With a large one the spread is wrong at random, and NaN where the "
        "variance comes out negative.",
        "Two formulas of the variance are equal in algebra. One of them subtracts two large "
        "numbers, whose last digits, which alone matter, are already rounded away.",
        places.ROUNDING,
        Example(
            "the variance in float64",
            "var(x)",
            "mean(x ** 2) - mean(x) ** 2",
            {"x": (300000000, 300000001, 300000002, 300000003)},
        ),
    ),
    "fails-on-batch-of-one": Entry(
        "A batch of one example fails",
        "What are its mean and variance, and what is left of the equation?",
        "Right for larger batches; one example gives NaN, an error, or something else than beta.",
        "One example is its own mean, and its variance is 0. The equation still holds: y is beta.",
        places.EPSILON,
        _y("gamma * (x - mean(x)) / sqrt(var(x)) + beta", x=(3,)),
    ),
    "fails-on-constant-feature": Entry(
        "A feature without variance fails",
        "Its variance is zero. What keeps the equation defined, and is it in its place?",
        "Right for features that vary. One that does not gives NaN, or is blown up.",
        "Dead units and padded pixels are constant in many batches. Their variance is 0, and "
        "epsilon alone is left under the root.",
        places.EPSILON,
        _y("gamma * (x - mean(x)) / sqrt(var(x)) + beta", x=(3, 3, 3)),
    ),
}
