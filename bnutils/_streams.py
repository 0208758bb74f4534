"""Random numbers that belong to a seed, whatever it is grouped with, and the order of work.

The data order and the dropout masks of a seed depend on the seed and the epoch alone: not on
the arm, the batch size, or the other seeds that are trained at the same time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

CHUNK_BYTES = 64 * 2**20  # dropout masks are drawn for so many bytes of steps at a time


@dataclass(frozen=True)
class Stream:
    """The random numbers of one seed: they depend on nothing but the seed and the epoch."""

    seed: int

    def order(self, epoch: int, examples: int) -> np.ndarray:
        """The order in which the training examples are seen in an epoch."""
        return np.random.default_rng([self.seed, epoch, 0]).permutation(examples)

    def masks(self, epoch: int, layer: int) -> np.random.Generator:
        """Where the dropout masks of a layer come from in an epoch."""
        return np.random.default_rng([self.seed, epoch, 1, layer])


def chunks(
    seeds: Sequence[int],
    examples: int,
    batch_size: int,
    mask_shapes: Sequence[tuple[float, tuple[int, ...]]],
    stops: Sequence[int],
) -> Iterator[tuple[int, np.ndarray, list[np.ndarray]]]:
    """Yield what :meth:`Replicas.run` needs, in pieces of bounded size.

    Parameters
    ----------
    seeds : sequence of int
        One for each replica.
    examples, batch_size : int
        The last batch of an epoch holds what is left, as in ``model.fit``.
    mask_shapes : sequence of (rate, shape)
        See :meth:`Replicas.mask_shapes`.
    stops : sequence of int
        Numbers of updates, rising, at which a piece must end; the last ends it all.

    Yields
    ------
    done, order, masks
        The number of updates when the piece is done, and its arguments.
    """
    streams = [Stream(seed) for seed in seeds]
    unit_bytes = sum(int(np.prod(shape)) for _, shape in mask_shapes) * len(seeds) * batch_size
    most = max(1, CHUNK_BYTES // max(unit_bytes, 1))
    per_epoch = -(-examples // batch_size)
    done = epoch = 0
    while done < stops[-1]:
        order = np.stack([stream.order(epoch, examples) for stream in streams])
        sources = [
            [stream.masks(epoch, layer) for stream in streams] for layer in range(len(mask_shapes))
        ]
        start = 0
        while start < examples and done < stops[-1]:
            steps, size = _piece(start, examples, batch_size, _until(stops, done), most)
            rows = order[:, start : start + steps * size]
            pieces = rows.reshape(len(seeds), steps, size).swapaxes(0, 1)
            masks = [
                _draw(source, rate, (steps, size, *shape))
                for source, (rate, shape) in zip(sources, mask_shapes, strict=True)
            ]
            start, done = start + steps * size, done + steps
            yield done, pieces, masks
        epoch += 1
        if done < epoch * per_epoch:
            return


def _until(stops: Sequence[int], done: int) -> int:
    return next(stop for stop in stops if stop > done) - done


def _piece(start: int, examples: int, batch_size: int, until: int, most: int) -> tuple[int, int]:
    """Number of steps and batch size of the next piece: full batches first, then the rest."""
    full = (examples - start) // batch_size
    return (min(full, until, most), batch_size) if full else (1, examples - start)


def _draw(
    generators: Sequence[np.random.Generator], rate: float, shape: tuple[int, ...]
) -> np.ndarray:
    """Masks of shape (steps, R, batch, ...); each replica draws from its own generator."""
    drawn = [rng.random(shape, dtype=np.float32) >= rate for rng in generators]
    return np.stack(drawn, axis=1)
