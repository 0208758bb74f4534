"""All small exercises, in the order of the book."""

from bnutils.checks.answers.angles import ANGLE_BETWEEN
from bnutils.checks.answers.averages import RUNNING_AVERAGE
from bnutils.checks.answers.batch_sizes import NOISE_OF_FIRST, UPDATES_OF, UPDATES_UNTIL
from bnutils.checks.answers.costs import KEPT_ACTIVATIONS, UPDATES_AT_EQUAL_COST
from bnutils.checks.answers.depth import LAYER_FACTOR, RESIDUAL_GROWTH, STABLE_RANK
from bnutils.checks.answers.dropping import VARIANCE_SHIFT
from bnutils.checks.answers.margins import WITHIN_MARGIN
from bnutils.checks.answers.mates import CLIPPED_SUM, POOLED_VARIANCE, TOGETHER_MEAN
from bnutils.checks.answers.networks import TRAINING
from bnutils.checks.answers.pieces import MOMENTUM_OF_PIECES, POOLED_STATISTICS
from bnutils.checks.answers.probing import FAULT
from bnutils.checks.answers.rates import (
    EFFECTIVE_RATE,
    EQUIVALENT_RATE,
    RATES_INSTEAD_OF_DECAY,
)
from bnutils.checks.answers.scales import CONDITION_NUMBER, LAYERS_UNTIL, STANDARDISE
from bnutils.checks.answers.seeds import HALF_WIDTH, SEEDS_NEEDED, UNPAIRED
from bnutils.checks.answers.signs import ONE_DISSENTER
from bnutils.checks.answers.small_batches import CORRECTION, TRUE_VARIANCE
from bnutils.checks.answers.targets import UPDATES_TO_TARGET
from bnutils.checks.answers.trusting import TRUSTED

QUESTIONS = (
    CONDITION_NUMBER,
    STANDARDISE,
    LAYERS_UNTIL,
    FAULT,
    HALF_WIDTH,
    UNPAIRED,
    SEEDS_NEEDED,
    TRAINING,
    TRUSTED,
    EFFECTIVE_RATE,
    EQUIVALENT_RATE,
    ANGLE_BETWEEN,
    RATES_INSTEAD_OF_DECAY,
    UPDATES_TO_TARGET,
    VARIANCE_SHIFT,
    RUNNING_AVERAGE,
    WITHIN_MARGIN,
    LAYER_FACTOR,
    RESIDUAL_GROWTH,
    STABLE_RANK,
    UPDATES_OF,
    UPDATES_UNTIL,
    NOISE_OF_FIRST,
    MOMENTUM_OF_PIECES,
    POOLED_STATISTICS,
    KEPT_ACTIVATIONS,
    UPDATES_AT_EQUAL_COST,
    TRUE_VARIANCE,
    CORRECTION,
    ONE_DISSENTER,
    CLIPPED_SUM,
    POOLED_VARIANCE,
    TOGETHER_MEAN,
)
