"""Comparisons: paired, on equal budgets, resumed where they stopped."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils import tasks, training
from bnutils.datasets import Dataset, load
from bnutils.engine import memory, threads
from bnutils.engine.trainer import Trainer
from bnutils.errors import MemoryBudgetError
from bnutils.models import MLP, ConvNet, ResNet, convnet, import_keras, mlp, resnet
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.results import Comparison
from bnutils.schedules import Exponential, PerUpdate
from bnutils.store import MemoryStore, Store
from bnutils.tasks import Arm
from bnutils.training import compare

PLAIN, BATCH = mlp(8, dropout=0.2), mlp(8, norm="batch", dropout=0.2)
ARMS = {"plain": PLAIN, "batch norm": BATCH}


def _exhausted() -> Exception:
    import tensorflow as tf

    return tf.errors.ResourceExhaustedError(None, None, "out of memory")


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load("digits").take(200)


@pytest.fixture(scope="module")
def result(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    store = Store(tmp_path_factory.mktemp("shared"))
    return compare(ARMS, data, epochs=2, batch_size=32, seeds=3, store=store)


def test_every_arm_has_every_seed_and_metric(result: Comparison) -> None:
    assert [(run.arm, run.seed) for run in result.runs] == [
        (arm, seed) for arm in ARMS for seed in range(3)
    ]
    for run in result.runs:
        assert run.updates == (7, 14)  # 200 examples: six batches of 32 and one of 8
        assert run.epochs == (1.0, 2.0)
        assert not run.diverged
        for name, series in run.metrics.items():
            assert len(series) == (1 if name.startswith("test") else 2)
            if "accuracy" in name:
                assert all(0 <= value <= 1 for value in series)
    assert result.dataset == "digits"
    assert result.provenance["data"]["checksum"]


def test_a_seed_sees_the_same_kernels_in_every_arm(data: Dataset) -> None:
    kernels = [
        [w.numpy() for w in model.build((8, 8), 10, 4).weights if w.name == "kernel"]
        for model in (PLAIN, BATCH, mlp(8, norm="layer", dropout=0.0))
    ]
    for others in kernels[1:]:
        for first, other in zip(kernels[0], others, strict=True):
            np.testing.assert_array_equal(first, other)
    different = PLAIN.build((8, 8), 10, 5).weights[0].numpy()
    assert not np.allclose(kernels[0][0], different)


def test_equal_updates_for_unequal_batches(data: Dataset) -> None:
    arms = {"16": Arm(PLAIN, batch_size=16), "100": Arm(PLAIN, batch_size=100)}
    result = compare(arms, data, updates=20, seeds=1)
    assert {run.updates[-1] for run in result.runs} == {20}
    assert [run.epochs[-1] for run in result.runs] == [
        pytest.approx(1 + 7 * 16 / 200),  # 13 batches in an epoch
        pytest.approx(10),
    ]
    assert all(len(run.metrics["val_loss"]) == 10 for run in result.runs)


def test_a_loss_can_be_followed_update_by_update(data: Dataset) -> None:
    """As often as asked for, which changes neither the training nor what else is recorded."""
    setting: dict[str, Any] = {"updates": 12, "seeds": 2, "store": MemoryStore()}
    often = compare({"a": BATCH}, data, evaluations=12, **setting)
    usual = compare({"a": BATCH}, data, **setting)
    assert often.runs[0].updates == tuple(range(1, 13))
    losses = dict(zip(often.runs[1].updates, often.runs[1].metrics["val_loss"], strict=True))
    assert [losses[at] for at in usual.runs[1].updates] == list(usual.runs[1].metrics["val_loss"])
    assert often.setting() == {**usual.setting(), "evaluations": 12}
    seldom = compare({"a": BATCH}, data, evaluations=3, **setting)
    assert seldom.runs[0].updates == (4, 8, 12)


def test_a_budget_smaller_than_the_number_of_evaluations(data: Dataset) -> None:
    run = compare({"plain": PLAIN}, data, updates=3, seeds=1).runs[0]
    assert run.updates == (1, 2, 3)


def _forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError("a finished run was computed again")

    monkeypatch.setattr(training, "_engine", lambda: fail)


@pytest.mark.usefixtures("engine_replaced")
def test_finished_runs_are_not_computed_again(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"epochs": 1, "seeds": 2, "store": Store(tmp_path / "s")}
    first = compare(ARMS, data, **settings)
    _forbid(monkeypatch)
    assert compare(ARMS, data, **settings) == first
    assert compare({"renamed": BATCH}, data, **settings).runs[0].metrics == first.runs[2].metrics
    for change in ({"seeds": 3}, {"batch_size": 64}, {"learning_rate": 0.1}, {"epochs": 2}):
        with pytest.raises(AssertionError, match="computed again"):
            compare(ARMS, data, **{**settings, **change})
    with pytest.raises(AssertionError, match="computed again"):
        compare(ARMS, data.take(199), **settings)


@pytest.mark.parametrize("arms", [{"a": BATCH}, ARMS], ids=["one arm", "two arms"])
@pytest.mark.usefixtures("engine_replaced")
def test_a_comparison_goes_on_where_it_stopped(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arms: dict[str, Any]
) -> None:
    """Interrupted after the first group of seeds, then run again: the same as in one go."""
    monkeypatch.setattr(memory, "LARGEST_GROUP", 2)
    whole = compare(arms, data, epochs=1, seeds=5, store=Store(tmp_path / "whole"))
    trained: list[list[int]] = []
    real = training._engine()

    def interrupted(*arguments: Any) -> Any:
        for runs in real(*arguments):
            yield runs
            trained.append([run.seed for run in runs])
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "_engine", lambda: interrupted)
    store = Store(tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        compare(arms, data, epochs=1, seeds=5, store=store)
    assert trained in [[[0, 1]] * count for count in range(1, len(arms) + 1)]  # one an arm
    assert len(store.entries()) == len(trained)  # a file for each group
    monkeypatch.setattr(training, "_engine", lambda: real)
    again = compare(arms, data, epochs=1, seeds=5, store=store)
    for one, other in zip(whole.runs, again.runs, strict=True):
        assert one == other


def test_arms_at_the_same_time_are_what_each_is_alone(data: Dataset, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"updates": 20, "seeds": 3, "probes": Probes(10, 50)}
    together = compare(ARMS, data, **settings)
    for name, arm in ARMS.items():
        alone = compare({name: arm}, data, **settings, store=Store(tmp_path / name))
        assert alone.runs == tuple(run for run in together.runs if run.arm == name)


@pytest.mark.parametrize("engine", tasks.ENGINES)
def test_only_the_engine_trains_arms_at_the_same_time(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Keras' fit has one global random state, which two threads would share."""
    seen: list[int] = []

    def spy(train: Any, parts: Any, tick: Any, threads: int) -> list[Any]:
        seen.append(threads)
        return [train(part, tick) for part in parts]

    monkeypatch.setattr(training, "at_a_time", lambda: 3)
    monkeypatch.setattr(training, "side_by_side", spy)
    compare(ARMS, data, updates=1, seeds=1, engine=engine)
    assert seen == [3 if engine == "replicas" else 1]


