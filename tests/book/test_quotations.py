"""Numbers that are quoted from elsewhere are the same wherever they are quoted."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"


def paragraphs() -> list[str]:
    """All paragraphs, answers and texts of the book's sources."""
    ends = {"*/*.md": r"\n\n", "*/questions.yml": r"\n *- ", "_static/explorables/*.js": r"\n"}
    return [
        " ".join(part.split())
        for pattern, end in ends.items()
        for path in BOOK.glob(pattern)
        for part in re.split(end, path.read_text("utf8"))
    ]


def test_the_two_images_of_one_thread() -> None:
    """Issue 36446: the bibliography holds what its log says, other places the rounded number."""
    entry = (BOOK / "references.bib").read_text("utf8").partition("@misc{TensorFlowIssue36446,")[2]
    said = re.search(r"epoch 6: loss ([\d.]+), val\\_loss ([\d.]+)", entry.partition("@")[0])
    assert said is not None
    trained, validated = f"{float(said[1]):.2f}", f"{float(said[2]):.0f}"
    quoted = [text for text in paragraphs() if re.search(r"two images", text) and "loss" in text]
    assert len(quoted) >= 3
    for text in quoted:
        assert f" {trained}" in text, text
        assert re.findall(r"(?<!issue )\b\d{4,5}\b(?!`)", text) == [validated], text
