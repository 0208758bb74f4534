"""Loading Keras: on TensorFlow whatever is named, and in words if it cannot be."""

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bnutils.errors import KerasError, SettingWarning
from bnutils.surroundings.loading import BACKEND, import_keras

Loading = Callable[[BaseException], None]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Lets the import of Keras end as it is told, as if it had not been tried before."""

    def ending_with(problem: BaseException) -> None:
        class Finder:
            @staticmethod
            def find_spec(name: str, *_: Any) -> None:
                if name == "keras":
                    seen.append(os.environ[BACKEND])
                    raise problem

        monkeypatch.delitem(sys.modules, "keras", raising=False)
        monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])

    return ending_with


seen: list[str] = []  # the backend at the time of the import


def test_an_interrupted_import_says_to_restart_the_kernel(fails: Loading) -> None:
    fails(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt, match=r"only half there: restart the kernel\.$"):
        import_keras()


@pytest.mark.parametrize(
    "problem", [ImportError("no backend"), AttributeError("half"), RuntimeError("duplicate")]
)
def test_what_cannot_be_imported_is_an_error_with_what_to_do(
    fails: Loading, problem: Exception
) -> None:
    fails(problem)
    with pytest.raises(KerasError, match=r"must be importable; it is not .*restart the kernel"):
        import_keras()


def test_what_an_interruption_left_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(KerasError, match="If its import was interrupted before, restart"):
        import_keras()


@pytest.mark.parametrize("theirs", [None, "jax", "tensorflow"])
def test_the_named_backend_is_put_back_however_the_import_ends(
    fails: Loading, monkeypatch: pytest.MonkeyPatch, theirs: str | None
) -> None:
    if theirs is None:
        monkeypatch.delenv(BACKEND, raising=False)
    else:
        monkeypatch.setenv(BACKEND, theirs)
    fails(ImportError())
    with pytest.MonkeyPatch.context() as patch:
        said: list[type] = []
        patch.setattr("bnutils.surroundings.loading.warn", lambda text, kind: said.append(kind))
        with pytest.raises(KerasError):
            import_keras()
    assert said == [SettingWarning] * (theirs == "jax")
    assert seen[-1] == "tensorflow"
    assert os.environ.get(BACKEND) == theirs
