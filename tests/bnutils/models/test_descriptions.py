"""Descriptions: what they print, which are the same, and which are refused."""

import ast
import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from bnutils.datasets import load
from bnutils.models import MLP, ConvNet, ResNet, convnet, mlp, require_mates, resnet
from bnutils.models.options import Options
from bnutils.store import identity
from bnutils.tasks import planned
from tests.bnutils.models.samples import ARCHITECTURES, OPTIONS

Description = MLP | ConvNet | ResNet
BOOK = Path(__file__).parents[3] / "book"
FIRST = {  # what was printed before there were options: committed records say so
    "MLP(hidden=(128,), norm=None, dropout=0.2, activation='relu', placement='before')": mlp(),
    "MLP(hidden=(9, 8), norm='layer', dropout=0.0, activation='tanh', placement='after')": mlp(
        [9, 8], "layer", 0, "tanh", "after"
    ),
    "ConvNet(filters=(8, 16, 32), norm=None, activation='relu')": convnet(),
    "ConvNet(filters=(4,), norm='batch', activation='linear')": convnet(4, "batch", "linear"),
    "ResNet(blocks=20, width=64, norm=None, activation='relu')": resnet(),
}


def read(text: str) -> Description:
    """What a call makes, without running what else a file may hold."""
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    arguments = {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
    kinds: dict[str, type[Description]] = {"MLP": MLP, "ConvNet": ConvNet, "ResNet": ResNet}
    return kinds[ast.unparse(call.func)](**arguments)


def models_in(setting: Any) -> Iterator[str]:
    """The networks of a record, wherever in it they stand."""
    if isinstance(setting, dict):
        if isinstance(setting.get("model"), str):
            yield setting["model"]
        for part in setting.values():
            yield from models_in(part)


@pytest.mark.parametrize("text", FIRST)
def test_without_an_option_nothing_is_printed_of_it(text: str) -> None:
    assert repr(FIRST[text]) == text


def test_committed_records_name_networks_as_they_print() -> None:
    records = [json.loads(path.read_text("utf8")) for path in BOOK.glob("*/findings/*.json")]
    named = {text for record in records for text in models_in(record) if "(" in text}
    assert len(named) > 3
    assert {text: repr(read(text)) for text in named} == {text: text for text in named}


@pytest.mark.parametrize("made", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_what_is_printed_makes_the_same(made: Description) -> None:
    again = read(repr(made))
    assert again == made
    assert hash(again) == hash(made)


@given(OPTIONS, OPTIONS)
def test_two_print_alike_where_they_are_the_same(one: Any, other: Any) -> None:
    makes: list[Callable[..., Any]] = [
        lambda **options: mlp((8, 4), "batch", **options),
        lambda **options: convnet((8, 4), "batch", **options),
        lambda **options: resnet(2, 8, "batch", **options),
    ]
    for make in makes:
        first, second = make(**one), make(**other)
        assert (first == second) == (repr(first) == repr(second))
        changed = {name for name, value in one.items() if value != getattr(Options, name)}
        told = {part.name for part in fields(Options) if f" {part.name}=" in repr(first)}
        assert told == changed


@pytest.mark.parametrize("make", [mlp, convnet, resnet])
def test_all_networks_have_all_options_with_the_same_defaults(make: Callable[..., Any]) -> None:
    own = inspect.signature(make).parameters
    assert {part.name: own[part.name].default for part in fields(Options)} == {
        part.name: part.default for part in fields(Options)
    }


def test_numbers_mean_the_same_in_whatever_dress() -> None:
    assert repr(mlp(gain=2, groups=2.0)) == repr(mlp(gain=2.0, groups=2))  # type: ignore[arg-type]


def test_runs_of_other_options_are_filed_apart() -> None:
    data = load("digits").take(60)
    tasks = planned(ARCHITECTURES, data, updates=1)  # type: ignore[arg-type]
    assert len({identity.key(task) for task in tasks.values()}) == len(ARCHITECTURES)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mlp(norm="spectral"), "norm must be one of None, 'batch', 'layer', 'group', "),
        (lambda: mlp(norm="instance"), "'instance'.*at least two numbers.*layer 1.*norm='layer'"),
        (lambda: mlp((8, 4), "group"), "'group'.*at least two numbers.*hidden layer 2"),
        (lambda: mlp(50, "group"), r"groups must divide.*received 4 for \(50,\).*divisor of 50"),
        (lambda: convnet((8, 6), "group", groups=3), r"received 3 for \(8, 6\).*divisor of 2"),
        (lambda: mlp(groups=0), "groups must be at least 1; received 0"),
        (lambda: mlp(norm="rms", affine=False), "affine must be True for norm='rms'.*False"),
        (lambda: mlp(initial="zeros"), "initial must be one of 'glorot', 'he'; received 'zeros'"),
        (lambda: mlp(gain=0), "gain must be a positive, finite number; received 0"),
        (lambda: mlp(gain=1e10), r"gain must be between 1e-09 and 1e\+09; received 1000000"),
        (lambda: convnet(dropout=1), r"dropout must be in \[0, 1\)"),
        (lambda: convnet(placement="around"), "placement must be one of 'before', 'after'"),
        (lambda: mlp(dropout_at="first"), "dropout_at must be one of 'every', 'last'"),
        (lambda: mlp(trained="bias"), "trained must be one of 'all', 'affine'.*'bias'"),
        (lambda: mlp(trained="affine"), "'affine' needs.*norm=None.*Give a norm"),
        (lambda: convnet(norm="batch", affine=False, trained="affine and head"), "affine=False"),
        (lambda: mlp((), "batch", trained="affine"), "'affine' needs.*and 0 hidden layers"),
        (lambda: convnet(norm="instance", placement="after"), "nonlinearity.*placement='after'"),
        (lambda: convnet(4, "group", "linear"), "nonlinearity behind it.*activation='linear'"),
        (lambda: mlp((), trained="hidden"), "'hidden' needs hidden layers.*Add one"),
        (lambda: mlp(statistics="median"), "statistics must be one of 'both', 'mean', 'variance'"),
        (lambda: mlp(statistics="mean"), "'both' unless norm is 'batch'.*'mean' with norm=None"),
        (lambda: convnet(norm="layer", statistics="variance"), "with norm='layer'.*Leave stat"),
        (lambda: mlp(ghost=8), "ghost must be None unless.*8 with norm=None.*Leave ghost out"),
        (lambda: mlp(norm="batch", statistics="mean", ghost=8), "statistics='mean'.*Leave ghost"),
        (lambda: convnet(norm="batch", ghost=0), "ghost must be at least 1; received 0"),
        (lambda: mlp(noise=0.5), "noise must stand behind.*0.5 with norm=None.*Give a norm"),
        (lambda: mlp(norm="batch", noise=-1), "noise must be a finite number that is not neg"),
        (lambda: mlp(norm="batch", noise=1001), "noise must be at most 1000.*received 1001"),
        (lambda: resnet(0), "blocks must be at least 1; received 0"),
        (lambda: resnet(1001), "blocks must be at most 1000; received 1001"),
        (lambda: resnet(2, 0), "width must be at least 1; received 0"),
        (lambda: resnet(2, 6, "group"), r"groups must divide.*received 4 for"),
        (lambda: resnet(2, 8, "instance"), "'instance'.*at least two numbers"),
        (lambda: resnet(skip_init=True, trained="head"), "'all' with skip_init=True.*'head'"),
        (lambda: resnet(trained="affine"), "'affine' needs.*norm=None.*Give a norm"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("network", "shape", "examples"),
    [
        (mlp(4, "batch"), (8, 8), 1),
        (mlp(4, "batch", ghost=1), (8, 8), 32),
        (resnet(1, 4, "batch"), (8, 8), 1),
        (convnet((4, 4), "batch"), (4, 4), 1),
        (mlp(4, "renorm"), (8, 8), 1),
    ],
)
def test_a_batch_that_leaves_a_layer_one_number_is_refused(
    network: Any, shape: tuple[int, ...], examples: int
) -> None:
    with pytest.raises(ValueError, match=f"at least two.*batch_size={examples} .*norm='layer'"):
        require_mates(network, shape, examples)


@pytest.mark.parametrize(
    ("network", "examples"),
    [
        (mlp(4, "batch"), 2),
        (mlp(4, "batch", ghost=2), 32),
        (mlp(4, "layer"), 1),
        (mlp(4), 1),
        (mlp(()), 1),
        (convnet((4, 4), "batch"), 1),  # 2 x 2 positions are left
        (lambda *given: None, 1),  # a user's own
    ],
)
def test_other_batches_are_not(network: Any, examples: int) -> None:
    require_mates(network, (8, 8), examples)


@pytest.mark.parametrize("option", ["affine", "bias", "skip_init"])
def test_a_switch_is_true_or_false(option: str) -> None:
    with pytest.raises(TypeError, match=f"{option} must be True or False; received 1"):
        resnet(**{option: 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "small",
    [convnet((4, 4, 4), "instance"), convnet((4, 4, 4), "group", groups=4)],
    ids=["instance", "one channel a group"],
)
def test_images_too_small_to_normalise_are_refused_before_training(small: ConvNet) -> None:
    """Three convolutions of stride 2 leave one position of 8 x 8, and two by two of 16 x 16."""
    for refused in (
        lambda: small.build((8, 8), 10, 0),
        lambda: planned({"a": small}, load("digits").take(60), updates=1),
    ):
        with pytest.raises(ValueError, match=r"at least two numbers.*hidden layer 3.*larger"):
            refused()
    assert small.build((16, 16), 10, 0).count_params() > 0
