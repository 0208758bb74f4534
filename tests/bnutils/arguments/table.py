"""Every function, method and class that people call, and what each of its arguments may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bnutils import (
    atlas,
    averaging,
    checks,
    datasets,
    findings,
    gradcheck,
    intervals,
    models,
    optimizers,
    plotting,
    predictions,
    probes,
    recordings,
    reference,
    results,
    schedules,
    store,
    sweep,
    tables,
    tasks,
    training,
    verdicts,
)  # fmt: skip
from bnutils.runs import METRICS
from tests.bnutils.arguments import samples
from tests.bnutils.arguments.kinds import (
    Kind,
    anything,
    array,
    choice,
    count,
    flag,
    function,
    is_empty,
    is_number,
    is_row,
    is_whole,
    made,
    number,
    path,
    rows,
    text,
)  # fmt: skip
from tests.bnutils.arguments.odd import Built
from tests.bnutils.store.samples import run, task

Call = Callable[..., Any]


@dataclass(frozen=True)
class Entry:
    """What is called, and the kinds of its arguments by name.

    Attributes
    ----------
    make : callable
        Gives what is called; anew each time, since a call may change it.
    arguments : mapping
        By name, in the order in which they stand.
    result : callable
        What of a result has to be the same for the same number in another dress.
    """

    make: Callable[[], Call]
    arguments: Mapping[str, Kind]
    result: Callable[[Any], Any] = repr


def call(
    make: Callable[[], Call], /, *, shown: Callable[[Any], Any] = repr, **kinds: Kind
) -> Entry:
    return Entry(make, kinds, shown)


# ---- kinds that several share -----------------------------------------------------------
DATA = made(samples.data, raw=lambda: ((1, 2), (3, 4)), arrays=samples.batch)
PROBES = made(lambda: probes.Probes(examples=2))
STORE = made(store.MemoryStore, a_folder=samples.folder)
TASK = made(task)
NETWORK = made(
    samples.network, a_function=lambda: models.mlp, inside=lambda: {"a": samples.network()}
)
ANYTHING = anything(lambda *arguments: arguments[0])  # a report says what cannot be called
FUNCTION = function(lambda *arguments: arguments[0])
NORMED = ("batch", "layer", "group", "rms", "renorm")
NORMS = choice(None, *NORMED)
RULES = choice("adam", "sgd", "momentum", "adamw")
COUNTS, SOME = rows(count(3), empty=True), rows(count(3), twice=False)
WIDTHS = rows(count(8), empty=True)  # four groups have two channels each
SHARE = number(0.2, 0, 1, ends="[)")
RATE = number(0.01, 0)
NOT_NEGATIVE = number(0.01, 0, ends="[)")
SCHEDULED = RATE.with_more(its_class=lambda: schedules.Exponential)
DECAYED = choice("all", "kernels", "normalised")
RATES = rows(NOT_NEGATIVE, alone=False)
WEIGHTS = Kind(lambda: {0: [np.ones(2)]}).with_more(
    alone=lambda: [np.ones(2)], whole=lambda: {0: [np.arange(2)]}, none=lambda: {0: 3},
    texts=lambda: {0: ["a"]}, no_seed=lambda: {"a": [np.ones(2)]},
)  # fmt: skip
OF_GIVEN = {"model": NETWORK, "weights": WEIGHTS, "data": DATA}
MOMENTS = Kind(
    lambda: False,
    means=lambda value: is_row(value, count(3, 0, 3).means),
    itself=lambda value: isinstance(value, bool | np.bool_),
)
ACTIVATIONS = choice("relu", "tanh", "sigmoid", "linear")
PLACEMENTS = choice("before", "after")
METRIC, ARM = choice(*METRICS), choice("plain", "abc")
EPSILON = number(1e-3, 0)
SEED_ROW = rows(count(2, 0), alone=False, empty=True)
DISTINCT = rows(count(0, 0), alone=False, twice=False)
SEEDS = Kind(
    lambda: 2,
    lambda value: DISTINCT.means(value) or count(1, 1, 10**6).means(value),
    free=SEED_ROW.free,
)  # fmt: skip
NONE = Kind(lambda: None, lambda value: value is None)
OPTIONS = {
    "affine": flag(True),
    "groups": count(4),
    "bias": flag(True),
    "initial": choice("glorot", "he"),
    "gain": number(1.0, 1e-9, 1e9, ends="[]"),
    "dropout_at": choice("every", "last"),
    "trained": choice("all", "head", "hidden"),
    "statistics": choice("both"),  # of what is a normalisation in no entry
    "noise": number(0.0, 0, 0, ends="[]"),
    "ghost": NONE,  # for the same reason
}
OF_NETWORK = {
    "hidden": WIDTHS, "norm": NORMS, "dropout": SHARE, "activation": ACTIVATIONS,
    "placement": PLACEMENTS, **OPTIONS,
}  # fmt: skip
OF_CONVNET = {
    "filters": WIDTHS, "norm": choice(None, *NORMED, "instance"), "activation": ACTIVATIONS,
}  # fmt: skip
OF_TWO = {"placement": PLACEMENTS, "dropout": SHARE}
OF_BUILD = {"input_shape": COUNTS, "classes": count(3), "seed": count(3, 0)}
OF_RESNET = {
    "blocks": count(3, 1, 1000), "width": count(8), "norm": NORMS, "activation": ACTIVATIONS,
}  # fmt: skip
OF_BRANCH = {"skip_init": flag(False), "dropout": SHARE}
IMAGE = Kind(lambda: (4, 4), lambda value: is_row(value, count(1).means))
PLANS = Kind(lambda: {"a": samples.network()}).with_more(
    no_description=lambda: {"a": 3}, no_name=lambda: {"": samples.network()},
    None_as_name=lambda: {None: samples.arm()}, built=lambda: {"a": Built()},
    a_class=lambda: {"a": models.MLP}, a_function_inside=lambda: {"a": models.mlp},
    pairs=lambda: [("a", samples.network())], series=lambda: pd.Series({"a": samples.network()}),
).also_called("arm")  # fmt: skip
OF_TRAINING = {
    "epochs": NONE, "updates": count(3, 1, 10**8), "evaluations": count(2).or_none(),
    "batch_size": count(2, 1, samples.EXAMPLES),
    "optimizer": RULES, "learning_rate": SCHEDULED.or_none(),
    "weight_decay": NOT_NEGATIVE.or_none(), "decayed": DECAYED,
    "engine": choice("replicas", "keras"), "split": choice("given", "own"),
    "probes": PROBES.by_default(), "weights": MOMENTS, "memory_gib": RATE,
}  # fmt: skip
OF_SWEEP = {
    name: OF_TRAINING[name]
    for name in ("epochs", "updates", "split", "probes", "weights", "memory_gib")
}
POINTS = Kind(samples.points).with_more(
    one=lambda: samples.points()[0], inside=lambda: [*samples.points(), 3],
    twice=lambda: samples.points() * 2, arms=lambda: {"a": samples.arm()},
)  # fmt: skip
CLUSTER = Kind(lambda: None, NONE.means, free=lambda odd: isinstance(odd.means, str) and odd.means)
SHARD = Kind(lambda: (1, 2), lambda value: value in ((3, 5), (3, 3)))
FIGURE = made(Figure)
AXES = made(lambda: Figure().add_subplot()).or_none()
CURVES = made(samples.comparison)
VALUES = Kind(
    lambda: [0.25, 0.5],
    lambda value: is_row(value, is_number),
    lambda value: is_empty(value) or (type(value) is np.ndarray and value.dtype == float),
)
FINITE_BY_SEED = Kind(lambda: [0.25, 0.5], lambda value: is_row(value, is_number) and value)
VALUES_BY_SEED = replace(
    FINITE_BY_SEED,
    itself=lambda value: type(value) is np.ndarray and value.dtype == float and value.size,
)
OF_BOUNDS = {"above": number(0.0, high=1).or_none(), "below": number(1.0, low=0).or_none()}
OF_CLAIM = {"values": VALUES_BY_SEED, **OF_BOUNDS}
EFFECT = made(lambda: intervals.interval([1.0, 2.0]), a_number=lambda: 1.0)
SETTINGS = Kind(
    lambda: {"width": 3}, itself=lambda value: isinstance(value, dict) and set(value) <= {"a"}
)
AXIS = Kind(
    lambda: -1,
    free=lambda odd: is_row(odd.means, is_whole) or is_whole(odd.means),
)  # fmt: skip
THREE, FOUR = array(samples.three), array(samples.four)
BATCH, IMAGES = array(samples.batch), array(samples.images)
OF_THREE = {"gamma": THREE.or_none(), "beta": THREE.or_none()}
OF_FOUR = {"gamma": FOUR.or_none(), "beta": FOUR.or_none()}
STATE = {"moving_mean": THREE, "moving_variance": THREE}
MASK = array(samples.mask).by_default()


def are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def cube(x: Any) -> Any:
    return (x**3).sum()


def gradient() -> Any:
    return 3 * samples.three() ** 2


GRADIENT = replace(
    array(gradient),
    is_called=True,
    free=lambda odd: callable(odd.make()) or array(gradient).free(odd),
)
CUBE = replace(function(cube), is_called=True)


def backward(name: str, x: Callable[[], Any], cache: Callable[[], Any]) -> Entry:
    other = samples.rms_cache if cache is samples.batch_cache else samples.batch_cache
    its_cache = made(cache, another=lambda: other(), a_pair=lambda: (x(), cache()))
    return call(lambda: getattr(reference, name), dy=array(x), cache=its_cache)


WITH_NETWORKS = ("recalibration", "training_step")  # each call builds some


def check(name: str) -> Entry:
    argument = "factory" if name.endswith("_layer") else "function"
    kind = replace(ANYTHING, every=5) if name in WITH_NETWORKS else ANYTHING
    return call(lambda: getattr(checks, name), shown=lambda r: r.names, **{argument: kind})


LAYOUTS = ("channels_first", "features_first", "row_vectors")
OF_ARRAYS = ("torch_function", "jax_function", "tensorflow_function")
ADAPTERS = [*LAYOUTS, *OF_ARRAYS, *(name for name in checks.__all__ if name[:7] == "cs231n_")]
EXERCISE = made(lambda: "batch_norm_forward").or_none()
NO_CHECKS = (*ADAPTERS, "reset_hints")
CHECKS = [name for name in checks.__all__ if name[0].islower() and name not in NO_CHECKS]


def adapter(name: str) -> Entry:
    of_cs231n = ("forward", "backward") if name == "cs231n_backward" else ("forward",)
    arguments = of_cs231n if name.startswith("cs231n_") else ("function",)
    return call(lambda: getattr(checks, name), shown=callable, **dict.fromkeys(arguments, FUNCTION))


# ---- the table --------------------------------------------------------------------------
ENTRIES: dict[str, Entry] = {
    "datasets.Dataset": call(
        lambda: datasets.Dataset, shown=lambda made: (made.name, made.checksum, made.classes),
        name=text("own"),
        **{
            f"{kind}_{split}": array(lambda part=f"{kind}_{split}": samples.part_of_data(part))
            for split in ("train", "val", "test") for kind in "xy"
        },
        source=text("", empty=True), checksum=text("", empty=True), classes=count(3, 2),
        origins=replace(array(lambda: np.arange(3 * samples.EXAMPLES)), itself=is_empty),
    ),
    "datasets.Dataset.split": call(
        lambda: samples.data().split, shown=lambda made: made.test.tolist(),
        seed=count(3, 0).or_none(),
    ),
    "datasets.Dataset.pooled": call(lambda: samples.data().pooled, kind=choice("x", "y")),
    "datasets.Dataset.resplit": call(
        lambda: samples.data().resplit, shown=lambda made: made.checksum, seed=count(3, 0)
    ),
    "datasets.Dataset.take": call(
        lambda: samples.data().take, examples=count(3, 1, samples.EXAMPLES)
    ),
    "datasets.load": call(
        lambda: datasets.load, name=choice("digits"), path=path(lambda: None).or_none(),
        report=FUNCTION,
    ),
    "models.MLP": call(lambda: models.MLP, **OF_NETWORK),
    "models.MLP.build": call(lambda: samples.network().build, **OF_BUILD),
    "models.ConvNet": call(lambda: models.ConvNet, **OF_CONVNET, **OPTIONS, **OF_TWO),
    "models.ConvNet.build": call(
        lambda: models.convnet(4).build, **{**OF_BUILD, "input_shape": IMAGE}
    ),
    "models.ResNet": call(lambda: models.ResNet, **OF_RESNET, **OPTIONS, **OF_BRANCH),
    "models.ResNet.build": call(lambda: models.resnet(1, 4).build, **OF_BUILD),
    "models.resnet": call(lambda: models.resnet, **OF_RESNET, **OF_BRANCH, **OPTIONS),
    "models.mlp": call(lambda: models.mlp, **OF_NETWORK),
    "models.convnet": call(lambda: models.convnet, **OF_CONVNET, **OF_TWO, **OPTIONS),
    "models.normalisation": call(
        lambda: models.normalisation, norm=choice(*NORMED, "instance"), affine=flag(True),
        groups=count(4), statistics=choice("both"), ghost=count(4).by_default(),
    ),
    "optimizers.Optimizer": call(
        lambda: optimizers.Optimizer, name=RULES.also_called("optimizer"),
        learning_rate=SCHEDULED.or_none(), weight_decay=NOT_NEGATIVE.or_none(), decayed=DECAYED,
    ),
    "probes.Probes": call(
        lambda: probes.Probes, every=count(20), examples=count(20, 2),
        statistics=rows(choice(*probes.STATISTICS)), lengths=rows(RATE, twice=False).or_none(),
        normalised=flag(False),
    ),
    "probes.Probes.batch": call(lambda: PROBES.good().batch, data=DATA),
    "probes.Probes.eves": call(
        lambda: probes.Probes(statistics="angle").eves, updates=count(3, 0, 10**8)
    ),
    "probes.Probes.passes": call(
        lambda: probes.Probes(statistics="gradient shift").passes, kernels=count(3, 1, 10**8)
    ),
    "probes.Probes.times": call(lambda: probes.Probes().times, updates=count(3, 0, 10**8)),
    "schedules.Exponential": call(lambda: schedules.Exponential, initial=RATE, factor=RATE),
    "schedules.WarmUp": call(
        lambda: schedules.WarmUp, rate=RATE, updates=count(3), start=NOT_NEGATIVE
    ),
    "schedules.Cosine": call(
        lambda: schedules.Cosine, initial=RATE, updates=count(3), final=NOT_NEGATIVE
    ),
    "schedules.Piecewise": call(
        lambda: schedules.Piecewise,
        rates=Kind(lambda: (0.1, 0.2), lambda value: RATES.means(value) and len(value) == 2),
        changes=Kind(lambda: 3, count(3).means),
    ),
    "schedules.PerUpdate": call(lambda: schedules.PerUpdate, rates=RATES),
    "schedules.InsteadOfDecay": call(
        lambda: schedules.InsteadOfDecay,
        learning_rate=number(0.01, 0, 100).with_more(its_class=lambda: schedules.Cosine),
        decay=number(0.01, 0, 100, ends="[)"),
    ),
    "averaging.averaged": call(
        lambda: averaging.averaged, sets=Kind(lambda: [[np.ones(2)]]).also_called("weights"),
        momentum=SHARE.or_none(),
    ),
    "averaging.recalibrated": call(
        lambda: averaging.recalibrated, **OF_GIVEN, split=OF_TRAINING["split"], memory_gib=RATE
    ),
    "averaging.scored": call(
        lambda: averaging.scored, **OF_GIVEN, part=choice("train", "val", "test"),
        split=OF_TRAINING["split"], memory_gib=RATE,
    ),
    "tasks.Arm": call(
        lambda: tasks.Arm, model=NETWORK, batch_size=count(3).or_none(),
        optimizer=RULES.or_none(), learning_rate=SCHEDULED.or_none(),
        weight_decay=NOT_NEGATIVE.or_none(), decayed=DECAYED.or_none(),
    ),
    "tasks.planned": call(lambda: tasks.planned, arms=PLANS, data=DATA, **OF_TRAINING),
    "tasks.checked_arms": call(lambda: tasks.checked_arms, arms=PLANS),
    "tasks.seed_list": call(lambda: tasks.seed_list, seeds=SEEDS),
    "training.compare": call(
        lambda: training.compare, shown=lambda result: (result.runs, result.setting()),
        arms=PLANS, data=DATA, epochs=NONE, updates=OF_TRAINING["updates"],
        evaluations=OF_TRAINING["evaluations"], batch_size=OF_TRAINING["batch_size"], seeds=SEEDS,
        **{
            name: kind for name, kind in OF_TRAINING.items()
            if name not in ("epochs", "updates", "evaluations", "batch_size")
        },
        store=STORE.or_none(), progress=flag(False).or_none(),
    ),
    "recordings.recorded": call(
        lambda: recordings.recorded, shown=lambda result: (result.runs, result.setting()),
        name=text("a/b", lambda value: value == "a/b"), arms=PLANS, data=DATA, seeds=SEEDS,
        on=text("mnist", lambda value: value in ("abc", "3")), train=choice("part", "all"),
        epochs=NONE,
        **{
            name: OF_TRAINING[name]
            for name in (
                "updates", "evaluations", "batch_size", "optimizer", "learning_rate", "split",
                "probes",
            )
        },
        measure=replace(NONE, free=lambda odd: callable(odd.make()), is_called=True),
    ),
    "results.Comparison.difference": call(
        lambda: samples.comparison().difference, metric=METRIC, arm=ARM, baseline=ARM
    ),
    "results.Comparison.diverged": call(lambda: samples.comparison().diverged, arm=ARM),
    "results.Comparison.final": call(lambda: samples.comparison().final, metric=METRIC),
    "results.Comparison.hits": call(lambda: samples.comparison().hits, arm=ARM),
    "results.Comparison.image_error": call(
        lambda: samples.comparison().image_error, arm=ARM, baseline=ARM, data=DATA
    ),
    "results.Comparison.load": call(
        lambda: results.Comparison.load, path=path(samples.saved, exists=True)
    ),
    "results.Comparison.plot": call(
        lambda: samples.comparison().plot, shown=str, metric=METRIC, ax=AXES
    ),
    "results.Comparison.save": call(
        lambda: samples.comparison().save, path=path(lambda: samples.folder() / "comparison.json")
    ),
    "results.Comparison.setting": call(lambda: samples.comparison().setting, arms=ARM),
    "results.Comparison.summary": call(
        lambda: samples.comparison().summary, metric=METRIC, baseline=ARM.or_none()
    ),
    "results.Comparison.weights": call(
        lambda: samples.comparison().weights, arm=ARM, seed=choice(3, 0), which=choice("final"),
    ),
    "findings.finding": call(
        lambda: findings.finding, name=text("a/b", lambda value: value == "a/b"),
        claim=text("It is so."), effect=EFFECT, above=number(0.0, high=3.0).or_none(),
        below=number(3.0, 0.0).or_none(),
        dataset=text("own", lambda value: value in ("abc", "3")), unit=text("", empty=True),
        label=choice("measured", "theorem"), afterwards=flag(False),
        tolerance=number(0.5, 0, ends="[)").or_none(),
        image_error=number(0.5, 0, ends="[)").or_none(),
        setting=Kind(lambda: {"m": 3}, NONE.means, lambda value: isinstance(value, dict)),
    ),
    "intervals.interval": call(lambda: intervals.interval, values=VALUES),
    "predictions.seeds": call(
        lambda: predictions.seeds, seal=text("ab" * 32, lambda value: value == "ab" * 32),
        n=count(16, 1, 1000),
    ),
    "verdicts.checked": call(lambda: verdicts.checked, **OF_CLAIM),
    "verdicts.measured": call(lambda: verdicts.measured, **OF_CLAIM, described=flag(False)),
    "verdicts.decide": call(
        lambda: verdicts.decide, **OF_CLAIM, level=number(0.2, 0, 1, ends="[]")
    ),
    "verdicts.detectable": call(
        lambda: verdicts.detectable, values=FINITE_BY_SEED, level=number(0.2, 0, 1),
        power=number(0.2, 0, 1),
    ),
    "verdicts.is_demonstration": call(lambda: verdicts.is_demonstration, **OF_CLAIM),
    "verdicts.share_ahead": call(lambda: verdicts.share_ahead, **OF_CLAIM),
    "verdicts.sign_flip_p": call(
        lambda: verdicts.sign_flip_p, values=FINITE_BY_SEED, bound=number(0.0),
        side=choice("both", "above", "below"),
    ),
    "summaries.Summary.__getitem__": call(
        lambda: samples.comparison().summary().__getitem__, arm=ARM
    ),
    "sweep.Point": call(
        lambda: sweep.Point, settings=SETTINGS, arm=made(samples.arm, network=samples.network)
    ),
    "sweep.Sweep.summary": call(lambda: samples.swept().summary, metric=METRIC),
    "sweep.SweepSummary.__getitem__": call(
        lambda: samples.swept().summary().__getitem__, point=choice("plain")
    ),
    "atlas.compare": call(
        lambda: atlas.compare, shown=lambda result: (result.runs, result.setting()),
        seed=count(3, 0), depth=count(1, 1, 1000), width=count(8),
        activation=choice("tanh", "relu", "sigmoid"), optimizer=RULES,
        batch_size=count(2, 1, 4), gain=OPTIONS["gain"],
        images=count(4, 2, samples.EXAMPLES).also_called("examples"),
        learning_rate=Kind(
            RATE.good,
            lambda value: RATE.means(value) or (is_row(value, RATE.means) and len(value) == 2),
        ),
        updates=count(2, 1, 10**8), store=STORE.or_none(), progress=flag(False).or_none(),
    ),
    "atlas.design": call(lambda: atlas.design, seed=count(3, 0)),
    "atlas.tuned": call(
        lambda: atlas.tuned,
        table=Kind(samples.atlas).with_more(no_columns=lambda: pd.DataFrame({"a": [1]})),
    ),
    "sweep.grid": call(
        lambda: sweep.grid, norm=rows(choice("batch", "none", None, *NORMED[1:])), batch_size=SOME,
        learning_rate=rows(SCHEDULED.or_none(), twice=False),
        depth=rows(count(3, 1, 1000), twice=False), width=rows(count(8), twice=False),
        dropout=rows(SHARE), activation=rows(ACTIVATIONS), placement=rows(PLACEMENTS),
        optimizer=rows(RULES), weight_decay=rows(NOT_NEGATIVE.or_none(), twice=False),
    ),
    "sweep.part": call(lambda: sweep.part, points=POINTS, shard=SHARD),
    "sweep.run": call(
        lambda: sweep.run, shown=lambda result: (result, [one.runs for one in result.results]),
        points=POINTS, data=DATA, epochs=NONE, updates=OF_TRAINING["updates"],
        evaluations=OF_TRAINING["evaluations"], seeds=SEEDS,
        split=OF_TRAINING["split"], probes=OF_TRAINING["probes"], weights=MOMENTS,
        memory_gib=RATE, workers=count(1), cluster=CLUSTER, shard=SHARD.or_none(),
        store=STORE.or_none(), progress=flag(False).or_none(),
    ),
    "store.BaseStore.add": call(
        lambda: store.MemoryStore().add, task=TASK,
        runs=Kind(lambda: [run()], itself=is_empty).with_more(one=run, inside=lambda: [run(), 3]),
    ),
    "store.BaseStore.find": call(lambda: store.MemoryStore().find, task=TASK, seeds=SEED_ROW),
    "store.ReadOnlyStore": call(lambda: store.ReadOnlyStore, store=STORE),
    "store.Store": call(lambda: store.Store, folder=path(lambda: "runs"), limit=count(1000)),
    "store.opened": call(lambda: store.opened, store=STORE.or_none()),
    **{f"checks.{name}": check(name) for name in CHECKS},
    **{f"checks.{name}": adapter(name) for name in ADAPTERS},
    "checks.reset_hints": call(lambda: checks.reset_hints, exercise=EXERCISE),
    "gradcheck.gradcheck": call(
        lambda: gradcheck.gradcheck, function=CUBE,
        gradient=GRADIENT, x=THREE,
        upstream=array(lambda: np.float64(1.0)).or_none(), step=number(1e-5, 1e-10),
        tolerance=number(1e-6, 0),
    ),
    "gradcheck.numeric_gradient": call(
        lambda: gradcheck.numeric_gradient, function=CUBE, x=THREE,
        upstream=array(lambda: np.float64(1.0)).or_none(), step=number(1e-5, 1e-10),
    ),
    "reference.moments": call(lambda: reference.moments, x=BATCH, axis=AXIS, mask=MASK),
    "reference.batch_norm_train": call(
        lambda: reference.batch_norm_train, x=BATCH, **OF_THREE, axis=AXIS, epsilon=EPSILON,
        mask=MASK,
    ),
    "reference.batch_norm_infer": call(
        lambda: reference.batch_norm_infer, x=BATCH, **OF_THREE, **STATE, axis=AXIS, epsilon=EPSILON
    ),
    "reference.update_moving": call(
        lambda: reference.update_moving, moving=THREE, batch=THREE,
        momentum=number(0.9, 0, 1, ends="[]"),
    ),
    "reference.turning": call(
        lambda: reference.turning, norm=number(1.0, 0), learning_rate=number(0.1, 0, 20),
        decay=number(0.05, 0, 10, ends="[)"), gradient=number(1.0, 0), updates=count(5, 1, 10**6),
    ),
    "reference.MovingStatistics": call(
        lambda: reference.MovingStatistics, mean=THREE.also_called("moving_mean"),
        variance=THREE.also_called("moving_variance"),
    ),
    "reference.MovingStatistics.initial": call(
        lambda: reference.MovingStatistics.initial, shown=lambda state: state.mean.shape,
        shape=rows(count(3, 1, 10**7), empty=True),
    ),
    "reference.MovingStatistics.updated": call(
        lambda: reference.MovingStatistics.initial(3).updated, mean=THREE.also_called("batch"),
        variance=THREE.also_called("batch", "moving_variance"),
        momentum=number(0.9, 0, 1, ends="[]"),
    ),
    "reference.MovingStatistics.require_shape": call(
        lambda: reference.MovingStatistics.initial(3).require_shape, shown=lambda state: state.mean,
        shape=Kind(lambda: (3,), lambda value: value == 3),
    ),
    "reference.fold": call(
        lambda: reference.fold, kernel=BATCH.also_called("axis", "moving_mean"),
        bias=THREE.or_none(), **OF_THREE, **STATE, epsilon=EPSILON,
        output_axis=AXIS.also_called("axis"),
    ),
    "reference.layer_norm": call(
        lambda: reference.layer_norm, x=BATCH, **OF_THREE, axis=AXIS, epsilon=EPSILON
    ),
    "reference.group_norm": call(
        lambda: reference.group_norm, x=IMAGES.also_called("groups"), **OF_FOUR,
        groups=Kind(lambda: 2, lambda value: is_whole(value) and value in (-1, 1, 2, 4)),
        axis=AXIS, epsilon=EPSILON,
    ),
    "reference.instance_norm": call(
        lambda: reference.instance_norm, x=IMAGES, **OF_FOUR, axis=AXIS, epsilon=EPSILON
    ),
    "reference.rms_norm": call(
        lambda: reference.rms_norm, x=BATCH, scale=THREE.or_none(), axis=AXIS, epsilon=EPSILON
    ),
    **{f"reference.{name}_backward": backward(f"{name}_backward", *rest) for name, rest in {
        "batch_norm": (samples.batch, samples.batch_cache),
        "layer_norm": (samples.batch, samples.layer_cache),
        "group_norm": (samples.images, samples.group_cache),
        "instance_norm": (samples.images, samples.group_cache),
        "rms_norm": (samples.batch, samples.rms_cache),
    }.items()},
    "reference.batch_norm_backward_staged": backward(
        "batch_norm_backward_staged", samples.batch, samples.batch_cache
    ),
    "plotting.describe": call(lambda: plotting.describe, figure=FIGURE),
    "plotting.frame_to_html": call(
        lambda: plotting.frame_to_html,
        frame=Kind(lambda: pd.DataFrame({"a": [1]}), itself=lambda v: isinstance(v, pd.DataFrame)),
    ),
    "plotting.looks": call(
        lambda: plotting.looks,
        arms=Kind(
            lambda: ["a", "b"], itself=lambda v: is_empty(v) or are_texts(v), free=SEED_ROW.free
        ),
    ),
    "plotting.plot_curves": call(
        lambda: plotting.plot_curves, shown=str, result=CURVES, metric=METRIC, ax=AXES
    ),
    "plotting.plot_differences": call(
        lambda: plotting.plot_differences, shown=str, result=CURVES, metric=METRIC, ax=AXES
    ),
    "plotting.plot_readings": call(
        lambda: plotting.plot_readings, shown=samples.panels,
        readings=Kind(
            samples.readings, itself=lambda v: isinstance(v, pd.DataFrame) and "arm" in v
        ),
        statistic=choice("gain"), layers=choice("dense").or_none(),
        reference=number(1.0).or_none(), log=flag(False).by_default(),
    ),
    "plotting.to_svg": call(lambda: plotting.to_svg, shown=len, figure=FIGURE),
    "tables.from_frame": call(
        lambda: tables.from_frame,
        frame=Kind(lambda: pd.DataFrame({"a": [1]}), itself=lambda v: isinstance(v, pd.DataFrame)),
        caption=text("", empty=True), digits=count(4, 1, 100),
    ),
}  # fmt: skip
