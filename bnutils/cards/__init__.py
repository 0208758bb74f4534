"""How a finding looks: a line for each data set, with a drawing of its interval.

A lab shows a finding as a card, and the chapter, the ledger and the slides show the same card:
claim, kind of evidence, and for each data set effect, interval, seeds and verdict in cells of
their own, beside a drawing of what was claimed and what was measured.
"""

from bnutils.cards.drawing import drawing, in_words
from bnutils.cards.text import text
from bnutils.cards.web import LABELS, VERDICTS, anchor, badge, card, rows, verdict

__all__ = [
    "LABELS", "VERDICTS", "anchor", "badge", "card", "drawing", "in_words", "rows", "text",
    "verdict",
]  # fmt: skip
