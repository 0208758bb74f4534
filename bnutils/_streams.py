"""Random numbers that belong to a seed, whatever it is grouped with, and the order of work.

The data order and the dropout masks of a seed depend on the seed and the epoch alone: not on
the arm, the batch size, or the other seeds that are trained at the same time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

CHUNK_BYTES = 64 * 2**20  # data order and dropout masks are drawn for so many bytes at a time
LEVELS = 2**16  # dropout decides by 16 random bits a unit
MaskShapes = Sequence[tuple[float, tuple[int, ...]]]  # (rate, shape of one example)


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


@dataclass(frozen=True)
class Piece:
    """Steps that are run in one go, all in one epoch and of one batch size.

    Attributes
    ----------
    epoch, start : int
        Where the piece begins: the epoch, and the number of its examples seen before.
    steps, batch_size : int
        How many steps, and the examples of each.
    done : int
        Number of updates when the piece is done.
    """

    epoch: int
    start: int
    steps: int
    batch_size: int
    done: int


def plan(examples: int, batch_size: int, stops: Sequence[int], most: int) -> list[Piece]:
    """Cut a training into pieces that end at every stop, at the last of ``stops`` for good.

    Parameters
    ----------
    examples, batch_size : int
        The last batch of an epoch holds what is left, as in ``model.fit``.
    stops : sequence of int
        Numbers of updates, rising, at which a piece must end.
    most : int
        Most steps in a piece.
    """
    pieces, epoch, start, done = [], 0, 0, 0
    for stop in stops:
        while done < stop:
            full = (examples - start) // batch_size
            steps, size = (min(full, stop - done, most), batch_size) if full else (1, 0)
            size = size or examples - start
            done += steps
            pieces.append(Piece(epoch, start, steps, size, done))
            start += steps * size
            if start == examples:
                epoch, start = epoch + 1, 0
    return pieces


def most_steps(replicas: int, batch_size: int, mask_shapes: MaskShapes) -> int:
    """How many steps' data order and dropout masks fit into CHUNK_BYTES."""
    units = sum(int(np.prod(shape)) for _, shape in mask_shapes)
    order_bytes = np.dtype(np.int32).itemsize
    return max(1, CHUNK_BYTES // (replicas * batch_size * (units + order_bytes)))


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
    epoch = -1
    for piece in pieces:
        if piece.epoch != epoch:
            epoch = piece.epoch
            orders = np.stack([stream.order(epoch, examples) for stream in streams])
            sources = [[stream.bits(epoch, layer) for stream in streams] for layer in layers]
        rows = orders[:, piece.start : piece.start + piece.steps * piece.batch_size]
        order = rows.reshape(len(seeds), piece.steps, piece.batch_size).swapaxes(0, 1)
        masks = [
            np.stack([_masks(bits, rate, (*order.shape[::2], *shape)) for bits in source], axis=1)
            for source, (rate, shape) in zip(sources, mask_shapes, strict=True)
        ]
        yield piece, order, masks


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
