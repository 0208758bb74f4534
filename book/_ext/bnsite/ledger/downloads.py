"""The ledger as data, for who wants to compute with it: ``ledger.csv`` and ``ledger.json``.

Both have a row for each result (a finding on one data set), and are written with every build.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bnsite.ledger import replications, results
from bnsite.ledger.scope import scope

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from bnsite.records import Record

FOLDER = "book"  # of the site, beside the page that leads there
FILES = ("ledger.csv", "ledger.json")
MISSING = "nan"  # in the CSV, where a seed has no value
COLUMNS = {
    "chapter": "where it was measured",
    "finding": "name within the chapter",
    "claim": "in words",
    "label": "measured, or theorem (then checked numerically)",
    "dataset": "on which data",
    "verdict": "supported, contradicted, undecided or described; of a theorem holds or fails",
    "expected": "what we had predicted; empty where nothing was",
    "effect": "mean over seeds; of a theorem the value that is furthest from the truth",
    "low": "lower end of the 95 % interval",
    "high": "upper end of the 95 % interval",
    "unit": "of effect, interval and values; empty for a plain number",
    "above": "the claim holds if the effect is above this",
    "below": "the claim holds if the effect is below this",
    "n": "number of values",
    "p": "of the sign-flip test",
    "dissenting": "seeds whose own value is not where the claim says",
    "ahead": "how likely the claim holds of a random seed",
    "detectable": "smallest effect that is found four times in five",
    "image_error": "standard error from the choice of test images",
    "lost": "diverged seeds",
    "demonstration": "whether the bound was hardly in question",
    "predicted": "date of the prediction",
    "seal": "SHA-256 of the prediction, from which the seeds follow",
    "replications": "how many others measured it on seeds of their own",
    "agreeing": "how many of these are no further from it than chance explains",
    "scope": "for what it was seen",
    "seeds": "in the order of the values",
    "values": "by seed",
}


def row(record: Record, root: Path) -> dict[str, Any]:
    """A result, column by column."""
    fields, (chapter, _, name) = record.fields, record.name.partition("/")
    others = replications.of_results(root, [record])
    made = {
        "chapter": chapter,
        "finding": name.removesuffix(f".{record.dataset}"),
        "dataset": record.dataset,
        "expected": fields["predicted"].get("expected"),
        "predicted": fields["predicted"].get("date"),
        "seal": fields["predicted"].get("seal"),
        "replications": len(others),
        "agreeing": replications.agreeing(others),
        "scope": "; ".join(scope(record)),
        "seeds": results.seeds(fields["setting"]),
    }
    return {name: made[name] if name in made else fields[name] for name in COLUMNS}


def cell(value: Any) -> str:
    """A value in a CSV file: none is empty, many are separated by spaces."""
    if isinstance(value, list):
        return " ".join(MISSING if one is None else repr(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def explained() -> str:
    """The columns with what they mean, as HTML that is folded away."""
    columns = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in COLUMNS.items())
    return (
        "<details class='bn-columns'><summary>What the columns mean</summary>"
        f"<dl>{columns}</dl></details>"
    )


def as_json(rows: list[dict[str, Any]]) -> str:
    """What the columns are, and all rows."""
    return json.dumps({"columns": COLUMNS, "results": rows}, allow_nan=False, ensure_ascii=False)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """A line with the columns' names, and one for each row."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(map(cell, one.values()) for one in rows)
    return text.getvalue()


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write both files into the site."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    root = Path(app.srcdir)
    rows = [row(record, root) for record in results.of_book(root)]
    for name, text in zip(FILES, (as_csv(rows), as_json(rows)), strict=True):
        (folder / name).write_bytes(text.encode())
