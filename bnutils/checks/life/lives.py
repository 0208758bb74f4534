"""The lives that a layer is judged by."""

from dataclasses import replace

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.life.script import Life, Setting, Step, batch, pair

Grid = tuple[int, ...]
FIRST, SECOND, SMALL = Setting(4, 0.8, 0.1), Setting(3, 0.6, 0.02), Setting(4, 0.7, 1e-7)
UPDATES = 60

TURNS = (
    # layer, training, examples
    (0, True, 6), (0, False, 6), (1, True, 6), (0, False, 1), (1, False, 1), (0, True, 1),
    (0, False, 6), (0, False, 6), (0, True, 9), (1, True, 6), (0, True, 6), (0, False, 1),
    (0, True, 300), (0, False, 300), (0, True, 2), (0, False, 2), (1, True, 6), (1, False, 1),
    (0, True, 9), (1, False, 6), (0, False, 6), (1, False, 1),
)  # fmt: skip
"""Few sizes, and the same ones in all lives: JAX compiles for each anew, and for each number of
features; Flax' modules are compiled for each momentum and epsilon, too. So the second layer, which
has others, has two sizes alone."""

NEW_PAIR = 10
"""At this step of TURNS, and at those where a layer is called first, gamma and beta are set."""


def ordinary(grid: Grid = ()) -> tuple[Life, ...]:
    """Return the lives of layers in their ordinary course.

    Parameters
    ----------
    grid : tuple of int, optional
        Height and width, of images.
    """
    return (new(grid), one_more(grid), turns(grid), many(grid), small(grid))


def new(grid: Grid) -> Life:
    """A layer that has seen nothing, as it was made."""
    steps = [Step(False, batch(seed, n, 4, grid)) for seed, n in ((1, 6), (2, 1))]
    return Life("a new layer", (FIRST,), tuple(steps))


def one_more(grid: Grid) -> Life:
    """The first batch, gamma and beta as they were made."""
    return Life("a first batch", (FIRST,), (Step(True, batch(3, 6, 4, grid)),))


def turns(grid: Grid) -> Life:
    """Two layers that take turns, with random gamma and beta."""
    steps: list[Step] = []
    for index, (layer, training, examples) in enumerate(TURNS):
        features = (FIRST, SECOND)[layer].features
        first = layer not in [one.layer for one in steps]
        affine = pair(10 + index, features) if first or index == NEW_PAIR else None
        steps.append(Step(training, batch(20 + index, examples, features, grid), layer, affine))
    return Life("two layers in turn", (FIRST, SECOND), tuple(steps))


def many(grid: Grid) -> Life:
    """A layer in the long run, looked at now and then."""
    steps = [Step(True, batch(99, 6, 4, grid), affine=pair(50, 4))]
    for index in range(1, UPDATES):
        steps.append(Step(True, batch(100 + index, (6, 9, 2)[index % 3], 4, grid)))
        if index % 4 == 0:
            steps.append(Step(False, batch(200 + index, (1, 2)[index // 4 % 2], 4, grid)))
    return Life("many updates", (FIRST,), tuple(steps))


def small(grid: Grid) -> Life:
    """Small numbers and a smaller epsilon, where a constant of one's own shows."""
    first, second = (1e-3 * batch(60 + index, 6, 4, grid) for index in range(2))
    steps = (Step(True, first, affine=pair(61, 4)), Step(True, second), Step(False, first))
    return Life("small numbers", (SMALL,), steps)


def alike(x: Array) -> Life:
    """Two layers of the same size, one trained: the other is still as it was made."""
    steps = (Step(True, x, 0), Step(False, x, 1))
    return Life("two layers of one size", (FIRST, FIRST), steps, blame="shared-state")


def special(grid: Grid) -> tuple[Life, ...]:
    """One change each: what is wrong here only has its own blame."""
    plain = batch(70, 6, 4, grid)
    return (
        alike(plain),
        _of("a constant feature", _constant(plain), blame="fails-on-constant-feature"),
        _of("a large mean", 1e8 + batch(71, 9, 4, grid), blame="cancelling-variance",
            tolerance=1e-4, needs_float64=True),
        _of("a large mean in float32",
            (1e4 + 0.1 * batch(72, 9, 4, grid)).astype(np.float32),
            blame="cancelling-variance", tolerance=0.05, may_refuse=True),
        _of("a batch of integers", np.round(3 * plain).astype(int), blame="integer-input",
            may_refuse=True),
        replace(_of("training passed by position", plain, blame="wrong-signature",
            may_refuse=True), steps=(Step(True, plain, by_position=True),
            Step(False, plain, by_position=True))),
    )  # fmt: skip


def _of(name: str, x: Array, **options: object) -> Life:
    life = Life(name, (FIRST,), (Step(True, x), Step(False, x)))
    return replace(life, **options)  # type: ignore[arg-type]


def _constant(x: Array) -> Array:
    changed = x.copy()
    changed[..., 0] = 3.0
    return changed
