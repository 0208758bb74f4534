"""The graphs of the chapters *The transform* and *The backward pass*, one node a line.

A node's formula is written in the language of :mod:`bnutils.checks.formulas.language`, over the
nodes before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHAIN = "Take the line of the forward pass alone: what is its derivative, and times what?"
FORK = "The value is used in two places. Its gradients from both of them add."
SHARED = "One number was used by all examples: each has its part in the gradient of it."
SPREAD = "Many numbers were averaged into one: which share of its gradient does each get?"
FORWARD_LINE = "Compare the line with the equation, symbol by symbol."
AVERAGED = "It is one number for each feature: over what is averaged, and divided by what?"


@dataclass(frozen=True)
class Node:
    """A step of the graph.

    Attributes
    ----------
    name : str
        As in the chapter, in plain letters.
    formula : str
        How it is computed from the nodes before it.
    hint : str
        The rule that the step follows.
    words : tuple of str
        Other names that people give it.
    also : tuple of str
        What goes by the same names, and is no mistake yet.
    parts : mapping of str to str
        What is left if half of it is forgotten, in words, with its formula.
    """

    name: str
    formula: str
    hint: str
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


FORWARD = (
    Node("mu", "mean(x)", AVERAGED, ("mean", "batch_mean", "sample_mean", "m", "x_mean", "avg")),
    Node(
        "c",
        "x - mu",
        FORWARD_LINE,
        ("centred", "centered", "xmu", "x_centred", "x_centered", "xc", "diff", "x_minus_mean"),
    ),
    Node("sq", "c ** 2", FORWARD_LINE, ("c2", "squared", "square", "c_squared", "centred_squared")),
    Node(
        "sigma2",
        "mean(sq)",
        AVERAGED,
        ("variance", "var", "batch_var", "sample_var", "sigma_squared", "sigma_sq", "sigmasq", "v"),
        also=("mean(sq) + epsilon",),
    ),
    Node("var_eps", "sigma2 + epsilon", FORWARD_LINE, ("variance_epsilon", "variance_eps")),
    Node(
        "std",
        "sqrt(var_eps)",
        FORWARD_LINE,
        ("sqrtvar", "sigma", "stddev", "sd", "std_dev", "sqrt_var"),
        also=("sqrt(sigma2)",),
    ),
    Node(
        "r",
        "1 / std",
        FORWARD_LINE,
        ("inv_std", "ivar", "invstd", "rstd", "inverse_std", "inv_sqrt_var", "istd", "inv_var"),
    ),
    Node(
        "x_hat",
        "c * r",
        FORWARD_LINE,
        ("xhat", "x_norm", "x_normalised", "x_normalized", "xn", "normalised", "normalized", "z"),
    ),
    Node("gamma_x", "gamma * x_hat", FORWARD_LINE, ("gammax", "scaled", "gamma_x_hat")),
)
OUTPUT = Node("y", "gamma_x + beta", FORWARD_LINE, ("out", "output", "result"))

BACKWARD = (
    Node("dbeta", "sum(dy)", SHARED, ("dshift",)),
    Node("dgamma", "sum(dy * x_hat)", SHARED, ("dscale",)),
    Node("dx_hat", "gamma * dy", CHAIN, ("dx_norm", "dx_normalised", "dx_normalized", "dxn", "dz")),
    Node(
        "dr",
        "sum(c * dx_hat)",
        SHARED,
        ("dinv_std", "divar", "drstd", "distd", "dinv_var"),
    ),
    Node("dstd", "-r ** 2 * dr", CHAIN, ("dsqrtvar", "dsigma", "dstddev", "dsd")),
    Node(
        "dsigma2",
        "-r ** 3 * dr / 2",
        CHAIN,
        ("dvariance", "dvar", "dsigma_squared", "dsigma_sq", "dv", "dbatch_var", "dvar_eps"),
        also=("dstd * r / 2",),
    ),
    Node("dsq", "dsigma2 / N", SPREAD, ("dsquared", "dc2_squared", "dsquare")),
    Node("dc_x_hat", "r * dx_hat", CHAIN, ("dc1", "dxmu1", "dcentred1", "dcentered1")),
    Node("dc_variance", "2 * c * dsq", CHAIN, ("dc2", "dxmu2", "dcentred2", "dcentered2")),
    Node(
        "dc",
        "dc_x_hat + dc_variance",
        FORK,
        ("dcentred", "dcentered", "dxmu", "dx_centred", "dx_centered", "dxc", "ddiff"),
        parts={
            "the part through x_hat": "dc_x_hat",
            "the part through the variance": "dc_variance",
        },
    ),
    Node(
        "dmu",
        "-sum(dc)",
        SHARED,
        ("dmean", "dbatch_mean", "dm", "davg"),
        also=("-sum(dc_x_hat)",),
    ),
    Node("dx_through_c", "dc", CHAIN, ("dx1",)),
    Node("dx_through_mu", "dmu / N", SPREAD, ("dx2", "dx_mean")),
    Node(
        "dx",
        "dc + dx_through_mu",
        FORK,
        ("dinput",),
        parts={"the part through c": "dc", "the part through mu": "dx_through_mu"},
    ),
)
