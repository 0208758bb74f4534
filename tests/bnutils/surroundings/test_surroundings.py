"""What a session sets cannot change a number under the usual name: one test for each setting."""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import bnutils
from bnutils import surroundings
from bnutils.errors import SettingError, SettingWarning
from bnutils.models import import_keras
from bnutils.store import Store
from bnutils.surroundings import filing, refusals, replaced
from bnutils.tasks import Task

keras = import_keras()
OTHER: dict[str, Any] = {
    "keras.config.dtype_policy": "mixed_bfloat16",
    "keras.config.floatx": "float64",
    "keras.config.epsilon": 0.5,
    "keras.config.image_data_format": "channels_first",
    "keras.config.max_epochs": 0,
    "keras.config.max_steps_per_epoch": 1,
    "tensorflow.config.functions_run_eagerly": True,
}


def value(setting: replaced.Setting) -> Any:
    """What the setting is now."""
    found = replaced._found(setting.name, lambda: setting.ours)()
    return getattr(found, "name", found)


def usual() -> dict[str, Any]:
    return {setting.name: value(setting) for setting in surroundings.OURS}


@pytest.fixture(params=surroundings.OURS, ids=lambda setting: setting.name)
def odd(request: pytest.FixtureRequest) -> Any:
    """A setting that has another value than ours."""
    setting = request.param
    before = value(setting)
    setting.set(OTHER[setting.name])
    if value(setting) == before:
        pytest.skip("this release does not have the setting")
    yield setting
    setting.set(before)


def losses(engine: str, store: Store) -> list[list[float]]:
    data = bnutils.load("digits28").take(64)
    arms = {"a": bnutils.convnet(filters=(2,), norm="batch"), "b": bnutils.mlp((4,))}
    result = bnutils.compare(
        arms, data, updates=2, seeds=1, engine=engine, store=store, progress=False
    )
    return [list(run.metrics["val_loss"]) for run in result.runs]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[list[float]]]:
    """What the engines measure in an ordinary session."""
    folder = tmp_path_factory.mktemp("ordinary")
    return lambda engine: losses(engine, Store(folder))


@pytest.mark.filterwarnings("ignore::bnutils.errors.SettingWarning")
@pytest.mark.parametrize("engine", ["replicas", "keras"])
def test_training_is_done_under_our_value(
    odd: replaced.Setting, engine: str, expected: Any, tmp_path: Path
) -> None:
    theirs = value(odd)
    odd.set(odd.ours)
    wanted = expected(engine)
    odd.set(theirs)
    assert losses(engine, Store(tmp_path)) == wanted
    assert value(odd) == theirs  # put back


def test_it_is_said_which_value_does_not_apply(odd: replaced.Setting) -> None:
    with pytest.warns(SettingWarning, match=odd.name.replace(".", r"\.")), surroundings.ours():
        assert value(odd) == odd.ours
    assert value(odd) != odd.ours


def test_an_ordinary_session_hears_nothing_and_is_left_as_it_was() -> None:
    before = usual()
    with surroundings.ours():
        assert usual() == {setting.name: setting.ours for setting in surroundings.OURS}
    assert usual() == before


