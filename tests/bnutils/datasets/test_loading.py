"""Data: offline, verified, never replaced in silence."""

import hashlib
import io
import pickle
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils import datasets
from bnutils.datasets import digits, mnist
from bnutils.errors import DataError
from tests.bnutils.utils.streams import Closed


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> socket.socket:
        raise OSError("the network is unreachable")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """Arrays that stand in for MNIST: the checksums are made theirs."""
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (50, 28, 28), dtype=np.uint8),
        "y_train": rng.integers(0, 10, 50, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        "y_test": rng.integers(0, 10, 10, dtype=np.uint8),
    }
    sums = {part: hashlib.sha256(array.tobytes()).hexdigest() for part, array in arrays.items()}
    monkeypatch.setattr(mnist, "CHECKSUMS", sums)
    return arrays


def _archive(arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "size", "counts"),
    [("digits", 8, (1149, 288, 360)), ("digits28", 28, (9600, 2400, 3000))],
)
def test_bundled_sets(name: str, size: int, counts: tuple[int, ...]) -> None:
    data = datasets.load(name)
    images = (data.x_train, data.x_val, data.x_test)
    assert tuple(map(len, images)) == counts
    for split in images:
        assert split.shape[1:] == data.input_shape == (size, size)
        assert split.dtype == np.float32
        assert 0 <= split.min() < split.max() <= 1
    for labels in (data.y_train, data.y_val, data.y_test):
        assert set(labels) == set(range(10))


