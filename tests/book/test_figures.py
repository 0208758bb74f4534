"""What a figure says of itself."""

from bnsite import figures


def test_words_of_a_figure() -> None:
    svg = "<svg><title>Accuracy</title><desc>Two\n lines &amp; a band.</desc></svg>"
    assert figures.words_in(svg) == "Accuracy. Two lines & a band."
    assert figures.words_in("<svg><path/></svg>") == ""
