"""Layers by program: no wrong one passes, no right one is refused, formulas tell the truth."""

import random
import warnings

import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.life import fresh, layers
from tests.bnutils.checks.mutants import ALL

CHECKS = {
    "vectors": (checks.batch_norm_layer, "0", ()),
    "images": (checks.batch_norm_convolution_layer, "(0, 1, 2)", (2, 3)),
}


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("style", layers.STYLES)
def test_a_layer_rewritten_is_not_refused(kind, style):
    check, axes, _ = CHECKS[kind]
    rng = random.Random(f"{kind} {style}")
    for _ in range(4):
        made = layers.right(rng, axes)
        report = check(layers.Made(style, made.changes, axes).factory())
        assert report.passed, f"{made}\n{report}"
        assert not report.formulas


def verdicts(kind, count, seed):
    """How often a wrong layer passed, and how often formulas say what it computes."""
    check, axes, grid = CHECKS[kind]
    rng = random.Random(seed)
    accepted, named, tried = [], 0, 0
    for _ in range(count):
        made = layers.wrong(rng, axes)
        report = check(made.factory())
        if report.passed:
            right = layers.Made(made.style, {}, axes).factory()
            accepted += [] if fresh.is_right(made.factory(), right, grid) else [made]
            continue
        tried += 1
        named += bool(report.formulas) and fresh.reproduced(made.factory(), report.formulas, grid)
    return accepted, named / tried


@pytest.mark.parametrize("kind", CHECKS)
def test_no_wrong_layer_passes_and_nine_of_ten_are_found_out(kind):
    accepted, share = verdicts(kind, 400 if ALL else 12, 11)
    assert accepted == []
    assert share >= (0.9 if ALL else 0.75), share  # of a dozen three may be hard


@pytest.mark.parametrize("style", layers.STYLES)
@pytest.mark.parametrize(("piece", "other"), [
    ("new variance", "mom * W + (1 - mom) * (v + eps)"),
    ("new mean", "mom * M + (1 - mom) * v"),
    ("skip update", "n == 1"),
    ("first variance", "0.0"),
    ("infers as training", "n == 1"),
    ("mode", "not training"),
])  # fmt: skip
def test_the_style_of_writing_changes_nothing(style, piece, other):
    factory = layers.Made(style, {piece: other}).factory()
    report = checks.batch_norm_layer(factory)
    assert not report.passed
    assert fresh.reproduced(factory, report.formulas), str(report)
