"""One look for one arm, in every figure of the book: its colour, its dash, its marker."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from bnutils.utils.validation import several, text

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
OTHERS = ("#332288", "#882255", "#999933", "#44aa99", "#666666", "#aa4499")  # Tol
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
KINDS = (  # of normalisation, by the words that name them, in the order of the colours
    ("plain", "none", "without", "unnormalised"),
    ("batch", "bn", "batchnorm"),
    ("layer", "ln", "layernorm"),
    ("group", "gn", "groupnorm"),
    ("instance", "instancenorm"),
    ("rms", "rmsnorm"),
)


@dataclass(frozen=True)
class Look:
    """How an arm is drawn; no two looks have colour and dash in common.

    Attributes
    ----------
    number : int
        Which one: the first six are those of the kinds of normalisation.
    """

    number: int

    @property
    def colour(self) -> str:
        """Of line, marker and band."""
        return (COLOURS + OTHERS)[self.number % 12]

    @property
    def dash(self) -> Any:
        """Line style."""
        return DASHES[(self.number + self.number // 6) % 6]

    @property
    def marker(self) -> str:
        """Marker."""
        return MARKERS[(self.number + self.number // 6) % 6]


def looks(arms: Sequence[str]) -> Mapping[str, Look]:
    """Return how each arm is drawn.

    The first arm of a kind of normalisation, told by its name, has the kind's look: what is
    called plain is blue wherever it stands, and batch norm is orange. The others have looks
    that are no kind's, in their order.

    Parameters
    ----------
    arms : sequence of str
        Their names, in the order of the comparison.

    Returns
    -------
    mapping of str to Look

    Raises
    ------
    TypeError
        If the names are no texts.
    """
    arms = [text("every name in arms", arm) for arm in several("arms", arms, "names")]
    kinds = [kind_of(arm) for arm in arms]
    free = _free({kind for kind in kinds if kind is not None})
    chosen: dict[str, Look] = {}
    for place, (arm, kind) in enumerate(zip(arms, kinds, strict=True)):
        first = kind is not None and kind not in kinds[:place]
        chosen[arm] = Look(kind if kind is not None and first else next(free))
    return chosen


def kind_of(arm: str) -> int | None:
    """Return which kind of normalisation the name of an arm tells first; None if it does not.

    ``"batch 32"`` tells a batch size, and no kind.
    """
    words = re.findall(r"[^\W\d_]+|\d+", arm.lower())
    for word, after in zip(words, [*words[1:], ""], strict=True):
        size = word == "batch" and (after.isdigit() or after == "size")
        kinds = [number for number, names in enumerate(KINDS) if word in names and not size]
        if kinds:
            return kinds[0]
    return None


def _free(taken: set[int]) -> Iterator[int]:
    """The numbers of looks for arms without a kind: first those that never are a kind's."""
    kinds = (number for number in range(len(KINDS)) if number not in taken)
    return chain(range(6, 12), kinds, count(12))
