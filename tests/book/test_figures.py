"""What a figure says of itself."""

from bnsite import figures


def test_words_of_a_figure() -> None:
    svg = "<svg><title>Accuracy</title><desc>Two\n lines &amp; a band.</desc></svg>"
    assert figures.words_in(svg) == "Accuracy. Two lines & a band."
    assert figures.words_in("<svg><path/></svg>") == ""


def test_a_title_that_the_description_repeats_is_said_once() -> None:
    svg = "<svg><title>Which statistics?</title><desc>Which statistics? Two lines.</desc></svg>"
    assert figures.words_in(svg) == "Which statistics? Two lines."
