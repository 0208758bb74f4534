"""Mistakes in what passes from training to inference: the moving statistics."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Training and inference"

INFERRED = "gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta"
BY_BATCH = "gamma * (x - mean(x)) / sqrt(var(x) + epsilon) + beta"
BATCH = {
    "x": (2, 4, 6, 8),
    "gamma": 2,
    "beta": 1,
    "moving_mean": 4,
    "moving_variance": 8,
    "epsilon": 1,
}
AVERAGED = "momentum * moving_mean + (1 - momentum) * mean(x)"
SPREAD = "momentum * moving_variance + (1 - momentum) * var(x)"
UPDATE = {"moving_mean": 1, "moving_variance": 3, "x": (2, 4, 6, 8), "momentum": 0.9}


def _y(wrong: str = "", **given: object) -> Example:
    return Example("y", INFERRED, wrong, {**BATCH, **given})


def _mean(wrong: str) -> Example:
    return Example("moving_mean", AVERAGED, wrong, UPDATE)


INFERENCE: dict[str, Entry] = {
    "train-inference-mixup": Entry(
        "Training and inference are mixed up",
        "Which statistics belong to which mode? In one of them an example's output must not "
        "depend on the other examples.",
        "In inference y has mean beta over every batch, or in training it does not.",
        "In training the statistics are those of the batch, since the gradient runs through them. "
        "In inference they are fixed, so that the answer for one example depends on it alone.",
        places.IN_INFERENCE,
        _y(BY_BATCH),
    ),
    "momentum-reversed": Entry(
        "momentum is the other way round",
        "In Keras' convention, what should momentum = 1 do to the old value? Try it.",
        "With momentum 0.99 the moving mean jumps nearly to the mean of the last batch.",
        "Keras' momentum weights the old value, PyTorch's the new one. With the other's "
        "convention an average over hundreds of batches becomes one over the last.",
        places.CONVENTIONS,
        _mean("(1 - momentum) * moving_mean + momentum * mean(x)"),
    ),
    "momentum-ignored": Entry(
        "momentum is a number of your own",
        "Look for a constant such as 0.9 where the argument should stand.",
        "The new value stays the same whatever momentum the function is given.",
        "How fast the average follows is the caller's choice: short trainings need a smaller one.",
        places.AVERAGE,
        _mean("0.99 * moving_mean + 0.01 * mean(x)"),
    ),
    "weights-do-not-add-up": Entry(
        "The weights of old and new value do not add up to 1",
        "Feed the same batch many times: to what should the moving mean converge?",
        "Fed with one batch again and again, the moving mean does not settle at that batch's mean.",
        "It is an average only if the weights add up to 1. Otherwise it grows beyond all that it "
        "has seen, or shrinks towards 0.",
        places.AVERAGE,
        _mean("momentum * moving_mean + mean(x)"),
    ),
    "no-average": Entry(
        "The moving statistics are those of the last batch alone",
        "Where does the old value enter?",
        "After each update they are the statistics of the batch, whatever they were before.",
        "The statistics of one batch are noisy. Inference needs the average over many.",
        places.AVERAGE,
        _mean("mean(x)"),
    ),
    "statistics-not-updated": Entry(
        "The moving statistics are not updated",
        "Compare them before and after a batch. Is the new value stored, or returned?",
        "They are the same after a batch as before it: in a new layer mean 0 and variance 1.",
        "Inference then normalises with the initial values, which know nothing of the data.",
        places.AVERAGE,
        _mean("moving_mean"),
    ),
    "std-instead-of-variance": Entry(
        "The standard deviation is averaged instead of the variance",
        "Look at the name of the second statistic.",
        "The moving variance approaches the standard deviation of the batches.",
        "Inference takes the root itself, so that the root would be taken twice. And an average of "
        "roots is not the root of the average.",
        places.AVERAGE,
        Example(
            "moving_variance",
            SPREAD,
            "momentum * moving_variance + (1 - momentum) * sqrt(var(x))",
            UPDATE,
        ),
    ),
    "updated-in-inference": Entry(
        "Inference changes the moving statistics",
        "Which mode may update them? Look at what comes before and after your `if`.",
        "The same input, inferred twice, gives two different outputs.",
        "Whoever uses the network would train it without knowing, on data that nobody chose.",
        places.MODES,
        Example("moving_mean", "moving_mean", AVERAGED, UPDATE),
    ),
    "wrong-initial-state": Entry(
        "A layer that has seen nothing gives the wrong output in inference",
        "With which moving mean and variance does Keras' layer start?",
        "Before any training, inference should return nearly its input.",
        "With mean 0 and variance 1 a new layer changes nothing. With variance 0 it multiplies its "
        "input by one over the root of epsilon.",
        places.VECTORS,
        _y(
            "gamma * x / sqrt(epsilon) + beta",
            gamma=1,
            beta=0,
            moving_mean=0,
            moving_variance=1,
            epsilon=0.001,
        ),
    ),
    "results-swapped": Entry(
        "Two results are in each other's place",
        "Compare the order of your `return` with the signature in the exercise.",
        "Each result holds the right numbers of another one.",
        "Results are told apart by their place alone. Two vectors of one length swap unnoticed.",
        places.AVERAGE,
        Example("moving_mean", AVERAGED, SPREAD, UPDATE),
    ),
}
