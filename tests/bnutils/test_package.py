"""Importing the package is cheap, and its public names are all there."""

import subprocess
import sys

import bnutils


def _loaded_by(code: str) -> set[str]:
    listing = "import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{listing}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_import_loads_no_heavy_package() -> None:
    heavy = {"tensorflow", "keras", "numpy", "pandas", "matplotlib", "sklearn", "scipy"}
    assert not heavy & _loaded_by("import bnutils")


def test_describing_a_comparison_needs_no_tensorflow() -> None:
    code = "import bnutils; bnutils.Arm(bnutils.mlp(norm='batch')); bnutils.load('digits')"
    assert not {"tensorflow", "keras"} & _loaded_by(code)


def test_finished_runs_need_no_pandas_before_a_table_is_wanted() -> None:
    code = "import bnutils; bnutils.compare, bnutils.sweep.run"
    table = "; bnutils.Comparison((), 'epochs', 'digits').to_frame()"
    assert [("pandas.core" in _loaded_by(c)) for c in (code, code + table)] == [False, True]


def test_every_public_name_exists() -> None:
    assert bnutils.__all__
    for name in bnutils.__all__:
        assert getattr(bnutils, name) is not None
