"""Whatever is passed to whatever people call: a right result, or our own words about it.

The callables are found in the package and the arguments in their signatures, so that what is new
needs an entry in ``arguments/table.py``. Each argument gets every odd value in turn.
"""

import dis
import importlib
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import matplotlib.pyplot as plt
import pytest

import bnutils
from bnutils import errors, training
from bnutils.runs import Run
from bnutils.sweep.processes import in_this_process
from tests.bnutils.arguments.kinds import Kind
from tests.bnutils.arguments.odd import Odd
from tests.bnutils.arguments.samples import data
from tests.bnutils.arguments.table import ENTRIES, Entry

PACKAGE = Path(bnutils.__file__).parent
MODULES = (
    "agreement", "atlas", "averaging", "cards", "checks", "cli", "datasets", "errors", "findings",
    "gradcheck", "intervals", "models", "optimizers", "plotting", "predictions", "probes",
    "recordings", "records", "reference", "remembering", "results", "runs", "schedules",
    "settings", "store", "summaries", "surroundings", "sweep", "tables", "tasks", "training",
    "verdicts",
)  # fmt: skip
OWN = (errors.BnutilsError, errors.DataWarning, errors.SettingWarning, errors.StoreWarning)

# What has no entry, and why.
UNCHECKED = {
    "cli.main": "its arguments are words of the command line: tests/bnutils/cli",
    "atlas.recorded": "trains for minutes; takes the arguments of compare: tests/bnutils/atlas",
    "agreement.*": "called by findings, whose arguments are checked",
    "cards.*": "show records, which were checked when they were read",
    "intervals.numbers": "is a check itself",
    "verdicts.Outcome": "made by measured",
    "verdicts.agree": "called with the values of records that were read",
    "verdicts.p_of_difference": "called by agree",
    "verdicts.Verdict": "made by decide",
    "verdicts.bounds": "is a check itself",
    "predictions.Claim": "made by read",
    "predictions.Claim.expected_on": "called with the name of a data set that was checked",
    "pieces.accumulated_gradients": "computes with Keras: tests/bnutils/pieces",
    "pieces.on_devices": "starts a process: tests/bnutils/pieces",
    "pieces.OnDevices": "made by on_devices",
    "pieces.Replicas": "made by on_devices",
    "plotting.draw_over": "called by recordings with what it has trained",
    "predictions.Prediction": "made by read",
    "predictions.of_finding": "called by findings; what it reads has checks of its own",
    "predictions.read": "called by findings; what it reads has checks of its own",
    "predictions.seeds_of": "called with blocks that were read",
    "predictions.seal": "called with blocks that were read",
    "recordings.read_recording": "called with a path that the package made itself",
    "recordings.Recorded": "made by recorded",
    "recordings.setting_asked": "called by recorded, and by tools with what a lab asked of it",
    "recordings.unlike": "called by recorded, and by tools with what setting_asked returned",
    "recordings.Recorded.plot": "draws as Comparison.plot, and calls it",
    "remembering.remembered": "takes whatever can be called, with whatever: test_remembering.py",
    "remembering.remembered_by": "the same, called in another place: test_remembering.py",
    "records.*": "called by findings, whose arguments are checked",
    "runs.*": "what the engines make",
    "settings.*": "called by findings; they take whatever there is",
    "surroundings.*": "take no arguments",
    "models.require_images": "called by build and planned with what they have checked",
    "models.require_mates": "called by planned with what it has checked",
    "models.MLP.require_batch": "called by planned with what it has checked",
    "models.ConvNet.require_batch": "called by planned with what it has checked",
    "models.ResNet.require_batch": "called by planned with what it has checked",
    "models.MLP.require_shape": "called by build and planned with what they have checked",
    "models.ConvNet.require_shape": "called by build and planned with what they have checked",
    "models.ResNet.require_shape": "called by build and planned with what they have checked",
    "models.is_described": "answers for any object",
    "models.initial_weights": "called by the engine",
    "optimizers.sgd": "a formula, called by the engine with TensorFlow's variables",
    "optimizers.momentum": "a formula, as sgd",
    "optimizers.adam": "a formula, as sgd",
    "optimizers.decay": "a formula, as sgd",
    "optimizers.checked_decay": "is a check itself",
    "optimizers.which_decay": "is a check itself",
    "optimizers.Rule": "the table of the formulas",
    "optimizers.Optimizer.apply": "called by the engine",
    "optimizers.Optimizer.decays": "called by the engine",
    "optimizers.Optimizer.keras": "called by the engine",
    "optimizers.Optimizer.paces": "called by the engine",
    "optimizers.Optimizer.rates": "called by the engine",
    "optimizers.Optimizer.slots": "called by the engine",
    "stacks.*": "loops of labs in NumPy; what they refuse is in test_stacks.py",
    "federated.*": "a loop of a lab in NumPy; what it refuses is in test_federated.py",
    "schedules.as_keras": "called by Optimizer.keras",
    "schedules.rate_or_schedule": "is a check itself",
    "schedules.rates_at": "called with what rate_or_schedule has checked",
    "schedules.require_rates": "is a check itself",
    "tasks.Architecture.build": "a protocol",
    "tasks.Task": "made by planned, which checks",
    "tasks.setting_of": "called by compare with what it has checked",
    "tasks.stops_of": "called by planned",
    "results.with_measured": "called by recorded, which has checked both",
    "results.provenance": "called by compare and sweep.run with what they have checked",
    "results.Comparison": "made by compare",
    "findings.Finding": "made by finding",
    "intervals.Interval": "made by interval",
    "gradcheck.GradientReport": "made by gradcheck",
    "reference.BatchNormCache": "made by batch_norm_train",
    "reference.NormCache": "made by layer_norm, group_norm and instance_norm",
    "reference.RMSCache": "made by rms_norm",
    "checks.Mistake": "made by the checks",
    "checks.Report": "made by the checks",
    **dict.fromkeys(
        (
            "store.BaseStore.recall",
            "store.BaseStore.remember",
            "store.ReadOnlyStore.recall",
            "store.Store.recall",
            "store.Store.remember",
        ),
        "called by remembered with the key that it made",
    ),
    "store.Held": "made by Store.contents",
    "store.MemoryStore": "keeps what is added; its field is filled by add",
    "summaries.Difference": "made by Comparison.difference",
    "summaries.Row": "made by Comparison.summary",
    "summaries.Summary": "made by Comparison.summary",
    "summaries.caption": "called by the summaries",
    "summaries.divergences": "called by the summaries",
    "summaries.means": "called by the summaries",
    "summaries.seeds": "called by the summaries",
    "sweep.Result": "made by run",
    "sweep.Sweep": "made by run",
    "sweep.SweepSummary": "made by Sweep.summary",
    "plotting.Look": "made by looks",
    "tables.Column": "made by what has a table",
    "tables.Table": "made by what has a table",
    "tables.fixed": "called by what has a table",
    "tables.ranges": "called by what has a table",
    "tables.require_frame": "is a check itself",
    "tables.signed": "called by what has a table",
    "tables.width": "called by what has a table",
    "tables.wrapped": "called by what has a table",
    "tables.writer": "called by what has a table",
}


