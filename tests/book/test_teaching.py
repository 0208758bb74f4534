"""Boxes of the teaching pattern are known by their titles."""

from bnsite import teaching


def test_boxes() -> None:
    assert teaching.box_of("Exercise 3") == "exercise"
    assert teaching.box_of("Theorem (the sum rule)") == "theorem"
    assert teaching.box_of("A remark") is None
