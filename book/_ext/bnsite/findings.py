"""Roles and directives that print measured results from their records.

No number of an experiment is typed into a page: ``{finding}`` prints it from the record
that the lab wrote, ``{finding-card}`` shows it with its interval. The ledger of all claims is
:mod:`bnsite.ledger`. A changed record rebuilds the pages that cite it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from bnutils import cards
from bnutils.utils.chapters import Chapter, record_path

from . import claims, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOG = logging.getLogger(__name__)
LEDGER = "book/ledger"
FOLDED = re.compile(r"^(:{3,})\{predict\}.*?^\1$", re.MULTILINE | re.DOTALL)


def listing(folder: Path) -> list[str]:
    """The names of the records in a folder."""
    return sorted(path.name for path in folder.glob("*.json"))


def folders_of(env: BuildEnvironment) -> dict[str, dict[str, list[str]]]:
    """For each page, the folders that it saw, with the names of the records in them."""
    seen: dict[str, dict[str, list[str]]] = vars(env).setdefault("bnsite_folders", {})
    return seen


def note_folder(env: BuildEnvironment, folder: Path) -> None:
    """Remember which records a page saw; Sphinx itself knows dependencies on files only."""
    folders_of(env).setdefault(env.docname, {})[str(folder)] = listing(folder)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages for which a record has come or gone since they were read."""
    return [
        page
        for page, folders in folders_of(env).items()
        if page not in removed
        and any(listing(Path(folder)) != names for folder, names in folders.items())
    ]


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Drop what was remembered of a page that is read anew, or gone."""
    folders_of(env).pop(page, None)


def badge(label: str) -> nodes.raw:
    """The mark of a kind of evidence."""
    return nodes.raw("", cards.badge(label), format="html")


def verdict(word: str) -> nodes.raw:
    """A verdict with its sign."""
    return nodes.raw("", cards.verdict(word), format="html")


class FindingRole(SphinxRole):
    """``{finding}`chapter/name.dataset[:field]```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the field of the record, or warn that there is none."""
        name, _, field = self.text.strip().partition(":")
        root = Path(self.env.srcdir)
        try:
            record = records.read(root, name)
            self.env.note_dependency(str(record_path(root, record.name)))
            text = record.part(field)
        except records.RecordError as error:
            LOG.warning("%s", error, location=self.get_location(), type="bnsite", subtype="finding")
            text = f"[{self.text}]"
        if field == "verdict" and text in cards.VERDICTS:
            return [verdict(text)], []
        return [nodes.inline("", text, classes=["bn-finding"])], []


class ClaimRole(SphinxRole):
    """``{claim}`folklore```: the badge of a kind of evidence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the badge, or warn that there is no such label."""
        label = self.text.strip()
        if label in claims.LABELS:
            return [badge(label)], []
        known = ", ".join(claims.LABELS)
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
    """What cards, ledger and predictions share."""

    @property
    def root(self) -> Path:
        """The checkout."""
        return Path(self.env.srcdir)

    def warn(self, message: str) -> None:
        """Warn, with the directive's place."""
        LOG.warning("%s", message, location=self.get_location(), type="bnsite", subtype="finding")

    def records_of(self, finding: str) -> list[records.Record]:
        """The finding's records; the page depends on them, and on their folder's next ones."""
        note_folder(self.env, record_path(self.root, finding).parent)
        for path in (Path(__file__), *Path(cards.__file__).parent.glob("*.py")):  # how it looks
            self.env.note_dependency(str(path))
        try:
            found = records.of_finding(self.root, finding)
        except records.RecordError as error:
            self.warn(str(error))
            return []
        for record in found:
            self.env.note_dependency(str(record_path(self.root, record.name)))
        if not found:
            self.warn(f"no record of {finding} on any data set")
        return found

    def replications_of(self, finding: str) -> list[records.Record]:
        """What others measured of it; the page depends on that, and on what others add."""
        folder = Chapter(self.root, finding.partition("/")[0]).replications
        note_folder(self.env, folder)
        for path in folder.glob("*.json"):
            self.env.note_dependency(str(path))
        return records.replications(self.root, finding)

    def measured(self, found: Sequence[records.Record]) -> nodes.raw:
        """What was measured: a line for each data set."""
        return nodes.raw("", cards.rows([record.fields for record in found]), format="html")

    def ways_to(self, finding: str) -> list[nodes.reference]:
        """The ways to a finding: to its card in the chapter if it has one, and in the lab."""
        files = Chapter(self.root, finding.partition("/")[0])
        anchor = f"#{cards.anchor(finding)}"
        open_text = FOLDED.sub("", files.page.read_text("utf8"))  # no link gives an answer away
        pages = (
            [("chapter", files.document)] if f"{{finding-card}} {finding}\n" in open_text else []
        )
        return [
            self.link(words, page, anchor) for words, page in [*pages, ("lab", files.laboratory)]
        ]

    def link(self, words: str, page: str, anchor: str = "") -> nodes.reference:
        """The way to a place on another page."""
        uri = self.env.app.builder.get_relative_uri(self.env.docname, page)
        return nodes.reference("", words, refuri=f"{uri}{anchor}", internal=True)


class FindingCard(Evidence):
    """``{finding-card} chapter/name``: claim, intervals, seeds, verdicts, kind of evidence."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"claim": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Make the card."""
        finding = self.arguments[0].strip()
        found = self.records_of(finding)
        if not found:
            return []
        card = nodes.container(classes=["bn-card"], ids=[cards.anchor(finding)])
        card += self.head(finding, found[0].label)
        claim = nodes.container(classes=["bn-claim"])
        claim += self.parse_text_to_nodes(self.options.get("claim") or found[0].part("claim"))
        card += [claim, self.measured([*found, *self.replications_of(finding)])]
        self.set_source_info(card)
        return [card]

    def head(self, finding: str, label: str) -> nodes.container:
        """The kind of evidence, and where it comes from."""
        lab = Chapter(self.root, finding.partition("/")[0]).laboratory
        ways = [self.link("lab", lab, f"#{cards.anchor(finding)}")]
        claim = claims.resting_on(self.root, finding)
        ways += [self.link("ledger", LEDGER, f"#claim-{claim['id']}")] if claim else []
        head = nodes.container(classes=["bn-card-head"])
        head += [badge(label), beside(ways)]
        return head


def beside(ways: Iterable[nodes.reference]) -> nodes.inline:
    """Some ways to other places, beside each other."""
    line = nodes.inline(classes=["bn-ways"])
    for way in ways:
        line += [nodes.Text(" · "), way] if len(line) else [way]
    return line


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_role("finding", FindingRole())
    app.add_role("claim", ClaimRole())
    app.add_directive("finding-card", FindingCard)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
