"""The right terms of each result, and what wrong ones may be made of."""

from bnutils.checks.formulas.features import Vocabulary
from bnutils.checks.formulas.library import products
from bnutils.checks.formulas.paths import Paths
from bnutils.checks.formulas.spreads import moments, moving_spreads, spreads

GAMMA = ("1", "gamma", "beta", "gamma * beta", "1 / gamma", "gamma ** 2", "beta / gamma", "epsilon")
COUNT = ("1", "N", "1 / N")
MEANS = ("1", "mean(x)", "max(x)", "1 / mean(x)", "mean(x) ** 2", "var(x)", "mean(x ** 2)")
TRAINING_STD = "sqrt(var(x) + epsilon)"
TRAINING = Paths(
    {"x": {f"gamma / {TRAINING_STD}": 1.0}, "1": {"by_0 * mean(x)": -1.0, "beta": 1.0}},
    ("x ** 2", "1 / x", "1 / (x - mean(x))", "1 / (x + mean(x))", "1 / (x - sum(x))",
     "1 / (x - max(x))", "x ** 3"),
    Vocabulary(
        MEANS, GAMMA, spreads(), COUNT, products(("by_0", "by_0 * beta"), MEANS, COUNT)
    ),
)  # fmt: skip

MOVING_MEANS = ("1", "moving_mean", "1 / moving_mean", "moving_mean ** 2", "moving_variance")
INFERENCE_STD = "sqrt(moving_variance + epsilon)"
INFERENCE = Paths(
    {"x": {f"gamma / {INFERENCE_STD}": 1.0}, "1": {"by_0 * moving_mean": -1.0, "beta": 1.0}},
    ("x ** 2", "1 / x", "1 / (x - moving_mean)", "1 / (x + moving_mean)"),
    Vocabulary(
        (*MOVING_MEANS, "mean(x)"),
        GAMMA,
        moving_spreads(),
        wholes=products(("by_0", "by_0 * beta"), (*MOVING_MEANS, "mean(x)")),
    ),
)

FOLDING_SPREADS = {
    text: name for text, name in moving_spreads().items() if not {"x", "N"} & set(text)
}
KERNEL = Paths(
    {"kernel": {f"gamma / {INFERENCE_STD}": 1.0}},
    ("1", "kernel ** 2", "1 / kernel"),
    Vocabulary(MOVING_MEANS, GAMMA, FOLDING_SPREADS),
)
BIAS = {
    f"gamma * bias / {INFERENCE_STD}": 1.0,
    f"gamma * moving_mean / {INFERENCE_STD}": -1.0,
    "beta": 1.0,
}
BIAS_VOCABULARY = Vocabulary(
    (
        "1", "bias", "bias ** 2", "1 / bias", "moving_mean * bias", "1 / (bias - moving_mean)",
         "(bias - moving_mean)", "(bias + moving_mean)", "moving_mean", "1 / moving_mean",
         "moving_mean ** 2", "moving_variance",
    ),
    GAMMA,
    FOLDING_SPREADS,
)  # fmt: skip

SLOPES = (
    "mean(dy * (x - mean(x)))", "mean(dy * x)", "mean(dy * (x + mean(x)))",
    "mean(dy * (x - max(x)))", "mean(dy * (x - sum(x)))", "max(dy * (x - mean(x)))",
    "mean(dy / (x - mean(x)))", "mean(dy / x)", "mean((x - mean(x)) / dy)", "mean(x / dy)",
)  # fmt: skip
STATISTICS = (
    "1",
    "mean(dy)",
    "max(dy)",
    "mean(x)",
    "max(x)",
    "var(x)",
    "mean(x ** 2)",
    *SLOPES,
    "mean(dy) * mean(x)",
    "mean(dy) * mean(x) ** 2",
    "mean(x / (x - mean(x)))",
    f"sum({TRAINING_STD}, axis=-1)",
)
CENTRES = ("mean(x)", "max(x)", "N * mean(x)")
GRADIENT = Paths(
    {
        "dy": {f"gamma / {TRAINING_STD}": 1.0},
        "(x - mean(x))": {f"by_0 * mean(dy * (x - mean(x))) / {TRAINING_STD} ** 2": -1.0},
        "1": {"by_0 * mean(dy)": -1.0},
    },
    ("dy * (x - mean(x))", "1 / dy", "1 / (x - mean(x))", "dy / (x - mean(x))",
     "(x - mean(x)) / dy", "(x - mean(x)) ** 2", "dy ** 2", "dy / x", "1 / x"),
    Vocabulary(
        STATISTICS,
        ("1", "gamma", "1 / gamma"),
        spreads(),
        COUNT,
        products(("by_0", "by_1"), STATISTICS, COUNT),
    ),
)  # fmt: skip
PARAMETERS = Vocabulary(
    (
        "1", "sum(dy)", "sum(dy * x)", "sum(dy * (x - mean(x)))", "sum(dy / x)", "sum(x)",
         "sum(dy / (x - mean(x)))", "sum(dy ** 2)", "sum(x ** 2)", "sum((x - mean(x)) ** 2)",
         "sum(dy * (x + mean(x)))", "sum(dy * (x - max(x)))", "sum(dy * (x - sum(x)))",
         "sum((x - mean(x)) / dy)", "max(dy)", "sum(x / dy)", "max(dy * (x - mean(x)))",
         "sum(dy) * mean(x)",
    ),
    ("1", "gamma", "1 / gamma", "mean(x)"),
    spreads(),
    COUNT,
)  # fmt: skip
WEIGHTS = ("1", "momentum", "(1 - momentum)")
MOVING_TERMS = products(
    ("1", "moving_mean", "moving_variance", "mean(x)", "var(x)", "max(x)", "sum(x)",
     "1 / moving_mean", "1 / mean(x)", "1 / moving_variance", "1 / var(x)", "mean(x) ** 2",
     "var(x, ddof=1)", "sqrt(var(x))", "1 / (mean(x) - moving_mean)",
     "1 / (var(x) - moving_variance)", "1 / (mean(x) ** 2 - moving_variance)", "N"),
    (*WEIGHTS, "1 / momentum", "1 / (1 - momentum)", "momentum ** 2", "(1 + momentum)"),
    COUNT,
) | products(moments(), WEIGHTS)  # fmt: skip
