"""How often and how long each arm is trained, and after how many updates it is looked at."""

from collections.abc import Iterable
from typing import Any

from bnutils.runs import LONGEST
from bnutils.utils.scalars import plain
from bnutils.utils.validation import at_least, several
from bnutils.utils.wording import shown

EVALUATIONS = 10  # of a budget in updates, by default
MOST_SEEDS, MOST_EPOCHS = 10**6, 10**6  # more are hardly meant, and fill the memory


def seed_list(seeds: int | Iterable[int]) -> list[int]:
    """Return the seeds as a list, checked; a number n stands for 0..n-1."""
    given = plain(seeds)
    if isinstance(given, str) or not isinstance(given, Iterable):
        return list(range(at_least("seeds", given, 1, MOST_SEEDS)))
    each = several("seeds", given)
    numbers = [at_least("every seed in seeds", number, 0) for number in each]
    if not numbers or len(set(numbers)) != len(numbers):
        raise ValueError(f"seeds must be one or more different numbers; received {shown(seeds)}.")
    return numbers


def stops_of(
    name: str,
    examples: int,
    batch_size: int,
    epochs: int | None,
    updates: int | None,
    evaluations: int | None = None,
) -> tuple[int, ...]:
    """Return the numbers of updates after which an arm is evaluated."""
    if batch_size > examples:
        raise ValueError(
            f"batch_size must be at most the {examples} examples of the training split; "
            f"received {batch_size} for the arm {name!r}. Take a smaller batch or more data."
        )
    if (epochs is None) == (updates is None):
        raise ValueError(
            "Give exactly one of epochs and updates, the budget that all arms share; received "
            f"epochs={shown(epochs)} and updates={shown(updates)}."
        )
    if epochs is not None:
        if evaluations is not None:
            raise ValueError(
                "evaluations must come with updates, since epochs are evaluated one by one; "
                f"received {shown(evaluations)} with epochs={shown(epochs)}. Leave it out."
            )
        per_epoch = -(-examples // batch_size)
        passes = at_least("epochs", epochs, 1, min(MOST_EPOCHS, LONGEST // per_epoch))
        return tuple(per_epoch * (epoch + 1) for epoch in range(passes))
    count = EVALUATIONS if evaluations is None else at_least("evaluations", evaluations, 1)
    return _evenly(at_least("updates", updates, 1, LONGEST), count)


def weights_kept(weights: bool | Iterable[int]) -> tuple[bool, tuple[int, ...]]:
    """Return whether weights are kept, and after which numbers of updates besides.

    Raises
    ------
    ValueError, TypeError
        If they are neither True nor False nor one or more numbers.
    """
    given: Any = plain(weights)
    if isinstance(given, bool):
        return given, ()
    each = several("weights", given, "numbers of updates, or True or False")
    moments = {at_least("every number in weights", one, 0, LONGEST) for one in each}
    if not moments:
        raise ValueError(
            f"weights must be True, False, or numbers of updates; received {shown(weights)}."
        )
    return True, tuple(sorted(moments))


def require_within(name: str, moments: tuple[int, ...], updates: int) -> None:
    """Raise ``ValueError`` if an arm is not trained for as long as its weights are asked for."""
    if moments and moments[-1] > updates:
        raise ValueError(
            f"Every number in weights must be at most {updates}, the updates of the arm {name!r}; "
            f"received {moments[-1]}. Train for longer, or ask for earlier weights."
        )


def _evenly(updates: int, most: int) -> tuple[int, ...]:
    """At most so many numbers of updates, evenly spaced, the last being all."""
    count = min(most, updates)
    return tuple(updates * (part + 1) // count for part in range(count))
