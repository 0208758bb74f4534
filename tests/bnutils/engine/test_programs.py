"""Arms that differ in numbers only share a program, and get the numbers that each has alone."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from bnutils import sweep, training
from bnutils.datasets import load
from bnutils.engine import programs
from bnutils.engine.loop import WORTH_COMPILING
from bnutils.engine.programs import Shelf, structure
from bnutils.models import MLP, import_keras, mlp
from bnutils.probes import Probes
from bnutils.schedules import Cosine, Exponential
from bnutils.store import MemoryStore
from bnutils.tasks import Arm
from bnutils.training import compare

import_keras()

from bnutils.engine import groups  # noqa: E402
from bnutils.engine.replicas import Replicas  # noqa: E402

DATA = load("digits").take(120)
NET = mlp(6, norm="batch", dropout=0.2)
RATES = {
    "small": Arm(NET, learning_rate=0.01),
    "large": Arm(NET, learning_rate=0.3),
    "growing": Arm(NET, learning_rate=Exponential(0.01, 1.001)),
    "falling": Arm(NET, learning_rate=Cosine(0.2, 500)),
}
DECAYS = {f"decay {decay}": Arm(NET, weight_decay=decay) for decay in (1e-4, 0.1, 0.3)}


class Counted(Replicas):
    """Counts how often replicas are made, and how often their step is traced to a program."""

    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self, *arguments: Any) -> None:
        self.counts["made"] += 1
        super().__init__(*arguments)

    def step(self, *arguments: Any) -> Any:
        self.counts["traced"] += 1
        return super().step(*arguments)

    def _evaluate(self, rows: Any) -> Any:
        self.counts["evaluations traced"] += 1
        return super()._evaluate(rows)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    Counted.counts.clear()
    monkeypatch.setattr(groups, "Replicas", Counted)
    monkeypatch.setattr(training, "at_a_time", lambda: 1)
    yield Counted.counts
    assert not programs.SHELF._idle  # nothing is kept when nobody trains


def _trained(arms: dict[str, Any], updates: int, **settings: Any) -> Any:
    usual = {"seeds": 2, "optimizer": "sgd", "store": MemoryStore()}
    return compare(arms, DATA, updates=updates, **{**usual, **settings})


@pytest.mark.parametrize(
    ("arms", "updates"),
    [(RATES, 20), (DECAYS, 20), (RATES, WORTH_COMPILING)],
    ids=["rates-graph", "decays-graph", "rates-XLA"],
)
def test_arms_that_differ_in_numbers_are_traced_as_one(
    arms: dict[str, Arm], updates: int, counts: Counter[str]
) -> None:
    probes = Probes(every=10, examples=20, statistics=("activations", "rate"))
    together = _trained(arms, updates, probes=probes)
    of_all = dict(counts)
    counts.clear()
    first = next(iter(arms))
    alone = [_trained({name: arms[name]}, updates, probes=probes) for name in arms]
    assert of_all["made"] == 1
    assert {name: len(arms) * count for name, count in of_all.items()} == counts
    assert together.runs[:2] == alone[0].runs
    assert together.runs == tuple(run for result in alone for run in result.runs)
    assert together.final("loss")[first].nunique() == 2


@pytest.mark.parametrize(
    "other",
    [
        Arm(mlp(6, norm="batch", dropout=0.3)),
        Arm(mlp(7, norm="batch", dropout=0.2)),
        Arm(mlp(6, norm="layer", dropout=0.2)),
        Arm(NET, batch_size=16),
        Arm(mlp(6, norm="batch", dropout=0.2, noise=0.1)),
        Arm(mlp(6, norm="batch", dropout=0.2, statistics="mean")),
        Arm(NET, optimizer="momentum"),
        Arm(NET, weight_decay=0.1),
    ],
    ids=repr,
)
def test_arms_that_differ_in_more_have_programs_of_their_own(
    other: Arm, counts: Counter[str]
) -> None:
    _trained({"one": NET, "other": other}, 3)
    assert counts["made"] == 2


def test_which_weights_decay_is_part_of_the_program(counts: Counter[str]) -> None:
    arms = {which: Arm(NET, weight_decay=0.5, decayed=which) for which in ("all", "kernels")}
    result = _trained(arms, 5)
    assert counts["made"] == 2
    assert (result.final("loss")["all"] != result.final("loss")["kernels"]).all()


def test_a_network_of_ones_own_has_a_program_of_its_own(counts: Counter[str]) -> None:
    class Own(MLP):
        """Nothing is known of it."""

    own = Own((6,), "batch", 0.0, "relu", "before")
    _trained({"a": own, "b": Arm(own, learning_rate=0.5)}, 3)
    assert counts["made"] == 2


def test_points_of_a_sweep_share_programs(counts: Counter[str]) -> None:
    points = sweep.grid(width=6, learning_rate=[0.1, 0.2, 0.3], norm=["none", "batch"])
    result = sweep.run(points, DATA, updates=3, seeds=2, store=MemoryStore())
    assert not result.failures
    assert counts["made"] == 2


def test_where_weights_begin_is_no_part_of_a_structure() -> None:
    keras = import_keras()

    def built(initializer: str, units: int = 5, **options: Any) -> Any:
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input((4, 4)), layers.Flatten(),
                layers.Dense(units, kernel_initializer=initializer),
                layers.BatchNormalization(**options), layers.Dropout(0.5, seed=units),
            ]
        )  # fmt: skip

    one = structure(built("zeros"))
    assert one == structure(built("he_normal", gamma_initializer="zeros"))
    frozen = built("zeros")
    frozen.layers[1].trainable = False
    others = [built("zeros", 6), built("zeros", momentum=0.5), built("zeros", epsilon=1.0), frozen]
    assert len({one, *map(structure, others)}) == 5


def test_where_a_shortcut_begins_is_part_of_a_structure() -> None:
    keras = import_keras()

    def built(skipped: int) -> Any:
        outputs = [keras.Input((4,))]
        for _ in range(3):
            outputs.append(keras.layers.Dense(4)(outputs[-1]))
        total = keras.layers.Add()([outputs[skipped], outputs[-1]])
        return keras.Model(outputs[0], keras.layers.Dense(2)(total))

    assert structure(built(1)) == structure(built(1))
    assert structure(built(1)) != structure(built(2))


def test_seeds_of_noise_are_no_part_of_a_structure(counts: Counter[str]) -> None:
    net = mlp(6, norm="batch", noise=0.5)
    one, other = (structure(net.build((4, 4), 3, seed)) for seed in (0, 1))
    assert one == other
    _trained({"small": Arm(net, learning_rate=0.01), "large": Arm(net, learning_rate=0.1)}, 3)
    assert counts["made"] == 1


def test_a_shelf_gives_back_what_was_put_there_once_at_a_time() -> None:
    shelf, made = Shelf(), iter(range(9))
    take = lambda key: shelf.borrowed(key, 1, lambda: next(made))  # noqa: E731
    with shelf.opened():
        with take("a") as first, take("a") as second, take("b") as third:
            assert (first, second, third) == (0, 1, 2)
        with take("a") as again, take("a") as other, take("c") as new:
            assert ({again, other}, new) == ({0, 1}, 3)
        with shelf.opened(), take("b") as kept:
            assert kept == 2
        with take("b") as still:  # the inner opening has not emptied it
            assert still == 2
    with take("a") as fresh:
        assert fresh == 4
    with take("a") as fresh:
        assert fresh == 5


def test_what_failed_is_not_used_again() -> None:
    shelf, made = Shelf(), iter(range(9))
    with shelf.opened():
        with pytest.raises(KeyboardInterrupt), shelf.borrowed("a", 1, lambda: next(made)):
            raise KeyboardInterrupt
        with shelf.borrowed("a", 1, lambda: next(made)) as taken:
            assert taken == 1


def test_a_shelf_has_room_for_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "KEPT_BYTES", 10)
    shelf, made = Shelf(), iter(range(9))

    def used(key: str, size: int) -> int:
        with shelf.borrowed(key, size, lambda: next(made)) as taken:
            return taken

    with shelf.opened():
        assert [used("a", 4), used("b", 4), used("a", 4)] == [0, 1, 0]
        assert used("c", 4) == 2  # the one that lay there longest, b, had to go
        assert [used("a", 4), used("b", 4)] == [0, 3]
        assert [used("large", 11), used("large", 11)] == [4, 5]
