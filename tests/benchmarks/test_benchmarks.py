"""The benchmarks run, keep what they measure, and report nothing else. None is timed here."""

import json
import math
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from inspect import signature
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bnutils
from benchmarks import __main__ as command
from benchmarks import cost, expected, figure, jobs, labs, machine, report, runner, sameness, worker
from benchmarks.records import Record, Results, ratio
from benchmarks.runner import Job, MeasurementError, measure, take_turns
from bnutils.results import Comparison

ROOT = Path(__file__).parents[2]
DIGITS = {"name": "digits", "examples": 64, "validation": 32}
MACHINE = {
    "cpu": "a processor", "cores": 2, "memory": 8, "system": "a system", "python": "3.12.1",
    "packages": {"keras": "3.9.0"},
}  # fmt: skip


def quiet(line: str) -> None:
    """Progress is not what these tests look at."""


def says(numbers: str) -> list[str]:
    return [sys.executable, "-c", f"print('noise'); print('''{numbers}''')"]


def made_up() -> Results:
    """Results with known medians: Keras 80 s, one seed 8 s, ten seeds 40 s."""
    seconds = {("Keras fit", 1, None): 80, ("compare", 1, True): 8, ("compare", 10, True): 40}
    textbook = [
        Record(
            "textbook", who, {"seeds": seeds} | ({} if shared is None else {"shared": shared}),
            {"process": [middle + 1, middle, middle - 2], "work": [middle / 2 - 2]},
        )
        for (who, seeds, shared), middle in seconds.items()
    ]  # fmt: skip
    epoch = [
        Record("epoch", who, {"batch": 32, "seeds": seeds}, {"epoch": [value], "fixed": [1.0]})
        for who, seeds, value in [
            ("Keras fit", 1, 4.0), ("compare", 1, 0.5), ("compare", 10, 0.25), ("JAX", 1, 0.2)
        ]
    ]  # fmt: skip
    parts = {"work": [3.0], "compile": [0.8], "steps": [1.5], "evaluate": [0.3], "rest": [0.4]}
    profile = [Record("profile", "compare", {"batch": 32}, parts)]
    took = {"whole": [250.0], "products": [150.0], "adam": [50.0], "rest": [50.0]}
    step = [Record("step", "compare", {"batch": 32}, took | {"speed": [85.0], "best": [100.0]})]
    missing = Record("epoch", "PyTorch", {"batch": 32, "seeds": 1}, skipped="torch is not there")
    growth = [
        Record("growth", "compare", {"axis": axis, "value": v}, {"update": [0.1 * v], "fixed": [1]})
        for axis in ("seeds", "depth", "width")
        for v in (1, 2)
    ]
    start = [
        Record("start", "import bnutils", {}, {"work": [0.02], "data": [0], "tensorflow": [0.0]})
    ]
    memory = [Record("memory", "compare", {"seeds": 50}, {"memory": [612.3]}, "stopped after 9 s")]
    same = {"difference": [0.1], "low": [-0.2], "high": [0.4], "ours": [97], "plain": [96.9]}
    rounding = {"repeated": [0.0], "grouped": [5e-7]}
    same_runs = {"equal": [3.0], "runs": [20], "median": [0.01], "largest": [0.4], "mean": [0.04]}
    labs = [
        Record("labs", slug, {"data": data, "cores": cores}, {"memory": [memory], "work": [9.0]})
        for slug, data, cores, memory in [
            ("one", "digits28", 1, 901.0), ("one", "digits28", None, 1101.0),
            ("one", "", 1, 1301.0), ("one", "", None, 1401.0), ("two", "", None, 301.0),
        ]
    ]  # fmt: skip
    probes = [
        Record("probes", name, {}, {"epoch": [value]})
        for name, value in (("without probes", 2.0), ("every 20 updates", 2.5))
    ]
    turns = {"ratio": [1.5], "low": [1.4], "high": [1.7], "turns": [9]}
    race = {"depth": 10, "optimizer": "sgd"}
    ratios = {"train-plain": 0.5, "predict-plain": 0.25, "turns": 15, "difference": 3e-7}
    for name, middle in (("batch", 1.5), ("layer", 2.0), ("folded", 1.02)):
        for work in ("train", "predict"):
            bands = {"ratio": middle, "low": middle - 0.5, "high": middle + 0.5}
            ratios |= {f"{work}-{name}-{key}": value for key, value in bands.items()}
    costs = [
        Record("cost", "Keras fit", dict(one), {name: [v] for name, v in ratios.items()})
        for one in (expected.MIDDLE, expected.CONV)
    ]
    sizes = {"kept": [8.0], "trained": [1000.0], "state": [32.0]}
    prints = [
        Record(
            "footprint", "Keras fit", {"kind": "dense", "norm": norm, "compiled": False},
            {"step": [used]} | sizes,
        )
        for norm, used in (("plain", 100.0), ("batch", 300.0))
    ]  # fmt: skip
    rest = [
        Record("pace", "Keras fit", race, {"plain": [2.0], "batch norm": [3.0]} | turns),
        Record("accuracy", "plain", {}, same),
        Record("rounding", "mlp", {}, rounding),
        Record("book", "cold", {}, {"work": [600.0]}),
        Record("sameness", "groups of two seeds", {}, same_runs),
    ]
    results = Results(MACHINE, asdict(jobs.Sizes()))
    groups = [textbook, profile, step, [*epoch, missing], growth, start, memory, labs, probes]
    groups += [costs, prints]
    for group in (*groups, *([record] for record in rest)):
        results = results.with_benchmark(group[0].benchmark, "2026-01-02", group)
    return results