def test_the_seeds_of_a_single_arm_are_shared_out(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cores that have no arm of their own take seeds: the same numbers, but for rounding."""
    settings: dict[str, Any] = {"updates": 20, "seeds": [4, 0, 7]}
    whole = compare({"a": BATCH}, data, **settings, store=Store(tmp_path / "whole"))
    parts: list[Sequence[int]] = []
    real = training._engine()

    def spy(task: Any, seeds: Sequence[int], *rest: Any) -> Any:
        parts.append(seeds)
        return real(task, seeds, *rest)

    monkeypatch.setattr(training, "_engine", lambda: spy)
    monkeypatch.setattr(training, "at_a_time", lambda: 2)
    monkeypatch.setattr(threads, "WORTH_CUTTING", 1)
    shared = compare({"a": BATCH}, data, **settings, store=MemoryStore())
    assert sorted(parts) == [[4, 0], [7]]
    assert [run.seed for run in shared.runs] == [4, 0, 7]
    np.testing.assert_allclose(shared.final("val_loss"), whole.final("val_loss"), rtol=1e-4)


def test_weights_are_kept_on_request(data: Dataset) -> None:
    """The final weights give the final metrics; the best ones the lowest validation loss."""
    settings: dict[str, Any] = {"updates": 60, "seeds": 2, "learning_rate": 0.2}
    for engine in tasks.ENGINES:
        result = compare({"a": BATCH}, data, weights=True, engine=engine, **settings)
        for run in result.runs:
            for which, wanted in (("final", run.metrics["val_loss"][-1]), ("best", None)):
                model = BATCH.build(data.input_shape, 10, 0)
                model.set_weights(result.weights("a", run.seed, which))
                model.compile(loss="sparse_categorical_crossentropy")
                loss = model.evaluate(data.x_val, data.y_val, verbose=0)
                lowest = min(run.metrics["val_loss"]) if wanted is None else wanted
                assert loss == pytest.approx(lowest, rel=1e-4)
        assert any(
            run.metrics["val_loss"][-1] > min(run.metrics["val_loss"]) for run in result.runs
        )


@pytest.mark.usefixtures("engine_replaced")
def test_weights_come_from_the_store_too(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"updates": 3, "seeds": 1, "store": Store(tmp_path / "s")}
    without = compare({"a": PLAIN}, data, **settings)
    with pytest.raises(ValueError, match=r"asked for.*weights=True"):
        without.weights("a", 0)
    first = compare({"a": PLAIN}, data, weights=True, **settings)
    _forbid(monkeypatch)
    again = compare({"a": PLAIN}, data, weights=True, **settings)
    for one, other in zip(first.weights("a", 0), again.weights("a", 0), strict=True):
        np.testing.assert_array_equal(one, other)
    for wrong in ({"arm": "b"}, {"seed": 7}, {"which": "worst"}):
        with pytest.raises(ValueError, match="must be one of"):
            first.weights(**{"arm": "a", "seed": 0, **wrong})


def test_without_new_settings_a_task_is_what_it_was_before_they_were_there(data: Dataset) -> None:
    """What runs are filed under, recorded with and described by: to the letter."""
    arms = {"a": Arm(mlp(8), 16, "adamw"), "b": mlp(8, "batch")}
    made = tasks.planned(arms, data, updates=3, learning_rate=0.1, weights=True)
    common = {
        "stops": (1, 2, 3), "engine": "replicas", "classes": 10, "probes": "None",
        "dataset": "digits", "data": data.checksum, "split": "given",
    }  # fmt: skip
    model = "MLP(hidden=(8,), norm=None, dropout=0.2, activation='relu', placement='before')"
    assert made["a"].settings() == {
        "model": model, "batch_size": 16,
        "optimizer": {"name": "adamw", "learning_rate": 0.1}, **common,
    }  # fmt: skip
    assert repr(made["a"]) == (
        f"Task(model={model}, batch_size=16, "
        "optimizer=Optimizer(name='adamw', learning_rate=0.1), stops=(1, 2, 3), "
        "engine='replicas', classes=10, probes=None, weights=True, memory_gib=0.5, split='given')"
    )
    setting = tasks.setting_of(made, [0, 1], data, None, 3)
    assert setting["arms"]["a"] == {
        "model": model, "batch size": 16, "optimiser": "adamw", "learning rate": 0.1,
        "engine": "replicas",
    }  # fmt: skip


def test_new_settings_are_filed_and_recorded_where_they_are_given(data: Dataset) -> None:
    growing = Exponential(0.1, 1.01)
    arms = {
        "a": Arm(mlp(8), learning_rate=growing, weight_decay=0.01),
        "b": Arm(mlp(8), decayed="all"),
        "c": Arm(mlp(8), weight_decay=0),
    }
    usual: dict[str, Any] = {"updates": 3, "optimizer": "sgd", "weight_decay": 0.5}
    made = tasks.planned(arms, data, decayed="kernels", **usual)
    assert [task.settings()["optimizer"] for task in made.values()] == [
        {
            "name": "sgd", "learning_rate": repr(growing), "weight_decay": 0.01,
            "decayed": "kernels",
        },
        {"name": "sgd", "learning_rate": 0.01, "weight_decay": 0.5},
        {"name": "sgd", "learning_rate": 0.01},
    ]  # fmt: skip
    setting = tasks.setting_of(made, [0], data, None, 3)["arms"]
    assert setting["a"]["learning rate"] == repr(growing)
    assert (setting["a"]["weight decay"], setting["a"]["decayed"]) == (0.01, "kernels")
    assert not {"weight decay", "decayed"} & set(setting["c"])


@pytest.mark.usefixtures("engine_replaced")
def test_runs_with_a_schedule_come_from_the_store(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"updates": 3, "seeds": 2, "store": Store(tmp_path / "s")}
    settings |= {"learning_rate": PerUpdate([0.1, 0.2, 0.3]), "weight_decay": 0.1}
    first = compare({"a": PLAIN}, data, weights=(1, 2), **settings)
    _forbid(monkeypatch)
    again = compare({"a": PLAIN}, data, weights=[2], **settings)
    assert again == first
    np.testing.assert_array_equal(
        again.weights("a", 1, 2)[0], first.weights("a", 1, np.int64(2))[0]
    )
    for change in (
        {"learning_rate": PerUpdate([0.1, 0.2, 0.4])}, {"weight_decay": 0.2}, {"weights": [3]},
        {"decayed": "kernels"},
    ):  # fmt: skip
        with pytest.raises(AssertionError, match="computed again"):
            compare({"a": PLAIN}, data, **{**settings, "weights": [2], **change})


def test_probes_are_read_on_the_way(data: Dataset) -> None:
    result = compare({"a": BATCH}, data, updates=50, seeds=2, probes=Probes(every=20, examples=100))
    frame = result.readings()
    assert set(frame["update"]) == {0, 20, 40}
    assert set(frame["seed"]) == {0, 1}
    assert np.isfinite(frame["value"]).all()
    plain = compare({"a": BATCH}, data, updates=50, seeds=2)
    assert plain.runs[0].metrics == result.runs[0].metrics  # looking changes nothing
    assert len(plain.readings()) == 0


def test_one_group_is_enough_for_a_budget_and_many_give_the_same_numbers(
    data: Dataset, tmp_path: Path
) -> None:
    """Groups of one seed and one group of three agree but for rounding."""
    one = compare({"a": BATCH}, data, updates=20, seeds=3, store=Store(tmp_path / "one"))
    need = memory.replica_bytes(BATCH.build((8, 8), 10, 0), 32, 2000, 2) / 2**30
    many = compare(
        {"a": BATCH}, data, updates=20, seeds=3, memory_gib=1.5 * need, store=Store(tmp_path / "m")
    )
    for metric in ("loss", "val_loss", "test_loss"):
        np.testing.assert_allclose(many.final(metric), one.final(metric), rtol=1e-4)


@pytest.mark.parametrize("problem", [MemoryError, _exhausted])
@pytest.mark.usefixtures("engine_replaced")
def test_too_little_memory_says_what_to_do(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, problem: Callable[[], Exception]
) -> None:
    def fail(*_: Any) -> None:
        raise problem()

    monkeypatch.setattr(Trainer, "train", fail)
    with pytest.raises(MemoryBudgetError, match=r"memory for 2 replicas.*Lower memory_gib"):
        compare({"a": BATCH}, data, updates=2, seeds=2)


@pytest.mark.usefixtures("engine_replaced")
def test_finished_groups_stay_when_memory_runs_out(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LARGEST_GROUP", 1)
    real, calls = Trainer.train, []

    def second_fails(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise MemoryError
        return real(*arguments)

    monkeypatch.setattr(Trainer, "train", second_fails)
    store = Store(tmp_path / "s")
    with pytest.raises(MemoryBudgetError):
        compare({"a": BATCH}, data, updates=2, seeds=3, store=store)
    assert len(store.entries()) == 1


def test_the_plain_keras_engine_gives_the_same_numbers(data: Dataset) -> None:
    """Without dropout, whose masks are Keras' own there, both engines train the same."""
    arms = {"batch norm": mlp(8, norm="batch", dropout=0.0)}
    ours, plain = (
        compare(arms, data, epochs=2, seeds=2, engine=engine).to_frame() for engine in tasks.ENGINES
    )
    np.testing.assert_allclose(ours["value"], plain["value"], rtol=2e-3, atol=2e-3)


OPTIONS: dict[str, MLP | ConvNet | ResNet] = {
    "affine": convnet((4, 6), "batch", trained="affine"),
    "hidden": mlp((8, 8), "batch", 0.0, trained="hidden", initial="he", gain=2),
    "group": convnet((4, 6), "group", placement="after", groups=2, bias=False),
    "no gamma": mlp((8, 8), "layer", 0.0, affine=False, trained="head"),
    "only centred": mlp((8, 8), "batch", 0.0, statistics="mean", trained="affine and head"),
    "only scaled, noisy": convnet((4, 6), "batch", statistics="variance", noise=0.5),
    "residual": resnet(2, 8, "batch", noise=0.5),
    "skip init": resnet(2, 8, skip_init=True),
    "deep tanh": mlp((50,) * 8, None, 0.0, "tanh"),
    "deep sigmoid": mlp((50,) * 8, "batch", 0.0, "sigmoid"),
}


def test_the_plain_keras_engine_trains_every_option_alike(data: Dataset) -> None:
    """Through ``compile`` and ``fit``, where Keras itself asks what is trainable."""
    settings: dict[str, Any] = {"updates": 20, "seeds": 2, "optimizer": "sgd", "weights": True}
    settings["evaluations"] = 2  # each costs Keras more than many updates
    ours, plain = (
        compare(OPTIONS, data, engine=engine, learning_rate=0.1, **settings)
        for engine in tasks.ENGINES
    )
    for one, other in zip(ours.runs, plain.runs, strict=True):
        for mine, theirs in zip(one.weights["final"], other.weights["final"], strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=2e-3, atol=2e-4)


def test_both_engines_reach_the_same_accuracy(tmp_path: Path) -> None:
    """With dropout, whose masks differ, over many seeds: within four standard errors of zero."""
    arms = {"batch norm": mlp(16, norm="batch", dropout=0.2)}
    data, settings = load("digits").take(400), {"epochs": 3, "seeds": 12}
    ours, plain = (
        compare(arms, data, engine=engine, store=Store(tmp_path), **settings).final()["batch norm"]
        for engine in tasks.ENGINES
    )
    gap = ours - plain
    assert gap.abs().max() > 0
    assert abs(gap.mean()) < 4 * gap.std() / len(gap) ** 0.5
    assert 0.5 < ours.std() / plain.std() < 2


PEAK = """
import resource, sys
import bnutils
from bnutils.engine import memory, threads
memory.LARGEST_GROUP = 5
data = bnutils.load("digits").take(200)
bnutils.compare({"a": bnutils.mlp(64, norm="batch")}, data, updates=2, seeds=int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell the peak memory")
def test_more_seeds_need_no_more_memory() -> None:
    """Twelve groups of five against one: nothing may be left behind by a seed or a group."""

    def peak(seeds: int) -> int:
        command = [sys.executable, "-c", PEAK, str(seeds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert peak(60) < 1.02 * peak(5)


def test_plain_keras_takes_any_layer(data: Dataset) -> None:
    keras = import_keras()

    class Unusual:
        def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
            layers = [keras.layers.Flatten(), keras.layers.PReLU(), keras.layers.Dense(classes)]
            return keras.Sequential([keras.Input(input_shape), *layers, keras.layers.Softmax()])

    result = compare({"own": Unusual()}, data, epochs=1, seeds=1, engine="keras")
    assert np.isfinite(result.final("test_loss").to_numpy()).all()


def test_a_diverged_seed_is_marked_and_the_others_go_on(data: Dataset) -> None:
    arms = {"hot": Arm(mlp(8, dropout=0.0), learning_rate=3e38), "cool": mlp(8, dropout=0.0)}
    result = compare(arms, data, updates=5, seeds=2, optimizer="sgd")
    assert [run.diverged for run in result.runs] == [True, True, False, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arms": {}}, "arms must be a dictionary with at least one entry"),
        ({"arms": [PLAIN]}, "arms must be a dictionary"),
        ({"arms": {"a": "batch"}}, "The arm 'a' must be the description of a network.*'batch'"),
        ({"epochs": None}, "exactly one of epochs and updates.*epochs=None and updates=None"),
        ({"updates": 10}, "exactly one of epochs and updates.*epochs=1 and updates=10"),
        ({"epochs": 0}, "epochs must be at least 1; received 0"),
        ({"epochs": None, "updates": 0}, "updates must be at least 1; received 0"),
        ({"seeds": 0}, "seeds must be at least 1; received 0"),
        ({"seeds": [1, 1]}, "seeds must be one or more different numbers"),
        ({"seeds": [-1]}, "every seed in seeds must be at least 0; received -1"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"batch_size": 201}, "batch_size must be at most the 200 examples.*201.*'plain'"),
        ({"optimizer": "lion"}, "optimizer must be one of 'sgd'.*'lion'"),
        ({"learning_rate": -1.0}, "learning_rate must be a positive, finite number; received -1.0"),
        ({"learning_rate": 0.0}, "learning_rate must be a positive, finite number; received 0.0"),
        ({"learning_rate": "0.1"}, "learning_rate must be a positive, finite number"),
        ({"learning_rate": float("inf")}, "learning_rate must be a positive, finite number"),
        ({"evaluations": 5}, "evaluations must come with updates.*received 5 with epochs=1"),
        ({"epochs": None, "updates": 9, "evaluations": 0}, "evaluations must be at least 1"),
        ({"weight_decay": -1}, "weight_decay must be a finite number that is not negative; rec"),
        ({"decayed": "biases"}, "decayed must be one of 'all', 'kernels', 'normalised'; received"),
        ({"learning_rate": PerUpdate([0.1])}, "a rate for each of the 7 updates; received PerUp"),
        ({"weights": [3, 8]}, "Every number in weights must be at most 7.*'plain'; received 8"),
        ({"weights": []}, "weights must be True, False, or numbers of updates; received"),
        ({"engine": "keras", "probes": Probes()}, "Probes need engine='replicas'.*'keras'"),
        ({"memory_gib": 0}, "memory_gib must be a positive, finite number; received 0"),
        ({"memory_gib": "8"}, "memory_gib must be a positive, finite number; received '8'"),
        ({"engine": "jax"}, "engine must be one of 'replicas', 'keras'; received 'jax'"),
    ],
)
def test_bad_input(data: Dataset, change: dict[str, Any], message: str) -> None:
    settings: dict[str, Any] = {"arms": ARMS, "epochs": 1, "seeds": 1, **change}
    with pytest.raises(ValueError, match=message):
        compare(data=data, **settings)


def test_numpy_integers_are_whole_numbers(data: Dataset) -> None:
    result = compare({"a": PLAIN}, data, updates=np.int64(2), seeds=np.arange(2), batch_size=32)
    assert [run.seed for run in result.runs] == [0, 1]


def test_a_built_model_is_not_a_description(data: Dataset) -> None:
    with pytest.raises(ValueError, match="not a built one"):
        compare({"a": PLAIN.build((8, 8), 10, 0)}, data, updates=1)


def test_data_are_loaded_not_named() -> None:
    with pytest.raises(TypeError, match=r"data must be a Dataset from bnutils\.load.*'digits'"):
        compare(ARMS, "digits", updates=1)  # type: ignore[arg-type]


def test_a_network_of_ones_own_is_never_taken_from_the_store(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mine(MLP):
        pass

    mine = Mine((8,), None, 0.0, "relu", "before")
    compare({"a": mine}, data, updates=1, seeds=1)
    _forbid(monkeypatch)
    with pytest.raises(AssertionError, match="computed again"):
        compare({"a": mine}, data, updates=1, seeds=1)


@pytest.mark.parametrize("seeds", [1.5, "3", True])
def test_seeds_are_whole_numbers(data: Dataset, seeds: Any) -> None:
    with pytest.raises(TypeError, match="must be a whole number"):
        compare(ARMS, data, epochs=1, seeds=seeds)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mlp(norm="weight"), "norm must be one of None, 'batch', 'layer',.*'weight'"),
        (lambda: mlp(hidden=0), "hidden must be at least 1"),
        (lambda: mlp(dropout=1.0), r"dropout must be in \[0, 1\)"),
        (lambda: mlp(activation="swish"), "activation must be one of"),
        (lambda: mlp(placement="around"), "placement must be one of"),
        (lambda: Arm(PLAIN, batch_size=0), "batch_size must be at least 1; received 0"),
        (lambda: Arm(PLAIN, optimizer=""), "optimizer must be one of"),
        (lambda: Arm(PLAIN, learning_rate=-1.0), "learning_rate must be a positive"),
        (lambda: Arm(MLP), "model must be the description of a network"),  # type: ignore[arg-type]
        (lambda: Optimizer("adam", float("nan")), "learning_rate must be a positive"),
    ],
)
def test_bad_architectures(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


STORED = """
import sys, bnutils
data = bnutils.load("digits").take(200)
result = bnutils.compare({"plain": bnutils.mlp(8)}, data, epochs=1, seeds=2)
result.summary()
print("tensorflow" in sys.modules)
"""


def test_a_stored_comparison_never_loads_tensorflow(tmp_path: Path) -> None:
    runs = [
        subprocess.run([sys.executable, "-c", STORED], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [run.stdout.strip() for run in runs] == ["True", "False"]
    assert [run.stderr for run in runs] == ["", ""]


OTHER_SUMS = 2e-4  # what sums of float32 in another order change within a dozen updates


@pytest.mark.parametrize("engine", ["replicas", "keras"])
def test_a_split_of_its_own_is_what_the_seed_deals(data: Dataset, engine: str) -> None:
    arms = {"a": mlp(8, norm="batch", dropout=0.0)}
    settings: dict[str, Any] = {"updates": 12, "engine": engine, "store": MemoryStore()}
    own = compare(arms, data, seeds=[4, 1], split="own", **settings)
    assert own.setting()["split"] == "each seed its own"
    for number, seed in enumerate((4, 1)):
        alone = compare(arms, data.resplit(seed), seeds=[seed], **settings)
        for metric, values in alone.runs[0].metrics.items():
            np.testing.assert_allclose(own.runs[number].metrics[metric], values, rtol=OTHER_SUMS)
        np.testing.assert_array_equal(own.hits("a")[number], alone.hits("a")[0])
    losses = [run.metrics["val_loss"][0] for run in own.runs]
    assert abs(losses[0] - losses[1]) > 10 * OTHER_SUMS  # the splits can be told apart


def test_probes_read_each_network_on_images_of_its_own_split(data: Dataset) -> None:
    probes = Probes(every=6, examples=40, statistics=("activations", "gradients"))
    settings: dict[str, Any] = {"updates": 6, "probes": probes, "store": MemoryStore()}
    own = compare({"a": BATCH}, data, seeds=[4, 1], split="own", **settings).readings()
    for seed in (4, 1):
        alone = compare({"a": BATCH}, data.resplit(seed), seeds=[seed], **settings).readings()
        mine = own[own["seed"] == seed]
        np.testing.assert_allclose(
            mine["value"], alone["value"], rtol=10 * OTHER_SUMS, atol=OTHER_SUMS
        )


def test_runs_of_own_splits_are_filed_apart(data: Dataset) -> None:
    shelf = MemoryStore()
    settings: dict[str, Any] = {"updates": 2, "seeds": [0], "store": shelf}
    other = replace(data, origins=_in_twos(data))
    for split, given in (("given", data), ("own", data), ("own", other), ("own", data)):
        compare({"a": BATCH}, given, split=split, **settings)
    assert len(shelf.groups) == 3


def _in_twos(data: Dataset) -> np.ndarray:
    """Two images each made from one original."""
    parts = [1000 * part + np.arange(n) // 2 for part, n in enumerate(data.split_sizes)]
    return np.concatenate(parts)
