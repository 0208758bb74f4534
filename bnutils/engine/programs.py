"""Programs that one arm after the other trains with: compiling takes longer than many trainings.

Rates and weight decay are inputs of a program and initial weights are values of its variables. So
arms that differ in nothing else can share it, one after the other. Two threads never do: each
borrows a program, and gives it back.
"""

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar, cast

from bnutils.models.chain import computing, shortcuts

T = TypeVar("T")
KEPT_BYTES = 64 * 2**20  # weights and all of programs that nobody uses at the moment
FREE = ("name", "seed")  # settings of a layer that its program does not hang on
START = "_initializer"  # how the names of those end that only decide where weights begin


class Shelf:
    """Programs that are not in use, the one put there last at the end."""

    def __init__(self) -> None:
        self._lock, self._openings = Lock(), 0
        self._idle: list[tuple[Hashable, int, Any]] = []

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep programs until the last of those who opened the shelf is done."""
        with self._lock:
            self._openings += 1
        try:
            yield
        finally:
            with self._lock:
                self._openings -= 1
                self._make_room()

    @contextmanager
    def borrowed(self, key: Hashable, size: int, make: Callable[[], T]) -> Iterator[T]:
        """Take what was made for this key and is not in use, or else make it.

        What an exception ends is not put back: nobody knows its state.

        Parameters
        ----------
        key : hashable
            Of what can stand for each other.
        size : int
            Bytes that it takes while it is kept.
        make : callable
            Returns a new one.
        """
        found = self._taken(key)
        made = make() if found is None else cast(T, found)
        yield made
        with self._lock:
            self._idle.append((key, size, made))
            self._make_room()

    def _taken(self, key: Hashable) -> Any:
        """One that was made for this key, no longer on the shelf; None if there is none."""
        with self._lock:
            places = [place for place, (kept, *_) in enumerate(self._idle) if kept == key]
            return self._idle.pop(places[-1])[-1] if places else None

    def _make_room(self) -> None:
        """Forget what lies there longest, until the rest is small enough; all, if it is closed."""
        room = KEPT_BYTES if self._openings else -1
        while self._idle and sum(size for _, size, _ in self._idle) > room:
            del self._idle[0]


SHELF = Shelf()


def structure(model: Any) -> str:
    """Return all of a chain of Keras layers that its program hangs on, as text.

    That is everything but names, seeds, and where its weights begin.
    """
    layers = computing(model)
    told = [[_layer(layer) for layer in layers], shortcuts(layers)]
    return json.dumps(told, sort_keys=True, default=repr)


def _layer(layer: Any) -> list[Any]:
    settings = layer.get_config().items()
    own = {name: one for name, one in settings if name not in FREE and not name.endswith(START)}
    weights = [[weight.name, weight.shape, weight.trainable] for weight in layer.weights]
    return [type(layer).__name__, own, _shapes(layer.input), layer.output.shape, weights]


def _shapes(inputs: Any) -> list[Any]:
    """Of what a layer takes: one, or several."""
    return [part.shape for part in (inputs if isinstance(inputs, list | tuple) else [inputs])]
