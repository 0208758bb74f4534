"""The command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bnutils import cli as command

SMALL = ["compare", "--data", "digits", "--hidden", "8", "--seeds", "2", "--updates", "5"]


def test_compare_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*SMALL, "--norm", "batch", "none"]) == 0
    out, _ = capsys.readouterr()
    assert out.startswith("Test accuracy on digits after 5 updates, in %")
    assert "difference from batch, seed by seed" in " ".join(out.split())
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["batch", "none"]


def test_compare_prints_json_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*SMALL, "--json", "--metric", "val_loss"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["metric"] == "val_loss"
    assert set(values["summary"]) == {"none", "batch"}
    assert {row["seed"] for row in values["values"]} == {0, 1}
    assert values["provenance"]["data"]["name"] == "digits"


def test_diverged_runs_are_still_valid_json(capsys: pytest.CaptureFixture[str]) -> None:
    hot = ["--optimizer", "sgd", "--learning-rate", "3e38", "--norm", "none", "--json"]
    assert command.main([*SMALL, *hot]) == 0
    text = capsys.readouterr().out
    assert "NaN" not in text
    assert json.loads(text)["summary"]["none"]["diverged"] >= 1


def test_compare_takes_a_decay(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for more in ([], ["--weight-decay", "0.5"]):
        assert command.main([*SMALL, "--norm", "batch", "--json", *more]) == 0
        said.append(json.loads(capsys.readouterr().out))
    without, decayed = (
        {row["value"] for row in one["values"] if row["metric"] == "test_loss"} for one in said
    )
    assert len(without) == len(decayed) == 2
    assert without.isdisjoint(decayed)
    assert "weight_decay=0.5" in said[1]["provenance"]["arms"]["batch"]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_compare_draws(tmp_path: Path, suffix: str) -> None:
    figure = tmp_path / f"curves{suffix}"
    assert command.main([*SMALL, "--plot", str(figure)]) == 0
    starts = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}
    assert figure.read_bytes().startswith(starts[suffix])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seeds", "0"], "seeds must be at least 1; received 0"),
        (["--batch-size", "5000"], "batch_size must be at most the 1149"),
        (["--plot", "curves.gif"], "--plot must name a file ending in .svg"),
        (["--plot", "no/such/folder/c.png"], "in a folder that exists"),
        (["--norm", "batch", "batch"], "--norm must name each arm once"),
        (["--epochs", "0"], "epochs must be at least 1"),
        (["--memory-gib", "0"], "memory_gib must be a positive, finite number"),
        (["--memory-gib", "1e-9"], "One replica must fit into memory_gib"),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    base = [word for word in SMALL if word not in ("--updates", "5")]
    assert command.main([*base, *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_mnist_that_is_not_there_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BNUTILS_DATA", str(tmp_path / "none.npz"))
    assert command.main([*SMALL[:2], "mnist", *SMALL[3:]]) == 2
    assert "none.npz' cannot be read as MNIST" in capsys.readouterr().err


def test_epochs_and_updates_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([*SMALL, "--epochs", "1"])
    assert stopped.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_an_interruption_is_one_line_and_exit_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bnutils.cli.compare.compare", interrupt)
    assert command.main(SMALL) == 130
    assert capsys.readouterr().err == "bnutils: interrupted; finished runs are in the store\n"


def test_the_package_is_the_command() -> None:
    for arguments, code in ((["--help"], 0), (["store"], 0), (["compare", "--seeds", "0"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "bnutils", *arguments], capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr
