"""Kinds of arguments: a good value, and which odd ones mean something right."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from numbers import Integral, Real
from os import PathLike
from typing import Any

import numpy as np

from tests.bnutils.arguments.odd import ODD, Nothing, Odd, texts

Rule = Callable[[Any], bool]


def never(value: Any) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """What an argument may be.

    Attributes
    ----------
    good : callable
        Makes a good value.
    means : callable
        Whether a plain value is a right one.
    itself : callable
        Whether a value that has no plain meaning is a right one as it is.
    more : tuple of Odd
        Odd values of this kind alone.
    called : tuple of str
        What a message may call the argument, besides its name.
    free : callable
        Whether this test has no opinion on a value: it is taken, or refused in words.
    names_files : bool
        Whether it names a file, which may then not be there: an ``OSError`` names it too.
    is_called : bool
        Whether the caller's own code runs, whose errors are its own.
    every : int
        Of so many odd values one is tried, where a call takes a second.
    """

    good: Callable[[], Any]
    means: Rule = never
    itself: Rule = never
    more: tuple[Odd, ...] = ()
    called: tuple[str, ...] = ()
    free: Callable[[Odd], bool] = never
    names_files: bool = False
    is_called: bool = False
    every: int = 1

    @property
    def odd(self) -> tuple[Odd, ...]:
        return (*ODD[:: self.every], *self.more)

    def is_right(self, odd: Odd) -> bool:
        return self.itself(odd.make()) if odd.means is Nothing else self.means(odd.means)

    def plain(self, odd: Odd) -> Odd:
        """The same value in the plainest dress: Python's own number, text or tuple."""
        if odd.means is Nothing or not isinstance(odd.means, str | Real | tuple):
            return odd
        return Odd(f"{odd.means!r}", lambda: odd.means)

    def or_none(self) -> "Kind":
        return replace(self, means=lambda value: value is None or self.means(value))

    def by_default(self) -> "Kind":
        """The same, left out where another argument is tried."""
        return replace(self.or_none(), good=lambda: None)

    def also_called(self, *names: str) -> "Kind":
        return replace(self, called=(*self.called, *names))

    def with_more(self, **more: Callable[[], Any]) -> "Kind":
        made = (Odd(name.replace("_", " "), make) for name, make in more.items())
        return replace(self, more=(*self.more, *made))


def is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    return is_number(value) and (isinstance(value, Integral) or float(value).is_integer())


def is_row(value: Any, rule: Rule) -> bool:
    return isinstance(value, tuple) and bool(value) and all(map(rule, value))


def count(good: int, least: int = 1, most: float = inf) -> Kind:
    return Kind(lambda: good, lambda value: is_whole(value) and least <= value <= most)


def number(good: float, low: float = -inf, high: float = inf, *, ends: str = "()") -> Kind:
    """A finite number between two; ``ends`` says which of them it may be."""

    def means(value: Any) -> bool:
        if not is_number(value) or abs(value) > 1e308:
            return False
        above = low < value or (ends[0] == "[" and value == low)
        return above and (value < high or (ends[1] == "]" and value == high))

    return Kind(lambda: good, means)


def choice(*allowed: Any) -> Kind:
    words = [one for one in allowed if isinstance(one, str)]
    return Kind(
        lambda: allowed[0],
        lambda value: any(type(one) is type(value) and one == value for one in allowed),
        more=tuple(texts(*words)),
    )


def text(good: str, pattern: Rule = bool, *, empty: bool = False) -> Kind:
    def means(value: Any) -> bool:
        return isinstance(value, str) and (empty if not value.strip() else pattern(value))

    return Kind(lambda: good, means)


def is_path(value: Any) -> bool:
    return isinstance(value, str | PathLike) and "\0" not in str(value) and bool(str(value))


def path(make: Callable[[], Any], *, exists: bool = False) -> Kind:
    """The name of a file or folder; nothing odd is one that exists."""
    rule = never if exists else is_path
    free = lambda odd: str(odd.make()).startswith("~")  # noqa: E731
    return Kind(make, rule, rule, free=free, names_files=True)


def flag(good: bool) -> Kind:
    return Kind(lambda: good, itself=lambda value: isinstance(value, bool | np.bool_))


def function(good: Callable[..., Any]) -> Kind:
    return Kind(lambda: good, itself=callable)


def rows(of: Kind, *, alone: bool = True, empty: bool = False, twice: bool = True) -> Kind:
    """Several of a kind in a row, or one of them alone where that is allowed."""

    def means(value: Any) -> bool:
        if is_row(value, of.means):
            return twice or len(set(value)) == len(value)
        return alone and of.means(value)

    return Kind(
        lambda: (of.good(),), means, lambda value: empty and is_empty(value), of.more,
        free=lambda odd: odd.name in {"a set of text"},
    )  # fmt: skip


def is_empty(value: Any) -> bool:
    return value == [] if isinstance(value, list) else getattr(value, "shape", ()) == (0,)


def made(make: Callable[[], Any], **more: Callable[[], Any]) -> Kind:
    """An object of a class of the package: nothing odd is one."""
    return Kind(make).with_more(its_class=lambda: type(make()), **more)


def anything(good: Any) -> Kind:
    return Kind(lambda: good, lambda _: True, lambda _: True)


def array(make: Callable[[], Any], **more: Callable[[], Any]) -> Kind:
    """Numbers of a shape: the same ones in another dress are right, broken ones are not."""
    good = np.asarray(make())
    own = "its own numbers as "
    other: dict[str, Callable[[Any], Any]] = {
        "float32": np.float32, "float16": np.float16, "lists": np.ndarray.tolist,
    }  # fmt: skip
    bad: dict[str, Callable[[], Any]] = {
        "complex": lambda: good + 0j, "objects": lambda: good.astype(object),
        "texts": lambda: good.astype(str), "with nan": lambda: broken(good, np.nan),
        "with inf": lambda: broken(good, np.inf), "times": lambda: good.astype("m8[s]"),
        "empty": lambda: good.ravel()[:0],
        "masked": lambda: np.ma.masked_array(good, good == good.max()),
        "one axis more": lambda: good[None, ..., None, None], "ones": lambda: np.ones(17),
        "records": lambda: np.zeros(good.shape, "f4,f4"),
    } | more  # fmt: skip
    dressed = [Odd(f"{own}{n}", lambda m=m: m(good), n) for n, m in other.items()]
    wrong = [Odd(f"{own}{n}", m) for n, m in bad.items()]
    return Kind(make, more=(*dressed, *wrong), free=_may_fit)


def _may_fit(odd: Odd) -> bool:
    """Whether it depends on the shapes of the other arguments if an array will do."""
    return not is_refused(odd)


def is_refused(odd: Odd) -> bool:
    """Whether no array of finite real numbers can be made of it."""
    try:
        given = np.asarray(odd.make())
    except Exception:  # noqa: BLE001 - in whatever way it refuses
        return True
    if np.ma.is_masked(odd.make()):
        return True
    return given.dtype.kind not in "biuf" or not given.size or not np.isfinite(given).all()


def broken(good: Any, by: float) -> Any:
    new = np.array(good, float)
    new.flat[0] = by
    return new
