"""The directive ``our-predictions``: every block of predictions, with what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from bnsite import claims
from bnsite.findings import LEDGER, beside, verdict
from bnsite.ledger import results, scoring, words
from bnsite.ledger.directive import OfTheBook
from bnsite.ledger.nodes import BLOCK, raw, table
from bnutils.records import DATASETS
from bnutils.utils.chapters import Chapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bnsite.ledger.scoring import Call
    from bnutils.predictions import Prediction

TIMES = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"
FIRST = 3  # seeds that are shown
HEAD = ["Claim", "Data", "Expected", "Came out", "Score"]


class OurPredictions(OfTheBook):
    """``{our-predictions}``: the score, what came out otherwise, and all blocks."""

    def run(self) -> list[nodes.Node]:
        """List the surprises first."""
        self.follow()
        blocks = scoring.blocks(self.root)
        every = [scoring.calls(self.root, block) for block in blocks]
        calls = [call for those in every for call in those]
        said = f"{words.of_score(calls)}. {words.of_blocks(every)}."
        total = nodes.paragraph("", "", nodes.strong("", said), classes=["bn-score"])
        return [total, self.surprises(calls), *map(self.block, blocks, every)]

    def surprises(self, calls: Sequence[Call]) -> nodes.section:
        """What came out otherwise."""
        wrong = [call for call in calls if call.is_surprise]
        title = f"Came out otherwise ({len(wrong)})"
        section = nodes.section("", nodes.title("", title), ids=["otherwise"], classes=[BLOCK])
        section += self.table(wrong) if wrong else nodes.paragraph("", "Nothing, so far.")
        return section

    def block(self, block: Prediction, calls: Sequence[Call]) -> nodes.section:
        """One block."""
        name = f"{block.chapter}-{block.block['id']}"
        chapter = Chapter(self.root, block.chapter)
        title = f"{results.title(chapter)}: {str(block.block['id']).replace('-', ' ')}"
        section = nodes.section("", nodes.title("", title), ids=[f"block-{name}"], classes=[BLOCK])
        section += [self.sealed(block, chapter), nodes.paragraph("", f"{words.of_score(calls)}.")]
        section += self.table(calls)
        section += self.parse_text_to_nodes(f"**Pilot.** {block.block['pilot']}")
        return section

    def sealed(self, block: Prediction, chapter: Chapter) -> nodes.paragraph:
        """When a block was written, and what holds it in its place."""
        date, seeds = block.block["date"].isoformat(), ", ".join(map(str, block.seeds[:FIRST]))
        line = nodes.paragraph("", f"Written on {date}. Seal ", classes=["bn-seal"])
        line += nodes.literal("", block.seal)
        line += nodes.Text(f", so the seeds are {seeds} and so on. ")
        line += beside(
            [self.link("chapter", chapter.document), self.link("lab", chapter.laboratory)]
        )
        return line

    def table(self, calls: Sequence[Call]) -> nodes.table:
        """A row for each claim and data set."""
        return table(HEAD, [self.row(call) for call in calls])

    def row(self, call: Call) -> list[Sequence[nodes.Node]]:
        """A claim, what was expected and what came out."""
        claim, _ = self.parse_inline(call.claim.claim.rstrip("."))
        ways = [*self.ways_to(call.claim.finding), *self.entry(call)]
        mark = f'<span aria-hidden="true">{scoring.MARKS[call.score]}</span> {call.score}'
        return [
            [*claim, nodes.Text(" "), beside(ways)],
            [nodes.Text(DATASETS.get(call.dataset, call.dataset).replace(" × ", TIMES) or "–")],
            [nodes.Text(call.expected)],
            came_out(call),
            [raw(f'<span class="bn-scored">{mark}</span>')],
        ]

    def entry(self, call: Call) -> list[nodes.reference]:
        """The way to the first claim of the ledger that rests on it."""
        claim = claims.resting_on(self.root, call.claim.finding)
        return [self.link("ledger", LEDGER, f"#claim-{claim['id']}")] if claim else []


def came_out(call: Call) -> list[nodes.Node]:
    """The verdict with the effect; a dash where there is none yet."""
    if call.record is None:
        return [nodes.Text("–")]
    effect = nodes.inline("", call.record.part("effect"), classes=["bn-came"])
    return [verdict(call.record.verdict), nodes.Text(" "), effect]
