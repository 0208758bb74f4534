"""Mistakes in folding the layer into the kernel before it."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry, Example

TITLE = "Folding"

SCALE = "gamma / sqrt(moving_variance + epsilon)"
KERNEL = f"kernel * {SCALE}"
BIAS = f"{SCALE} * (bias - moving_mean) + beta"
LAYER = {
    "kernel": 5,
    "bias": 1,
    "gamma": 2,
    "beta": 0.5,
    "moving_mean": 4,
    "moving_variance": 15,
    "epsilon": 1,
}
TWO_OUTPUTS = {
    "kernel": ((1, 2), (3, 4)),
    "gamma": ((1, 4),),
    "moving_variance": ((3, 3),),
    "epsilon": 1,
}

FOLDING: dict[str, Entry] = {
    "wrong-kernel-axis": Entry(
        "The kernel is scaled along the wrong axis",
        "Which axis of a kernel counts the outputs? Look at dense and at convolution kernels.",
        "A weight comes out right only where its row and its column have the same scale.",
        "Batch normalisation scales outputs. So all weights of one output get its scale, whatever "
        "input they belong to.",
        places.IN_INFERENCE,
        Example(
            "kernel",
            KERNEL,
            "kernel * column(gamma / sqrt(moving_variance + epsilon))",
            TWO_OUTPUTS,
        ),
    ),
    "kernel-not-scaled": Entry(
        "The kernel is unchanged",
        "What does batch normalisation do to a product of inputs and kernel?",
        "The kernel comes back as it went in.",
        "The layer multiplies the whole sum, so each weight in it.",
        places.IN_INFERENCE,
        Example("kernel", KERNEL, "kernel", LAYER),
    ),
    "bias-forgotten": Entry(
        "The old bias is lost",
        "Follow the old bias through the batch normalisation.",
        "The new bias does not change with the old one.",
        "The old bias was added before the layer and passes through it like the rest of the sum.",
        places.IN_INFERENCE,
        Example("bias", BIAS, f"beta - {SCALE} * moving_mean", LAYER),
    ),
    "bias-not-scaled": Entry(
        "The old bias is not scaled",
        "The bias is added before the normalisation, so what happens to it there?",
        "The new bias grows by 1 where the old one grows by 1, whatever gamma is.",
        "What is added before the layer is multiplied by it.",
        places.IN_INFERENCE,
        Example("bias", BIAS, f"bias - {SCALE} * moving_mean + beta", LAYER),
    ),
}
