# ruff: noqa: E501 - the layers are written as students write them
"""Layers by the thousand: one right layer in five styles of writing, and pieces to exchange."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RIGHT = {
    "first mean": "0.0",
    "first variance": "1.0",
    "first gamma": "1.0",
    "first beta": "0.0",
    "batch mean": "x.mean(axis=AXES)",
    "batch variance": "x.var(axis=AXES)",
    "train centre": "m",
    "train spread": "v",
    "train root": "np.sqrt(V + eps)",
    "infer centre": "M",
    "infer spread": "W",
    "infer root": "np.sqrt(V + eps)",
    "train affine": "gamma * h + beta",
    "infer affine": "gamma * h + beta",
    "new mean": "mom * M + (1 - mom) * m",
    "new variance": "mom * W + (1 - mom) * v",
    "mode": "training",
    "skip update": "False",
    "trains as inference": "False",
    "infers as training": "False",
    "asked changes": "False",
    "before": "False",
}
"""The pieces of a right layer. m, v are the batch's, M, W the moving ones; t counts updates, i the
calls in inference, n the examples, and A, B are the updated M, W."""

ROOTS = [
    "(np.sqrt(V) + eps)", "np.sqrt(V)", "(V + eps)", "V", "np.sqrt(V + 1e-5)", "np.sqrt(V + 0.01)",
    "np.sqrt(V + 2 * eps)", "np.sqrt(V + eps ** 2)", "(np.sqrt(V) + np.sqrt(eps))",
    "np.sqrt(V ** 2 + eps)", "(1 / np.sqrt(V + eps))", "(np.sqrt(V + eps) + eps)",
    "(2 * np.sqrt(V + eps))", "(-np.sqrt(V + eps))", "np.sqrt(np.sqrt(V) + eps)",
    "(np.sqrt(V) + 1e-3)",
]  # fmt: skip
AFFINE = [
    "h + beta", "gamma * h", "h", "beta * h + gamma", "gamma * (h + beta)", "gamma * h - beta",
    "-gamma * h + beta", "gamma ** 2 * h + beta", "2 * gamma * h + beta", "gamma * h + 2 * beta",
    "(1 + gamma) * h + beta", "abs(gamma) * h + beta", "gamma * h + gamma", "gamma * h + beta ** 2",
    "h / gamma + beta",
]  # fmt: skip
CONDITIONS = ["n == 1", "n > 20", "t > 5", "t == 1", "i > 0", "n < 3", "t > 30"]
CHANGES: dict[str, list[str]] = {
    "first mean": ["1.0", "0.5", "eps"],
    "first variance": ["0.0", "0.5", "2.0", "eps"],
    "first gamma": ["0.0", "0.5", "2.0"],
    "first beta": ["1.0", "0.5", "-1.0"],
    "batch mean": ["x.mean()", "x.mean(axis=AXES) * 2", "-x.mean(axis=AXES)", "x.sum(axis=AXES)"],
    "batch variance": [
        "x.var(axis=AXES, ddof=1)", "x.std(axis=AXES)", "(x ** 2).mean(axis=AXES)", "x.var()",
        "x.var(axis=AXES) * n", "2 * x.var(axis=AXES)", "abs(x - x.mean(axis=AXES)).mean(axis=AXES)",
        "x.var(axis=AXES) ** 2",
    ],
    "train centre": ["0.0", "-m", "m / 2", "M", "A", "v", "2 * m"],
    "train spread": ["W", "B", "2 * v", "v / 2", "v * n / max(n - 1, 1)", "v + m ** 2", "np.sqrt(v)"],
    "train root": ROOTS,
    "infer centre": ["m", "0.0", "-M", "M / 2", "2 * M", "m + M"],
    "infer spread": ["v", "2 * W", "W / 2", "v + W"],
    "infer root": ROOTS,
    "train affine": AFFINE,
    "infer affine": AFFINE,
    "new mean": [
        "(1 - mom) * M + mom * m", "0.9 * M + 0.1 * m", "m", "M", "M + (1 - mom) * m", "mom * M + m",
        "mom * M", "(1 - mom) * m", "mom * M - (1 - mom) * m", "mom * M + (1 - mom) * v", "M + m",
        "mom * (mom * M + (1 - mom) * m) + (1 - mom) * v", "mom * M + (1 - mom) * x.sum(axis=AXES)",
        "(M + m) / 2", "M + (m - M) / t", "mom ** 2 * M + (1 - mom ** 2) * m",
        "mom * M + (1 + mom) * m", "0.99 * M + 0.01 * m", "mom * M + (1 - mom) * m / n", "v", "W",
    ],
    "new variance": [
        "(1 - mom) * W + mom * v", "0.9 * W + 0.1 * v", "v", "W", "W + (1 - mom) * v", "mom * W + v",
        "mom * W", "(1 - mom) * v", "mom * W + (1 - mom) * (v + eps)", "mom * W + (1 - mom) * m",
        "mom * W + (1 - mom) * np.sqrt(v)", "mom * W + (1 - mom) * v * n / max(n - 1, 1)",
        "(W + v) / 2", "W + (v - W) / t", "mom * W + (1 - mom) * v + eps", "0.99 * W + 0.01 * v",
        "mom * W + (1 - mom) * (v + m ** 2)", "mom * W + (1 - mom) * v * n", "m",
        "mom * W + (1 - mom) * ((x - M) ** 2).mean(axis=AXES)",
        "mom * W + (1 - mom) * ((x - A) ** 2).mean(axis=AXES)", "mom * W - (1 - mom) * v",
    ],
    "mode": ["not training", "True", "False"],
    "skip update": CONDITIONS,
    "trains as inference": CONDITIONS,
    "infers as training": ["n == 1", "n > 20", "t > 5", "t == 0", "i > 2", "n < 3"],
    "asked changes": ["True", "n == 1", "t > 5"],
}  # fmt: skip
"""For each piece the wrong ones."""

SAME: dict[str, list[str]] = {
    "batch mean": ["x.sum(axis=AXES) / (x[..., 0].size)", "np.average(x, axis=AXES)"],
    "batch variance": [
        "((x - x.mean(axis=AXES)) ** 2).mean(axis=AXES)", "x.std(axis=AXES) ** 2",
        "((x - m) ** 2).sum(axis=AXES) / x[..., 0].size",
    ],
    "train root": ["((V + eps) ** 0.5)", "(1 / (1 / np.sqrt(V + eps)))", "np.sqrt(eps + V)"],
    "infer root": ["((V + eps) ** 0.5)", "(1 / (1 / np.sqrt(V + eps)))", "np.exp(0.5 * np.log(V + eps))"],
    "train affine": ["beta + h * gamma", "gamma * (h + beta / gamma)", "beta - gamma * -h"],
    "infer affine": ["beta + h * gamma", "gamma * h - -beta"],
    "new mean": ["M + (1 - mom) * (m - M)", "M - (1 - mom) * (M - m)", "m + mom * (M - m)"],
    "new variance": ["W + (1 - mom) * (v - W)", "W * mom + v - v * mom", "v - mom * (v - W)"],
}  # fmt: skip
"""For each piece others that are equal."""

BODY = """
n = len(x)
training = ({mode})
m = {batch mean}
v = {batch variance}
if training:
    t = t + 1