# ---- records ------------------------------------------------------------------------------
@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=9))
def test_median_lies_in_the_middle(values: list[float]) -> None:
    record = Record("b", "c", {}, {"work": values})
    middle, (low, high) = record.median("work"), record.range("work")
    assert low == min(values) <= middle <= max(values) == high
    assert sum(v < middle for v in values) <= len(values) / 2
    assert sum(v > middle for v in values) <= len(values) / 2


def test_ratio_is_of_medians() -> None:
    slow = Record("b", "slow", {}, {"work": [10.0, 30.0, 20.0]})
    fast = Record("b", "fast", {}, {"work": [5.0, 1.0, 4.0], "epoch": [2.0]})
    assert ratio(slow, fast, "work") == 5
    assert ratio(slow, fast, "work", "epoch") == 10
    assert math.isnan(ratio(slow, Record("b", "none"), "work"))


def test_results_survive_the_file(tmp_path: Path) -> None:
    results = made_up()
    results.save(tmp_path / "results.json")
    loaded = Results.load(tmp_path / "results.json")
    assert json.loads(json.dumps(asdict(loaded))) == json.loads(json.dumps(asdict(results)))
    assert loaded.comparable(results)
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize("content", ["", "[]", '{"format": 99}', '{"format": 1, "records": 3}'])
def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"results\.json must be results of this version"):
        Results.load(path)


def test_a_benchmark_is_replaced_and_the_others_stay() -> None:
    new = made_up().with_benchmark("memory", "2026-03-04", [])
    assert new.of("memory") == []
    assert new.of("textbook") == made_up().of("textbook")
    assert (new.dates["memory"], new.dates["textbook"]) == ("2026-03-04", "2026-01-02")


def test_other_sizes_are_not_comparable() -> None:
    results = made_up()
    assert not results.comparable(replace(results, sizes=asdict(jobs.QUICK)))
    assert results.comparable(replace(results, sizes=asdict(jobs.Sizes(repeats=9))))


def test_a_new_run_keeps_only_what_is_comparable(tmp_path: Path) -> None:
    path, sizes = tmp_path / "results.json", jobs.Sizes()
    replace(made_up(), machine=machine.describe()).save(path)
    assert command.begin(path, replace(sizes, repeats=9)).of("textbook")
    assert not command.begin(path, jobs.QUICK).records


def test_what_another_machine_measured_stays_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    made_up().save(path)
    results = command.begin(path, jobs.Sizes())
    assert results.records == made_up().records
    assert results.machine_of("textbook") == MACHINE != results.machine
    again = results.with_benchmark("memory", "2026-03-04", results.of("memory"))
    assert again.machine_of("memory") == results.machine
    again.save(path)
    assert Results.load(path) == again
    sections = report.write(again).split("\n## ")
    said = [section.split("\n")[0] for section in sections if "*On a processor" in section]
    assert "The experiments of two labs" in said
    assert "Memory" not in said
    home = again.on(MACHINE)
    assert home.elsewhere == {"memory": results.machine}


LONG = 3600  # seconds, for what is to end well, however busy the machine


