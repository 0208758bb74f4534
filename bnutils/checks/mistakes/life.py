"""Mistakes that show in the life of a layer: between its batches and its modes."""

from bnutils.checks.mistakes import inference, places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "The life of a layer"

LIFE: dict[str, Entry] = {
    "shared-state": Entry(
        "Two layers share their numbers",
        "Make two layers, train one, and look at the other. Where are the arrays made: once for "
        "the class, or once for each layer?",
        "A layer that was never trained does not give the output of a new one.",
        "A network has many layers of this class, and each has a mean and a variance of its own.",
        places.VECTORS,
    ),
    "not-repeatable": Entry(
        "The same calls give different results",
        "Look for random numbers, and for what is kept between two layers or two calls.",
        "Two new layers, given the same batches, disagree.",
        "Nothing in the layer is random: the same batches give the same numbers.",
        places.MODES,
    ),
    "wrong-statistic": Entry(
        "Another statistic stands where mean or variance belongs",
        "Say of each moving statistic, and of each part of the fraction, what it should be the "
        "average of. Which one is stored in which?",
        "In inference the mean is not that of the batches so far, or the spread is not.",
        "Inference takes from x an average of means, and divides by the root of an average of "
        "variances.",
        places.AVERAGE,
        Example("moving_mean", inference.AVERAGED, inference.SPREAD, inference.UPDATE),
    ),
    "momentum-epsilon-mixup": Entry(
        "momentum and epsilon are mixed up",
        "Follow both from the call of the factory to where they are used: through the "
        "constructor's parameters, in their order, and the attributes.",
        "The outputs are those of a layer that has one of the two in the other's place.",
        "Both are numbers between 0 and 1, so that nothing fails. But the average forgets at once "
        "with a tiny momentum, and a large epsilon drowns the variance.",
        places.CONVENTIONS,
        Example(
            "moving_mean",
            inference.AVERAGED,
            "epsilon * moving_mean + (1 - epsilon) * mean(x)",
            {**inference.UPDATE, "epsilon": 0.001},
        ),
    ),
    "epsilon-in-moving-variance": Entry(
        "epsilon is averaged into the moving variance",
        "How often does epsilon enter in inference? Follow the variance from the batch on.",
        "In inference epsilon counts nearly twice, the more so the longer the layer was trained.",
        "The moving variance is an average of variances. epsilon is added where they are used.",
        places.AVERAGE,
        Example(
            "moving_variance",
            inference.SPREAD,
            "momentum * moving_variance + (1 - momentum) * (var(x) + epsilon)",
            {**inference.UPDATE, "epsilon": 1},
        ),
    ),
    "epsilon-misplaced": Entry(
        "epsilon enters in another way",
        "Compare the place of epsilon with the equation, and count how often it is added.",
        "Nearly right where the variance is large, and off where it is small.",
        "epsilon is added to the variance, for every feature, inside the root and once.",
        places.EPSILON,
        Example(
            "y",
            inference.INFERRED,
            "gamma * (x - moving_mean) / (sqrt(moving_variance) + epsilon) + beta",
            inference.BATCH,
        ),
    ),
    "epsilon-as-floor": Entry(
        "epsilon is the least that the variance may be, and is not added",
        "What happens to epsilon where the variance is larger than it is?",
        "As without epsilon where the variance is the larger one; a variance of 0 divides as it "
        "should.",
        "Both keep the divisor from 0. But what is added counts everywhere, and the output is "
        "smooth in the variance; a floor has a corner, and below it no gradient gets through.",
        places.EPSILON,
        Example(
            "y",
            inference.INFERRED,
            "gamma * (x - moving_mean) / sqrt(maximum(moving_variance, epsilon)) + beta",
            inference.BATCH,
        ),
    ),
    "wrong-term": Entry(
        "A term of the formula is not the right one",
        "Lay what you compute beside the equation, and compare factor by factor.",
        "One of the terms explains the difference between the outputs and the right ones.",
        "Each term of the equation has one reason, and no other one does its work.",
        places.EQUATIONS,
    ),
}
