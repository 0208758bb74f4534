"""Roles and directives that print measured results from their records.

No number of an experiment is typed into a page: ``{finding}`` prints it from the record
that the lab wrote, ``{finding-card}`` shows it with its interval, ``{ledger}`` lists all
claims of ``book/claims.yml``. A changed record rebuilds the pages that cite it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import records
from .intervals import drawing

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOG = logging.getLogger(__name__)
VERDICTS = {"supported": "✓", "contradicted": "✗", "undecided": "?"}


def listing(folder: Path) -> list[str]:
    """The names of the records in a folder."""
    return sorted(path.name for path in folder.glob("*.json"))


def note_folder(env: BuildEnvironment, folder: Path) -> None:
    """Remember which records a page saw; Sphinx itself knows dependencies on files only."""
    if not hasattr(env, "bnsite_folders"):
        env.bnsite_folders = {}
    env.bnsite_folders.setdefault(env.docname, {})[str(folder)] = listing(folder)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages for which a record has come or gone since they were read."""
    return [
        page
        for page, folders in getattr(env, "bnsite_folders", {}).items()
        if page not in removed
        and any(listing(Path(folder)) != names for folder, names in folders.items())
    ]


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    getattr(env, "bnsite_folders", {}).pop(page, None)


def badge(label: str) -> nodes.inline:
    text = records.LABELS[label]
    return nodes.inline("", text, classes=["bn-badge", f"bn-{label}"])


def verdict(word: str) -> nodes.inline:
    mark = nodes.raw(
        "", f'<span aria-hidden="true">{VERDICTS.get(word, "")}</span> ', format="html"
    )
    return nodes.inline("", "", mark, nodes.Text(word), classes=["bn-verdict", f"bn-{word}"])


class FindingRole(SphinxRole):
    """``{finding}`chapter/name.dataset[:field]```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, field = self.text.strip().partition(":")
        root = Path(self.env.srcdir)
        try:
            record = records.read(root, name)
            self.env.note_dependency(str(records.path_of(root, record.name)))
            text = record.part(field)
        except records.RecordError as error:
            LOG.warning("%s", error, location=self.get_location(), type="bnsite", subtype="finding")
            text = f"[{self.text}]"
        if field == "verdict" and text in VERDICTS:
            return [verdict(text)], []
        return [nodes.inline("", text, classes=["bn-finding"])], []


class ClaimRole(SphinxRole):
    """``{claim}`folklore```: the badge of a kind of evidence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        label = self.text.strip()
        if label in records.LABELS:
            return [badge(label)], []
        known = ", ".join(records.LABELS)
        LOG.warning(
            "no label '%s'; there are %s",
            label,
            known,
            location=self.get_location(),
            type="bnsite",
            subtype="claim",
        )
        return [nodes.inline("", label)], []


class Evidence(SphinxDirective):
    """What the card and the ledger share."""

    @property
    def root(self) -> Path:
        return Path(self.env.srcdir)

    def warn(self, message: str) -> None:
        LOG.warning("%s", message, location=self.get_location(), type="bnsite", subtype="finding")

    def records_of(self, finding: str) -> list[records.Record]:
        """The finding's records; the page depends on them, and on their folder's next ones."""
        note_folder(self.env, records.path_of(self.root, finding).parent)
        try:
            found = records.of_finding(self.root, finding)
        except records.RecordError as error:
            self.warn(str(error))
            return []
        for record in found:
            self.env.note_dependency(str(records.path_of(self.root, record.name)))
        if not found:
            self.warn(f"no record {records.FOLDER}/{finding}.<data set>.json")
        return found

    def markdown(self, text: str) -> list[nodes.Node]:
        box = nodes.container()
        self.state.nested_parse(text.split("\n"), self.content_offset, box)
        return box.children

    def row(self, record: records.Record, group: list[records.Record]) -> nodes.container:
        """One data set's line: name, drawing of the interval, numbers, verdict."""
        line = nodes.container(classes=["bn-row"])
        line += nodes.inline("", record.part("dataset"), classes=["bn-dataset"])
        line += nodes.raw("", drawing(record, group), format="html")
        line += nodes.inline("", record.phrase, classes=["bn-numbers"])
        line += verdict(record.verdict)
        return line


class FindingCard(Evidence):
    """``{finding-card} chapter/name``: claim, intervals, seeds, verdicts, kind of evidence."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"claim": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        found = self.records_of(self.arguments[0].strip())
        if not found:
            return []
        card = nodes.container(classes=["bn-card"])
        head = nodes.container(classes=["bn-card-head"])
        head += badge(found[0].label)
        card += head
        claim = nodes.container(classes=["bn-claim"])
        claim += self.markdown(self.options.get("claim") or found[0].part("claim"))
        card += claim
        card += [self.row(record, found) for record in found]
        self.set_source_info(card)
        return [card]


class Ledger(Evidence):
    """``{ledger}``: every claim of ``book/claims.yml`` with its evidence."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(self.root / records.CLAIMS))
        ledger = nodes.container(classes=["bn-ledger"])
        claims = records.read_claims(self.root)
        for label in records.LABELS:
            chosen = [c for c in claims if c.get("label") == label]
            if chosen:
                ledger += [self.entry(claim) for claim in chosen]
        unknown = {c.get("label") for c in claims} - set(records.LABELS)
        if unknown:
            self.warn(f"{records.CLAIMS}: unknown label {sorted(map(str, unknown))}")
        return [ledger]

    def entry(self, claim: dict[str, Any]) -> nodes.container:
        box = nodes.container(classes=["bn-card", "bn-entry"], ids=[f"claim-{claim['id']}"])
        head = nodes.container(classes=["bn-card-head"])
        head += [nodes.inline("", "Evidence:"), badge(claim["label"])]
        if str(claim.get("status", "")).startswith("False"):
            head += verdict("contradicted")
        box += head
        text = nodes.container(classes=["bn-claim"])
        text += self.markdown(claim["claim"])
        box += text
        for finding in claim.get("findings") or []:
            box += self.finding(finding)
        foot = [claim.get("status") or "", *self.links(claim)]
        box += self.markdown(" ".join(part for part in foot if part))
        return box

    def finding(self, finding: str) -> list[nodes.Node]:
        found = self.records_of(finding)
        lines: list[nodes.Node] = [self.row(record, found) for record in found]
        if lines and len(found[0].part("claim")) > 0:
            lines.insert(0, nodes.paragraph("", found[0].part("claim"), classes=["bn-measured"]))
        return lines

    def links(self, claim: dict[str, Any]) -> list[str]:
        parts = []
        if claim.get("sources"):
            parts.append(
                "Sources: " + " ".join(f"{{cite:t}}`{key}`" for key in claim["sources"]) + "."
            )
        chapter = claim.get("chapter")
        if chapter:
            page = self.page_of(chapter)
            if page is None:
                self.warn(f"{records.CLAIMS}: claim {claim['id']}: no chapter '{chapter}'")
            else:
                parts.append(f"Chapter: {{doc}}`/{page}`.")
        return parts

    def page_of(self, chapter: str) -> str | None:
        return next(
            (d for d in sorted(self.env.found_docs) if d.rpartition("/")[2] == chapter), None
        )


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("finding", FindingRole())
    app.add_role("claim", ClaimRole())
    app.add_directive("finding-card", FindingCard)
    app.add_directive("ledger", Ledger)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
