"""The order of work: a training cut into pieces that are run in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CHUNK_BYTES = 16 * 2**20  # data order and dropout masks are drawn for so many bytes at a time
MaskShapes = Sequence[tuple[float, tuple[int, ...]]]  # (rate, shape of one example)


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

    @property
    def examples(self) -> int:
        """How many examples each network sees."""
        return self.steps * self.batch_size


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
            steps, size = min(full, stop - done, most), batch_size
            if not full:
                steps, size = 1, examples - start
            done += steps
            pieces.append(Piece(epoch, start, steps, size, done))
            start += steps * size
            if start == examples:
                epoch, start = epoch + 1, 0
    return pieces


def most_steps(networks: int, batch_size: int, mask_shapes: MaskShapes) -> int:
    """How many steps' data order and dropout masks fit into CHUNK_BYTES."""
    units = sum(int(np.prod(shape)) for _, shape in mask_shapes)
    order_bytes = np.dtype(np.int32).itemsize
    return max(1, CHUNK_BYTES // (networks * batch_size * (units + order_bytes)))
