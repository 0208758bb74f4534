"""Mistakes that are made with a whole model: in measuring its statistics, in training it."""

from bnutils.checks.mistakes import places
from bnutils.checks.mistakes.entry import Entry

TITLE = "A whole model"

NETWORKS: dict[str, Entry] = {
    "nothing-changed": Entry(
        "The model is what it was before",
        "Print a number of the model before and after your call. Which line should have changed "
        "it?",
        "Every weight and every statistic has its old value.",
        "NumPy arrays and tensors are copies of what a model holds. A variable of the model "
        "changes by `assign`, or by an optimiser.",
        places.STALE_OR_OVERFITTED,
    ),
    "weights-changed": Entry(
        "A number has changed that is no moving statistic",
        "Compare the model's weights before and after. Does anything in your function train?",
        "A kernel, a bias, gamma or beta is not what it was.",
        "Recalibration describes the network as it is. A network that was trained on is another "
        "one, and its accuracy says nothing of the old statistics.",
        places.STALE_OR_OVERFITTED,
    ),
    "setting-left-changed": Entry(
        "A layer is left with another momentum, or frozen",
        "Which attributes of the layers have you set on the way? What would a training find that "
        "goes on from here?",
        "The statistics may be right, but `momentum` or `trainable` is not what it was.",
        "With momentum 0 the next step of training would keep nothing but its own batch.",
        places.STALE_OR_OVERFITTED,
    ),
    "layer-left-out": Entry(
        "A normalisation has kept its old statistics",
        "How many batch normalisation layers has the model, and how many does your loop reach?",
        "Both statistics of a layer are what they were before.",
        "One stale layer is enough: all that is above it sees inputs that it was not trained for.",
        places.STALE_OR_OVERFITTED,
    ),
    "order-ignored": Entry(
        "A layer was measured while the layers before it still had their old statistics",
        "What do the inputs of the second normalisation depend on? In which order do the two have "
        "to be set?",
        "The first normalisation is right. The second has the statistics of inputs that it does "
        "not get any more.",
        "New statistics in one layer change the inputs of all layers above it. So they are set "
        "from below, each before the next one is measured.",
        places.STALE_OR_OVERFITTED,
    ),
    "of-the-output": Entry(
        "These are the statistics of what the layer returns",
        "Of which tensor does the layer subtract its mean: of its input, or of its output?",
        "The mean is near beta, and the variance near the square of gamma.",
        "Moving statistics describe what is to be normalised, not what has been.",
        places.IN_INFERENCE,
    ),
    "mean-of-batch-variances": Entry(
        "The variance is a mean of variances of batches",
        "Two batches may differ in their means: does your variance see that?",
        "The means are right and the variances are too small, the more so the smaller the batches.",
        "The variance of all examples is the mean of the batches' variances plus the variance of "
        "the batches' means. Average x and its square over all batches, and subtract at the end.",
        places.VARIANCES,
    ),
    "mean-not-taken-off": Entry(
        "The variance is a mean of squares",
        "What is to be taken from the mean of the squares?",
        "The means are right and the variances are too large by the squares of the means.",
        "A variance is the mean squared distance from the mean, and not from 0.",
        places.VARIANCES,
    ),
    "moved-not-set": Entry(
        "The statistics went a part of the way only",
        "What does a call in training mode do with the old value? How much of that is left?",
        "Old and new values are mixed, in both statistics with the same weights.",
        "A call in training mode makes one step of the running average. The old statistics are to "
        "be replaced, and not to be averaged with.",
        places.AVERAGE,
    ),
    "one-for-all-channels": Entry(
        "All channels have one mean and one variance",
        "Over which axes do you average? One of them is to stay.",
        "The same two numbers stand in every channel.",
        "Each channel is normalised by its own statistics.",
        places.AXIS,
    ),
    "of-one-example": Entry(
        "These are the statistics of a single example",
        "How many examples does the model see in your function?",
        "They are those of the first example alone.",
        "The population is described by all examples, and one of them is none.",
        places.STALE_OR_OVERFITTED,
    ),
    "of-a-part": Entry(
        "These are the statistics of a part of the examples",
        "Which examples are left when your loop is over? Are those of the batches before still in "
        "what you set?",
        "They are those of the first examples only, or of the last batch.",
        "A batch describes itself. What is set at the end has to know of all of them.",
        places.STALE_OR_OVERFITTED,
    ),
    "dropout-left-on": Entry(
        "The layers were measured with dropout at work",
        "In which mode do the layers below run while you measure? What does dropout do in it?",
        "Right in models without dropout. With it the variance behind it is too large.",
        "In inference nothing is dropped, so that the inputs vary less. The statistics are to be "
        "those of inputs that the layer gets in inference.",
        places.STALE_OR_OVERFITTED,
    ),
    "not-the-population": Entry(
        "The statistics of a layer are not those of its inputs",
        "Take the inputs of this layer for all examples, and compute mean and variance of one "
        "channel by hand.",
        "Another mean or variance was expected, from what the layers before it have stored.",
        "In inference mode the layer should see its inputs with mean 0 and variance 1, over all "
        "the training data.",
        places.STALE_OR_OVERFITTED,
    ),
    "inference-mode": Entry(
        "The loss was computed in inference mode",
        "Who tells the model that it is being trained? Say in words what a bare `model(x)` does.",
        "The gradient is that of a network with fixed statistics, and the moving ones stay.",
        "Without `training=True` a layer uses its moving statistics, so that the network trains "
        "as one without batch normalisation.",
        places.LOOPS,
    ),
    "not-applied": Entry(
        "The trainable weights are what they were",
        "You have gradients. Who turns them into new weights?",
        "The moving statistics may have moved, but no trainable weight has.",
        "The tape differentiates and changes nothing. A step is made by the optimiser.",
        places.LOOPS,
    ),
    "applied-twice": Entry(
        "The optimiser has made two steps",
        "How often is the optimiser called for one batch?",
        "The weights are where the same gradient leads when it is applied twice.",
        "One batch, one step: otherwise the learning rate is another one than was asked for.",
        places.LOOPS,
    ),
    "uphill": Entry(
        "The step goes uphill",
        "Which sign does the optimiser expect? What do you give it?",
        "The weights move against the right direction, by the same amount.",
        "An optimiser subtracts, and so it wants the gradient of the loss as it is.",
        places.LOOPS,
    ),
    "not-the-optimizer": Entry(
        "The step is plain gradient descent, and not that of the optimiser",
        "What does the optimiser that you were given remember from step to step?",
        "The first step is right, and from the second one on momentum is missing.",
        "The optimiser keeps a state of its own. Who changes the weights without it has another "
        "optimiser.",
        places.LOOPS,
    ),
    "weights-left-out": Entry(
        "Some trainable weights are what they were",
        "Which list of variables do you give to the tape and to the optimiser?",
        "Some weights have moved rightly, others not at all.",
        "gamma and beta are trained like kernels and biases: `trainable_variables` has all of "
        "them.",
        places.VECTORS,
    ),
    "another-step": Entry(
        "The weights are not where one step leads",
        "Which loss do you differentiate, of which batch, and with respect to what?",
        "Neither one step nor two, in neither mode, give these weights.",
        "One step is: the loss of this batch in training mode, its gradient, one call of the "
        "optimiser.",
        places.LOOPS,
    ),
    "moving-in-the-gradient": Entry(
        "Moving statistics were given to the optimiser",
        "Which of a layer's four vectors are learned, and which list holds those and no others?",
        "A moving mean or variance is among the variables that the optimiser got.",
        "Moving statistics are recorded and not learned. The loss in training mode does not "
        "depend on them, and they have no gradient.",
        places.VECTORS,
    ),
    "statistics-not-moved": Entry(
        "The moving statistics are what they were",
        "In training mode a layer hands out new statistics. What becomes of them in your step?",
        "The trainable weights move, the moving statistics do not.",
        "A network that trains with batch statistics and keeps none is ruined in inference, and "
        "its training loss looks healthy.",
        places.LOOPS,
    ),
    "forward-twice": Entry(
        "The moving statistics have moved twice",
        "How often does the batch go through the model in training mode?",
        "They are where two passes with the same batch lead.",
        "Each pass in training mode moves the average. A second one, say for a metric, counts the "
        "batch twice.",
        places.LOOPS,
    ),
    "statistics-elsewhere": Entry(
        "The moving statistics are not where one pass leads",
        "Is it this batch that goes through the model, once, before the weights change?",
        "Neither none nor one nor two passes give these statistics.",
        "A step records the statistics of its own batch, as they were when its loss was computed.",
        places.LOOPS,
    ),
    "layer-frozen": Entry(
        "A normalisation was left frozen",
        "What does `trainable = False` do to this layer, besides keeping gamma and beta?",
        "The layer's `trainable` is False after the call.",
        "A frozen normalisation runs in inference mode, whatever `training` says.",
        places.MODES,
    ),
    "loss-not-returned": Entry(
        "The step returns no loss",
        "Did you forget `return`?",
        "The step is right, and None comes back.",
        "Without its loss nobody sees how a training goes.",
        places.LOOPS,
    ),
    "another-loss": Entry(
        "The loss that comes back is not the one that was differentiated",
        "When, and in which mode, is the number computed that you return?",
        "The step is right, and the number is not the loss of this batch before it.",
        "A loss after the step, or in inference mode, is another number, and costs a second pass.",
        places.LOOPS,
    ),
}
