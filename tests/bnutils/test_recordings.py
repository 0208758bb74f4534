"""Recorded comparisons: kept curves, a part trained again, and no way for them to drift apart."""

import json
import lzma
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bnutils
from bnutils import recordings
from bnutils.datasets import Dataset
from bnutils.errors import FindingMismatch
from bnutils.recordings import Recorded, recorded
from bnutils.results import Comparison

ARMS = {name: bnutils.mlp((4,), norm) for name, norm in (("plain", None), ("bn", "batch"))}
ARMS["ln"] = bnutils.mlp((4,), "layer")
OPTIONS: dict[str, Any] = {"epochs": 2, "seeds": [11, 12, 13, 14], "on": "digits", "split": "own"}
NAME = "chapter-one/first"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return bnutils.load("digits").take(200)


@pytest.fixture(scope="module")
def kept(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Comparison]:
    """A checkout with a recorded comparison, and what was recorded."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "book" / "chapter-one").mkdir(parents=True)
    (root / "_toc.yml").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("BNUTILS_FINDINGS", "refresh")
        patch.setenv("BNUTILS_STORE", str(root / "store"))
        return root, recorded(NAME, ARMS, data, **OPTIONS)


@pytest.fixture
def file(kept: tuple[Path, Comparison], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the curves; we stand in the checkout."""
    root = kept[0]
    monkeypatch.chdir(root)
    return root / "book" / "chapter-one" / "recorded" / "first.digits.json.xz"


@pytest.fixture
def restored(file: Path) -> Any:
    """The same file, put back as it was afterwards."""
    content = file.read_bytes()
    yield file
    file.write_bytes(content)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the build."""
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")


def today(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    class Day(date):
        @classmethod
        def today(cls) -> "Day":
            return cls(2026, 11, day)

    monkeypatch.setattr(recordings, "date", Day)


@pytest.mark.usefixtures("file", "strict")
def test_the_kept_curves_are_those_that_were_trained(
    kept: tuple[Path, Comparison], data: Dataset
) -> None:
    found = recorded(NAME, ARMS, data, **OPTIONS)
    assert isinstance(found, Recorded)
    assert found.setting() == kept[1].setting()
    for metric in found.metrics:
        assert found.final(metric).to_numpy() == pytest.approx(
            kept[1].final(metric).to_numpy(), rel=1e-6
        )
    assert (found.hits("bn") == kept[1].hits("bn")).all()
    assert found.image_error("bn", "plain", data) == kept[1].image_error("bn", "plain", data)


@pytest.mark.usefixtures("file", "strict")
def test_two_seeds_of_two_arms_are_trained_again_and_are_the_same(data: Dataset) -> None:
    found = recorded(NAME, ARMS, data, **OPTIONS)
    assert isinstance(found, Recorded)
    assert len(found.again.arms) == len(found.again.final()) == 2
    assert set(found.again.arms) < set(ARMS)
    assert found.distance < 0.01
    assert "Trained again here: seeds 1" in repr(found)


@pytest.mark.usefixtures("file")
def test_a_reader_waits_for_one_seed(data: Dataset) -> None:
    found = recorded(NAME, ARMS, data, **OPTIONS)
    assert isinstance(found, Recorded)
    assert (len(found.again.arms), len(found.again.final())) == (2, 1)


@pytest.mark.usefixtures("file")
def test_what_a_build_trains_again_nobody_else_waits_for(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> Comparison:
        return recorded(NAME, ARMS, data, **OPTIONS, train="build")

    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    built = found()
    assert isinstance(built, Recorded)
    assert len(built.again.final()) == 2
    for mode in ("state", "off"):
        monkeypatch.setenv("BNUTILS_FINDINGS", mode)
        monkeypatch.setattr(recordings, "compare", lambda *_, **__: pytest.fail("trained"))
        assert not isinstance(found(), Recorded)
        assert found().final().equals(built.final())


@pytest.mark.usefixtures("file")
def test_what_diverges_here_as_there_is_the_same(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its losses are no numbers, and the accuracies of all seeds may be one and the same."""
    arms = {"far": bnutils.Arm(bnutils.mlp((4,)), optimizer="sgd", learning_rate=1e30)}
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    whole = recorded("chapter-one/far", arms, data, **OPTIONS)
    assert np.isnan(whole.final("test_loss")["far"]).any()
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    found = recorded("chapter-one/far", arms, data, **OPTIONS)
    assert isinstance(found, Recorded)
    assert found.distance == 0
    (first, *rest) = found.again.runs
    finite = replace(first, metrics={**first.metrics, "test_loss": (0.1,)}, diverged=False)
    assert replace(found, again=replace(found.again, runs=(finite, *rest))).distance == inf