def public(name: str) -> Iterator[tuple[str, Any]]:
    """The functions, classes and methods of a module that have parameters."""
    module: ModuleType = importlib.import_module(f"bnutils.{name}")
    own = [n for n, v in vars(module).items() if getattr(v, "__module__", "") == module.__name__]
    for each in getattr(module, "__all__", own):
        found = getattr(module, each)
        if callable(found) and not each.startswith("_") and takes_something(found):
            yield f"{name}.{each}", found
        if inspect.isclass(found):
            yield from methods(f"{name}.{each}", found)


def methods(name: str, of: type) -> Iterator[tuple[str, Any]]:
    """The methods that a class itself defines, or takes from one that is offered nowhere."""
    classes = [one for one in of.__mro__ if one is of or _is_a_base(one)]
    for each, found in {n: v for one in reversed(classes) for n, v in vars(one).items()}.items():
        method = getattr(of, each)
        wanted = each == "__getitem__" or not each.startswith("_")
        plain = inspect.isfunction(inspect.unwrap(getattr(found, "__func__", found)))
        if wanted and plain and takes_something(method):
            yield f"{name}.{each}", method


def _is_a_base(kind: type) -> bool:
    """Whether a class of the package is there for others to build on, and not public itself."""
    home, room, *_ = [*kind.__module__.split("."), ""]
    return home == "bnutils" and not hasattr(
        importlib.import_module(f"bnutils.{room}"), kind.__name__
    )


def takes_something(what: Any) -> bool:
    return bool(parameters(what))


def parameters(what: Any) -> list[str]:
    """Names of the arguments; an exception's are nobody's concern."""
    if inspect.isclass(what) and issubclass(what, BaseException):
        return []
    return [
        name
        for name in inspect.signature(what).parameters
        if name not in ("self", "args", "kwargs")
    ]


PUBLIC = {name: found for module in MODULES for name, found in public(module)}


def unchecked(name: str) -> bool:
    return name in UNCHECKED or f"{name.partition('.')[0]}.*" in UNCHECKED


def test_whatever_is_public_has_an_entry() -> None:
    names = set(bnutils.__all__) - {"replicas"}  # the engine's, which loads TensorFlow
    offered = {found for name in names if callable(found := getattr(bnutils, name))}
    assert offered <= set(PUBLIC.values())
    assert {name for name in PUBLIC if not unchecked(name)} == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_has_every_argument(name: str) -> None:
    assert list(ENTRIES[name].arguments) == parameters(PUBLIC[name])


