"""For what a result was seen, in words that come from its setting."""

from __future__ import annotations

from typing import Any

import pytest
from bnsite import records
from bnsite.ledger.scope import scope, seen_for
from bnsite.ledger.sizes import SHAPES, parameters, sizes

import bnutils
from tests.book.ledger import small_book


def record(dataset: str = "mnist", **setting: Any) -> records.Record:
    return records.Record("one/gain.mnist", dataset, {"setting": setting})


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"epochs": 5}, ["5 epochs"]),
        ({"epochs": 1}, ["1 epoch"]),
        ({"training images": 48000}, ["48,000 training images"]),
        ({"layers": ["Dense", "ReLU"]}, ["layers Dense, ReLU"]),
        ({"learning_rate": 0.1}, ["learning rate 0.1"]),
        ({"shape of x": [256, 20]}, ["shape of x 256 × 20"]),
        ({"rates": [2.0**-n for n in range(9)]}, ["rates 1 to 0.00390625 (9 values)"]),
        ({"split": "each seed its own"}, ["each seed its own split"]),
        ({"dropout": None, "warm": True}, ["dropout no", "warm yes"]),
        ({"seeds": 16, "data": "0123456789ab", "engine": "replicas"}, []),
        ({"model": "Sequential"}, ["Sequential"]),
    ],
)
def test_a_setting_is_said(setting: dict[str, Any], said: list[str]) -> None:
    assert scope(record(**setting)) == said


@pytest.mark.parametrize("norm", [norm for norm in bnutils.models.NORMS if norm != "instance"])
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"affine": False}])
def test_parameters_are_those_of_keras(norm: str | None, options: dict[str, Any]) -> None:
    affine = norm == "rms" or options.get("affine", True)  # of which RMS has always one
    model = bnutils.mlp((8, 6), norm, groups=2, **{**options, "affine": affine})
    for name, (inputs, classes) in SHAPES.items():
        built = model.build((inputs,), classes, 0)
        assert parameters(repr(model), inputs, classes) == built.count_params(), name


@pytest.mark.parametrize("statistics", bnutils.models.STATISTICS)
@pytest.mark.parametrize("affine", [True, False])
def test_parameters_of_half_a_normalisation_are_those_of_keras(
    statistics: str, affine: bool
) -> None:
    model = bnutils.mlp((8, 6), "batch", statistics=statistics, affine=affine)
    assert parameters(repr(model), 64, 10) == model.build((64,), 10, 0).count_params()


def test_the_shapes_are_those_of_the_data() -> None:
    for name in ("digits", "digits28"):
        data = bnutils.load(name)
        assert SHAPES[name] == (data.x_train[0].size, data.classes)
    assert SHAPES["mnist"] == SHAPES["digits28"]


def test_updates_follow_from_epochs_and_batches() -> None:
    arms = {"a": {"batch size": 512}, "b": {"batch size": 32}}
    setting = {"epochs": 5, "training images": 9600, "arms": arms}
    assert list(sizes(setting, "digits28")) == [("updates", 95), ("updates", 1500)]
    assert next(sizes({"first": setting, "second": {"arms": {}}}, "own")) == ("updates", 95)


def test_arms_come_first_and_what_they_share_is_said_once() -> None:
    assert scope(record(**small_book.setting())) == [
        "“batch norm” against “plain”",
        "5 epochs",
        "MLP",
        "hidden layers of 128",
        "batch or no normalisation",
        "batch size 32",
        "102,282 or 101,770 parameters",
    ]


def test_of_many_arms_the_names_are_listed() -> None:
    assert scope(record(arms={"a": {}, "b": {}, "c": {}})) == ["“a”, “b”, “c”"]


def test_all_experiments_of_a_result_are_said() -> None:
    both = {
        "epochs": {"arms": {"a": {}}, "epochs": 5},
        "updates": {"arms": {"a": {}}, "updates": 9},
    }
    assert scope(record(**both)) == ["“a”", "5 epochs", "9 updates"]


def test_what_holds_on_one_data_set_stands_beside_it() -> None:
    pair = [record("mnist", width=64, updates=94), record("digits28", width=64, updates=95)]
    assert (
        seen_for(pair)
        == "Seen on MNIST (94 updates) and on digits, 28 × 28 (95 updates): width 64."
    )
    assert seen_for([record("synthetic")]) == "Seen on synthetic data."
