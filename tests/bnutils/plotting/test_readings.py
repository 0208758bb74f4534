"""Pictures of probes: the numbers are the means, on one scale, in the order of the layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from bnutils import plotting
from bnutils.plotting.shades import TURNING, Shades

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = [f"{kind} {n}" for n in (1, 2, 3, 4) for kind in ("dense", "activation")]
BATCH = [f"{k} {n}" for n in (1, 2, 3, 4) for k in ("dense", "batch_normalization", "activation")]
UPDATES, SEEDS = (0, 20, 40), (5, 7, 9)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    before = mpl.rcParams.copy()
    mpl.use("agg")
    plotting.use_house_style()
    yield
    plt.close("all")
    mpl.rcParams.update(before)


def readings(
    arms: dict[str, list[str]] | None = None, spread: float = 3.0, updates: Any = UPDATES
) -> pd.DataFrame:
    """Log-normal numbers."""
    rng = np.random.default_rng(0)
    rows = [
        (arm, seed, update, "size", place, float(np.exp(spread * rng.normal())))
        for arm, places in (arms or {"plain": PLAIN, "batch norm": BATCH}).items()
        for seed in SEEDS
        for place in places
        for update in updates
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "update", "statistic", "where", "value"])


def changed(frame: pd.DataFrame, value: float, **where: Any) -> pd.DataFrame:
    """The readings with another value in some rows."""
    rows = np.all([frame[column] == wanted for column, wanted in where.items()], axis=0)
    return frame.assign(value=frame["value"].mask(rows, value))


def cell(frame: pd.DataFrame, arm: str, place: str, update: int) -> np.ndarray:
    rows = (frame["arm"] == arm) & (frame["where"] == place) & (frame["update"] == update)
    return frame.loc[rows, "value"].to_numpy()


@pytest.mark.parametrize("log", [False, True])
def test_a_cell_has_the_mean_of_its_layer_and_update(log: bool) -> None:
    frame = readings()
    axes = plotting.plot_readings(frame, "size", log=log)
    for ax, arm, places in zip(axes[:2], ("plain", "batch norm"), (PLAIN, BATCH), strict=True):
        picture = ax.images[0].get_array()
        assert picture.shape == (len(BATCH), len(UPDATES))
        for row, place in enumerate(BATCH):
            for column, update in enumerate(UPDATES):
                if place in places:
                    values = cell(frame, arm, place, update)
                    mean = np.exp(np.log(values).mean()) if log else values.mean()
                    assert picture[row, column] == pytest.approx(mean)
                else:
                    assert picture.mask[row, column]
    assert [ax.get_title("left") for ax in axes[:2]] == ["plain", "batch norm"]


def test_all_arms_have_one_scale_from_the_smallest_mean_to_the_largest() -> None:
    images = [ax.images[0] for ax in plotting.plot_readings(readings(), "size")[:2]]
    for image in images:
        assert image.norm.vmin == min(one.get_array().min() for one in images)
        assert image.norm.vmax == max(one.get_array().max() for one in images)
        assert image.cmap.name == "viridis"


def test_the_lines_are_the_first_and_the_last_reading_with_their_interval() -> None:
    frame = readings()
    *_, before, after = plotting.plot_readings(frame, "size")
    for ax, update in ((before, 0), (after, 40)):
        lines = {line.get_label(): line for line in ax.get_lines()}
        assert ax.get_yscale() == "log"
        assert len(ax.collections) == 2
        for arm, places in (("plain", PLAIN), ("batch norm", BATCH)):
            means = [np.exp(np.log(cell(frame, arm, place, update)).mean()) for place in places]
            np.testing.assert_allclose(lines[arm].get_ydata(), means)
            rows = [BATCH.index(place) + 1 for place in places]
            np.testing.assert_array_equal(lines[arm].get_xdata(), rows)
    assert before.get_title("left") == "Before training"
    assert after.get_title("left") == "After 40 updates"


@pytest.mark.parametrize(
    ("spread", "change", "scale"),
    [(3.0, {}, "log"), (0.3, {}, "linear"), (3.0, {"value": -1.0, "update": 20}, "linear")],
)
def test_what_spans_decades_is_drawn_by_logarithm(
    spread: float, change: dict[str, Any], scale: str
) -> None:
    frame = readings(spread=spread)
    frame = changed(frame, **change) if change else frame
    assert plotting.plot_readings(frame, "size")[-1].get_yscale() == scale


def test_one_kind_of_layer_is_drawn_alone_and_named_by_numbers() -> None:
    ax, *_, after = plotting.plot_readings(readings(), "size", "dense")
    assert ax.images[0].get_array().shape == (4, 3)
    assert [text.get_text() for text in after.get_xticklabels()] == ["1", "2", "3", "4"]
    assert after.get_xlabel() == "dense layer"


@pytest.mark.parametrize("log", [False, True])
def test_colours_turn_at_the_reference_and_are_as_strong_on_either_side(log: bool) -> None:
    image = plotting.plot_readings(readings(), "size", reference=1.0, log=log)[0].images[0]
    assert image.norm(1.0) == pytest.approx(0.5)
    above, below = (2.0, 0.5) if log else (1.3, 0.7)
    assert image.norm(above) > image.norm(1.0)
    assert image.norm(above) - 0.5 == pytest.approx(0.5 - image.norm(below))
    red, green, blue, _ = image.cmap(0.5)
    assert max(red, green, blue) - min(red, green, blue) < 0.02


@pytest.mark.parametrize("reference", [None, 1.0])
def test_colours_are_in_order_without_colour(reference: float | None) -> None:
    shades = Shades(0.1, 10, log=True, reference=reference)
    light = shades.colours(np.linspace(0, 1, 65))[:, :3] ** 2.2 @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light ** (1 / 3)) > 1e-3).all()


def test_the_two_sides_of_the_reference_differ_in_hue() -> None:
    (red, _, blue), (red_above, _, blue_above) = to_rgb(TURNING[1]), to_rgb(TURNING[-2])
    assert blue > red + 0.4
    assert blue_above < red_above - 0.4


def test_a_seed_without_a_number_is_left_out_and_a_cell_without_any_is_hatched() -> None:
    frame = changed(readings(), np.inf, arm="plain", seed=5)
    for update in (20, 40):
        frame = changed(frame, np.nan, arm="plain", where="dense 2", update=update)
    ax = plotting.plot_readings(frame, "size")[0]
    values = cell(frame, "plain", "dense 1", 0)[1:]
    assert ax.images[0].get_array()[0, 0] == pytest.approx(np.exp(np.log(values).mean()))
    (patch,) = ax.patches
    row = BATCH.index("dense 2")
    assert (patch.get_x(), patch.get_y(), patch.get_width()) == (0.5, row - 0.5, 2)


def test_a_zero_has_no_logarithm_and_is_ruled() -> None:
    frame = changed(readings(), 0.0, arm="plain", where="dense 3", seed=7)
    ax, *_, after = plotting.plot_readings(frame, "size")
    (patch,) = ax.patches
    assert patch.get_width() == len(UPDATES)
    (line,) = [line for line in after.get_lines() if line.get_label() == "plain"]
    assert np.isnan(line.get_ydata()).sum() == 1


def test_readings_that_no_network_has_a_number_for_are_not_drawn() -> None:
    frame = changed(readings(), np.nan, update=0)
    ax, *_, before, _ = plotting.plot_readings(frame, "size")
    assert ax.images[0].get_array().shape[1] == 2
    assert before.get_title("left") == "After 20 updates"


@pytest.mark.parametrize("layers", [4, 30])
def test_a_page_can_hold_it(layers: int) -> None:
    kinds = {"plain": ("dense", "activation")}
    kinds["batch norm"] = ("dense", "batch_normalization", "activation")
    arms = {
        arm: [f"{kind} {n + 1}" for n in range(layers) for kind in own]
        for arm, own in kinds.items()
    }
    frame = readings(arms, updates=range(0, 320, 20))
    for layer, most in (("dense", 40_000), (None, 60_000)):
        figure = plotting.plot_readings(frame, "size", layer)[0].get_figure(root=True)
        with mpl.rc_context(plotting.LETTERS):
            assert len(plotting.to_svg(figure)) < most


def test_it_is_said_what_there_is_to_see() -> None:
    figure = plotting.plot_readings(readings(), "size")[0].get_figure(root=True)
    words = plotting.describe(figure)
    assert words.startswith("Size, geometric mean of 3 seeds. Images: layers from dense 1 on top ")
    assert "2 images, titled plain, batch norm. Before training. size against layer. plain" in words
    assert "After 40 updates." in words
    assert "  " not in words


def test_names_do_not_touch_in_whatever_letters() -> None:
    many = {f"_$a$ {n}": [f"_a_$b$ {m}" for m in range(40)] for n in range(5)}
    axes = plotting.plot_readings(readings(many), "size")
    plotting.to_svg(axes[0].get_figure(root=True))
    boxes = [text.get_window_extent() for text in axes[0].get_yticklabels()]
    assert len(boxes) > 5
    assert all(low.y1 <= high.y0 for high, low in pairwise(boxes))


def test_one_reading_of_one_seed_of_one_layer_can_be_drawn() -> None:
    frame = readings({"only": ["network"]}, updates=(0,))
    axes = plotting.plot_readings(frame[frame["seed"] == 5], "size", reference=1)
    assert len(axes) == 2
    plotting.to_svg(axes[0].get_figure(root=True))


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (readings(), {"statistic": "weight"}, "statistic must be one of 'size'; received 'weight'"),
        (readings(), {"layers": "conv2d"}, "layers must be one of 'dense', 'activation'"),
        (readings().iloc[:0], {}, "readings must have rows.*received 0 rows"),
        (readings()[["arm"]], {}, "readings must have .*of arm. Take those"),
        (readings().assign(value=np.nan), {}, "must have a finite value"),
        (changed(readings(), -1, update=0), {"log": True}, "positive; received values from -1 "),
        (readings(), {"log": True, "reference": 0}, "positive; .* reference=0.0"),
        (readings(), {"reference": float("nan")}, "reference must be a finite number"),
        (changed(readings(), 0, seed=5), {"log": True}, "a geometric mean somewhere"),
        (pd.concat([readings(), readings()]), {}, "one value for each arm.*180 more"),
        (readings({"a": PLAIN, "b": PLAIN[::-1]}), {}, "in one order.*layers='dense'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    frame: pd.DataFrame, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plotting.plot_readings(frame, **({"statistic": "size"} | options))