# ---- trying -----------------------------------------------------------------------------
class Said:
    """In place of Keras: what is asked of it, as text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> "Said":
        return Said(f"{self._text}.{name}")

    def __call__(self, *arguments: Any, **named: Any) -> "Said":
        return Said(f"{self._text}{arguments}{named}")

    def __repr__(self) -> str:
        return self._text


class Measures:
    """In place of the engine where weights are given."""

    recalibrated = staticmethod(lambda task, weights, data: weights)
    scores = staticmethod(lambda task, weights, data, part: dict.fromkeys(weights, (0.5, 0.25)))


@pytest.fixture(autouse=True)
def nothing_heavy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No Keras and no training: runs come back at once; files go to a folder of the test's own."""
    for module in ("convolutional", "network", "norms", "perceptron", "residual", "starts"):
        monkeypatch.setattr(f"bnutils.models.{module}.import_keras", lambda: Said("keras"))
    monkeypatch.setattr("bnutils.models.norms.layers", Said("layers"))
    monkeypatch.setattr("bnutils.datasets.digits.digits", data)
    monkeypatch.setattr(training, "_trained", trained)
    monkeypatch.setattr("bnutils.averaging._engine", lambda: Measures)
    for backend in ("in_processes", "on_cluster"):
        monkeypatch.setattr(f"bnutils.sweep.running.{backend}", here)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bnutils.store.directory.is_code_on_disk", lambda: True)
    yield
    plt.close("all")


def here(jobs: Any, data: Any, store: Any, where: Any) -> Any:
    return in_this_process(jobs, data, store)


def trained(planned: Any, missing: Any, *_: Any) -> Iterator[tuple[str, dict[int, Run]]]:
    for name, task in planned.items():
        yield (
            name,
            {
                seed: Run("", seed, (1,), (1.0,), {"settings": (repr(task),)})
                for seed in missing[name]
            },
        )


def tried(entry: Entry, **changed: Any) -> Any:
    """The result of a call with good values but for these."""
    given = {name: changed.get(name, kind.good()) for name, kind in entry.arguments.items()}
    what = entry.make()
    kinds = inspect.signature(what).parameters
    listed = [value for name, value in given.items() if kinds[name].kind.name == "VAR_POSITIONAL"]
    named = {
        name: value for name, value in given.items() if kinds[name].kind.name != "VAR_POSITIONAL"
    }
    return entry.result(what(*listed, **named))


def is_in_our_words(problem: BaseException, names: tuple[str, ...]) -> bool:
    """Whether it is an error of ours about this argument: raised by a ``raise`` of the package."""
    if not isinstance(problem, OWN) and type(problem) not in (ValueError, TypeError):
        return False
    last = deepest(problem.__traceback__)
    code = last.tb_frame.f_code
    here = PACKAGE in Path(code.co_filename).parents
    ours = here and code.co_code[last.tb_lasti] in (
        dis.opmap["RAISE_VARARGS"],
        dis.opmap["RERAISE"],
    )
    return (ours or isinstance(problem, Warning)) and any(name in str(problem) for name in names)


def deepest(trace: TracebackType | None) -> TracebackType:
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def verdict(entry: Entry, name: str, kind: Kind, odd: Odd) -> str:
    """What is wrong with how an odd value is treated; nothing if it is treated well."""
    right = kind.is_right(odd)
    try:
        result = tried(entry, **{name: odd.make()})
    except Exception as problem:  # noqa: BLE001 - of any kind: that is the question
        if kind.names_files and getattr(problem, "filename", None) is not None:
            return ""
        if kind.is_called and callable(odd.make()):
            return ""
        if not is_in_our_words(problem, (name, *kind.called)):
            return f"{odd.name}: {type(problem).__name__}: {problem}"
        return f"{odd.name}: refused: {problem}" if right and not kind.free(odd) else ""
    if kind.free(odd):
        return ""
    if not right:
        return f"{odd.name}: taken, {str(result)[:80]}"
    plain = kind.plain(odd)
    same = plain is odd or str(tried(entry, **{name: plain.make()})) == str(result)
    return "" if same else f"{odd.name}: not what {plain.name} gives: {str(result)[:80]}"


@pytest.mark.parametrize(
    ("call", "argument"), [(n, a) for n, entry in ENTRIES.items() for a in entry.arguments]
)
def test_an_odd_argument_is_right_or_refused_in_our_words(call: str, argument: str) -> None:
    entry = ENTRIES[call]
    kind = entry.arguments[argument]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tried(entry)
        wrong = [said for odd in kind.odd if (said := verdict(entry, argument, kind, odd))]
    assert not wrong, "\n".join(wrong)
