"""Results of functions are computed once, and again as soon as they could be others."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import bnutils
from bnutils.errors import StoreWarning
from bnutils.remembering import remembered, remembered_by
from bnutils.store import MemoryStore, ReadOnlyStore, Store, default_store
from bnutils.store.plain import packed, unpacked

ROOT = Path(__file__).parents[2]

NOTEBOOK = """
import numpy as np
SCALE = 1.0
def noise(seed, n):
    return np.random.default_rng(seed).normal(size=n)
def experiment(seed, n=4):
    return SCALE * noise(seed, n).cumsum()
"""


@pytest.fixture
def folder() -> Path:
    """Of the store that a test has for its own."""
    return default_store().folder


def cells(source: str = NOTEBOOK) -> dict[str, Any]:
    """The names of a notebook after its cells were run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "cell", "exec"), names)
    return names


def edited(before: str, after: str) -> dict[str, Any]:
    """The same after an edit."""
    assert before in NOTEBOOK
    return cells(NOTEBOOK.replace(before, after))


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*.result.json"))


def is_computed(call: Callable[[], Any], folder: Path) -> bool:
    """Whether a call writes a result of its own, rather than finding one."""
    before = len(files(folder))
    call()
    return len(files(folder)) > before


def forged(folder: Path, marked: Any) -> None:
    """Put another result into the one file that there is, soundly, to see it returned."""
    (path,) = files(folder)
    key = path.name.partition(".")[0]
    Store(folder).remember(key, {"function": "f", "versions": {}}, packed(marked))


def test_what_was_computed_is_found_again(folder: Path) -> None:
    names = cells()
    first = remembered(names["experiment"], 3)
    forged(folder, "from the store")
    assert remembered(names["experiment"], 3) == "from the store"
    assert remembered(cells()["experiment"], 3) == "from the store"  # in another session
    assert first == pytest.approx(names["experiment"](3), abs=0)


def test_it_is_a_name_of_the_package() -> None:
    assert bnutils.remembered is remembered


@pytest.mark.parametrize(
    "call",
    [
        lambda names: remembered(names["experiment"], 4),  # another seed
        lambda names: remembered(names["experiment"], 3, 5),
        lambda names: remembered(names["experiment"], 3, n=5),
        lambda names: remembered(edited("cumsum", "cumprod")["experiment"], 3),
        lambda names: remembered(edited("normal", "uniform")["experiment"], 3),
        lambda names: remembered(edited("SCALE = 1", "SCALE = 2")["experiment"], 3),
    ],
)
def test_another_call_is_computed(call: Callable[[dict[str, Any]], Any], folder: Path) -> None:
    names = cells()
    remembered(names["experiment"], 3)
    assert is_computed(lambda: call(names), folder)
    assert not is_computed(lambda: call(names), folder)


def test_a_global_that_was_bound_anew_is_seen(folder: Path) -> None:
    names = cells()
    first = remembered(names["experiment"], 3)
    names["SCALE"] = 2.0
    assert remembered(names["experiment"], 3) == pytest.approx(2 * first, abs=0)
    names["SCALE"] = 1.0
    assert not is_computed(lambda: remembered(names["experiment"], 3), folder)


def test_a_closure_that_changed_is_seen() -> None:
    def scaled(factor: float) -> Callable[[float], float]:
        return lambda x: factor * x

    assert [remembered(scaled(factor), 3.0) for factor in (1.0, 2.0, 1.0)] == [3.0, 6.0, 3.0]


def test_a_module_that_was_edited_and_loaded_again_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with ``%autoreload``; one that was edited only still runs, and is filed, as loaded."""
    from importlib import import_module, invalidate_caches, reload

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "edited_helper.py"
    file.write_text("def helper(x):\n    return 2 * x\n")
    invalidate_caches()
    module = import_module("edited_helper")
    source = "import edited_helper\ndef experiment(x):\n    return edited_helper.helper(x)\n"
    experiment = cells(source)["experiment"]
    assert remembered(experiment, 3.0) == 6
    file.write_text("def helper(x):\n    return 5 * x\n")
    assert remembered(experiment, 3.0) == 6
    assert remembered(reload(module).helper, 3.0) == 15
    assert remembered(experiment, 3.0) == 15
    del sys.modules["edited_helper"]


def test_what_fails_is_not_kept(folder: Path) -> None:
    def experiment(x: int) -> float:
        return 1 / x

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            remembered(experiment, 0)
    with pytest.raises(TypeError, match="positional"):
        remembered(experiment)
    with pytest.raises(TypeError, match="must be a function; received 3"):
        remembered(3)  # type: ignore[arg-type]
    assert files(folder) == []


# ---- results --------------------------------------------------------------------------------
numbers = st.integers() | st.floats() | st.booleans() | st.none() | st.text()
kinds = st.sampled_from(["f2", "f4", "f8", ">f8", "i1", "i8", "u2", "?", "c16", "U3", "S2"])
scalars = kinds.flatmap(lambda kind: arrays.arrays(kind, ())).map(lambda array: array[()])
names = numbers | st.tuples(numbers)
leaves = numbers | scalars | arrays.arrays(kinds, arrays.array_shapes(min_dims=0, min_side=0))
results = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(names, inner),
    max_leaves=8,
)


def alike(one: Any, other: Any) -> bool:
    """Whether two results have the same types and bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        parts = [(x.dtype, x.shape, np.asarray(x).tobytes()) for x in (one, other)]
        return parts[0] == parts[1]
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return alike([*one.items()], [*other.items()])
    return repr(one) == repr(other)


