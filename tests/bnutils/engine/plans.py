"""Trainings of any length, for property tests."""

from hypothesis import strategies as st


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    examples = draw(st.integers(1, 40))
    batch = draw(st.integers(1, examples))
    stops = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True))
    return examples, batch, sorted(stops)