def test_digits28_has_no_relatives_across_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the augmentation each image is its original, which tells who is related."""

    def unchanged(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return images.reshape(len(images), -1)

    monkeypatch.setattr(digits, "_augmented", unchanged)
    data = digits.digits28.__wrapped__()
    splits = [{row.tobytes() for row in x} for x in (data.x_train, data.x_val, data.x_test)]
    assert [len(split) for split in splits] == [1149, 288, 360]
    assert len(set.union(*splits)) == 1797


def test_digits28_is_the_same_on_every_machine() -> None:
    expected = "a3a0edb30038feaa25d2121b30c8fb5af105279d85d5f800a618ea1a1c9bfa05"
    assert digits.digits28.__wrapped__().checksum == expected


def test_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        datasets.load("digits").x_train[0] = 0


def test_take_keeps_the_first_examples_and_changes_the_checksum() -> None:
    data = datasets.load("digits")
    part = data.take(100)
    np.testing.assert_array_equal(part.x_train, data.x_train[:100])
    np.testing.assert_array_equal(part.y_test, data.y_test)
    assert part.checksum != data.checksum


@pytest.mark.parametrize("examples", [0, 1150])
def test_take_says_what_is_possible(examples: int) -> None:
    with pytest.raises(ValueError, match=r"examples must be at (least 1|most 1149)"):
        datasets.load("digits").take(examples)


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match=r"name must be one of 'auto', 'mnist'.*'cifar'"):
        datasets.load("cifar")


@pytest.mark.parametrize("as_folder", [True, False])
def test_mnist_from_a_named_file(
    small_mnist: dict[str, np.ndarray], tmp_path: Path, as_folder: bool
) -> None:
    file = tmp_path / "mnist.npz"
    file.write_bytes(_archive(small_mnist))
    data = datasets.load("mnist", file.parent if as_folder else file)
    assert (len(data.x_train), len(data.x_val), len(data.x_test)) == (40, 10, 10)
    np.testing.assert_allclose(data.x_val[0] * 255, small_mnist["x_train"][40], rtol=1e-6)


def test_mnist_from_the_environment_then_from_keras_cache(
    small_mnist: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    cache = mnist.keras_cache()
    cache.parent.mkdir(parents=True)
    cache.write_bytes(_archive(small_mnist))
    assert datasets.load("auto", report=said.append).name == "mnist"
    elsewhere = tmp_path / "elsewhere.npz"
    elsewhere.write_bytes(_archive(small_mnist))
    monkeypatch.setenv("BNUTILS_DATA", str(elsewhere))
    assert datasets.load("auto", report=said.append).name == "mnist"
    assert said == [
        "Data: mnist, found in Keras' cache.",
        "Data: mnist, read from the file that BNUTILS_DATA names.",
    ]


def _truncate(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _swap(content: bytes) -> bytes:
    return content.replace(b"x_train", b"x_trait")


def _flip(content: bytes) -> bytes:
    with np.load(io.BytesIO(content)) as archive:
        arrays = {part: archive[part].copy() for part in archive}
    arrays["y_test"][0] ^= 1
    return _archive(arrays)


DAMAGE = {"truncated": _truncate, "renamed": _swap, "one label": _flip, "text": lambda _: b"hello"}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_named_file_that_is_not_mnist_is_an_error(
    small_mnist: dict[str, np.ndarray], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "mnist.npz"
    file.write_bytes(damage(_archive(small_mnist)))
    for name in ("mnist", "auto"):
        with pytest.raises(DataError, match=r"mnist\.npz (cannot be read as|is not) MNIST"):
            datasets.load(name, file)


def test_no_single_damaged_byte_gets_through_or_out(small_mnist: dict[str, np.ndarray]) -> None:
    content = _archive({part: array[:2] for part, array in small_mnist.items()})
    sums = {
        part: hashlib.sha256(array[:2].tobytes()).hexdigest() for part, array in small_mnist.items()
    }
    outcomes = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist, "CHECKSUMS", sums)
        for place in range(0, len(content), 3):
            damaged = bytearray(content)
            damaged[place] ^= 0x55
            try:
                arrays = mnist.verified(bytes(damaged), "the file")
            except DataError:
                outcomes.add("refused")
            else:
                outcomes.add("unharmed")
                for part, array in small_mnist.items():
                    np.testing.assert_array_equal(arrays[part], array[:2])
    assert outcomes == {"refused", "unharmed"}


@pytest.mark.parametrize("wrong", [lambda x: x.reshape(len(x), -1), lambda x: x.view(np.int8)])
def test_the_right_bytes_in_the_wrong_form_are_refused(
    small_mnist: dict[str, np.ndarray], wrong: Callable[[np.ndarray], np.ndarray]
) -> None:
    content = _archive({**small_mnist, "x_train": wrong(small_mnist["x_train"])})
    with pytest.raises(DataError, match="x_train must be uint8 of shape"):
        mnist.verified(content, "the file")


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.npz' cannot be read .*No such file.*intact"):
        datasets.load("mnist", tmp_path / "nowhere.npz")


@pytest.mark.usefixtures("no_network")
def test_a_damaged_cache_is_not_trusted_and_the_fallback_is_said(
    small_mnist: dict[str, np.ndarray],
) -> None:
    cache = mnist.keras_cache()
    cache.parent.mkdir(parents=True)
    cache.write_bytes(_flip(_archive(small_mnist)))
    said: list[str] = []
    assert datasets.load("auto", report=said.append).name == "digits28"
    assert "y_test must be that of MNIST's 10000 images (SHA-256" in said[0]


@pytest.mark.usefixtures("no_network")
def test_no_network(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError, match="no copy on this machine and no network"):
        datasets.load("mnist")
    assert datasets.load("auto").name == "digits28"
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert "Data: digits28, because MNIST cannot be had" in line


@pytest.mark.usefixtures("no_network")
def test_without_a_home_there_is_no_cache_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    said: list[str] = []
    assert datasets.load("auto", report=said.append).name == "digits28"


def test_without_a_home_a_download_serves_once(
    small_mnist: dict[str, np.ndarray],
    served: Callable[[bytes], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served(_archive(small_mnist))
    monkeypatch.setattr(mnist, "keras_cache", lambda: None)
    assert datasets.load("mnist").source == "downloaded"
    assert datasets.load("mnist").source == "downloaded"


class _Served(io.BytesIO):
    """Stands in for an HTTP response."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def serve(content: bytes) -> None:
        monkeypatch.setattr(mnist, "reachable", lambda host: True)
        monkeypatch.setattr("urllib.request.urlopen", lambda url, timeout: _Served(content))

    return serve


