"""What belongs to an exercise: where the book speaks of it, and examples of its own results.

The same mistake is made in several exercises. Its entry has one example and one place; in another
exercise these speak of something that the student has not written, so that those here are taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bnutils.checks.mistakes import backward, folding, inference, normalising, places
from bnutils.checks.mistakes.entry import Example, Place
from bnutils.checks.pictures import of_images
from bnutils.checks.reading import value

TWO_FEATURES = ((0, 1), (4, 9))
"""Where one feature cannot show the mistake: a mean over the wrong axis, say."""


@dataclass(frozen=True)
class Home:
    """What belongs to one exercise, or to several that are alike.

    Attributes
    ----------
    sections : tuple of Place
        Where the book speaks of it; the first serves for any mistake.
    examples : tuple of Example
        Of each result, without a mistake.
    """

    sections: tuple[Place, ...]
    examples: tuple[Example, ...]

    @property
    def rights(self) -> set[str]:
        """The right formulas of its results."""
        return {one.right for one in self.examples}

    def shows(self, formulas: Mapping[str, str]) -> Example:
        """Return the first example on which one of the formulas is wrong, or else the first."""
        return next((one for one in self.examples if _is_wrong(one, formulas)), self.examples[0])


def _is_wrong(example: Example, formulas: Mapping[str, str]) -> bool:
    own = value(example, formulas.get(example.result, ""))
    return own not in ("", value(example, example.right))


def _of_two(*examples: Example, **given: object) -> tuple[Example, ...]:
    """Return the examples, and below them others with two features and no epsilon of 1."""
    other = {"x": TWO_FEATURES, "epsilon": 0.25, **given}
    changed = [
        replace(one, given={name: other.get(name, old) for name, old in one.given.items()})
        for one in examples
    ]
    return (*examples, *changed)


FORWARD = Home(
    (places.EQUATIONS, places.GUARANTEES),
    _of_two(Example("y", normalising.RIGHT, "", normalising.BATCH)),
)
INFERENCE = Home(
    (places.IN_INFERENCE,),
    _of_two(Example("y", inference.INFERRED, "", inference.BATCH)),
)
MOVING = Home(
    (places.AVERAGE,),
    _of_two(
        Example("moving_mean", inference.AVERAGED, "", inference.UPDATE),
        Example("moving_variance", inference.SPREAD, "", inference.UPDATE),
    ),
)
BACKWARD = Home(
    (places.COMPACT, places.TASK, places.STAGED, places.INVARIANTS, places.DETACHED),
    _of_two(
        Example("dx", backward.DX, "", backward.BATCH),
        Example("dgamma", backward.DGAMMA, "", backward.BATCH),
        Example("dbeta", "sum(dy)", "", backward.BATCH),
        dy=((1, 0), (0, 2)),
    ),
)
IMAGES = {
    name.replace("batch_norm", "batch_norm_convolution"): Home(
        (*one.sections, places.IMAGES), tuple(map(of_images, one.examples))
    )
    for name, one in {
        "batch_norm": FORWARD,
        "batch_norm_inference": INFERENCE,
        "batch_norm_backward": BACKWARD,
    }.items()
}
FOLDING = Home(
    (places.IN_INFERENCE,),
    (
        Example("kernel", folding.KERNEL, "", folding.LAYER),
        Example("bias", folding.BIAS, "", folding.LAYER),
    ),
)
_BARE = {name: one for name, one in folding.LAYER.items() if name != "bias"}
WITHOUT_BIAS = Home(
    (places.IN_INFERENCE,),
    (
        Example("kernel", folding.KERNEL, "", _BARE),
        Example("bias", f"beta - {folding.SCALE} * moving_mean", "", _BARE),
    ),
)

HOMES = {
    "batch_norm_forward": FORWARD,
    "batch_norm_inference": INFERENCE,
    "moving_update": MOVING,
    "batch_norm_backward": BACKWARD,
    "folding": FOLDING,
    "folding_without_bias": WITHOUT_BIAS,
    **IMAGES,
}
"""By the name of the check. A layer is all of them, so that nothing is foreign to it."""


def place_in(exercise: str, place: Place) -> Place:
    """Return the place, or the exercise's own if it is where another exercise is at home."""
    home = HOMES.get(exercise)
    if home is None or place in home.sections:
        return place
    return home.sections[0] if any(place in one.sections for one in HOMES.values()) else place


def example_in(
    exercise: str, example: Example, formulas: Mapping[str, str], result: str = ""
) -> Example:
    """Return the example, or one of the exercise's own if it is of another result.

    Parameters
    ----------
    exercise : str
        The name of the check.
    example : Example
        That of the mistake's entry.
    formulas : mapping of str to str
        What the student's function computes, by result.
    result : str
        In which of the results the mistake was found, where that is known.
    """
    home = HOMES.get(exercise)
    example = of_images(example) if "convolution" in exercise else example
    if home is None:
        return example
    if result in formulas and result != example.result:
        return home.shows({result: formulas[result]})
    if example.result in formulas and not _is_wrong(example, formulas):
        other = home.shows(formulas)
        return other if _is_wrong(other, formulas) else example
    known = {right for one in HOMES.values() for right in one.rights}
    return home.shows(formulas) if example.right in known - home.rights else example
