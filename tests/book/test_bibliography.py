"""The bibliography is sorted as its readers see it."""

from __future__ import annotations

from bnsite.bibliography import AsRead
from pybtex.database import parse_string

ENTRIES = r"""
@misc{a, author = {van Laarhoven, Twan}, title = {A}, year = {2017}}
@misc{b, author = {{Keras documentation}}, title = {B}, year = {2026}}
@misc{c, author = {Keskar, Nitish}, title = {C}, year = {2017}}
@misc{d, author = {Hinton, Geoffrey}, title = {D}, year = {2012}}
@misc{e, author = {{\'E}luard, Paul}, title = {E}, year = {2012}}
@misc{f, author = {{fast.ai}}, title = {F}, year = {2012}}
@misc{g, author = {Hinton, Geoffrey}, title = {G}, year = {2006}}
"""


def test_people_and_organisations_in_one_order() -> None:
    entries = parse_string(ENTRIES, "bibtex").entries.values()
    order = [entry.key for entry in AsRead().sort(entries)]
    assert order == ["f", "g", "d", "b", "c", "a", "e"]
