"""The mistakes that the checks know by name: what is wrong and where to look.

A name may carry a detail after "=", as in "wrong-axis=(1,)"; the entry is that of the name.
"""

from bnutils.checks.report import Mistake

_PRINT_SHAPES = "Print the shapes of all arrays in that line and compare them with what you expect."

MISTAKES: dict[str, tuple[str, str]] = {
    # The call itself
    "unfinished": (
        "This is still the unfinished stub",
        "Replace the line that raises `NotImplementedError` by your own.",
    ),
    "returns-none": ("The function returns None", "Did you forget `return`?"),
    "raises": (
        "The function stops with an error",
        "Read the error's last line, then call the function yourself with a small batch.",
    ),
    "shapes-do-not-fit": (
        "The function stops because two shapes do not fit",
        f"{_PRINT_SHAPES} How many means should there be, and along which axis do they belong?",
    ),
    "wrong-signature": (
        "The function cannot be called as the exercise says",
        "Compare its parameters with the signature in the exercise.",
    ),
    "wrong-number-of-results": (
        "The number of results is wrong",
        "Compare your `return` with the signature in the exercise.",
    ),
    "not-numbers": ("The result is not an array of numbers", "Look at what you return."),
    "wrong-shape": (
        "The result has the wrong shape",
        "Along which axes do you average or sum, and which should be left? Watch `keepdims`.",
    ),
    "changes-its-input": (
        "The function changes its input",
        "Operators such as `-=`, and results written into an argument, reach the caller's "
        "array. Look for them.",
    ),
    "dtype-loss": (
        "Precision is lost on the way",
        "float64 goes in, and what comes out is less precise. Look for a conversion, or for an "
        "array that you create with a dtype of its own.",
    ),
    "cut-to-integers": (
        "The result is cut to integers",
        "Look for a conversion, or for an array that you create with a dtype of its own.",
    ),
    "integer-input": (
        "A batch of integers comes out wrong",
        "Pixels are often integers. Look for an array that you make like x: what is its dtype?",
    ),
    # Normalising
    "sample-variance": (
        "The variance is the sample variance",
        "There are two variances, which differ in what the sum is divided by. Which one does "
        "batch normalisation take, and which one does the function that you call?",
    ),
    "epsilon-outside-root": (
        "epsilon stands outside the root",
        "Compare the place of epsilon with the equation, symbol by symbol.",
    ),
    "epsilon-missing": (
        "epsilon is not used",
        "Ask what happens to a feature that is the same in every example.",
    ),
    "epsilon-ignored": (
        "epsilon is a number of your own",
        "Look for a constant such as 1e-5 where the argument should stand.",
    ),
    "no-root": (
        "The variance is used where the standard deviation belongs",
        "If x is measured in metres, what is the unit of what you divide by?",
    ),
    "wrong-axis": (
        "The statistics are taken over the wrong axes",
        "Which numbers share one mean: those of an example, or those of a feature? Print the "
        "shape of your mean.",
    ),
    "mean-not-subtracted": (
        "The mean is not subtracted",
        "What should the mean of the normalised values be? Compare it with yours.",
    ),
    "gamma-ignored": ("gamma is not used", "Try gamma = 2: what should change, and does it?"),
    "beta-ignored": ("beta is not used", "Try beta = 5: what should change, and does it?"),
    "gamma-beta-swapped": (
        "gamma and beta are in each other's place",
        "Which of the two scales and which shifts? Look also at the order of the arguments.",
    ),
    "cancelling-variance": (
        "The variance loses its digits when the mean is large",
        "Try a feature with mean 1000 and standard deviation 0.01 in float32. Where do you "
        "subtract two large numbers that are nearly equal?",
    ),
    "fails-on-batch-of-one": (
        "A batch of one example fails",
        "What are its mean and variance, and what is left of the equation?",
    ),
    "fails-on-constant-feature": (
        "A feature that is the same in every example fails",
        "Its variance is zero. What keeps the equation defined, and is it in its place?",
    ),
    # Training and inference
    "train-inference-mixup": (
        "Training and inference are mixed up",
        "Which statistics belong to which mode? In one of them an example's output must not "
        "depend on the other examples.",
    ),
    "momentum-reversed": (
        "momentum is the other way round",
        "In Keras' convention, what should momentum = 1 do to the old value? Try it.",
    ),
    "momentum-ignored": (
        "momentum is a number of your own",
        "Look for a constant such as 0.9 where the argument should stand.",
    ),
    "weights-do-not-add-up": (
        "The weights of old and new value do not add up to 1",
        "Feed the same batch many times: to what should the moving mean converge?",
    ),
    "no-average": (
        "The moving statistics are those of the last batch alone",
        "Where does the old value enter?",
    ),
    "statistics-not-updated": (
        "The moving statistics are not updated",
        "Compare them before and after a batch. Is the new value stored, or returned?",
    ),
    "std-instead-of-variance": (
        "The standard deviation is averaged instead of the variance",
        "Look at the name of the second statistic.",
    ),
    "updated-in-inference": (
        "Inference changes the moving statistics",
        "Which mode may update them? Look at what comes before and after your `if`.",
    ),
    "wrong-initial-state": (
        "A layer that has seen nothing gives the wrong output in inference",
        "With which moving mean and variance does Keras' layer start?",
    ),
    "results-swapped": (
        "Two results are in each other's place",
        "Compare the order of your `return` with the signature in the exercise.",
    ),
    # Backward
    "detached-statistics": (
        "The gradient ignores that mean and variance depend on x",
        "In the graph, count the paths from x to y. How many does your dx have?",
    ),
    "detached-mean": (
        "The gradient's path through the mean is missing",
        "Add up your dx over the batch. What should the sum be, and why?",
    ),
    "detached-variance": (
        "The gradient's path through the variance is missing",
        "Add up x_hat times your dx over the batch. What should the sum be, nearly?",
    ),
    "batch-size-missing": (
        "A sum stands where a mean belongs",
        "Each example has only a share in mean and variance. How large is it?",
    ),
    "sign-error": (
        "A term has the wrong sign",
        "Go through the terms one by one: which way should each of them move the result?",
    ),
    "mean-instead-of-sum": (
        "A gradient is averaged that should be added up",
        "Each example adds its own part to the gradient of a parameter that all share.",
    ),
    "dgamma-from-x": (
        "dgamma is computed from x",
        "What is gamma multiplied with in the forward pass?",
    ),
    # Folding
    "wrong-kernel-axis": (
        "The kernel is scaled along the wrong axis",
        "Which axis of a kernel counts the outputs? Look at dense and at convolution kernels.",
    ),
    "kernel-not-scaled": (
        "The kernel is unchanged",
        "What does batch normalisation do to a product of inputs and kernel?",
    ),
    "bias-forgotten": (
        "The old bias is lost",
        "Follow the old bias through the batch normalisation.",
    ),
    "bias-not-scaled": (
        "The old bias is not scaled",
        "The bias is added before the normalisation, so what happens to it there?",
    ),
    # What is left: a symptom
    "not-a-number": (
        "The result is not finite",
        "Look for a division by zero or the root of a negative number.",
    ),
    "mean-is-not-beta": (
        "The mean of y over the batch is not beta",
        "Look at how the mean is taken and subtracted, and at how beta is added.",
    ),
    "std-is-not-gamma": (
        "The standard deviation of y over the batch is not gamma",
        "Look at what you divide by, and at how gamma enters.",
    ),
    "depends-on-batch": (
        "An example's output depends on the other examples",
        "In inference each example is treated alone. Which line looks at the whole batch?",
    ),
    "dx-does-not-sum-to-zero": (
        "dx does not add up to zero over the batch",
        "A shift of the whole batch changes nothing. Look at the path through the mean.",
    ),
    "different": (
        "The numbers are different",
        "Compute the first example by hand and compare step by step.",
    ),
}


def mistake(name: str, seen: str = "") -> Mistake:
    """Return the catalogue's entry for `name`, with what was seen."""
    plain, _, _ = name.partition("=")
    title, hint = MISTAKES[plain]
    return Mistake(plain, title, hint, seen)