# ---- the runner ---------------------------------------------------------------------------
def test_what_a_process_says_last_is_measured() -> None:
    numbers = measure(says('{"work": 2, "tensorflow": false}'), limit=LONG)
    assert numbers["process"] > 0
    assert (numbers["work"], numbers["tensorflow"]) == (2, 0)


@pytest.mark.parametrize(
    ("instructions", "problem"),
    [
        ("raise SystemExit(3)", "exit code 3"),
        ("print('no numbers')", "not a JSON object"),
        ("print('[1]')", "not a JSON object"),
        ("pass", "not a JSON object"),
    ],
)
def test_a_process_that_gives_nothing_is_a_failure(instructions: str, problem: str) -> None:
    with pytest.raises(MeasurementError, match=problem):
        measure([sys.executable, "-c", instructions], limit=LONG)


def test_a_process_that_does_not_end_is_ended() -> None:
    with pytest.raises(MeasurementError, match="stopped after"):
        measure([sys.executable, "-c", "import time; time.sleep(600)"], limit=0.5)


def test_contestants_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def recorded(words: Sequence[str], limit: float) -> dict[str, float]:
        seen.append(words[0])
        if words[0] == "bad":
            raise MeasurementError("failed with exit code 1")
        return {"work": float(len(seen))}

    monkeypatch.setattr(runner, "measure", recorded)
    plan = [
        Job("b", "a", {}, ["a"]),
        Job("b", "bad", {}, ["bad"]),
        Job("b", "often", {}, ["often"], times=2),
        Job("b", "once", {}, ["once"], most=1),
    ]
    found = take_turns(plan, 2, quiet)
    assert seen == ["a", "bad", "often", "once", "a", "often", "often", "often"]
    assert [len(r.values.get("work", [])) for r in found] == [2, 0, 4, 1]
    assert [r.problem for r in found] == ["", "failed with exit code 1", "", ""]


