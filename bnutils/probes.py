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
``"saturation"``                       of a tanh or a sigmoid
``saturated outputs/<layer>``          share of the outputs where its slope is below a tenth of
                                       its largest, in [0, 1]
``saturated units/<layer>``            share of the units for which that is so in every example
``"rank"``                             of what a layer puts out, A: examples by units
``stable rank/<layer>``                ``||A||^2 / s^2``, with s the largest singular value
``centred stable rank/<layer>``        the same of A minus each unit's mean
``"input shift"``                      by which the last update moved what a layer with weights
                                       gets: means m, standard deviations s; m', s' before it
``input mean shift/<layer>``           mean over units of abs(m - m') / s'
``input sd shift/<layer>``             mean over units of abs(ln(s / s'))
``"gradient shift"``                   with G the gradient of a layer with a kernel, and G' the
                                       same after all layers before it have taken a step
``gradient shift/<layer>``             ``||G' - G||``
``relative gradient shift/<layer>``    the same over ``||G||``
``gradient cosine/<layer>``            <G', G> / (``||G'|| ||G||``)
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

An output is *saturated* where the activation is flat: that of a tanh, y, where 1 - y^2 < 0.1, so
abs(y) > 0.95; that of a sigmoid where 4 y (1 - y) < 0.1, so y < 0.026 or y > 0.974. Of other
activations there is no such reading: ReLU is flat on one side only, where ``zero outputs`` counts.
How much of a gradient comes through does not follow from the share alone: the weights have their
part in it.

The *stable rank* lies between 1 and the rank, and tells what the rank does not: whether there is
more than one direction to speak of where all others are small, but not zero. Daneshmand et al.
(2020), "Batch normalization provably avoids ranks collapse for randomly initialised deep networks",
speak of a layer's outputs as they are, seen from zero: where all are multiples of one, it is 1.
But seen from zero, outputs of ReLU lie in the direction of their mean, even where no two units have
anything in common: of standard normal numbers a share of 1/pi of ``||A||^2`` is that of the mean,
and the stable rank of a large A is no more than pi. *Centred*, that is seen from the mean, it says
in how many directions examples differ; behind a batch normalisation without beta the two are one.
In a convolutional layer each position is a row of A. Where A is zero it is NaN. Each of the two
takes the eigenvalues of a matrix with as many rows as there are units (or rows of A, if fewer).

**Covariate shift has two senses.** In that of Ioffe and Szegedy (2015), "Batch normalization:
accelerating deep network training by reducing internal covariate shift", the distribution of a
layer's inputs changes because the layers before it do. That is the *input shift*: here of each
unit's first two moments, from just before the last update to just after it. Units that do not vary,
before or after (by more than a millionth of their mean: the rest is rounding), are left out; it is
NaN where none is left, and before the first update. Data do not shift: they have 0. Where a signal
dies out, its spread is next to nothing, and a shift in units of it is large. Right behind a batch
normalisation the moments are those that gamma and beta say, whatever the layers before it do: a
small shift there is a definition, and no finding.

Santurkar et al. (2018), definition 2.1, ask what this does to learning: how far the steps of the
layers before it change the gradient of a layer. That is the *gradient shift*. G is of all weights
of the layer that learn; G' is taken where all layers before it, normalisations too, have become
w - lr g, and the others are what they were. This is a plain step on the probes' examples, with the
learning rate of the update that comes next: the one that SGD would take on this batch. Momentum,
Adam and weight decay take others. It is computed beside the network, which stays as it is. The
first layer that learns has nothing before it, and no such reading. Before a normalisation the
length of a gradient depends on that of the kernel: compare ``relative gradient shift``, or the
cosine.

**What it costs.** One reading takes the passes over ``examples`` that :meth:`Probes.passes`
counts. A backward pass takes about as long as two forward passes, so with F forward and B
backward passes the arithmetic of training grows by about

    (F + 2 B) examples / (3 batch_size every).

For the usual statistics at their defaults F = 9, B = 2 and a batch of 32 that is 1.7: training with
probes takes nearly three times the arithmetic. Read less often, or on fewer examples, for less.
The angle takes no pass, but a training that reads it stops one update before each reading too, and
copies all kernels: two pieces where there was one. So does one that reads the input shift, which
takes a forward pass in each of the two moments. The gradient shift takes a forward and a backward
pass for each layer with a kernel but the first: with 10 of them, and nothing else read, F = B = 10.
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
STATISTICS = (*USUAL, "angle", "saturation", "rank", "input shift", "gradient shift")
OF_OUTPUTS = ("activations", "saturation", "rank")  # need a forward pass
OF_GRADIENTS = ("gradients", "landscape", "gradient shift")  # need a backward pass too
OF_TWO_MOMENTS = ("angle", "input shift")  # compare with one update before
LITTLE = 0.1  # of the largest slope of an activation: where it is flatter, it is saturated
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
    statistics : one or more of {"activations", "gradients", "landscape", "rate", "angle", \
"saturation", "rank", "input shift", "gradient shift"}
        The first four by default.
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
        compares = not set(OF_TWO_MOMENTS).isdisjoint(self.statistics)
        times = self.times(updates) if compares else ()
        return tuple(time - 1 for time in times if time)

    def passes(self, kernels: int = 1) -> tuple[int, int]:
        """Return how many forward and backward passes one reading takes.

        Parameters
        ----------
        kernels : int
            How many layers with a kernel the network has, all of which learn: only the gradient
            shift asks.
        """
        more, asked = at_least("kernels", kernels, 1, LONGEST) - 1, set(self.statistics)
        backward = int(not asked.isdisjoint(OF_GRADIENTS))
        forward = max(backward, int(not asked.isdisjoint(OF_OUTPUTS)))
        extra = {
            "landscape": (len(self.lengths or ()), 1),
            "gradient shift": (more, more),
            "input shift": (2, 0),
        }
        added = [passes for statistic, passes in extra.items() if statistic in asked]
        return forward + sum(f for f, _ in added), backward + sum(b for _, b in added)

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
