"""The form that chooses among the claims: four lists, a live count, a way back to all of them.

It is hidden until its script runs (``_static/ledger/filter.js``).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def form(choices: Mapping[str, tuple[str, Mapping[str, str]]]) -> str:
    """The form as HTML.

    Parameters
    ----------
    choices : mapping
        From the name of a list to what it is called, and to what can be chosen: values with words.
    """
    lists = "".join(select(name, *choice) for name, choice in choices.items())
    return (
        f'<form class="bn-filter" aria-label="Choose among the claims" autocomplete="off" hidden>'
        f'{lists}<button type="reset">Show all</button>'
        f'<p class="bn-count" role="status"></p></form>'
    )


def select(name: str, called: str, options: Mapping[str, str]) -> str:
    """One list."""
    every = {"": "all", **options}
    shown = "".join(
        f'<option value="{value}">{escape(word)}</option>' for value, word in every.items()
    )
    return f'<label><span>{called}</span><select name="{name}">{shown}</select></label>'