def test_a_download_is_verified_and_kept(
    small_mnist: dict[str, np.ndarray], served: Callable[[bytes], None]
) -> None:
    served(_archive(small_mnist))
    assert datasets.load("mnist").source == "downloaded"
    assert datasets.load("mnist").source == "found in Keras' cache"


def test_a_bad_download_is_not_kept(
    small_mnist: dict[str, np.ndarray], served: Callable[[bytes], None]
) -> None:
    served(_truncate(_archive(small_mnist)))
    with pytest.raises(DataError, match="the download failed"):
        datasets.load("mnist")
    assert not mnist.keras_cache().exists()


def test_a_cache_that_cannot_be_written_costs_nothing_but_the_next_download(
    small_mnist: dict[str, np.ndarray], served: Callable[[bytes], None]
) -> None:
    served(_archive(small_mnist))
    mnist.keras_cache().parents[1].write_text("a file where a folder should be")
    assert datasets.load("mnist").source == "downloaded"


def test_the_digits_can_be_asked_for_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_DATA", "digits28")
    said: list[str] = []
    assert datasets.load("auto", report=said.append).name == "digits28"
    assert said == ["Data: digits28, because BNUTILS_DATA=digits28."]


@pytest.mark.parametrize("value", [" digits28", "digits28 ", "digits28\n"])
def test_blanks_around_the_setting_are_no_part_of_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("BNUTILS_DATA", value)
    assert datasets.load("auto", report=lambda _: None).name == "digits28"


def test_a_file_named_with_blanks_around_is_found(
    small_mnist: dict[str, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mnist.npz"
    file.write_bytes(_archive(small_mnist))
    monkeypatch.setenv("BNUTILS_DATA", f"{file} ")
    assert datasets.load("auto", report=lambda _: None).name == "mnist"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("~nosuchuser/mnist.npz", "home directory"),
        ("x" * 5000, "File name too long"),
        ('"quoted.npz"', "No such file"),
    ],
)
def test_a_setting_that_names_nothing_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, value: str, reason: str
) -> None:
    monkeypatch.setenv("BNUTILS_DATA", value)
    with pytest.raises(DataError, match=rf"cannot be read as MNIST \(.*{reason}.*BNUTILS_DATA"):
        datasets.load("auto")


def _pickled(arrays: dict[str, np.ndarray]) -> bytes:
    return _archive({part: np.array([array, None], object) for part, array in arrays.items()})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            lambda _: b"<!DOCTYPE html><html>",
            r"no \.npz archive: it begins with b'<!DOCTYPE",
        ),
        (lambda arrays: pickle.dumps(arrays), r"no \.npz archive"),
        (_pickled, "Python objects, which are never read"),
    ],
)
def test_nobody_is_advised_to_allow_pickles(
    small_mnist: dict[str, np.ndarray], content: Callable[[Any], bytes], reason: str
) -> None:
    with pytest.raises(DataError, match=reason) as problem:
        mnist.verified(content(small_mnist), "the file")
    assert "pickle" not in str(problem.value)


def test_a_file_with_other_images_says_how_many(small_mnist: dict[str, np.ndarray]) -> None:
    content = _archive({**small_mnist, "x_train": small_mnist["x_train"][:7]})
    with pytest.raises(DataError, match=r"x_train must be that of .* 60000 images.*received 7 im"):
        mnist.verified(content, "the file")


def test_the_line_that_is_said_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_DATA", "digits28")
    monkeypatch.setattr(sys, "stdout", Closed())
    assert datasets.load("auto").name == "digits28"
