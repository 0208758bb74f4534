"""Lives that no check has seen, to try formulas on."""

import warnings

import numpy as np

from bnutils.checks.life.judgement import error, reproduces
from bnutils.checks.life.living import live
from bnutils.checks.life.rules import lived_by
from bnutils.checks.life.script import Life, Setting, Step, batch, pair

CALLS = (
    # training, examples
    (0, 3), (1, 5), (0, 4), (1, 8), (1, 1), (0, 1), (1, 11), (1, 25), (0, 30), (1, 2), (0, 6),
    (1, 7), (1, 9), (1, 4), (0, 2), (0, 3), (1, 6), (0, 8),
)  # fmt: skip


def life(grid=()):
    steps = [
        Step(bool(training), batch(7000 + i, n, 3, grid), affine=None if i else pair(7000, 3))
        for i, (training, n) in enumerate(CALLS)
    ]
    return Life("fresh", (Setting(3, 0.75, 0.07),), tuple(steps))


def reproduced(factory, formulas, grid=(), kept=1e-6):
    """Whether the formulas give what the layers give, on data that are new to both."""
    script = life(grid)
    lived = live(factory, script)
    assert lived.outputs is not None, lived.mistakes
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        due = lived_by(formulas, script, lived.parameters)
    return all(reproduces(y, d, kept) for y, d in zip(lived.outputs, due, strict=True))


def is_right(factory, right, grid=()):
    """Whether layers give what right ones give: a change may change nothing."""
    script = life(grid)
    outputs = [live(one, script).outputs for one in (factory, right)]
    if None in outputs:
        return False
    return all(error(y, d) < 1e-9 for y, d in zip(*outputs, strict=True))
