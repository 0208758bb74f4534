"""A lab runs again when something it depends on changed, and only then.

Jupyter Book's cache knows a notebook by its cells alone: a changed package or a changed
data set would keep the old outputs. Before a build reads anything, this module compares
each lab's fingerprint (see :mod:`bnsite.dependencies`) with that of its last run, and
drops the cached run where they differ.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_cache import get_cache
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util import logging

from bnutils.utils.files import write_atomically

from .dependencies import Fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOG = logging.getLogger(__name__)
RECORD = "fingerprints.json"


def cache_folder(app: Sphinx) -> Path:
    """Where myst-nb keeps the runs, as it works it out itself."""
    given = app.config.nb_execution_cache_path
    return Path(given) if given else Path(app.outdir).parent / ".jupyter_cache"


def read_record(folder: Path) -> dict[str, Fingerprint]:
    """The fingerprints of the last runs; none where the file is missing or damaged."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        entries = json.loads((folder / RECORD).read_text("utf8"))
        return {name: Fingerprint(**entry) for name, entry in entries.items()}
    return {}


def write_record(folder: Path, record: dict[str, Fingerprint]) -> None:
    """Replace the file in one step, so that an interrupted build leaves the old one."""
    entries = {name: asdict(entry) for name, entry in sorted(record.items())}
    write_atomically(folder / RECORD, json.dumps(entries, indent=1))


def forget_run(folder: Path, notebook: Path) -> None:
    """Drop the cached run of a notebook, if there is one."""
    cache = get_cache(folder)
    with suppress(KeyError):
        cache.remove_cache(cache.match_cache_file(str(notebook)).pk)


def notebooks(env: BuildEnvironment) -> dict[str, Path]:
    """The book's notebooks with their files, by document name."""
    paths = {name: Path(env.doc2path(name)) for name in env.found_docs}
    return {name: path for name, path in paths.items() if path.suffix == ".ipynb"}


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Forget the runs whose inputs changed, and have those labs read anew."""
    if app.config.nb_execution_mode != "cache":
        return []
    folder = cache_folder(app)
    last = read_record(folder)
    app.bnsite_fingerprints = {  # type: ignore[attr-defined]
        name: fingerprint(Path(app.srcdir), path) for name, path in notebooks(env).items()
    }
    outdated = []
    for name, now in app.bnsite_fingerprints.items():  # type: ignore[attr-defined]
        if last.get(name) != now:
            forget_run(folder, notebooks(env)[name])
            outdated.append(name)
            LOG.info("%s: will run, something that it depends on has changed", name)
    return outdated


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """A lab has been read, so it has run: note what it ran with."""
    before = getattr(app, "bnsite_fingerprints", {}).get(app.env.docname)
    if before is None or not succeeded(app.env, app.env.docname):
        return
    after = fingerprint(Path(app.srcdir), Path(app.env.doc2path(app.env.docname)))
    folder = cache_folder(app)
    record = read_record(folder)
    record[app.env.docname] = Fingerprint(before.code, after.data)
    write_record(folder, record)


def succeeded(env: BuildEnvironment, docname: str) -> bool:
    """Whether a lab ran to its end in this build or an earlier one."""
    data = NbMetadataCollector.get_exec_data(env, docname)
    return bool(data and data["succeeded"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("env-get-outdated", find_outdated)
    app.connect("doctree-read", remember)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