# ---- what is measured ---------------------------------------------------------------------
@pytest.mark.parametrize("name", list(jobs.BENCHMARKS))
@pytest.mark.parametrize("sizes", [jobs.Sizes(), jobs.QUICK], ids=["full", "quick"])
def test_every_job_is_one_that_the_worker_knows(
    name: str, sizes: jobs.Sizes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_interpreter", lambda line: ("python", "1.0"))
    plan = jobs.BENCHMARKS[name](sizes, tmp_path)
    commands = [*(job.command for job in plan.jobs), *plan.before]
    known = [c for c in commands if c[1] == "-m" and c[2] == "benchmarks.worker"]
    for _, _, _, task, settings in known:  # each fits the function that it names
        signature(worker.WORK[task]).bind(**json.loads(settings))
    others = {Path(c[1]).name for c in commands if c not in known}
    assert others <= {"line_jax.py", "line_torch.py", "-c"}
    names = [(job.contestant, str(job.setting)) for job in plan.jobs]
    assert len(set(names)) == len(names)
    assert all(job.benchmark == name for job in plan.jobs)
    assert plan.jobs or plan.missing


def test_a_line_without_its_package_is_skipped_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_BENCH_PYTHON_JAX", str(tmp_path / "no-such-python"))
    monkeypatch.setattr(jobs, "LINES", {"JAX": jobs.LINES["JAX"]})
    plan = jobs.epoch(jobs.QUICK, tmp_path)
    assert {record.skipped for record in plan.missing} == {
        "jax is not installed; BNUTILS_BENCH_PYTHON_JAX can name an interpreter that has it"
    }
    assert not [job for job in plan.jobs if job.contestant == "JAX"]


def test_importing_is_measured_without_tensorflow() -> None:
    numbers = measure([sys.executable, "-c", jobs.IMPORT], limit=LONG)
    assert numbers["work"] > 0
    assert numbers["tensorflow"] == 0


TINY = {
    "textbook_compare": {"data": DIGITS, "epochs": 1, "seeds": 2, "shared": True},
    "profile": {"data": DIGITS, "batch": 24, "epochs": 2},
    "step": {"batch": 4, "seeds": 2, "steps": 3},
    "epoch_engine": {"data": DIGITS, "batch": 32, "seeds": 2, "epochs": 1, "hidden": [8]},
    "epoch_keras": {"data": DIGITS, "batch": 32, "epochs": 1},
    "many_seeds": {"data": DIGITS, "seeds": 3, "updates": 2},
    "accuracy": {"data": DIGITS, "norm": "batch", "epochs": 1, "seeds": 2},
    "rounding": {"data": DIGITS, "model": "mlp", "updates": 4},
    "pace": {"depth": 1, "optimizer": "sgd", "updates": 2, "turns": 2},
    "cost": {"kind": "conv", "batch": 4, "width": 4, "depth": 2, "turns": 2, "few": True},
    "footprint": {
        "kind": "dense", "norm": "batch", "batch": 16, "width": 8, "depth": 2, "compiled": False
    },
}  # fmt: skip


@pytest.mark.parametrize("name", list(TINY))
def test_every_task_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "textbook_compare":  # its batches are larger than a tiny data set
        monkeypatch.setattr(worker, "BATCHES", (16,))
    numbers = worker.main(name, TINY[name])
    assert numbers
    assert all(math.isfinite(value) for value in numbers.values())


@pytest.mark.parametrize("kind", list(cost.SHAPES))
def test_a_folded_network_predicts_what_the_one_with_batch_norm_does(kind: str) -> None:
    import numpy as np

    with_norm, folded = (cost.built(kind, norm, 4, 2) for norm in ("batch", None))
    x, y = cost.images(kind, 32)
    with_norm.fit(x, y, 8, verbose=0)  # its statistics are no longer 0 and 1
    cost.fold_into(folded, with_norm)
    seen = (np.asarray(model(x, training=False)) for model in (with_norm, folded))
    np.testing.assert_allclose(*seen, atol=1e-5)


def test_what_is_kept_follows_from_the_shapes() -> None:
    dense = {norm: cost.built("dense", norm, 8, 3) for norm in (None, "batch")}
    assert cost.kept(dense[None], 10) == 10 * (64 + 3 * 8)  # the image and each hidden layer
    assert cost.kept(dense["batch"], 10) == 10 * (64 + 2 * 3 * 8)
    conv = cost.built("conv", "batch", 4, 2)
    assert cost.kept(conv, 10) == 10 * (28 * 28 + 2 * 14 * 14 * 4 + 7 * 7 * 4 + 4)


def test_four_vectors_of_which_two_are_trained() -> None:
    plain, norm = (
        worker.main("footprint", TINY["footprint"] | {"norm": name}) for name in ("plain", "batch")
    )
    width, depth = TINY["footprint"]["width"], TINY["footprint"]["depth"]
    assert norm["trained"] - plain["trained"] == 2 * width * depth
    assert (plain["state"], norm["state"]) == (0, 2 * width * depth)


def test_the_same_training_elsewhere_is_compared_run_by_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[dict[str, str]] = []

    def in_this_process(one: sameness.Circumstances, path: Path, *size: int) -> Comparison:
        calls.append(dict(one.environment))
        data = worker.data_of(**DIGITS)
        arms = {"a": bnutils.mlp(4), "b": bnutils.mlp(4, norm="batch")}
        settings = {"seeds": 2 if one.environment else [0, 1], "batch_size": 8 + 8 * len(calls)}
        return bnutils.compare(arms, data, updates=3, **settings)

    monkeypatch.setattr(sameness, "_elsewhere", in_this_process)
    found = sameness.sameness("one training at a time", epochs=1, seeds=2)
    assert calls == [{}, {"LOKY_MAX_CPU_COUNT": "1"}]
    assert (found["equal"], found["runs"]) == (0, 4)  # other batches: no run is the same
    assert 0 <= found["median"] <= found["largest"]


def test_a_process_of_its_own_saves_what_it_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = worker.data_of(**DIGITS)
    monkeypatch.setattr(bnutils, "load", lambda name: data)
    sameness.train(str(tmp_path / "c"), 0.5, 1, 2)
    assert len(Comparison.load(tmp_path / "c").runs) == 4


def test_the_memory_of_a_lab_is_that_of_its_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("import os; held = bytearray(90 * 2**20)")]
    nbformat.write(notebook, tmp_path / "lab.ipynb")
    monkeypatch.setattr(labs.labs, "named", lambda slugs, root: [tmp_path / "lab.ipynb"])
    monkeypatch.setattr(os, "environ", dict(os.environ))
    numbers = labs.lab("any", "digits28", None)
    assert numbers["memory"] > 90
    assert numbers["work"] > 0
    assert os.environ["BNUTILS_DATA"] == "digits28"


