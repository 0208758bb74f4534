"""The catalogue: every entry is whole, leads to a place that exists, and computes its example."""

import re
from pathlib import Path

import numpy as np
import pytest

from bnutils import reference
from bnutils.checks import reading
from bnutils.checks.catalogue import GROUPS, MISTAKES
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.mistakes import backward, folding, inference, normalising, places
from bnutils.checks.mistakes.entry import Place

ROOT = Path(__file__).parents[3]
PLACES = {name: one for name, one in vars(places).items() if isinstance(one, Place)}
EXAMPLES = {name: one.example for name, one in MISTAKES.items() if one.example}


def test_no_mistake_stands_in_two_groups():
    assert sum(map(len, GROUPS.values())) == len(MISTAKES)


@pytest.mark.parametrize("name", MISTAKES)
def test_an_entry_says_what_is_seen_and_why_it_is_wrong(name):
    entry = MISTAKES[name]
    for said in (entry.symptom, entry.why, entry.hint):
        assert said.endswith((".", "?"))
    assert not entry.title.endswith(".")


@pytest.mark.parametrize("name", PLACES)
def test_the_place_is_a_heading_of_the_chapter(name):
    place = PLACES[name]
    page = (ROOT / "book" / place.chapter / f"{place.chapter}.md").read_text("utf8")
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    assert headings[0] == place.title
    assert place.section in headings


def test_an_address_is_made_of_the_chapter_and_its_section():
    assert places.COMPACT.address == "the-backward-pass#compact-one-line"
    assert str(places.COMPACT) == 'The backward pass, section "Compact: one line"'


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_tells_the_mistake_from_what_is_right(name):
    example = EXAMPLES[name]
    right = reading.value(example, example.right)
    assert right
    assert "nan" not in right
    if example.wrong:
        assert reading.value(example, example.wrong) not in ("", right)
    assert 1 <= max(one.size for one in reading.numbers(example).values()) <= 4


def test_the_right_formulas_are_those_of_the_reference():
    x, dy = np.array([[2.0], [4], [6], [8]]), np.array([[1.0], [0], [0], [0]])
    y, cache = reference.batch_norm_train(x, [2], [1], epsilon=1)
    np.testing.assert_allclose(_of(normalising.RIGHT, normalising.BATCH), y)
    dx, dgamma, _ = reference.batch_norm_backward(dy, cache)
    np.testing.assert_allclose(_of(backward.DX, backward.BATCH), dx)
    np.testing.assert_allclose(_of(backward.DGAMMA, backward.BATCH), [dgamma])
    y = reference.batch_norm_infer(x, [2], [1], [4], [8], epsilon=1)
    np.testing.assert_allclose(_of(inference.INFERRED, inference.BATCH), y)
    state = reference.MovingStatistics([1], [3]).updated(*reference.moments(x), momentum=0.9)
    np.testing.assert_allclose(_of(inference.AVERAGED, inference.UPDATE), [state.mean])
    np.testing.assert_allclose(_of(inference.SPREAD, inference.UPDATE), [state.variance])
    kernel, bias = reference.fold([[5]], [1], [2], [0.5], [4], [15], epsilon=1)
    np.testing.assert_allclose(_of(folding.KERNEL, folding.LAYER), kernel.item())
    np.testing.assert_allclose(_of(folding.BIAS, folding.LAYER), bias.item())


def _of(text, given):
    example = normalising.Example("", text, "", given)
    return evaluate(text, reading.numbers(example))


def test_numbers_are_listed_as_they_are_read():
    example = normalising.Example("y", "x", "", {"x": ((0, 1), (4, 9)), "gamma": 2})
    assert reading.given(example) == "x = ((0, 1), (4, 9)), gamma = 2"
    assert reading.value(example, "dy") == ""
    assert reading.listed(np.array([1 / 3, 3e8])) == "(0.3333, 300000000)"
    assert reading.listed(np.array([-0.0, 2.0])) == "(0, 2)"
    assert reading.listed(np.array([[1.0, 4.0]])) == "(1, 4)"


def test_what_is_given_is_named_as_in_the_exercises():
    known = "dy x gamma beta epsilon moving_mean moving_variance momentum kernel bias"
    for name, example in EXAMPLES.items():
        assert set(example.given) <= set(known.split()), name


def test_the_factors_of_the_sample_variance_are_those_that_are_named():
    said = MISTAKES["sample-variance"].symptom
    for count, number in ((4, "four"), (32, "thirty-two")):
        x = np.random.default_rng(count).normal(size=count)
        assert f"{x.std() / x.std(ddof=1):.2f} for {number}" in said
