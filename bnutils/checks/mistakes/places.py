"""The sections of the book to which the mistakes lead."""

from bnutils.checks.mistakes.entry import Place

_TRANSFORM = ("the-transform", "The transform")
_BACKWARD = ("the-backward-pass", "The backward pass")
_INFERENCE = ("training-and-inference", "Training and inference")
_SCALE = ("why-scale-matters", "Why scale matters")
_COMPARISON = ("with-and-without", "With and without")
_BATCHES = ("batch-size", "Batch size")
_SMALL = ("small-batches", "Small batches")
_RATES = ("learning-rate-and-initialisation", "Learning rate and initialisation")
_REGULARISATION = ("regularisation-and-placement", "Regularisation and placement")
_DEPTH = ("very-deep-networks", "Very deep networks")
_COURT = ("why-does-it-work", "Why does it work?")
_KERAS = ("keras-layer-and-convolutions", "The Keras layer and convolutions")

EQUATIONS = Place(*_TRANSFORM, "Four equations")
GUARANTEES = Place(*_TRANSFORM, "What is guaranteed")
SCALE_AND_SHIFT = Place(*_TRANSFORM, "What gamma and beta are for")
EPSILON = Place(*_TRANSFORM, "What epsilon is for")
ROUNDING = Place(*_TRANSFORM, "Two formulas for the variance")
HALF_PRECISION = Place(*_TRANSFORM, "Half precision")

TASK = Place(*_BACKWARD, "The task")
STAGED = Place(*_BACKWARD, "Staged: six steps back")
COMPACT = Place(*_BACKWARD, "Compact: one line")
INVARIANTS = Place(*_BACKWARD, "Three invariants")
GRADIENT_CHECK = Place(*_BACKWARD, "How to check a gradient")
DETACHED = Place(*_BACKWARD, "Find the bug: detached statistics")

IN_TRAINING = Place(*_INFERENCE, "In training, an example is not alone")
IN_INFERENCE = Place(*_INFERENCE, "In inference, an example is alone")
AVERAGE = Place(*_INFERENCE, "The running average")
STALE_OR_OVERFITTED = Place(*_INFERENCE, "Stale statistics look like overfitting")
VARIANCES = Place(*_INFERENCE, "Which variance?")
CONVENTIONS = Place(*_INFERENCE, "The conventions, side by side")

VECTORS = Place(*_KERAS, "Four vectors")
AXIS = Place(*_KERAS, "The axis is the axis you keep")
IMAGES = Place(*_KERAS, "Convolutions: one mean per channel")
MODES = Place(*_KERAS, "training and trainable")
LOOPS = Place(*_KERAS, "Custom training loops")

STEP_SIZE = Place(*_SCALE, "One step size for all directions")
GROWTH = Place(*_SCALE, "And the gradient?")
SIGNS = Place("how-we-measure", "How we measure", "Flipping signs")
INTERVAL = Place(*_COMPARISON, "How it is done")
UPDATES = Place(*_BATCHES, "Four changes at once")
STALE = Place(*_BATCHES, "Stale statistics")
NOISE = Place(*_BATCHES, "How large the noise is")

OF_TWO = Place(*_SMALL, "What a batch of two leaves")
RENORM = Place(*_SMALL, "From 512 down to 2")

LARGER_KERNEL = Place(*_RATES, "A larger kernel is a smaller rate")
DECAY = Place(*_RATES, "Weight decay is a schedule")
EQUILIBRIUM = Place(*_RATES, "The equilibrium")
TARGET = Place(*_RATES, "How many updates to a target?")

SHIFTED_VARIANCE = Place(*_REGULARISATION, "Dropout in front of it")
MARGIN = Place(*_REGULARISATION, "Dropout beside it")
AVERAGED_WEIGHTS = Place(*_REGULARISATION, "Averaged weights")

CURVED = Place(*_DEPTH, "Whatever bends makes it grow")
SHORTCUTS = Place(*_DEPTH, "What a shortcut changes")
DIRECTIONS = Place(*_DEPTH, "In how many directions?")

SHIFT = Place(*_COURT, "Covariate shift")
RANGE = Place(*_COURT, "A range has a unit")
