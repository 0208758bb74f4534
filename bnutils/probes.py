"""What happens inside a network while it trains.

``compare(..., probes=Probes())`` reads every network on the way, on a fixed batch: the first
``examples`` of the training split, the same for all seeds and arms. ``result.readings()`` is
the table of what was read, one row for each arm, seed, update, ``statistic`` and ``where``.

A reading sees the network as a step of training would, except that dropout is off:
normalisation takes its statistics from the batch. It changes nothing: not the weights, not
the moving statistics, not what the optimiser remembers. A training with probes takes the same
path as one without.

The loss L is the mean over the batch, g its gradient, ||.|| the Euclidean norm over all
entries, lr the learning rate. A place such as ``"dense 2"`` is the second layer of its kind,
so that it is called the same in an arm with more layers of another kind in between. A unit is
an entry of the last axis: in a convolutional layer a channel, over batch and positions, as
batch normalisation sees it.

=====================================  =========================================================
``"activations"``                      of what a layer puts out
=====================================  =========================================================
``activation mean/<layer>``            mean over units of each unit's mean
``activation sd/<layer>``              mean over units of each unit's standard deviation
``zero outputs/<layer>``               share of the outputs that are exactly 0, in [0, 1]
``dead units/<layer>``                 share of the units that are 0 for every example
``"gradients"``
``<weight> gradient/<layer>``          ``||dL/dw||`` for the kernel, bias, gamma or beta w
``input gradient/<layer>``             ``||dL/dx||`` for the input x of a layer with weights
``"landscape"``
``loss along gradient/<length>``       L after the step of that length; ``0.0`` is no step
``loss range/network``                 largest minus smallest of these losses
``gradient norm/network``              ``||g||`` over all trainable weights
``gradient change/network``            ``||g' - g||``, with g' after the longest step
``relative gradient change/network``   the same over ``||g||``
``"rate"``
``kernel norm/<layer>``                ``||W||``
``effective rate/<layer>``             lr / ``||W||^2`` (see below)
``"angle"``
``angle/<layer>``                      by which the last update turned W, in radians:
                                       arccos(<W', W> / (``||W'|| ||W||``)), W' before it
=====================================  =========================================================

Loss range and gradient change follow Santurkar et al. (2018), "How does batch normalization
help optimization?". The effective rate is that of van Laarhoven (2017), "L2 regularization
versus batch and weight normalization": where a normalisation follows, only the direction of W
matters, and a step of gradient descent turns it by an angle in proportion to lr / ||W||^2. It is
read for every kernel, so that arms can be compared; for others it has no such meaning. Where the
learning rate changes, lr is that of the update that comes next, which begins at this W.

The angle is that of Wan et al. (2021), "Spherical motion dynamics". Where only the direction of W
matters, the gradient stands at right angles to it: a step of SGD makes ``||W||^2`` longer by
``lr^2 ||g||^2``, and weight decay shorter by about 2 lr decay ``||W||^2``. Where the two balance,
lr ``||g||`` / ``||W||``, which is nearly the angle, is sqrt(2 lr decay), whatever the loss. It is
computed as :func:`bnutils.engine.angles.angles` says, of weights in float32: below about 1e-7 it is
rounding. Before the first update it is NaN. Other optimisers than plain SGD turn by other angles.

**What it costs.** One reading takes the passes over ``examples`` that :meth:`Probes.passes`
counts. A backward pass takes about as long as two forward passes, so with F forward and B
backward passes the arithmetic of training grows by about

    (F + 2 B) examples / (3 batch_size every).

For all statistics at their defaults F = 9, B = 2 and a batch of 32 that is 1.7: training with
probes takes nearly three times the arithmetic. Read less often, or on fewer examples, for less.
The angle takes no pass, but a training that reads it stops one update before each reading too, and
copies all kernels: two pieces where there was one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from bnutils.datasets import Dataset
from bnutils.runs import LONGEST
from bnutils.utils.scalars import plain, real
from bnutils.utils.validation import at_least, flag, instance, one_of, settle, several
from bnutils.utils.wording import shown

USUAL = ("activations", "gradients", "landscape", "rate")
STATISTICS = (*USUAL, "angle")
LENGTHS = tuple(2.0**power for power in range(-2, 6))  # learning rates
SHARES = tuple(2.0**power for power in range(-9, -1))  # of a weight's norm


@dataclass(frozen=True)
class Probes:
    """What to read inside the networks, how often, and on how many examples.

    Parameters
    ----------
    every : int
        Updates between two readings; the first is taken before training.
    examples : int
        Size of the batch on which they are taken, at least 2.
    statistics : one or more of {"activations", "gradients", "landscape", "rate", "angle"}
        All but the angle by default.
    lengths : one or more float, optional
        Rising lengths s of the steps along the gradient, in learning rates: each weight w
        becomes w - s lr g. By default eight powers of two, 1/4 to 32.
    normalised : bool
        Whether a step is measured against the weight that takes it: each weight tensor w with
        gradient g becomes w - s ||w|| g / ||g||, and by default s goes from 1/512 to 1/4.
        Such a step does not depend on the scale of kernels before a normalisation. A weight
        that is zero, as biases are at first, stays so.

    Raises
    ------
    ValueError
        If a value is out of range, or a statistic is unknown.
    TypeError
        If a count is not a whole number, or ``normalised`` neither True nor False.
    """

    every: int = 20
    examples: int = 256
    statistics: tuple[str, ...] = USUAL
    lengths: tuple[float, ...] | None = None
    normalised: bool = False

    def __post_init__(self) -> None:
        normalised = flag("normalised", self.normalised)
        usual = SHARES if normalised else LENGTHS
        settle(  # equal probes print alike: results are filed under what they print
            self,
            every=at_least("every", self.every, 1),
            examples=at_least("examples", self.examples, 2),
            statistics=_statistics(self.statistics),
            lengths=usual if self.lengths is None else _lengths(self.lengths),
            normalised=normalised,
        )

    def times(self, updates: int) -> tuple[int, ...]:
        """Return the numbers of updates, up to ``updates``, after which to read; 0 is the first."""
        last = at_least("updates", updates, 0, LONGEST)
        return tuple(range(0, last + 1, self.every))

    def eves(self, updates: int) -> tuple[int, ...]:
        """Return the numbers of updates, one before a reading, at which it needs the weights."""
        times = self.times(updates) if "angle" in self.statistics else ()
        return tuple(time - 1 for time in times if time)

    def passes(self) -> tuple[int, int]:
        """Return how many forward and backward passes one reading takes."""
        if "landscape" in self.statistics:
            return 1 + len(self.lengths or ()), 2
        backward = int("gradients" in self.statistics)
        return max(backward, int("activations" in self.statistics)), backward

    def batch(self, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
        """Return the images and labels on which readings are taken.

        Raises
        ------
        ValueError
            If the training split has too few examples.
        """
        data = instance("data", data, Dataset, "from bnutils.load(...)")
        if self.examples > len(data.x_train):
            raise ValueError(
                f"The probes' examples must be at most {len(data.x_train)}, the size of the "
                f"training split of {data.name}; received {self.examples}. Take more data or "
                f"Probes(examples={len(data.x_train)})."
            )
        return data.x_train[: self.examples], data.y_train[: self.examples]


def _statistics(names: str | Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of STATISTICS."""
    single = isinstance(plain(names), str)
    given = [plain(names)] if single else several("statistics", names, f"of {STATISTICS}")
    chosen = [one_of("every entry of statistics", name, STATISTICS) for name in given]
    if not chosen:
        raise ValueError(f"statistics must name at least one of {STATISTICS}; received none.")
    return tuple(name for name in STATISTICS if name in chosen)


def _lengths(lengths: float | Iterable[float]) -> tuple[float, ...]:
    """The lengths as floats, checked."""
    alone = not isinstance(plain(lengths), Iterable)
    numbers = [real(value) for value in ([lengths] if alone else several("lengths", lengths))]
    if not (numbers and _rises(0, *numbers, inf)):
        raise ValueError(
            "lengths must be one or more positive, finite, rising numbers, such as "
            f"(0.5, 1, 2, 4); received {shown(lengths)}."
        )
    return tuple(numbers)


def _rises(*values: float) -> bool:
    return all(earlier < later for earlier, later in pairwise(values))
