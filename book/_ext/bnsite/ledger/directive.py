"""The directives ``ledger-totals`` and ``ledger``: all claims of the book with their evidence."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from bnsite import claims
from bnsite.findings import Evidence, badge, beside, note_folder, verdict
from bnsite.ledger import downloads, filtering, replications, results, scope, scoring, words
from bnsite.ledger.nodes import marked, raw
from bnutils.records import DATASETS
from bnutils.utils.chapters import CONTENTS, chapters

PREDICTIONS = "book/predictions"


class OfTheBook(Evidence):
    """What is made of all chapters' claims, predictions and records."""

    def follow(self) -> None:
        """Have the page read again when one of them changes, comes or goes."""
        modules = Path(__file__).parent.glob("*.py")
        for path in (self.root / CONTENTS, *results.sources(self.root), *modules):
            self.env.note_dependency(str(path))
        for chapter in chapters(self.root):
            note_folder(self.env, chapter.findings)
            note_folder(self.env, chapter.replications)


class Totals(OfTheBook):
    """``{ledger-totals}``: what all of it comes to, and the same as data."""

    def run(self) -> list[nodes.Node]:
        """Count claims, results and predictions."""
        self.follow()
        found = results.of_book(self.root)
        lines = [
            words.of_claims(claims.read(self.root)),
            words.of_results(found),
            replications.total(replications.of_results(self.root, found)),
        ]
        items = [nodes.list_item("", nodes.paragraph("", line)) for line in lines]
        items += [nodes.list_item("", nodes.paragraph("", "", *self.predicted()))]
        return [
            nodes.bullet_list("", *items, classes=["bn-totals"]),
            self.data(),
            raw(downloads.explained()),
        ]

    def predicted(self) -> list[nodes.Node]:
        """How many predictions came out, and the way to them."""
        blocks = scoring.blocks(self.root)
        said = words.of_score([c for one in blocks for c in scoring.calls(self.root, one)])
        return [nodes.Text(f"{said} ("), self.link("all of them", PREDICTIONS), nodes.Text(").")]

    def data(self) -> nodes.paragraph:
        """The ways to the same as data."""
        there = [nodes.reference("", name, refuri=name, internal=False) for name in downloads.FILES]
        line = nodes.paragraph("", "All results as data, with the values by seed: ")
        line += [there[0], nodes.Text(" and "), there[1], nodes.Text(".")]
        return line


class Ledger(OfTheBook):
    """``{ledger}``: a form to choose by, and the claims of all chapters."""

    def run(self) -> list[nodes.Node]:
        """List the claims, one kind of evidence after the other, each under a heading."""
        self.follow()
        every = claims.read(self.root)
        unknown = {claim.get("label") for claim in every} - set(claims.LABELS)
        if unknown:
            self.warn(f"claims with an unknown label: {', '.join(sorted(map(str, unknown)))}")
        groups = {label: [c for c in every if c.get("label") == label] for label in claims.LABELS}
        sections = [self.group(label, group) for label, group in groups.items() if group]
        return [raw(filtering.form(self.choices())), *sections]

    def choices(self) -> dict[str, tuple[str, dict[str, str]]]:
        """What a reader can choose by: only what there is."""
        found = results.of_book(self.root)
        known = {claim["chapter"] for claim in claims.read(self.root)}
        titles = {one.slug: results.title(one) for one in chapters(self.root) if one.slug in known}
        seen = {record.verdict for record in found}
        seen |= {"contradicted" for claim in claims.read(self.root) if claims.is_false(claim)}
        data = {record.dataset for record in found}
        return {
            "chapter": ("Chapter", titles),
            "label": ("Evidence", claims.LABELS),
            "verdict": ("Verdict", {word: word for word in results.VERDICTS if word in seen}),
            "data": ("Data", {name: words for name, words in DATASETS.items() if name in data}),
        }

    def group(self, label: str, group: list[claims.Claim]) -> nodes.section:
        """The claims of one kind of evidence."""
        title = f"{claims.LABELS[label].capitalize()} ({len(group)})"
        section = nodes.section("", nodes.title("", title), ids=[f"evidence-{label}"], names=[])
        section += [*map(self.entry, group)]
        return section

    def entry(self, claim: claims.Claim) -> marked:
        """One claim: what it says, what was measured, where it stands."""
        data = {"chapter": claim["chapter"], "label": claim["label"]}
        box = marked("", classes=["bn-card", "bn-entry"], ids=[f"claim-{claim['id']}"])
        head = nodes.container(classes=["bn-card-head"])
        head += badge(claim["label"])
        if claims.is_false(claim):
            head += verdict("contradicted")
            data["verdict"] = "contradicted"
        box["data"] = data
        text = nodes.container(classes=["bn-claim"])
        text += self.parse_text_to_nodes(claim["claim"])
        box += [head, text, *map(self.finding, claim.get("findings") or [])]
        box += self.parse_text_to_nodes(" ".join([claim.get("status") or "", sources(claim)]))
        box += beside([self.chapter_of(claim)])
        return box

    def chapter_of(self, claim: claims.Claim) -> nodes.reference:
        """The way to the chapter of a claim."""
        chapter = next(one for one in chapters(self.root) if one.slug == claim["chapter"])
        return self.link(f"Chapter: {results.title(chapter)}", chapter.document)

    def finding(self, finding: str) -> marked:
        """What was measured, with a line for each data set, and for what it was seen."""
        found = self.records_of(finding)
        said = " ".join(f"{record.dataset}:{record.verdict}" for record in found)
        box = marked("", classes=["bn-result"], data={"finding": finding, "results": said})
        if found:
            claim, _ = self.parse_inline(found[0].part("claim").rstrip("."))
            line = nodes.paragraph("", "", *claim, classes=["bn-measured"])
            line += [nodes.Text(". "), beside(self.ways_to(finding))]
            others = replications.of_results(self.root, found)
            box += [line, self.measured([*found, *(other for _, other in others)])]
            box += nodes.paragraph("", scope.seen_for(found), classes=["bn-scope"])
            if others:
                said = replications.sentence(others)
                box += nodes.paragraph("", said, classes=["bn-replicated"])
        return box


def sources(claim: claims.Claim) -> str:
    """The sources, as MyST."""
    cited = "; ".join(f"{{cite:t}}`{key}`" for key in claim.get("sources") or [])
    return f"Sources: {cited}." if cited else ""
