"""Tables: nothing is wider than a terminal, nothing is lost, nothing is a raw NaN."""

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bnutils.tables import Column, Table, fixed, from_frame, ranges, width, wrapped, writer

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
NUMBERS = st.floats(allow_nan=True, allow_infinity=False)


@given(st.lists(st.tuples(NAMES, NUMBERS, NUMBERS), min_size=1, max_size=12))
def test_a_table_fits_80_columns_and_keeps_every_letter(
    rows: list[tuple[str, float, float]],
) -> None:
    names = [row[0] for row in rows]
    frame = pd.DataFrame([row[1:] for row in rows], pd.Index(names, name="arm"), ["low", "high"])
    table = from_frame(frame)
    text = repr(table)
    assert max(map(width, text.splitlines())) <= 79
    assert "nan" not in text or any("nan" in name for name in names)
    shown = "".join(text.split())
    for cell in table.columns[0].cells:
        assert all(letter in shown for letter in cell if not letter.isspace())


@given(st.text(max_size=200), st.integers(2, 79))
def test_wrapping_keeps_the_words(text: str, limit: int) -> None:
    lines = wrapped(text, limit)
    assert all(width(line) <= limit for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.floats(-1e-3, 1e-3), st.integers(0, 2))
def test_what_rounds_to_zero_has_no_sign(value: float, decimals: int) -> None:
    assert fixed(value, decimals) == f"{0:.{decimals}f}"


@given(st.lists(st.floats(-1e12, 1e12), min_size=1))
def test_no_number_is_written_as_zero_that_is_none(values: list[float]) -> None:
    write = writer(values)
    assert all((float(write(value)) == 0) == (value == 0) for value in values)


@given(st.sets(st.integers(0, 99)))
def test_ranges_name_every_number(numbers: set[int]) -> None:
    named = [part.split("-") for part in ranges(numbers).split(", ") if part]
    assert {n for ends in named for n in range(int(ends[0]), int(ends[-1]) + 1)} == numbers


def test_html_is_a_table_with_headings_and_no_raw_text() -> None:
    arms = Column("arm", ("<b>$x$</b>", "y_1"), numeric=False, names_rows=True)
    soup = BeautifulSoup(
        Table("What", (arms, Column("mean", ("-1.5", "-"))), ("A note.",))._repr_html_(),
        "html.parser",
    )
    assert [th["scope"] for th in soup.select("th")] == ["col", "col", "row", "row"]
    assert [th.get_text() for th in soup.select("tbody th")] == ["<b>$x$</b>", "y_1"]
    assert [td.get_text() for td in soup.select("td")] == ["\N{MINUS SIGN}1.5", "–"]
    assert "tex2jax_ignore" in soup.select_one("div.bn-table")["class"]
    assert soup.select_one("caption").get_text() == "What"


def test_a_frame_that_only_counts_its_rows_has_no_column_for_it() -> None:
    table = from_frame(pd.DataFrame({"a": [1, 2], "b": [np.nan, 0.5], "c": [True, None]}))
    assert [column.title for column in table.columns] == ["a", "b", "c"]
    assert [column.cells for column in table.columns] == [
        ("1", "2"), ("-", "0.5"), ("True", "-"),
    ]  # fmt: skip