def test_the_parts_of_the_profile_are_the_whole() -> None:
    numbers = worker.profile(DIGITS, batch=24, epochs=2)  # 64 examples: a short last batch
    parts = [numbers[part] for part in ("compile", "steps", "evaluate", "rest")]
    assert numbers["steps"] > 0  # the engine's calls were seen
    assert numbers["evaluate"] > 0
    assert sum(parts) == pytest.approx(numbers["work"])


def test_the_script_trains_what_the_package_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks import textbook_keras
    from bnutils.models import mlp

    data = worker.data_of(**DIGITS)
    for norm in (None, "batch"):
        ours = mlp(norm=norm).build(data.input_shape, data.classes, 0)
        plain = textbook_keras.network(data, batch_norm=norm == "batch")
        assert [type(layer) for layer in plain.layers] == [type(layer) for layer in ours.layers]
        assert plain.count_params() == ours.count_params()
    monkeypatch.setattr(textbook_keras, "EXPERIMENTS", {"batch size: 32": (True, 32)})
    assert 0 <= textbook_keras.main(data, epochs=1)["batch size: 32"] <= 1


def test_the_second_call_finds_all_in_the_store(tmp_path: Path) -> None:
    settings = {"data": DIGITS, "path": str(tmp_path), "epochs": 1, "seeds": 1}
    worker.main("from_store", settings)
    stored = sorted(tmp_path.rglob("*.json"))
    assert len(stored) == 2
    measured = measure(runner.worker("from_store", **settings), limit=LONG)
    assert measured["tensorflow"] == 0
    assert sorted(tmp_path.rglob("*.json")) == stored


def test_data_go_to_other_interpreters_as_they_are(tmp_path: Path) -> None:
    import numpy as np

    worker.save_data(DIGITS, str(tmp_path / "data.npz"))
    data = worker.data_of(**DIGITS)
    with np.load(tmp_path / "data.npz") as arrays:
        np.testing.assert_array_equal(arrays["x"], data.x_train)
        np.testing.assert_array_equal(arrays["y_val"], data.y_val)


# ---- the report ---------------------------------------------------------------------------
def test_report_gives_the_ratios() -> None:
    text = report.write(made_up())
    assert "| Keras fit, 1 seed | 38.0 | 1.00 times | 80.0 (78.0–81.0) | 1.00 times |" in text
    assert "| compare, 1 seed | 2.00 | 19.0 times | 8.00 (6.00–9.00) | 10.0 times |" in text
    assert "| compare, 10 seeds | 18.0 | 2.11 times | 40.0 (38.0–41.0) | 2.00 times |" in text
    assert "`compare` took 2.00 s, and plain Keras 19.0 times as long." in text
    assert "| 32 | 3.00 | 0.800 | 1.50 | 0.300 | 0.400 |" in text
    assert "1.25 of that of JAX" in text
    assert "| 32 | 250 | 150 | 50.0 | 50.0 | 85.0 | 100 |" in text
    assert "The products are 60% at batch 32: a step" in text
    assert "| every 20 updates | 2.50 | 1.25 |" in text
    assert "+0.10 (-0.20 to +0.40) | yes |" in text
    assert "| groups of two seeds | 3 of 20 | 0.010 | 0.400 | 0.040 |" in text


def test_report_says_what_an_update_costs_with_the_layer() -> None:
    text = report.write(made_up())
    assert "| 10 layers, SGD | 2.00 | 3.00 | 1.50 (1.40–1.70) |" in text
    assert "take turns in one process, 9 of them" in text


def test_report_says_what_the_layer_costs() -> None:
    text = report.write(made_up())
    assert "| 4 layers of 128, batch 64 | 0.500 | 1.50 (1.00–2.00) | 2.00 (1.50–2.50) |" in text
    assert "| 0.250 | 1.50 (1.00–2.00) | 2.00 (1.50–2.50) | 1.02 (0.520–1.52) |" in text
    assert "no probability by more than 3e-07" in text
    assert "| Dense, not compiled, with batch norm | 300 | 8.00 | 1000 | 32.0 |" in text


def test_report_says_which_expectations_held() -> None:
    text = report.write(made_up())
    assert "takes 1.2 to 2.5 times as long with batch norm | 1.50 | held |" in text
    assert (
        "a step needs 1.6 to 2.4 times the memory with batch norm | 3.00 | did not hold |" in text
    )
    assert "is above that at 1 | – | not measured |" in text


