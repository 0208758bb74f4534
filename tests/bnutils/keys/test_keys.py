"""Keys of calls: another one as soon as the result could be another, the same one otherwise."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial, wraps
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.intervals import interval
from bnutils.keys import Unnameable, key_of_call, naming, randomness
from bnutils.keys.origins import released
from bnutils.keys.references import Reference, references

ROOT = Path(__file__).parents[3]

# A notebook whose function leads to all kinds of things.
NOTEBOOK = """
import numpy as np
from bnutils.verdicts import sign_flip_p

LIMIT, SCALES = 0.5, {"a": 1.0, "b": (2.0, 3.0)}
TABLE = np.arange(4.0)

class Recipe:
    share = 0.25
    def of(self, x):
        return self.share * x

def helper(x, power=2):
    return x**power + LIMIT

def made(offset):
    def inner(x):
        return helper(x) + offset
    return inner

shifted = made(1.5)
worlds = {"normal": lambda rng: rng.normal(), "skewed": lambda rng: rng.exponential()}

def experiment(seed, n=3, *, world="normal"):
    from math import sqrt
    draws = [worlds[world](np.random.default_rng([seed, i])) for i in range(n)]
    total = sum(shifted(x) * SCALES["a"] for x in draws)
    return Recipe().of(sqrt(abs(total))) + TABLE[0] + sign_flip_p(draws)
"""


def cells(source: str = NOTEBOOK) -> dict[str, Any]:
    """The names of a notebook after its cells were run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "cell", "exec"), names)
    return names


def key(function: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    return key_of_call(function, arguments, named)


def key_in(source: str = NOTEBOOK) -> str:
    return key(cells(source)["experiment"], 1)


def test_the_same_notebook_has_the_same_key() -> None:
    assert key_in() == key_in()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("* SCALES", "+ SCALES"),  # the function itself
        ("n=3", "n=4"),  # a default
        ('world="normal"', 'world="skewed"'),  # a default by name
        ("x**power", "x*power"),  # what it calls through a closure
        ("power=2", "power=3"),
        ("LIMIT, SCALES = 0.5", "LIMIT, SCALES = 0.25"),  # a global of that
        ("made(1.5)", "made(2.5)"),  # what is closed over
        ("rng.normal()", "rng.uniform()"),  # a function in a dict
        ('"b": (2.0, 3.0)', '"b": (2.0, 4.0)'),
        ("np.arange(4.0)", "np.arange(4.0) + 1"),  # an array
        ("np.arange(4.0)", "np.arange(4.0, dtype=np.float32)"),
        ("share = 0.25", "share = 0.5"),  # a class
        ("self.share * x", "self.share + x"),
        ("from math import sqrt", "from math import cbrt as sqrt"),  # imported within
        ("import sign_flip_p", "import share_ahead as sign_flip_p"),  # of this package
        ("np.random.default_rng([seed, i])", "np.random.default_rng([seed, -i])"),
    ],
)
def test_whatever_is_edited_has_another_key(before: str, after: str) -> None:
    assert before in NOTEBOOK
    assert key_in(NOTEBOOK.replace(before, after, 1)) != key_in()


@pytest.mark.parametrize(
    "edit",
    [
        lambda source: source.replace("def helper", "# a comment\n\ndef helper"),
        lambda source: source + "\nUNUSED = 3\n\ndef other():\n    return UNUSED\n",
        lambda source: source.replace("def experiment", "\n\n\ndef experiment"),
    ],
)
def test_what_the_result_does_not_hang_on_leaves_the_key(edit: Callable[[str], str]) -> None:
    assert key_in(edit(NOTEBOOK)) == key_in()


def test_a_name_that_is_bound_anew_counts() -> None:
    names = cells()
    before = key(names["experiment"], 1)
    names["LIMIT"] = 0.75
    changed = key(names["experiment"], 1)
    names["LIMIT"] = 0.5
    assert changed != before == key(names["experiment"], 1)
    names["SCALES"]["a"] = 2.0  # in place
    assert key(names["experiment"], 1) != before


def test_code_that_is_exchanged_within_a_function_counts() -> None:
    """As ``%autoreload`` does it: the function stays, its code is the new one."""
    names = cells()
    before = key(names["experiment"], 1)
    names["helper"].__code__ = (lambda x, power=2: x - power).__code__
    assert key(names["experiment"], 1) != before


