"""Comparisons as JSON files."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from bnutils.runs import Run
from bnutils.utils.files import write_atomically
from bnutils.utils.validation import path as named_file

FORMAT = 3


def write(path: str | os.PathLike[str], values: Mapping[str, Any], runs: Sequence[Run]) -> None:
    """Write a comparison, whole or not at all; see :meth:`bnutils.Comparison.save`."""
    write_atomically(named_file("path", path), json.dumps(whole(values, runs), indent=1) + "\n")


def whole(values: Mapping[str, Any], runs: Sequence[Run]) -> dict[str, Any]:
    """Return a comparison as JSON can hold it."""
    return {"format": FORMAT, **values, "runs": [run.to_dict() for run in runs]}


def parts(values: Mapping[str, Any]) -> tuple[tuple[Run, ...], str, str, Mapping[str, Any]]:
    """Return what :func:`whole` was given: runs, budget, name of the data set, and provenance.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is not of this format.
    """
    if values["format"] != FORMAT:
        raise ValueError(f"format {values['format']}")
    runs = tuple(Run.from_dict(run) for run in values["runs"])
    return runs, values["budget"], values["dataset"], values["provenance"]


def read(path: str | os.PathLike[str]) -> tuple[tuple[Run, ...], str, str, Mapping[str, Any]]:
    """Return what :func:`write` wrote: runs, budget, name of the data set, and provenance.

    The errors are those of :meth:`bnutils.Comparison.load`.
    """
    content = named_file("path", path).read_bytes()
    try:
        return parts(json.loads(content.decode("utf-8")))
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ValueError(
            f"{path} must be a comparison saved by Comparison.save in format {FORMAT}; "
            f"it is not ({type(problem).__name__}: {problem}). Run the comparison again."
        ) from problem
