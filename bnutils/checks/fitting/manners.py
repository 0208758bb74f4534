"""The manners in which functions are written, and what each wants to be called with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bnutils.checks.calls.calling import Function, Shape
from bnutils.checks.fitting.frameworks import ARRAYS, arrays_of, loaded
from bnutils.checks.fitting.results import by_key, squeezed
from bnutils.checks.fitting.transforms import (
    channels_first,
    features_first,
    in_tensors,
    row_vectors,
    without_gradients,
)

_LIBRARIES = {"torch": "PyTorch's tensors", "jax": "JAX's arrays", "tensorflow": "tensors"}
_BY_KEY = "The results were taken from a dictionary by their names."
_SQUEEZED = "Vectors came back with an axis of length 1, or behind another result; it was left out."
_ROWS = (row_vectors, "Vectors were given as rows, (1, D).")
_COLUMNS = (features_first, "The batch was given as (D, N), and vectors as columns, (D, 1).")
_CHANNELS = (channels_first, "Images were given as (N, C, H, W), channels first.")
_LAYOUTS = {0: (_ROWS,), 2: (_ROWS, _COLUMNS), 4: (_CHANNELS, _ROWS)}
"""How arrays may be laid out, by the number of axes of x, 0 if there is none."""


@dataclass(frozen=True)
class Manner:
    """One way to call a function.

    Attributes
    ----------
    function : callable
        With the exercise's arguments.
    remarks : tuple of str
        What is changed, for the report.
    adapter : str
        The public adapter that lays the arrays out so; empty if none does.
    """

    function: Function
    remarks: tuple[str, ...] = ()
    adapter: str = ""


def arrays(function: Function, written: Function, infers: bool = False) -> Iterator[Manner]:
    """Yield the function with the arrays of NumPy, and of each framework that may be meant.

    Parameters
    ----------
    function : callable
        With the exercise's arguments.
    written : callable
        The student's own, whose code tells the framework.
    infers : bool
        Whether it is called for inference, without gradients.
    """
    own = arrays_of(written)
    meant = [own] if own else [name for name in ARRAYS if loaded(name)]
    tensors = [
        _in_tensors(without_gradients(function) if infers else function, name, precise)
        for name in meant
        for precise in (True, False)
    ]
    first, then = ([], tensors) if own in ("", "tensorflow") else (tensors, [])
    yield from (*first, Manner(function), *then)


def layouts(manner: Manner, axes: int) -> Iterator[Manner]:
    """Yield the function with its arrays laid out otherwise; x has so many axes."""
    for change, remark in _LAYOUTS.get(axes, ()):
        said = (*manner.remarks, remark)
        yield Manner(change(manner.function), said, change.__name__)


def layout(adapter: str) -> str:
    """Return in words how an adapter lays the arrays out."""
    return next(said for one, said in (_ROWS, _COLUMNS, _CHANNELS) if one.__name__ == adapter)


def returned(manner: Manner, names: Sequence[str], shapes: Sequence[Shape]) -> Iterator[Manner]:
    """Yield the function as it is, and with its results looked for in more places."""
    function, remarks = manner.function, manner.remarks
    keyed = by_key(function, names)
    yield manner
    yield replace(manner, function=keyed, remarks=(*remarks, _BY_KEY))
    yield replace(manner, function=squeezed(function, shapes), remarks=(*remarks, _SQUEEZED))
    said = (*remarks, _BY_KEY, _SQUEEZED)
    yield replace(manner, function=squeezed(keyed, shapes), remarks=said)


def _in_tensors(function: Function, name: str, precise: bool) -> Manner:
    kind = _LIBRARIES[name] + ("" if precise or name == "jax" else " of float32")
    return Manner(in_tensors(function, name, precise), (f"The arguments were given as {kind}.",))