@given(results)
def test_a_result_is_the_same_when_it_is_read(result: Any) -> None:
    def experiment() -> Any:
        return result

    assert alike(remembered(experiment), result)
    assert alike(remembered(experiment), result)


def test_arrays_that_come_back_are_ones_own() -> None:
    def experiment() -> Any:
        return np.zeros((2, 3), order="F")

    for _ in range(2):
        found = remembered(experiment)
        assert found.flags.c_contiguous  # the first time as well: sums are rounded alike
        found += 1


class Odd(dict[str, int]):
    """Not a plain dict."""


@pytest.mark.parametrize(
    "result",
    [
        object(), {1, 2}, [lambda: 1], {"a": (b"",)}, Odd(a=1), np.array([{}]), range(3), 1j,
        np.datetime64("2026-01-01"), np.ma.masked_array([1]), np.zeros(2, [("a", int)]),
    ],
)  # fmt: skip
def test_a_result_of_another_kind_is_returned_and_not_kept(result: Any, folder: Path) -> None:
    def experiment() -> Any:
        return result

    reason = r"experiment is not kept.*must (be made of|hold) numbers"
    with pytest.warns(StoreWarning, match=reason) as said:
        assert remembered(experiment) is result
    assert files(folder) == []
    assert said[0].filename == __file__


def test_small_floats_of_other_libraries_are_not_kept() -> None:
    from ml_dtypes import bfloat16

    with pytest.raises(TypeError, match="numbers or texts"):
        packed(np.zeros(2, bfloat16))


@pytest.mark.parametrize("content", [{"pickle": "cos\nsystem"}, {}, {"list": [], "dict": []}])
def test_nothing_but_results_is_read(content: Any) -> None:
    with pytest.raises(ValueError, match=r"no kind|not enough"):
        unpacked(content)


# ---- what is not kept -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("RNG = np.random.default_rng(0)\nE = lambda x: RNG.normal()", "changes what"),
        ("FOUND = []\nE = lambda x: FOUND.append(x)", "changes what"),
        ("E = lambda x: np.random.normal()", "random numbers of the whole session"),
        ("import random\nE = lambda x: random.random()", "random numbers of the whole session"),
        ("E = lambda x: x.append(1)", "changes what"),
        ("import time\nE = lambda x: time.localtime()", "time is outside"),
    ],
)
def test_what_more_comes_of_than_a_result_is_computed_each_time(
    source: str, reason: str, folder: Path
) -> None:
    experiment = cells(f"import numpy as np\n{source}\n")["E"]
    for _ in range(2):
        with pytest.warns(StoreWarning, match=reason) as said:
            remembered(experiment, [1])
    assert files(folder) == []
    assert said[0].filename == __file__


def test_a_partial_is_named_by_its_kind() -> None:
    from functools import partial

    with pytest.warns(StoreWarning, match="result of partial is not kept"):
        remembered(partial(list, iter([])))


# ---- faults ---------------------------------------------------------------------------------
def test_a_damaged_result_is_computed_again(folder: Path) -> None:
    experiment = cells()["experiment"]
    first = remembered(experiment, 3)
    (path,) = files(folder)
    sound = path.read_bytes()
    for at in range(0, len(sound), 7):
        damaged = bytearray(sound)
        damaged[at] ^= 1
        path.write_bytes(damaged)
        with pytest.warns(StoreWarning, match=r"is damaged.*computed again.*store prune"):
            assert (remembered(experiment, 3) == first).all()
        assert path.read_bytes() == sound
    path.write_bytes(sound[:-20])
    with pytest.warns(StoreWarning, match="is damaged"):
        remembered(experiment, 3)


def test_a_file_under_another_name_is_not_trusted(folder: Path) -> None:
    experiment = cells()["experiment"]
    remembered(experiment, 3)
    (one,) = files(folder)
    other = remembered(experiment, 4)
    (path,) = {*files(folder)} - {one}
    path.write_bytes(one.read_bytes())
    with pytest.warns(StoreWarning, match="checksum is wrong"):
        assert (remembered(experiment, 4) == other).all()


