"""A role that prints a measured time or ratio from the benchmarks' results.

``{timing}`pace depth=10 optimizer=sgd ratio``` is the median of a quantity, in the record of the
benchmark ``pace`` with this setting: no time is typed into a page.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOG = logging.getLogger(__name__)
RESULTS = Path("benchmarks", "results.json")


class TimingError(Exception):
    """What a page asks for was not measured; says what was."""


def timing(records: list[dict[str, Any]], asked: str) -> str:
    """Return the number in two digits, or three from 100 on.

    Raises
    ------
    TimingError
        If not exactly one record fits, or it has no such quantity.
    """
    benchmark, *setting, quantity = asked.split()
    wanted = dict(part.partition("=")[::2] for part in setting)
    there = [one for one in records if one["benchmark"] == benchmark]
    found = [one for one in there if wanted.items() <= _words(one["setting"]).items()]
    if len(found) != 1:
        settings = "; ".join(
            " ".join(map("=".join, _words(one["setting"]).items())) for one in there
        )
        msg = f"timing '{asked}' must fit one record; it fits {len(found)} of: {settings or 'none'}"
        raise TimingError(msg)
    values = found[0]["values"].get(quantity)
    if not values:
        known = ", ".join(found[0]["values"]) or "none"
        msg = f"timing '{asked}': no quantity '{quantity}'; there are {known}"
        raise TimingError(msg)
    number = median(values)
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"


def _words(setting: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in setting.items()}


class TimingRole(SphinxRole):
    """``{timing}`benchmark name=value ... quantity```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the number, or warn that it was not measured."""
        path = Path(self.env.srcdir) / RESULTS
        self.env.note_dependency(str(path))
        try:
            text = timing(json.loads(path.read_text("utf8"))["records"], self.text)
        except (TimingError, ValueError) as error:
            LOG.warning("%s", error, location=self.get_location(), type="bnsite", subtype="timing")
            text = f"[{self.text}]"
        return [nodes.inline("", text, classes=["bn-finding"])], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_role("timing", TimingRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
