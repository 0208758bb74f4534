"""A finding in a terminal."""

from textwrap import fill

from bnutils.cards.small import small_print
from bnutils.records import DATASETS, Fields, phrase
from bnutils.tables import WIDTH
from bnutils.utils.words import MINUS, THIN


def text(fields: Fields, note: str) -> str:
    """Return a finding as plain text: claim, verdict with numbers, and the note below."""
    name = DATASETS.get(fields["dataset"], fields["dataset"])
    numbers = phrase(fields).replace(MINUS, "-")
    small = small_print(fields).translate({ord(MINUS): "-", ord(THIN): " "})
    below = [f"{fields['verdict']} on {name}: {numbers}", small, *([note] if note else [])]
    lines = [fill(one, WIDTH, initial_indent="  ", subsequent_indent="  ") for one in below]
    return "\n".join([fill(fields["claim"], WIDTH), *lines])
