"""What people pass in: numbers in every dress, and things that are none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


class Nothing:
    """What an odd value means where it means nothing plain."""


@dataclass(frozen=True)
class Odd:
    """A value, made anew for each call, and the plain value that it means.

    A number in another dress means the number, several numbers in a row a tuple of them.
    """

    name: str
    make: Callable[[], Any]
    means: Any = Nothing


class Foreign:
    """An object of somebody else's."""


class Built:
    """As a Keras model that is built: it has weights, and a ``build`` of another kind."""

    name = "sequential"
    shape = (None, 3)

    def build(self, input_shape: Any = None) -> None:
        """As Keras has it."""

    def get_weights(self) -> list[Any]:
        """As Keras has it."""
        return []

    def __call__(self, x: Any) -> Any:
        return x


class Unconvertible:
    """As a tensor inside a graph: whatever is asked of it fails."""

    shape = (3,)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("no numbers here")

    def __len__(self) -> int:
        raise RuntimeError("no length here")

    def __iter__(self) -> Any:
        raise RuntimeError("no iterating here")

    def __bool__(self) -> bool:
        raise RuntimeError("neither true nor false")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    __hash__ = None  # type: ignore[assignment]


def dressed(number: float) -> list[Odd]:
    """The same number as Python and NumPy have it."""
    kinds: dict[str, Callable[[Any], Any]] = {
        "float": float, "float64": np.float64, "float32": np.float32, "0-d array": np.array,
        "0-d float32": lambda n: np.array(n, np.float32), "Fraction": Fraction,
    }  # fmt: skip
    if number == int(number):
        kinds |= {"int": int, "int64": np.int64, "int8": np.int8}
    return [
        Odd(f"{number} as {name}", lambda kind=kind: kind(number), number)
        for name, kind in kinds.items()
        if name != "Fraction" or number != int(number)
    ]


def in_rows(numbers: tuple[float, ...]) -> list[Odd]:
    """The same numbers in everything that can be gone through."""
    kinds: dict[str, Callable[[Any], Any]] = {
        "list": list, "tuple": tuple, "array": np.array, "Series": pd.Series, "Index": pd.Index,
        "generator": lambda ns: (n for n in ns), "dict's keys": lambda ns: dict.fromkeys(ns).keys(),
    }  # fmt: skip
    return [
        Odd(f"{numbers} as {name}", lambda kind=kind: kind(numbers), numbers)
        for name, kind in kinds.items()
    ]


def texts(*given: str) -> list[Odd]:
    """The same texts as Python and NumPy have them."""
    kinds: dict[str, Callable[[str], Any]] = {"str": str, "str_": np.str_, "0-d array": np.array}
    return [
        Odd(f"{text!r} as {name}", lambda kind=kind, text=text: kind(text), text)
        for text in given
        for name, kind in kinds.items()
    ]


def nothing(**made: Callable[[], Any]) -> list[Odd]:
    """Values that mean nothing plain."""
    return [Odd(name.replace("_", " "), make) for name, make in made.items()]


def _numbers() -> Iterable[Odd]:
    for number in (3, 0, -1, 0.5, 2.5, -0.5):
        yield from dressed(number)
    yield from (Odd(f"{number}", lambda n=number: n, number) for number in (1e9, 1e-300))
    for name in ("nan", "inf", "-inf"):
        yield Odd(name, lambda name=name: float(name))
        yield Odd(f"{name} as float16", lambda name=name: np.float16(name))
    yield Odd("an int beyond all floats", lambda: 10**400, 10**400)


ODD: tuple[Odd, ...] = (
    Odd("None", lambda: None, None),
    *_numbers(),
    *in_rows((3, 5)),
    *in_rows((0.25, 0.5)),
    Odd("twice the same", lambda: [3, 3], (3, 3)),
    Odd("a list with None", lambda: [3, None], (3, None)),
    *texts("abc", "3", ""),
    Odd("a folder without home", lambda: "~nosuchuser/abc", "~nosuchuser/abc"),
    Odd("a name with a zero", lambda: "a\0b", "a\0b"),
    *nothing(
        true=lambda: True,
        numpy_s_true=lambda: np.True_,
        bytes=lambda: b"3",
        complex=lambda: 3 + 0j,
        complex_0_d=lambda: np.array(3 + 0j),
        object_0_d=lambda: np.array(None, object),
        not_a_time=lambda: np.datetime64("NaT"),
        missing=lambda: pd.NA,
        a_list_of_nothing=list,
        an_array_of_nothing=lambda: np.array([]),
        a_set_of_text={"abc"}.copy,
        a_list_of_texts=lambda: ["abc", "b"],
        lists_in_a_list=lambda: [[3, 5], [7, 9]],
        a_ragged_list=lambda: [[3, 5], [7]],
        an_array_of_objects=lambda: np.array([3, Foreign()], object),
        complex_array=lambda: np.array([3j]),
        masked_array=lambda: np.ma.masked_array([3.0, 5.0], [True, False]),
        masked_value=lambda: np.ma.masked,
        nan_in_an_array=lambda: np.array([3.0, np.nan]),
        a_dict=lambda: {"a": 3},
        an_empty_dict=dict,
        a_dict_without_texts=lambda: {None: [3]},
        a_frame=lambda: pd.DataFrame({"a": [3.0, 5.0]}),
        an_object=Foreign,
        a_class=lambda: Foreign,
        a_function=lambda: lambda *_: None,
        a_built_model=Built,
        what_cannot_be_converted=Unconvertible,
        ellipsis=lambda: ...,
        a_path=lambda: Path("abc"),
    ),
)  # fmt: skip