@pytest.mark.filterwarnings("ignore::bnutils.errors.SettingWarning")
def test_the_last_of_several_threads_puts_back() -> None:
    keras.config.set_epsilon(0.5)
    entered, leave = threading.Barrier(2), threading.Event()
    seen: list[float] = []

    def first() -> None:
        with surroundings.ours():
            entered.wait()
        seen.append(keras.config.epsilon())  # the other one still trains
        leave.set()

    def second() -> None:
        with surroundings.ours():
            entered.wait()
            leave.wait()
            seen.append(keras.config.epsilon())

    threads = [threading.Thread(target=each, daemon=True) for each in (first, second)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [1e-7, 1e-7]
        assert keras.config.epsilon() == 0.5
    finally:
        keras.config.set_epsilon(1e-7)


@pytest.mark.filterwarnings("ignore::bnutils.errors.SettingWarning")
def test_an_error_puts_back_too() -> None:
    def failing() -> None:
        with surroundings.ours():
            assert np.geterr()["over"] == "warn"
            raise KeyError

    keras.config.set_epsilon(0.5)
    try:
        with np.errstate(all="raise"), pytest.raises(KeyError):
            failing()
        assert keras.config.epsilon() == 0.5
    finally:
        keras.config.set_epsilon(1e-7)


def test_the_random_numbers_of_the_session_go_on_where_they_were(tmp_path: Path) -> None:
    def state() -> Any:
        return random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002

    before = state()
    losses("keras", Store(tmp_path))
    assert state() == before


@pytest.mark.parametrize(
    "name",
    ["XLA_FLAGS", "TF_XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS", "TF_DETERMINISTIC_OPS",
     "ONEDNN_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "TF_FUNCTION_JIT_COMPILE_DEFAULT",
     "NPY_DISABLE_CPU_FEATURES", "TF_OF_A_LATER_RELEASE"],
)  # fmt: skip
def test_a_variable_that_numbers_may_depend_on_is_filed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = surroundings.filed()
    monkeypatch.setenv(name, "1")
    assert surroundings.filed() != plain
    monkeypatch.setenv(name, "2")
    assert surroundings.filed()["environment"][name] == "2"


@pytest.mark.parametrize("name", [*sorted(filing.HARMLESS), "TF_CLI_CONFIG_FILE", "TF_VAR_any"])
def test_a_harmless_variable_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = surroundings.filed()
    monkeypatch.setenv(name, "1")
    assert surroundings.filed() == plain


OPTIMIZER = tf.config.optimizer


@pytest.mark.parametrize(
    ("switch", "on", "off"),
    [
        (OPTIMIZER.set_jit, "autoclustering", False),
        *((OPTIMIZER.set_experimental_options, {name: True}, {name: False}) for name in filing.OFF),
    ],
)
def test_what_is_switched_in_tensorflow_is_filed(
    switch: Callable[[Any], None], on: Any, off: Any
) -> None:
    usual = surroundings.filed()
    switch(on)
    try:
        assert surroundings.filed() != usual
    finally:
        switch(off)
    assert surroundings.filed() == usual  # switched off by hand is as it was


def test_a_graph_is_refused() -> None:
    with tf.Graph().as_default(), pytest.raises(SettingError, match="eagerly; it does not"):
        surroundings.refuse()


def test_a_strategy_is_refused() -> None:
    scope = tf.distribute.OneDeviceStrategy("CPU:0").scope()
    with scope, pytest.raises(SettingError, match=r"strategy may be active; one is\. Call bnutils"):
        surroundings.refuse()


def test_tensors_compared_by_identity_are_refused() -> None:
    tf.compat.v1.disable_tensor_equality()
    try:
        with pytest.raises(SettingError, match="compared by value"):
            surroundings.refuse()
    finally:
        tf.compat.v1.enable_tensor_equality()


def test_another_backend_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(SettingError, match="Keras was loaded on 'jax'"):
        surroundings.refuse()


def test_each_refusal_says_what_to_do() -> None:
    assert all(advice.endswith(".") for _, _, advice in refusals.REFUSED)


SESSION = """
import json, sys, warnings
warnings.simplefilter("error"); warnings.simplefilter("always", UserWarning)
import bnutils
exec(sys.argv[1])
data = bnutils.load("digits28").take(64)
with warnings.catch_warnings(record=True) as said:
    result = bnutils.compare({"a": bnutils.mlp((4,))}, data, updates=2, seeds=1, progress=False)
found = len(bnutils.store.default_store().contents())
print(json.dumps([result.runs[0].metrics["val_loss"][-1], found, [str(s.message) for s in said]]))
"""


def session(store: Path, code: str = "", **environment: str) -> Any:
    """A comparison in a process of its own: its last loss, entries in the store, warnings."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION, code],
        env={**os.environ, "BNUTILS_STORE": str(store), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_a_backend_named_before_keras_is_loaded_does_not_matter(tmp_path: Path) -> None:
    usual, _, _ = session(tmp_path)
    asked, entries, said = session(tmp_path / "other", KERAS_BACKEND="jax")
    assert (asked, entries) == (usual, 1)
    assert said == ["KERAS_BACKEND is 'jax'; bnutils loads Keras on TensorFlow."]


def test_determinism_is_filed(tmp_path: Path) -> None:
    code = "import tensorflow as tf; tf.config.experimental.enable_op_determinism()"
    session(tmp_path)
    assert session(tmp_path, code)[1] == 2
    assert session(tmp_path)[1] == 2


def test_another_number_of_classes_is_another_task() -> None:
    from tests.bnutils.store.samples import task

    ten: Task = task()
    assert ten.settings() != task(classes=20).settings()


THREADS_FOUND = """
import os, sys, tensorflow as tf
before = sys.argv[1]
if before == "chosen": tf.config.threading.set_intra_op_parallelism_threads(3)
if before == "at work": tf.constant(1) + 1
from bnutils.models import import_keras
import_keras()
print(tf.config.threading.get_intra_op_parallelism_threads())
"""


@pytest.mark.parametrize(
    ("before", "variable", "threads"),
    [("", None, 1), ("", "2", 0), ("chosen", None, 3), ("at work", None, 0)],
)
def test_an_operation_keeps_to_a_core_unless_somebody_chose_otherwise(
    before: str, variable: str | None, threads: int
) -> None:
    """0: TensorFlow's own choice."""
    name = "TF_NUM_INTRAOP_THREADS"
    others = {key: value for key, value in os.environ.items() if key != name}
    done = subprocess.run(
        [sys.executable, "-c", THREADS_FOUND, before],
        env=others | ({name: variable} if variable else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == threads