@pytest.mark.usefixtures("file")
def test_each_day_has_its_own(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for day in range(1, 9):
        today(monkeypatch, day)
        found = recorded(NAME, ARMS, data, **OPTIONS)
        assert isinstance(found, Recorded)
        seen.add((*found.again.arms, *found.again.final().index))
    assert len(seen) > 3


@pytest.mark.usefixtures("file")
def test_what_was_trained_again_is_drawn_over_it(data: Dataset) -> None:
    found = recorded(NAME, ARMS, data, **OPTIONS)
    ax = found.plot("val_accuracy")
    dotted = [line for line in ax.get_lines() if line.get_linestyle() == ":"]
    assert len(dotted) == 2
    assert "trained again here" in [text.get_text() for text in ax.get_legend().get_texts()]
    plt.close(ax.figure)


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 1},
        {"seeds": [11, 12]},
        {"batch_size": 16},
        {"split": "given"},
        {"train": "all"},
        {"optimizer": "sgd"},
        {"learning_rate": 0.01},
        {"epochs": None, "updates": 4, "evaluations": 2},
    ],
)
@pytest.mark.usefixtures("file")
def test_an_experiment_trains_what_it_asks_for(data: Dataset, change: dict[str, Any]) -> None:
    found = recorded(NAME, ARMS, data, **{**OPTIONS, **change})
    assert not isinstance(found, Recorded)
    assert len(found.final()) == len({**OPTIONS, **change}["seeds"])