A = {new mean}
B = {new variance}
changed = (training and not ({skip update})) or (not training and ({asked changes}))
as_inference = (training and ({trains as inference})) or (not training and not ({infers as training}))
if as_inference:
    V = {infer spread}
    h = (x - ({infer centre})) / {infer root}
    y = {infer affine}
else:
    V = {train spread}
    h = (x - ({train centre})) / {train root}
    y = {train affine}
if changed:
    M, W = A, B
if not training:
    i = i + 1
"""
STYLES = {
    "class": """
class Layer:
    def __init__(self, features, mom, eps):
        self.mom, self.eps, self.t, self.i = mom, eps, 0, 0
        self.gamma, self.beta = {first gamma} + np.zeros(features), {first beta} + np.zeros(features)
        self.M, self.W = {first mean} + np.zeros(features), {first variance} + np.zeros(features)
    def __call__(self, x, training):
        mom, eps, t, i, gamma, beta, M, W = (self.mom, self.eps, self.t, self.i, self.gamma,
            self.beta, self.M, self.W)
        BODY
        self.M, self.W, self.t, self.i = M, W, t, i
        return y
""",
    "lists": """
class Layer:
    def __init__(self, features, mom, eps):
        self.state = [[float({first mean})] * features, [float({first variance})] * features, 0, 0]
        self.gamma, self.beta = [float({first gamma})] * features, [float({first beta})] * features
        self.mom, self.eps = mom, eps
    def __call__(self, x, training):
        mom, eps, gamma, beta = self.mom, self.eps, np.array(self.gamma), np.array(self.beta)
        M, W, t, i = self.state
        M, W = np.array(M), np.array(W)
        BODY
        self.state[:] = [(M + np.zeros(x.shape[-1])).tolist(), (W + np.zeros(x.shape[-1])).tolist(), t, i]
        return y.tolist()
