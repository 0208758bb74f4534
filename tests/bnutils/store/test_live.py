"""Runs are filed under the code that computed them, whatever happens to the files meanwhile."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import bnutils
from bnutils.store import identity, live

SOURCE = '''"""A module."""
from dataclasses import dataclass
from functools import cache
from math import sqrt

RATE = 0.5
POWERS = tuple(2.0**power for power in range(3))
LIMIT: int = 3
KNOWN = {"names": {0, 8}}

@dataclass(frozen=True)
class Rule:
    """A rule."""
    factor: float = 2.0
    def apply(self, x, times=1):
        return x * self.factor * times
    @property
    def half(self):
        return self.factor / 2
    @classmethod
    def usual(cls):
        return cls()

@cache
def root(x):
    return sqrt(x) + RATE

def is_known(x):
    return x in {16, 24}

RULES = {"usual": Rule(), "root": root}
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A loaded module of a package; its file."""
    monkeypatch.setattr(live, "PACKAGE", tmp_path / "package")
    path = tmp_path / "package" / "rules.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    loaded = ModuleType("package.rules")
    monkeypatch.setitem(sys.modules, "package.rules", loaded)
    exec(compile(SOURCE, str(path), "exec"), vars(loaded))
    return path


def test_what_was_not_edited_has_not_changed(module: Path) -> None:
    assert live.changed([module]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another word, and\n\na line more."""'),
        ("    return sqrt(x) + RATE", "    # as in the book\n    return sqrt(x) + RATE"),
        # A set loaded from __pycache__ has its members in another order than one compiled now.
        ("{0, 8}", "{8, 0}"),
        ("{16, 24}", "{24, 16}"),
    ],
)
def test_words_and_lines_do_not_count(module: Path, old: str, new: str) -> None:
    module.write_text(SOURCE.replace(old, new))
    assert live.changed([module]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE = 0.5", "RATE = 0.25"),
        ("RATE = 0.5", "RATE = '0.5'"),
        ("range(3)", "range(4)"),
        ("LIMIT: int = 3", "LIMIT: int = 4"),
        ("{0, 8}", "{0, 9}"),
        ("{16, 24}", "{16, 25}"),
        ("factor: float = 2.0", "factor: float = 3.0"),
        ("x * self.factor * times", "x * self.factor + times"),
        ("times=1", "times=2"),
        ("self.factor / 2", "self.factor / 4"),
        ("return cls()", "return cls(1.0)"),
        ("sqrt(x) + RATE", "sqrt(x) - RATE"),
        ('"usual": Rule()', '"usual": Rule(5.0)'),
        ("RULES = {", "MORE = 1\nRULES = {"),
        ("@cache\ndef root", "def cube(x):\n    return x**3\n\n@cache\ndef root"),
        ("def root(x):", "def root(x:"),
    ],
)
def test_every_edit_that_can_change_a_number_is_seen(module: Path, old: str, new: str) -> None:
    assert old in SOURCE
    module.write_text(SOURCE.replace(old, new))
    assert live.changed([module]) == ["package.rules"]


def test_a_file_that_is_gone_has_changed(module: Path) -> None:
    module.unlink()
    assert live.changed([module]) == ["package.rules"]


def test_a_module_that_was_reloaded_is_what_its_file_says(module: Path) -> None:
    edited = SOURCE.replace("RATE = 0.5", "RATE = 0.25")
    module.write_text(edited)
    exec(compile(edited, str(module), "exec"), vars(sys.modules["package.rules"]))
    assert live.changed([module]) == []


def test_what_is_not_loaded_will_be_what_its_file_says(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "package.rules")
    module.write_text("nonsense(")
    assert live.changed([module]) == []


def test_all_computing_modules_agree_with_their_files() -> None:
    from bnutils.engine import groups, keras_fit, readings  # noqa: F401

    assert live.changed(identity.computing_modules()) == []


PULL = """
import shutil, sys, warnings
from pathlib import Path
import bnutils

data, arms = bnutils.load("digits").take(64), {"plain": bnutils.mlp(hidden=(4,))}
starts = Path(bnutils.__file__).parent / "models" / "starts.py"
if sys.argv[1] == "pull":
    text = starts.read_text()
    starts.write_text(text.replace("SeedSequence([seed, index])", "SeedSequence([seed, index, 7])"))
    assert starts.read_text() != text
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    result = bnutils.compare(arms, data, updates=3, seeds=1)
print(result.final()["plain"].tolist(), len(bnutils.store.default_store().entries()), len(said))
print(*{str(one.message).split(" (")[0] for one in said}, sep="\\n")
"""


def test_files_that_change_under_a_session_do_not_mix_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old code's numbers are neither filed under the new code nor lost to the session."""
    shutil.copytree(Path(bnutils.__file__).parent, tmp_path / "bnutils")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def session(step: str) -> list[str]:
        command = [sys.executable, "-c", PULL, step]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    pulled, said = session("pull")
    assert pulled.split()[1:] == ["0", "2"]
    assert said == "The code on disk is no longer what this session has loaded"
    (after,) = (line for line in session("afterwards") if line)
    assert after.split()[1:] == ["1", "0"]


SETS = "NAMES = {first}\nNESTED = [{{'a': ({second},)}}]\ndef known(x):\n    return x in {second}\n"


def test_the_order_in_which_a_set_gives_what_it_holds_does_not_count(module: Path) -> None:
    """It depends on hashes that each process draws anew, and on whether there was a .pyc file."""
    orders = [SETS.format(first=one, second=one) for one in ("{0, 8}", "{8, 0}", "{8, 0, 1}")]
    assert repr({0, 8}) != repr({8, 0})
    module.write_text(orders[0])
    loaded = ModuleType("package.rules")
    for source, changed in zip(orders, ([], [], ["package.rules"]), strict=True):
        sys.modules["package.rules"] = loaded
        exec(compile(source, str(module), "exec"), vars(loaded))
        assert live.changed([module]) == changed
