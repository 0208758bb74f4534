"""The exercise on how far a kernel turns."""

from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

FLOOR = 1e-3
"""So far from 0 may the angle between equal kernels come out.

A cosine that is rounded in float32 is off by 1e-7, and the angle by the root of it.
"""


@with_hints
def angle_between(function: Function) -> Report:
    """Check ``angle_between(before, after) -> number``, in radians, of kernels of any shape."""
    return judge(function, ANGLE_BETWEEN)


def _cosine(before: Array, after: Array) -> float:
    lengths = np.linalg.norm(before) * np.linalg.norm(after)
    return float(np.clip((before * after).sum() / lengths, -1.0, 1.0))


def _angle(before: Array, after: Array) -> float:
    return float(np.arccos(_cosine(before, after)))


def _by_column(before: Array, after: Array) -> float:
    """Return the mean of the angles between columns."""
    pairs = zip(
        before.reshape(-1, before.shape[-1]).T, after.reshape(-1, after.shape[-1]).T, strict=True
    )
    return float(np.mean([_angle(*pair) for pair in pairs]))


def _over_the_first_axis(before: Array, after: Array) -> float:
    lengths = np.linalg.norm(before, axis=0) * np.linalg.norm(after, axis=0)
    return float(np.arccos(np.clip((before * after).sum(axis=0) / lengths, -1.0, 1.0)).mean())


def _undefined(before: Array, after: Array, *, equal: bool, longer: bool) -> float:
    """Return the angle, or NaN where the kernels have one direction, as a rounded cosine may be."""
    one_direction = _cosine(before, after) > 1 - 1e-12
    lost = equal if np.array_equal(before, after) else longer
    return float("nan") if one_direction and lost else _angle(before, after)


def _chord(before: Array, after: Array) -> float:
    """Return the distance between the directions."""
    return float(np.linalg.norm(after / np.linalg.norm(after) - before / np.linalg.norm(before)))


def _distance(before: Array, after: Array) -> float:
    return float(np.linalg.norm(after - before))


def _kernels() -> dict[str, Arguments]:
    """Return kernels that turn, and two that do not, whose cosine is rounded to more than 1."""
    rng = np.random.default_rng(21)
    before, image = rng.normal(size=(6, 3)), rng.normal(size=(3, 3, 2, 4))
    flat = np.ones((3, 1))
    return {
        "no step at all": (flat, flat.copy()),
        "longer, in the same direction": (flat, 2.1 * flat),
        "a dense kernel, one step": (before, before + 0.2 * rng.normal(size=(6, 3))),
        "a convolution's kernel": (image, 2.0 * image + rng.normal(size=(3, 3, 2, 4))),
        "more than a quarter turn": (
            before[:, :1],
            0.02 * rng.normal(size=(6, 1)) - 0.02 * before[:, :1],
        ),
    }


ANGLE_BETWEEN = Question(
    Signature("angle_between(before, after) -> number", ("before", "after"), ("number",)),
    _angle,
    _kernels,
    "Read each kernel as one long vector. What is the cosine of the angle between two vectors?",
    places.EQUILIBRIUM,
    (
        known(
            "cosine-above-one",
            "The angle is NaN where rounding takes the cosine above 1",
            "Print the cosine of a kernel with itself, in all its digits.",
            "A rounded quotient may be 1.0000000000000002, of which there is no arccos. It must be "
            "kept between -1 and 1 before.",
            partial(_undefined, equal=True, longer=True),
            partial(_undefined, equal=True, longer=False),
            partial(_undefined, equal=False, longer=True),
        ),
        known(
            "degrees",
            "These are degrees",
            "How large is a right angle in radians?",
            "An angle in radians is the length of the arc on a circle of radius 1, as a step is.",
            lambda before, after: np.degrees(_angle(before, after)),
        ),
        known(
            "cosine",
            "This is the cosine of the angle",
            "What is it for two equal kernels, and what should it be?",
            "A cosine near 1 hides how small the angle is: it falls with the angle's square.",
            _cosine,
        ),
        known(
            "arcsin-for-arccos",
            "This is the angle that is missing to a quarter turn",
            "Which function undoes the cosine?",
            "Kernels that are equal have a cosine of 1 and an angle of 0.",
            lambda before, after: np.pi / 2 - _angle(before, after),
        ),
        known(
            "sign-lost",
            "A turn of more than a quarter comes out as less than one",
            "Which sign has the product of vectors that point away from each other?",
            "The cosine of an obtuse angle is negative, and that belongs to it.",
            lambda before, after: np.arccos(abs(_cosine(before, after))),
        ),
        known(
            "distance-for-angle",
            "This is a distance, not an angle",
            "What should it be for a kernel that grows without turning?",
            "A normalisation takes out how long the kernel is, and a distance holds that too. "
            "Between directions it is the chord, shorter than the arc.",
            _distance,
            lambda before, after: _distance(before, after) / np.linalg.norm(before),
            lambda before, after: _distance(before, after) / np.linalg.norm(after),
            _chord,
        ),
        known(
            "norms-forgotten",
            "The product is not divided by the lengths of both kernels",
            "What is the product of a kernel with itself?",
            "The product of two vectors is the cosine times both of their lengths.",
            lambda before, after: np.arccos(np.clip((before * after).sum(), -1.0, 1.0)),
            lambda before, after: np.arccos((before * after).sum()),
            lambda before, after: np.arccos(
                np.clip((before * after).sum() / np.linalg.norm(before) ** 2, -1.0, 1.0)
            ),
            lambda before, after: np.arccos((before * after).sum() / np.linalg.norm(before) ** 2),
        ),
        known(
            "by-column",
            "This is a mean of the angles of parts of the kernel",
            "How many vectors is the kernel here?",
            "What is asked for is the angle of the kernel as a whole; its units turn by different "
            "angles, and the short ones count as much in their mean as the long ones.",
            _by_column,
            _over_the_first_axis,
        ),
    ),
    floor=FLOOR,
)