@pytest.mark.parametrize("one", expected.EXPECTED, ids=lambda one: one.claim)
def test_what_is_expected_is_measured(one: expected.Expectation, tmp_path: Path) -> None:
    plan = jobs.BENCHMARKS[one.benchmark](jobs.Sizes(), tmp_path)
    there = [dict(job.setting) for job in plan.jobs]
    assert dict(one.setting) in there
    assert not one.over or dict(one.over) in there
    assert one.above < one.below


def test_report_gives_the_memory_of_each_lab_on_each_data_set() -> None:
    text = report.write(made_up())
    assert "| `one` | digits28 | 901 | 1101 |" in text
    assert "| `one` | MNIST, where it is found | 1301 | 1401 |" in text
    assert "| `two` | its own | – | 301 |" in text


def test_report_says_what_is_missing_and_what_failed() -> None:
    text = report.write(made_up())
    assert "PyTorch: torch is not there" in text
    assert "compare: stopped after 9 s" in text
    assert "nan" not in text.lower().replace("nano", "")


def test_report_describes_the_machine() -> None:
    text = report.write(made_up())
    assert "between 1 and 3 times" in text
    for words in ("a processor", "2 cores", "8 GiB", "Python 3.12.1", "keras 3.9.0", "2026-01-02"):
        assert words in text


def test_a_trial_is_no_measurement() -> None:
    warning = "These numbers mean nothing"
    assert warning not in report.write(made_up())
    assert warning in report.write(replace(made_up(), sizes=asdict(jobs.QUICK)))


def test_tables_have_headers_and_equal_rows() -> None:
    lines = report.write(made_up()).splitlines()
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if line.startswith("| :---"):
            assert all(cell.strip() for cell in before.strip("|").split("|"))
            assert before.count("|") == line.count("|") == after.count("|")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.01234, "0.012"), (1.2345, "1.23"), (12.345, "12.3"), (1234.5, "1234"), (math.nan, "–")],
)
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert report.number(value) == text


def test_report_of_nothing_is_still_a_page() -> None:
    empty = Results(MACHINE, asdict(jobs.Sizes()))
    assert report.write(empty).count("# What was measured") == 1
    assert "<svg" in figure.draw(empty)


def test_figure_is_the_same_each_time_and_has_words() -> None:
    svg = figure.draw(made_up())
    assert svg == figure.draw(made_up())
    words = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}desc") or ""
    for part in ("Keras fit 1 seed: 80 s", "compare 10 seeds: 40 s", "JAX", "Growth with width"):
        assert part in words


def test_committed_report_comes_from_the_committed_results() -> None:
    folder = ROOT / "benchmarks"
    results = Results.load(folder / "results.json")
    assert (folder / "report.md").read_text("utf8") == report.write(results)
    assert "<desc>" in (folder / "report.svg").read_text("utf8")


def test_what_the_chapter_on_cost_says_is_in_the_results() -> None:
    results = Results.load(ROOT / "benchmarks" / "results.json")

    def timed(quantity: str, **other: object) -> float:
        setting = {**expected.MIDDLE, **other}
        return results.find("cost", "Keras fit", **setting).median(quantity)

    def used(kind: str, norm: str, compiled: bool, quantity: str = "step") -> float:
        setting = {"kind": kind, "norm": norm, "compiled": compiled}
        return results.find("footprint", "Keras fit", **setting).median(quantity)

    train, predict = "train-batch-ratio", "predict-batch-ratio"
    assert timed(train) > 2
    assert timed(train, width=512) < 1.5 < timed(train, width=32)
    assert timed(train, depth=1) < timed(train, depth=16) <= timed(train)
    assert 1.05 < timed(predict) < 1.2
    assert timed("predict-folded-ratio") == pytest.approx(1, abs=0.05)
    for quantity in ("train-layer-ratio", train):  # about as much
        assert timed(quantity) == pytest.approx(timed(train), rel=0.1)
    more = {kind: used(kind, "batch", False) - used(kind, "plain", False) for kind in cost.SHAPES}
    shapes = {
        kind: used(kind, "batch", False, "kept") - used(kind, "plain", False, "kept")
        for kind in cost.SHAPES
    }
    assert 1 < more["dense"] / shapes["dense"] < 1.5 < more["conv"] / shapes["conv"] < 2.5
    for kind in cost.SHAPES:
        assert used(kind, "batch", True) < 1.1 * used(kind, "plain", True)
        assert 2 < used(kind, "plain", True) / used(kind, "plain", True, "kept") < 5