def test_a_module_of_ones_own_is_read_as_far_as_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("my_helpers")
    helpers = "def used(x):\n    return FACTOR * x\ndef unused(x):\n    return x\n"
    exec(helpers, vars(module))
    monkeypatch.setitem(sys.modules, "my_helpers", module)
    for source in (
        "import my_helpers\ndef experiment(x):\n    return my_helpers.used(x)\n",
        "def experiment(x):\n    from my_helpers import used\n    return used(x)\n",
    ):
        vars(module)["FACTOR"], vars(module)["unused"] = 2, 1
        before = key_in(source)
        vars(module)["unused"] = 5
        assert key_in(source) == before
        vars(module)["FACTOR"] = 3
        assert key_in(source) != before


def test_versions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_in()
    for package in ("python", "numpy", "scipy"):
        others = {**naming.made(), package: "0.1"}
        with monkeypatch.context() as patch:
            patch.setattr(naming, "made", lambda others=others: others)
            assert key_in() != before
    assert key_in() == before


def test_packages_are_named_by_their_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def correlation(x: Any) -> Any:
        from sklearn.metrics import r2_score

        return r2_score(x, x)

    before = key(correlation, 1)
    told = {"sklearn": "scikit-learn 0.1"}
    monkeypatch.setattr(
        "bnutils.keys.describing.released",
        lambda home: told.get(home.partition(".")[0]) or released(home),
    )
    assert key(correlation, 1) != before


def test_the_key_is_the_same_in_another_process() -> None:
    """Whatever the order of sets there; and of modules that were compiled already."""
    script = (
        "from tests.bnutils.keys.test_keys import *\n"
        "print(key_in(), key(interval, {'a', 'b', 'c'}, [{1.5}, frozenset('abc')]))"
    )
    here = f"{key_in()} {key(interval, {'c', 'b', 'a'}, [{1.5}, frozenset('cba')])}"
    for hashing in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT, env={"PYTHONHASHSEED": hashing, "PYTHONPATH": str(ROOT)},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert done.stdout.split("\n")[0] == here


# ---- arguments ------------------------------------------------------------------------------
def same(*arguments: Any, **named: Any) -> Any:
    return arguments, named


@dataclass(frozen=True)
class Setting:
    rate: float
    layers: tuple[int, ...] = (1, 2)


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a: Any) -> None:
        self.a = a


@cache
def cached(x: int) -> int:
    return x + 1


def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapper(*arguments: Any) -> Any:
        return -function(*arguments)

    return wrapper


class Owner:
    def __init__(self, a: int) -> None:
        self.a = a

    @property
    def doubled(self) -> int:
        return 2 * self.a

    @cached_property
    def tripled(self) -> int:
        return 3 * self.a

    @classmethod
    def one(cls) -> "Owner":
        return cls(1)

    @staticmethod
    def two() -> int:
        return 2

    def method(self) -> int:
        return self.a


DIFFERENT: list[Any] = [
    0, False, 0.0, -0.0, None, "", "0", b"0", 0j, 1 + 0j, (), [], {}, set(), frozenset(), ...,
    range(0), range(1), [0], (0,), [[0]], [0, 0], {0: 1}, {1: 0}, {"a": 1, "b": 2},
    {"b": 2, "a": 1}, float("nan"), MappingProxyType({0: 1}), np.float64(0), np.float32(0),
    np.int64(0), np.array(0.0), np.array([0.0]), np.array([[0.0]]), np.zeros((2, 3)),
    np.zeros((3, 2)), np.zeros((2, 3), order="F"), np.zeros((2, 3), int), np.array(["a"]),
    np.array([None]), np.array([{}]), np.dtype("f4"), np.dtype(">f4"), np.mean, np.std, np.sqrt,
    np.linalg.norm, abs, max, len, str.upper, str.lower, interval, cached, int, float, np, json,
    Setting(0.1), Setting(0.2), Setting(0.1, (1,)), Setting, Slotted(1), Slotted(2), Slotted,
    Owner(1), Owner(2), Owner, Owner(1).method, Owner(2).method, Owner.one, Owner.two,
    decorated(np.mean), decorated(np.std), decorated(interval), partial(np.mean, axis=0),
    partial(np.mean, axis=1), lambda x: x, lambda x: -x, np.random.default_rng(0),
    np.random.default_rng(1),
]  # fmt: skip


def test_all_these_arguments_are_told_apart() -> None:
    keys = [key(same, value) for value in DIFFERENT]
    assert len({*keys}) == len(keys)
    assert keys == [key(same, value) for value in DIFFERENT]