def test_a_file_that_cannot_be_read_is_said(folder: Path) -> None:
    experiment = cells()["experiment"]
    first = remembered(experiment, 3)
    (path,) = files(folder)
    path.unlink()
    path.mkdir()  # for root too, reading fails
    with pytest.warns(StoreWarning, match=r"cannot be read.*computed again|cannot be stored"):
        assert (remembered(experiment, 3) == first).all()


def test_entries_of_another_form_are_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = cells()["experiment"]
    with monkeypatch.context() as patch:
        patch.setattr("bnutils.store.experiments.FORMAT", 0)
        remembered(experiment, 3)
        forged(folder, "of another form")
    assert isinstance(remembered(experiment, 3), np.ndarray)


def test_an_interrupted_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    experiment = cells()["experiment"]
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            remembered(experiment, 3)
    assert list(folder.glob("??/*")) == list(folder.glob("??/.*")) == []


def test_a_full_disk_is_said_and_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    experiment = cells()["experiment"]
    for _ in range(2):
        with pytest.warns(StoreWarning, match=r"cannot be stored.*No space left"):
            assert len(remembered(experiment, 3)) == 4


def test_without_a_folder_it_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_STORE", "~nosuchuser/runs")
    with pytest.warns(StoreWarning, match="not kept"):
        assert len(remembered(cells()["experiment"], 3)) == 4


def test_several_at_once_get_the_same(folder: Path) -> None:
    """Threads here, and two processes: each finds a whole result or none."""
    experiment = cells()["experiment"]
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: remembered(experiment, 3, 1000), range(40))]
    assert all((one == found[0]).all() for one in found)
    script = (
        "from tests.bnutils.test_remembering import *\n"
        "for _ in range(20):\n"
        "    [remembered(cells()['experiment'], seed, 1000) for seed in range(20)]\n"
        "    [path.unlink(missing_ok=True) for path in files(default_store().folder)[::3]]\n"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    assert [one.communicate()[1] for one in both] == ["", ""]
    assert list(folder.glob("??/.*")) == []


# ---- beside the runs ------------------------------------------------------------------------
def test_the_store_counts_keeps_bounded_and_clears_results(folder: Path) -> None:
    experiment = cells()["experiment"]
    for seed in range(3):
        remembered(experiment, seed)
    store = Store(folder)
    assert [(one.state, one.settings["model"], one.count) for one in store.contents()] == [
        ("usable", "experiment()", 1)
    ] * 3
    assert store.size() == sum(path.stat().st_size for path in files(folder))
    assert store.prune() == 0
    assert store.clear() == 3
    assert files(folder) == []


def test_results_of_other_versions_are_pruned(folder: Path) -> None:
    remembered(cells()["experiment"], 3)
    (path,) = files(folder)
    made = {"function": "f", "versions": {"numpy": "0.1"}}
    Store(folder).remember(path.name.partition(".")[0], made, 1)
    assert [one.state for one in Store(folder).contents()] == ["old"]
    assert Store(folder).prune() == 1


def test_what_is_used_stays_longest(folder: Path) -> None:
    import os

    experiment = cells()["experiment"]
    for seed in range(4):
        before = {*files(folder)}
        remembered(experiment, seed, 100)
        (path,) = {*files(folder)} - before
        os.utime(path, (seed, seed))
    remembered(experiment, 0, 100)  # used just now
    used = max(files(folder), key=lambda path: path.stat().st_mtime)
    made = {"function": "f", "versions": {}}
    Store(folder, limit=3 * used.stat().st_size).remember("0" * 64, made, 1)
    assert used in files(folder)
    assert len(files(folder)) < 5


def test_other_kinds_of_stores_keep_none(folder: Path) -> None:
    MemoryStore().remember("0" * 64, {}, 1)
    assert MemoryStore().recall("0" * 64) == []
    Store(folder).remember("0" * 64, {"function": "f", "versions": {}}, 1)
    reading = ReadOnlyStore(Store(folder))
    assert reading.recall("0" * 64) == [1]
    reading.remember("1" * 64, {}, 1)
    assert reading.recall("1" * 64) == []


def test_where_it_is_computed_does_not_matter(folder: Path) -> None:
    names, places = cells(), []

    def elsewhere(place: str) -> Callable[..., Any]:
        return lambda function, *arguments: (places.append(place), function(*arguments))[1]

    results = [
        remembered_by(elsewhere(place), names["experiment"], 3) for place in ("here", "there")
    ]
    assert places == ["here"]
    np.testing.assert_array_equal(*results)
    assert not is_computed(lambda: remembered(names["experiment"], 3), folder)


@pytest.mark.parametrize("arguments", [(3, len), (len, 3)])
def test_both_must_be_callable(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="received"):
        remembered_by(*arguments)
