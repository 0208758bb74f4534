"""Results: tables, files."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bnutils.datasets import Dataset, load
from bnutils.results import Comparison
from bnutils.runs import Run, packed, unpacked
from bnutils.utils.versions import versions


def comparison(spread: float = 0.01, diverged: bool = False) -> Comparison:
    """Two arms, four seeds, three evaluations; the second arm ends 0.1 higher."""
    rng = np.random.default_rng(0)
    offsets = rng.normal(0, spread, 4)
    runs = []
    for arm, gain in (("plain", 0.0), ("batch norm", 0.1)):
        for seed in range(4):
            end = 0.8 + gain + offsets[seed]
            loss = float("nan") if diverged and (arm, seed) == ("plain", 1) else 1 - end
            metrics = {
                "val_accuracy": (end - 0.2, end - 0.1, end),
                "val_loss": (1.0, 0.9, loss),
                "test_accuracy": (end,),
                "test_loss": (loss,),
            }
            runs.append(
                Run(arm, seed, (10, 20, 30), (1.0, 2.0, 3.0), metrics, bool(np.isnan(loss)))
            )
    return Comparison(tuple(runs), "epochs", "digits", {"versions": {"numpy": "2"}})


def test_frame_is_tidy() -> None:
    frame = comparison().to_frame()
    assert list(frame.columns) == ["arm", "seed", "epoch", "update", "metric", "value"]
    assert len(frame) == 2 * 4 * (3 + 3 + 1 + 1)
    ends = frame[frame["metric"] == "test_accuracy"]
    assert set(ends["update"]) == {30}


def test_differences_are_paired() -> None:
    result = comparison(spread=0.05)
    gap = result.difference("test_accuracy", "batch norm", "plain")
    assert gap.estimate == pytest.approx(0.1)
    assert gap.high - gap.low < 1e-9  # the offsets of the seeds cancel
    table = result.summary().to_frame()
    assert table.loc["batch norm", "difference"] == pytest.approx(0.1)
    assert np.isnan(table.loc["plain", "difference"])
    assert table.loc["plain", "high"] - table.loc["plain", "low"] > 0.01
    assert list(table["seeds"]) == [4, 4]


def test_a_diverged_seed_is_counted_and_left_out_of_means() -> None:
    result = comparison(diverged=True)
    table = result.summary("test_loss").to_frame()
    assert list(table["diverged"]) == [1, 0]
    assert np.isfinite(table.loc["plain", "mean"])
    for metric in ("test_loss", "test_accuracy"):
        assert result.difference(metric, "batch norm", "plain").n == 3


def test_an_arm_that_diverged_in_every_seed_still_has_a_row() -> None:
    runs = [replace(run, diverged=run.arm == "plain") for run in comparison().runs]
    table = Comparison(tuple(runs), "epochs", "digits").summary("test_loss").to_frame()
    assert np.isnan(table.loc["plain", "mean"])
    assert np.isnan(table.loc["batch norm", "difference"])
    assert np.isfinite(table.loc["batch norm", "mean"])
    assert list(table["diverged"]) == [4, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.final("f1"), "metric must be one of 'val_accuracy'"),
        (lambda r: r.difference("val_loss", "layer norm", "plain"), "arm must be one of 'plain'"),
        (lambda r: r.difference("val_loss", "plain", "none"), "baseline must be one of"),
        (lambda r: r.summary(baseline="none"), "baseline must be one of"),
        (lambda r: r.plot("f1"), "metric must be one of"),
    ],
)
def test_unknown_names(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call(comparison())


def test_saved_and_loaded_again(tmp_path: Path) -> None:
    result = comparison()
    result.save(tmp_path / "new" / "result.json")
    assert Comparison.load(tmp_path / "new" / "result.json") == result


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: '{"format": 99}',
        lambda text: '{"format": 1, "runs": [1]}',
    ],
)
def test_a_damaged_file_is_not_loaded(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "result.json"
    comparison().save(file)
    file.write_text(damage(file.read_text()))
    with pytest.raises(ValueError, match=r"result\.json must be a comparison saved by"):
        Comparison.load(file)


def test_an_interrupted_save_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "result.json"
    comparison().save(file)
    before = file.read_bytes()

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        comparison(spread=0.5).save(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_versions_name_what_numbers_depend_on() -> None:
    found = versions()
    assert {"bnutils", "numpy", "keras"} <= found.keys()
    assert json.dumps(found)


def lost(arm: str) -> Comparison:
    """The comparison, with this arm diverged in every seed."""
    runs = [replace(run, diverged=run.arm == arm) for run in comparison().runs]
    return Comparison(tuple(runs), "epochs", "digits")


@pytest.mark.parametrize("arm", ["plain", "batch norm"])
def test_what_diverged_is_named_and_there_is_no_nan(arm: str) -> None:
    result = lost(arm)
    gap = result.difference("test_accuracy", "batch norm", "plain")
    assert gap.n == 0
    shown = [repr(result.summary()), result.summary()._repr_html_(), repr(gap)]
    for text in [*shown, repr(result.summary()[arm])]:
        assert f"{arm} diverged in all 4 seeds" in " ".join(text.split())
        assert "nan" not in text.lower()


def test_one_seed_has_no_interval_and_says_so() -> None:
    whole = comparison()
    result = Comparison((whole.runs[0], whole.runs[4]), "epochs", "digits")
    text = repr(result.summary())
    assert "One seed gives no interval" in text
    assert "95 % interval" not in text


def test_a_summary_is_indexed_by_arm_and_equal_to_itself() -> None:
    summary = comparison().summary()
    row = summary["batch norm"]
    assert row.difference == comparison().difference("test_accuracy", "batch norm", "plain")
    assert row.mean.estimate == summary.to_frame().loc["batch norm", "mean"]
    assert summary == comparison().summary()
    assert summary != comparison(spread=0.02).summary()
    assert [one.arm for one in summary] == ["plain", "batch norm"]
    with pytest.raises(ValueError, match="arm must be one of 'plain'"):
        summary["mean"]


def test_everything_shown_fits_80_columns_in_percentage_points() -> None:
    result = comparison()
    gap = repr(result.difference("test_accuracy", "batch norm", "plain"))
    assert "+10.00 percentage points" in gap
    for text in (gap, repr(result), repr(result.summary()), repr(result.summary("test_loss"))):
        assert max(map(len, text.splitlines())) <= 79


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.metrics, lambda c: c.length, lambda c: c.final(), lambda c: c.summary(),
        lambda c: c.difference("test_accuracy", "a", "b"), lambda c: c.diverged("a"),
        lambda c: c.weights("a", 0), lambda c: c.setting("a"), lambda c: c.plot(),
    ],
)  # fmt: skip
def test_a_comparison_without_runs_says_so(ask: Any) -> None:
    empty = Comparison((), "epochs", "digits")
    assert "without runs" in repr(empty)
    assert (empty.arms, len(empty.to_frame()), empty.setting()) == ([], 0, {})
    with pytest.raises(ValueError, match=r"A comparison must have runs for this; .* Compare"):
        ask(empty)


def _with_hits(
    data: Dataset, split: str, right: dict[str, list[np.ndarray]], seeds: tuple[int, ...] = (3, 8)
) -> Comparison:
    runs = tuple(
        Run(arm, seed, (1,), (1.0,), {"test_accuracy": (own.mean(),)}, hits=packed(own))
        for arm, each in right.items()
        for seed, own in zip(seeds, each, strict=True)
    )
    origin = {"data": {"checksum": data.checksum}, "split": split}
    return Comparison(runs, "epochs", data.name, origin)


def test_the_image_error_of_one_test_set_is_that_of_the_means_over_seeds() -> None:
    data, rng = load("digits").take(100), np.random.default_rng(1)
    shares = {"p": 0.7, "q": 0.9}
    right = {arm: [rng.random(360) < share for _ in "ab"] for arm, share in shares.items()}
    result = _with_hits(data, "given", right)
    np.testing.assert_array_equal(result.hits("q"), right["q"])
    means = (np.mean(right["q"], axis=0) - np.mean(right["p"], axis=0)).astype(float)
    expected = means.std(ddof=1) / np.sqrt(360)
    assert result.image_error("q", "p", data) == pytest.approx(expected, rel=1e-12)


def test_the_image_error_is_how_much_other_images_would_change() -> None:
    """Own splits of few originals: the spread of the mean over many drawings of difficulties."""
    sizes = dict.fromkeys(("train", "val", "test"), 200)
    parts = {f"x_{split}": np.zeros((n, 1, 1)) for split, n in sizes.items()}
    parts |= {f"y_{split}": np.zeros(n) for split, n in sizes.items()}
    data = Dataset("own", **parts, classes=2, origins=np.repeat(np.arange(150), 4))
    tested = [data.origins[data.split(seed).test] for seed in (3, 8)]
    rng, means, errors = np.random.default_rng(0), [], []
    for _ in range(400):
        ahead = rng.random(150) < 0.3  # of which originals the second arm knows more
        right = {"p": [np.zeros(200, bool)] * 2, "q": [ahead[each] for each in tested]}
        result = _with_hits(data, "own", right)
        means.append(np.mean(right["q"]))
        errors.append(result.image_error("q", "p", data))
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.1)


def test_the_image_error_needs_the_data_of_the_comparison() -> None:
    data, other = load("digits").take(100), load("digits").take(99)
    result = _with_hits(data, "given", {"p": [np.ones(360, bool)] * 2})
    assert result.image_error("p", "p", data) == 0
    with pytest.raises(ValueError, match=r"data must be those of the comparison.*Pass what"):
        result.image_error("p", "p", other)


@given(hnp.arrays(bool, st.integers(0, 40)))
def test_hits_are_packed_and_come_out_as_they_were(right: np.ndarray) -> None:
    np.testing.assert_array_equal(unpacked(packed(right)), right)


@pytest.mark.parametrize("text", ["", "8", "9:/w==", "-8:/w==", "8:!w==", "8:w"])
def test_what_is_no_packed_hits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Hits must be as|base64|padding"):
        unpacked(text)
