"""Recorded curves as figures, and their means in the text."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from bnsite import curves

from bnutils.recordings import read_recording
from bnutils.results import Comparison
from tests.book.small_site import ROOT, build

NAME = "with-and-without/first.mnist"
FILE = Path("book/with-and-without/recorded/first.mnist.json.xz")
PAGE = f"""# Page

Plain ends at {{curve}}`{NAME}:plain:test_accuracy`, its loss at {{curve}}`{NAME}:plain:val_loss`,
and begins at {{curve}}`{NAME}:plain:val_accuracy:1`.

```{{curves}} {NAME}
:metric: val_accuracy

Ends at {{curve}}`{NAME}:batch norm:test_accuracy`.
```

```{{curves}} {NAME}
:metric: val_loss
:arms: batch norm
```
"""
WRONG = {
    f"{{curve}}`{NAME}:plain`": "a curve is named by",
    f"{{curve}}`{NAME}:fancy:test_accuracy`": "arm must be one of 'plain', 'batch norm'",
    f"{{curve}}`{NAME}:plain:fame`": "metric must be one of",
    f"{{curve}}`{NAME}:plain:val_accuracy:7`": "epoch must be one of 1.0, 2.0",
    f"{{curve}}`{NAME}:plain:test_accuracy:1`": "epoch must be one of 5.0",
    "{curve}`with-and-without/none.mnist:plain:loss`": "must be whole",
    "```{curves} with-and-without/none.mnist\n```": "cannot be drawn: The curves of a recorded",
    f"```{{curves}} {NAME}\n:arms: fancy\n```": "cannot be drawn: every one of arms must be",
}


def small(folder: Path, text: str) -> tuple[Path, str]:
    """A site of one page, beside a chapter's recording."""
    (folder / "source" / FILE).parent.mkdir(parents=True)
    shutil.copy(ROOT / FILE, folder / "source" / FILE)
    extensions = ["myst_parser", "bnsite.curves", "bnsite.figures"]
    return build(folder, {"index": text}, "", extensions=extensions)


@pytest.fixture(scope="module")
def result() -> Comparison:
    return read_recording(ROOT / FILE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site, warnings = small(tmp_path_factory.mktemp("curves"), PAGE)
    assert warnings == ""
    return site


def test_means_are_those_of_the_recording(site: Path, result: Comparison) -> None:
    printed = re.findall(r'"bn-finding">([^<]+)<', (site / "index.html").read_text("utf8"))
    test, loss = result.final("test_accuracy"), result.final("val_loss")
    frame = result.to_frame()
    begin = frame[(frame["epoch"] == 1) & (frame["metric"] == "val_accuracy")]
    begin = begin[begin["arm"] == "plain"]["value"].mean()
    assert printed == [
        f"{100 * test['plain'].mean():.2f} %",
        f"{loss['plain'].mean():.3f}",
        f"{100 * begin:.2f} %",
        f"{100 * test['batch norm'].mean():.2f} %",
    ]


def test_a_figure_says_its_numbers_in_words(site: Path, result: Comparison) -> None:
    words = re.findall(r'<img alt="([^"]+)"', (site / "index.html").read_text("utf8"))
    end = 100 * result.final("val_accuracy")
    assert len(words) == 2
    assert words[0].startswith("Validation accuracy on mnist, 16 seeds.")
    for arm in result.arms:
        assert re.search(rf"{arm}: [\d.]+ at 1, {end[arm].mean():.1f} at 5", words[0]), words[0]
    assert "batch norm: " in words[1]
    assert "plain" not in words[1]


def test_a_caption_stands_below_its_figure(site: Path) -> None:
    html = (site / "index.html").read_text("utf8")
    assert html.count("<figcaption>") == 1
    assert "Ends at" in html.partition("<figcaption>")[2].partition("</figcaption>")[0]


def test_figures_are_light_and_each_stands_once_on_disk(site: Path) -> None:
    drawings = list((site / "_images").glob("*.svg"))
    assert len(drawings) == 2
    assert all(path.stat().st_size <= curves.LARGEST for path in drawings)


def test_a_heavy_figure_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "LARGEST", 100)
    _, warnings = small(tmp_path, f"# Page\n\n```{{curves}} {NAME}\n```\n")
    assert "a figure must have at most 100 bytes" in warnings


def test_what_cannot_be_had_is_a_warning_that_says_what_there_is(tmp_path: Path) -> None:
    _, warnings = small(tmp_path, "# Page\n\n" + "\n\n".join(WRONG))
    assert [text for text in WRONG.values() if text not in warnings] == []
