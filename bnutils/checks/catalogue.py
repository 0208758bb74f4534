"""The mistakes that the checks know by name: what is wrong, why, and where to look.

A name may carry a detail after "=", as in "wrong-axis=(1,)"; the entry is that of the name.
The book prints the catalogue as a page of its appendix.
"""

from bnutils.checks.mistakes import (
    backward,
    calls,
    deviations,
    folding,
    inference,
    life,
    networks,
    nodes,
    normalising,
    symptoms,
)
from bnutils.checks.mistakes.entry import Entry
from bnutils.checks.report import Mistake

GROUPS: dict[str, dict[str, Entry]] = {
    normalising.TITLE: normalising.NORMALISING,
    deviations.TITLE: deviations.DEVIATIONS,
    inference.TITLE: inference.INFERENCE,
    life.TITLE: life.LIFE,
    backward.TITLE: backward.BACKWARD,
    nodes.TITLE: nodes.NODES,
    folding.TITLE: folding.FOLDING,
    networks.TITLE: networks.NETWORKS,
    symptoms.TITLE: symptoms.SYMPTOMS,
    calls.TITLE: calls.CALLS,
}
"""What the course's parts call themselves, with the mistakes that belong to them."""

MISTAKES: dict[str, Entry] = {
    name: entry for group in GROUPS.values() for name, entry in group.items()
}


def mistake(name: str, seen: str = "", term: str = "") -> Mistake:
    """Return the catalogue's entry for `name`.

    Parameters
    ----------
    name : str
        May carry a detail after "=".
    seen : str
        The numbers that show that something is wrong, for the first hint.
    term : str
        What the formula lacks, or has too much, for the second.

    Returns
    -------
    Mistake
    """
    plain, _, _ = name.partition("=")
    entry = MISTAKES[plain]
    return Mistake(plain, entry.title, entry.hint, seen, term, entry.why)
