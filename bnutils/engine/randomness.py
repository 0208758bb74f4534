"""Random numbers that belong to a seed, whatever it is grouped with.

The data order and the dropout masks of a seed depend on the seed and the epoch alone: not on
the arm, the batch size, or the other seeds that are trained at the same time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import numpy as np

from bnutils.engine.schedule import MaskShapes, Piece

LEVELS = 2**16  # dropout decides by 16 random bits a unit


@dataclass(frozen=True)
class Stream:
    """The random numbers of one seed: they depend on nothing but the seed and the epoch."""

    seed: int

    def order(self, epoch: int, examples: int) -> np.ndarray:
        """The order in which the training examples are seen in an epoch, int32."""
        rng = np.random.default_rng([self.seed, epoch, 0])
        return rng.permutation(examples).astype(np.int32)

    def bits(self, epoch: int, layer: int) -> np.random.BitGenerator:
        """Where the dropout masks of a layer come from in an epoch."""
        return np.random.PCG64([self.seed, epoch, 1, layer])


def draws(
    seeds: Sequence[int], pieces: Sequence[Piece], examples: int, mask_shapes: MaskShapes
) -> Iterator[tuple[Piece, np.ndarray, list[np.ndarray]]]:
    """Draw what each piece needs: the examples of each step, and which units stay.

    Yields
    ------
    piece, order, masks
        ``order`` has shape ``(steps, R, batch)``; ``masks`` has, for each dropout layer, an
        array of shape ``(steps, R, batch, ...)``, true where a unit stays.
    """
    streams, layers = [Stream(seed) for seed in seeds], range(len(mask_shapes))
    for epoch, within in groupby(pieces, key=attrgetter("epoch")):
        orders = np.stack([stream.order(epoch, examples) for stream in streams])
        sources = [[stream.bits(epoch, layer) for stream in streams] for layer in layers]
        for piece in within:
            rows = orders[:, piece.start : piece.start + piece.examples]
            order = rows.reshape(len(seeds), piece.steps, piece.batch_size).swapaxes(0, 1)
            yield piece, order, _all_masks(sources, order.shape[::2], mask_shapes)


def _all_masks(
    sources: Sequence[Sequence[np.random.BitGenerator]],
    steps: tuple[int, ...],
    mask_shapes: MaskShapes,
) -> list[np.ndarray]:
    """The masks of each layer, the seeds on the second axis; ``steps`` is (steps, batch)."""
    return [
        np.stack([_masks(bits, rate, (*steps, *shape)) for bits in source], axis=1)
        for source, (rate, shape) in zip(sources, mask_shapes, strict=True)
    ]


def _masks(bits: np.random.BitGenerator, rate: float, shape: tuple[int, ...]) -> np.ndarray:
    """One replica's masks, shape (steps, batch, ...), from whole random words an example.

    An example's mask is then the same whatever the batches are. A unit is dropped if its 16
    bits are below ``rate`` of their range.
    """
    units = int(np.prod(shape[2:]))
    words = -(-units // 4)  # four units a word of 64 bits
    raw = bits.random_raw(shape[0] * shape[1] * words).astype("<u8", copy=False)
    levels = raw.view("<u2").reshape(-1, 4 * words)[:, :units]
    return (levels >= round(rate * LEVELS)).reshape(shape)