""",
    "closure": """
def Layer(features, mom, eps):
    M, W = {first mean} + np.zeros(features), {first variance} + np.zeros(features)
    gamma, beta, t, i = {first gamma} + np.zeros(features), {first beta} + np.zeros(features), 0, 0
    def layer(x, *, training=False):
        nonlocal M, W, t, i
        BODY
        return y
    return layer
""",
    "dataclass": """
@dataclass
class Layer:
    features: int
    mom: float = 0.99
    eps: float = 1e-3
    params: dict = field(default_factory=dict)
    def __post_init__(self):
        d, eps = self.features, self.eps
        self.params = dict(gamma={first gamma} + np.zeros(d), beta={first beta} + np.zeros(d))
        self.M, self.W = {first mean} + np.zeros(d), {first variance} + np.zeros(d)
        self.t = self.i = 0
    def __call__(self, x, training=False):
        mom, eps, t, i, M, W = self.mom, self.eps, self.t, self.i, self.M, self.W
        gamma, beta = self.params["gamma"], self.params["beta"]
        BODY
        self.M, self.W, self.t, self.i = M, W, t, i
        return y
""",
    "in place": """
class Layer:
    def __init__(self, features, momentum, epsilon):
        mom = self.mom = momentum
        eps = self.eps = epsilon
        self.gamma, self.beta = np.full((1, features), {first gamma}), np.full((1, features), {first beta})
        self.M, self.W = np.full(features, {first mean}), np.full(features, {first variance})
        self.counts = np.zeros(2, int)
    def __call__(self, x, training=True):
        mom, eps, M, W = self.mom, self.eps, self.M.copy(), self.W.copy()
        gamma, beta = self.gamma[0], self.beta[0]
        t, i = self.counts
        BODY
        self.M[...], self.W[...] = M, W
        self.counts[:] = t, i
        return y
""",
}
"""One layer, written in five ways."""


@dataclass(frozen=True)
class Made:
    """A layer by its style and its pieces."""

    style: str
    changes: dict[str, str] = field(default_factory=dict)
    axes: str = "0"

    def factory(self) -> Any:
        pieces = RIGHT | self.changes
        text = STYLES[self.style]
        indent = next(line for line in text.splitlines() if line.strip() == "BODY")[:-4]
        body = "\n".join(indent + line for line in BODY.strip().splitlines())
        text = text.replace(f"{indent}BODY", body)
        for name, piece in pieces.items():
            text = text.replace("{" + name + "}", piece)
        names: dict[str, Any] = {"np": np, "dataclass": dataclass, "field": field}
        exec(text.replace("AXES", self.axes), names)
        return names["Layer"]


def wrong(rng: random.Random, axes: str = "0") -> Made:
    """A layer with one to three mistakes."""
    chosen = rng.sample(sorted(CHANGES), rng.choice([1, 1, 1, 2, 2, 3]))
    changes = {name: rng.choice(CHANGES[name]) for name in chosen}
    if rng.random() < 0.4:  # most students have one root and one affine map for both modes
        for kind in ("root", "affine"):
            for one, other in (("train", "infer"), ("infer", "train")):
                if f"{one} {kind}" in changes:
                    changes[f"{other} {kind}"] = changes[f"{one} {kind}"]
    return Made(rng.choice(sorted(STYLES)), changes, axes)


def right(rng: random.Random, axes: str = "0") -> Made:
    """A layer rewritten."""
    chosen = rng.sample(sorted(SAME), rng.randint(1, len(SAME)))
    return Made(rng.choice(sorted(STYLES)), {n: rng.choice(SAME[n]) for n in chosen}, axes)