def test_what_the_chapter_on_cost_says_of_the_run_itself() -> None:
    results = Results.load(ROOT / "benchmarks" / "results.json")
    costs = results.of("cost")
    assert all(len(record.values["train-batch-ratio"]) == 1 for record in costs)
    ratios = [record.median("train-batch-ratio") for record in costs]
    assert 1.3 < min(ratios) < 1.4 < 2.3 < max(ratios) < 2.4
    assert max(record.median("predict-batch-ratio") for record in costs) < 1.25
    convolutions = results.find("cost", "Keras fit", **expected.CONV)
    assert convolutions.median("predict-batch-high") < 1
    assert convolutions.median("train-layer-ratio") > 1.2 * convolutions.median("train-batch-ratio")
    folding = {record.setting["batch"]: record.median("difference") for record in costs}
    assert round(folding.pop(1), 3) == 0.003
    assert max(folding.values()) < 1e-6
    used = results.find("footprint", "Keras fit", kind="conv", norm="batch", compiled=False)
    low, high = used.range("step")
    assert (len(used.values["step"]), round(high - low)) == (2, 105)
    assert "at 1.4 times with batch norm" in " ".join(str(expected.__doc__).split())
    assert "a notebook ran beside it" in report.write(results)


def test_a_remark_belongs_to_one_run() -> None:
    results = Results.load(ROOT / "benchmarks" / "results.json")
    later = results.with_benchmark("cost", "2027-01-01, load 0.10", results.of("cost"))
    assert "a notebook ran beside it" not in report.write(later)


def test_the_page_leads_to_sections_that_the_report_has() -> None:
    page = (ROOT / "book" / "appendix" / "how-the-engine-works.md").read_text("utf8")
    headings = re.findall(r"(?m)^#+ (.+)$", page + report.write(made_up()))
    there = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in headings}
    wanted = set(re.findall(r"\]\(#([\w-]+)\)", page))
    assert wanted
    assert wanted <= there


# ---- the command --------------------------------------------------------------------------
def test_command_writes_results_report_and_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = jobs.Plan([Job("memory", "compare", {"seeds": 50}, says('{"memory": 7, "work": 1}'))])
    monkeypatch.setattr(command, "BENCHMARKS", {"memory": lambda sizes, folder: plan})
    assert command.main(["--only", "memory", "--repeats", "2", "--folder", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "report.md", "report.svg", "results.json"
    ]  # fmt: skip
    found = Results.load(tmp_path / "results.json").find("memory", "compare", seeds=50)
    assert found.values["memory"] == [7, 7]
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "[2/2] memory: compare (seeds 50)" in streams.err
    (tmp_path / "report.md").unlink()
    assert command.main(["--report", "--folder", str(tmp_path)]) == 0
    assert "| 50 | 7.00 | 1.00 |" in (tmp_path / "report.md").read_text("utf8")


def test_command_fails_where_a_contestant_or_its_preparation_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = [sys.executable, "-c", "raise SystemExit(1)"], says("{}")
    for number, plan in enumerate(
        [
            jobs.Plan([Job("memory", "compare", {"seeds": 50}, bad)]),
            jobs.Plan([Job("memory", "compare", {"seeds": 50}, good)], before=[bad]),
        ]
    ):
        folder = tmp_path / str(number)
        monkeypatch.setattr(command, "BENCHMARKS", {"memory": lambda sizes, place, p=plan: p})
        assert command.main(["--only", "memory", "--folder", str(folder)]) == 1
        assert "Failed: memory, compare" in capsys.readouterr().err
        assert "failed with exit code 1" in (folder / "report.md").read_text("utf8")


def test_command_refuses_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--repeats", "0", "--folder", str(tmp_path)]) == 2
    assert "--repeats must be at least 1" in capsys.readouterr().err
    assert command.main(["--report", "--folder", str(tmp_path)]) == 2
    with pytest.raises(SystemExit):
        command.main(["--only", "everything"])


def test_machine_is_described_without_names_of_people_or_folders() -> None:
    found = machine.describe()
    assert found["cpu"]
    assert found["cores"] >= 1
    assert found["packages"]["keras"]
    assert "/" not in json.dumps({k: v for k, v in found.items() if k not in ("cpu", "system")})