def test_how_an_argument_is_given_counts() -> None:
    ways = [key(same, 1, 2), key(same, 2, 1), key(same, [1, 2]), key(same, a=1, b=2)]
    ways += [key(same, 1), key(same, a=1), key(same, b=1), key(same, a=2, b=1)]
    assert len({*ways}) == len(ways)
    assert key(same, a=1, b=2) == key(same, b=2, a=1)


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(nested, nested)
def test_values_have_one_key_if_they_print_alike(one: Any, other: Any) -> None:
    assert (key(same, one) == key(same, other)) == (repr(one) == repr(other))


def test_what_refers_to_itself_has_a_key() -> None:
    def back(n: int) -> int:
        return n and back(n - 1)

    circle: list[Any] = [1]
    circle.append(circle)
    assert key(back, circle) == key(back, circle) != key(back, [1, [1]])


def test_what_is_not_bound_yet_has_a_key_until_it_is() -> None:
    source = "def experiment(x):\n    return later(x)\n"
    names = cells(source)
    before = key(names["experiment"], 1)
    names["later"] = abs
    assert key(names["experiment"], 1) != before
    nowhere = "def experiment(x):\n    from no_such_module import f\n    return f(x)\n"
    assert key_in(nowhere) == key_in(nowhere)


def test_a_closure_that_is_empty_has_a_key() -> None:
    def outer() -> Callable[[], Any]:
        def inner() -> Any:
            return late

        if randomness() == "":
            late = 1
        return inner

    assert key(outer()) == key(outer())


# ---- what has none --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\nE = lambda x: os.environ['A']", "os is outside"),
        ("def E(x):\n    import time\n    return time.localtime()", "time is outside"),
        ("from time import localtime\nE = lambda x: localtime()", "time is outside"),
        ("from pathlib import Path\nE = lambda x: Path(x)", "Path is outside"),
        ("E = lambda x: open(x).read()", "open is outside"),
        ("def open(x): ...\nE = lambda x: open(x)", "open is outside"),  # IPython has one
        ("E = lambda x: eval(x)", "eval is outside"),
        ("def f(x):\n    return input()\nE = lambda x: f(x)", "f > input is outside"),
        ("C = 0\ndef E(x):\n    global C\n    C += 1", "changing the global C"),
        ("import bnutils\nE = lambda x: getattr(bnutils, x)", "bnutils is the whole of it"),
        ("def E(x):\n    import bnutils\n    return bnutils.mlp", "bnutils is imported whole"),
        ("import bnutils\nE = lambda x: bnutils.load(x)", "bnutils.load > .* is outside"),
        ("made = (i for i in [1])\nE = lambda x: made", "made is .* cannot be read"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(source: str, reason: str) -> None:
    with pytest.raises(Unnameable, match=reason):
        key(cells(f"{source}\n")["E"], 1)


def deep(levels: int) -> list[Any]:
    return [deep(levels - 1)] if levels else []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (threading.Lock(), "state cannot be read"),
        (iter(x for x in "ab"), "state cannot be read"),
        (sys.modules[__name__], "whole of it"),
        (Path("file"), "outside"),
        (open, "outside"),
        (deep(900), "too deep"),
    ],
)
def test_arguments_that_cannot_be_told_are_refused(value: object, reason: str) -> None:
    with pytest.raises(Unnameable, match=reason):
        key(same, value)


# ---- what the parts say ---------------------------------------------------------------------
def test_names_are_read_with_what_is_taken_of_them() -> None:
    def function() -> Any:
        import json.decoder
        from math import cos, sin

        return [np.random.default_rng(i).normal() for i in range(3)], json, sin, cos, len

    assert set(references(function.__code__)) == {
        Reference("import", "json.decoder"),
        Reference("import", "math", ("cos", "sin")),
        Reference("global", "np", ("random", "default_rng")),
        Reference("global", "range"),
        Reference("global", "len"),
    }


def test_where_modules_come_from() -> None:
    assert released("numpy.linalg") == f"numpy {np.__version__}"
    assert released("sklearn").startswith("scikit-learn ")
    assert {released(name) for name in ("math", "sys", "json", "builtins", "_io")} == {"python"}
    own = ("__main__", "bnutils.verdicts", "tests.bnutils", "no_such_module", "tools")
    assert {released(name) for name in own} == {""}


def test_a_file_among_the_packages_that_belongs_to_none_is_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "lonely_module.py").write_text("def f():\n    return 1\n")
    monkeypatch.syspath_prepend(str(folder))
    assert released("lonely_module") == ""


def test_the_random_states_of_the_session_are_seen() -> None:
    import random

    before = randomness()
    assert randomness() == before
    np.random.normal()  # noqa: NPY002 - that is what it is about
    between = randomness()
    random.random()
    assert len({before, between, randomness()}) == 3