@pytest.mark.usefixtures("file")
def test_what_is_not_recorded_is_trained(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not isinstance(recorded(NAME, ARMS, data, **{**OPTIONS, "on": "mnist"}), Recorded)
    monkeypatch.chdir("/")
    assert not isinstance(recorded(NAME, ARMS, data, **OPTIONS), Recorded)


@pytest.mark.usefixtures("file", "strict")
def test_in_the_build_other_settings_are_an_error(data: Dataset) -> None:
    with pytest.raises(
        FindingMismatch, match=r"must be of the lab's settings; .*here epochs 1, in"
    ):
        recorded(NAME, ARMS, data, **{**OPTIONS, "epochs": 1})
    with pytest.raises(FindingMismatch, match=r"must be whole; .*No such file"):
        recorded("chapter-one/second", ARMS, data, **OPTIONS)


# ---- what is measured beside the metrics ----------------------------------------------------
def largest(arm: str, seed: int, weights: list[np.ndarray]) -> dict[str, float]:
    """Something that only the weights know."""
    return {"largest": max(float(np.abs(one).max()) for one in weights)}


@pytest.fixture
def measured(kept: tuple[Path, Comparison], data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording that holds it; we stand in the checkout, as strict as the build."""
    monkeypatch.chdir(kept[0])
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    recorded("chapter-one/measured", ARMS, data, **OPTIONS, measure=largest)
    monkeypatch.setenv("BNUTILS_FINDINGS", "check")
    return kept[0] / "book" / "chapter-one" / "recorded" / "measured.digits.json.xz"


@pytest.mark.usefixtures("measured")
def test_what_is_measured_of_the_weights_is_kept_and_measured_again(data: Dataset) -> None:
    whole = bnutils.compare(ARMS, data, epochs=2, seeds=OPTIONS["seeds"], split="own", weights=True)
    found = recorded("chapter-one/measured", ARMS, data, **OPTIONS, measure=largest)
    assert isinstance(found, Recorded)
    for result in (found, found.again):
        for arm in result.arms:
            for seed, value in result.final("largest")[arm].items():
                due = largest(arm, seed, whole.weights(arm, seed))["largest"]
                assert value == pytest.approx(due, rel=1e-5)
    assert not any(run.weights for run in found.runs)


def test_what_probes_read_is_kept(kept: tuple[Path, Comparison], data: Dataset) -> None:
    arms, probes = {"bn": ARMS["bn"]}, bnutils.Probes(every=5, examples=32)
    options = {**OPTIONS, "split": "own", "probes": probes}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(kept[0])
        patch.setenv("BNUTILS_FINDINGS", "refresh")
        read = recorded("chapter-one/probed", arms, data, **options).readings()
        patch.setenv("BNUTILS_FINDINGS", "check")
        there = recorded("chapter-one/probed", arms, data, **options).readings()
        with pytest.raises(FindingMismatch, match="must be of the lab's settings"):
            recorded("chapter-one/probed", arms, data, **{**options, "probes": None})
    assert len(there) == len(read) > 0
    assert there["value"].to_numpy() == pytest.approx(read["value"].to_numpy(), rel=1e-4)
    assert (there.drop(columns="value") == read.drop(columns="value")).all(axis=None)


@pytest.mark.usefixtures("measured")
def test_what_is_measured_is_held_against_what_was_kept(data: Dataset) -> None:
    def other(*run: Any) -> dict[str, float]:
        return {"largest": 2 * largest(*run)["largest"]}

    with pytest.raises(FindingMismatch, match="within 6 standard deviations"):
        recorded("chapter-one/measured", ARMS, data, **OPTIONS, measure=other)
    for measure in (lambda *_: {"another": 1.0}, None):
        with pytest.raises(FindingMismatch, match=r"must be of .*; they are of .*, largest\. Run"):
            recorded("chapter-one/measured", ARMS, data, **OPTIONS, measure=measure)


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize("change", [{"train": "all"}, {"on": "mnist"}, {"epochs": 1}])
def test_it_is_measured_wherever_all_is_trained(data: Dataset, change: dict[str, Any]) -> None:
    found = recorded(NAME, ARMS, data, **{**OPTIONS, **change}, measure=largest)
    assert not isinstance(found, Recorded)
    assert (found.final("largest") > 0).all(axis=None)


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("measure", "error", "words"),
    [
        (3, TypeError, "measure must be a function; received 3"),
        (lambda *_: 0.5, TypeError, "what `measure` returns must be a dictionary"),
        (lambda *_: {"more": np.nan}, ValueError, "returns as more must be a finite number"),
        (lambda *_: {"val_loss": 1.0}, ValueError, "names of its own; received 'val_loss'"),
        (lambda arm, *_: {arm: 1.0}, ValueError, "the same names for every run; .* bn, ln, plain"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    data: Dataset, measure: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        recorded(NAME, ARMS, data, **{**OPTIONS, "train": "all"}, measure=measure)


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    values = json.loads(lzma.decompress(path.read_bytes()))
    change(values)
    path.write_bytes(lzma.compress(json.dumps(values).encode()))


def shifted(values: dict[str, Any]) -> None:
    for run in values["runs"]:
        run["metrics"]["test_accuracy"] = [run["metrics"]["test_accuracy"][0] - 0.9]


@pytest.mark.usefixtures("strict")
def test_curves_that_are_not_those_of_the_code_are_found(restored: Path, data: Dataset) -> None:
    changed(restored, shifted)
    with pytest.raises(FindingMismatch, match=r"within 6 standard deviations .*; it is \d"):
        recorded(NAME, ARMS, data, **OPTIONS)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("content", [b"", b"[1]", lzma.compress(b"[1]"), lzma.compress(b"{}")])
def test_a_damaged_file_is_not_trusted(
    restored: Path, data: Dataset, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored.write_bytes(content)
    with pytest.raises(FindingMismatch, match=r"must be whole; those in .* are not"):
        recorded(NAME, ARMS, data, **OPTIONS)
    monkeypatch.delenv("BNUTILS_FINDINGS")
    assert not isinstance(recorded(NAME, ARMS, data, **OPTIONS), Recorded)


def test_curves_that_need_too_much_room_are_refused(
    restored: Path, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_FINDINGS", "refresh")
    monkeypatch.setattr(recordings, "LARGEST", 100)
    before = restored.read_bytes()
    with pytest.raises(ValueError, match=r"must fit into 100 bytes; first\.digits\.json\.xz has"):
        recorded(NAME, ARMS, data, **OPTIONS)
    assert restored.read_bytes() == before


def test_every_day_can_be_had_at_once(
    file: Path, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_TRAIN", "all")
    assert not isinstance(recorded(NAME, ARMS, data, **OPTIONS), Recorded)
    assert file.is_file()
    monkeypatch.setenv("BNUTILS_TRAIN", "some")
    with pytest.raises(ValueError, match="train must be one of 'part'"):
        recorded(NAME, ARMS, data, **OPTIONS)
