"""What a program printed: what breaks at a phone's edge, and what does not."""

import pytest
from bnsite.printed import break_sentences
from bs4 import BeautifulSoup

SENTENCES = "Data: digits.\n1. A sentence,\n   which goes on.\n"
COLUMNS = "train    9600 images\nval      2400 images\n"


@pytest.mark.parametrize(("text", "breaks"), [(SENTENCES, True), (COLUMNS, False)])
def test_sentences_break_and_columns_do_not(text: str, breaks: bool) -> None:
    soup = BeautifulSoup(f'<div class="cell_output"><pre>{text}</pre></div>', "html.parser")
    break_sentences(soup)
    assert (soup.select_one("pre.bn-sentences") is not None) is breaks


def test_programs_do_not_break() -> None:
    soup = BeautifulSoup('<div class="cell_input"><pre>a = 1</pre></div>', "html.parser")
    break_sentences(soup)
    assert soup.select(".bn-sentences") == []
