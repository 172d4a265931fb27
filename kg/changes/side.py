"""The two sides of a comparison, and what one change is before it has a date."""

from __future__ import annotations

import msgspec
from pyoxigraph import NamedNode

from kg.extract import extract
from kg.extract.findings import Extraction
from kg.extract.lexicon import Lexicon
from kg.extract.organizations import organization_keys
from kg.extract.places import places
from kg.quads.names import Names, name_parts
from kg.quads.triples import Term
from kg.records import Trial


class Side(msgspec.Struct, frozen=True):
    """One of two versions: the trial, what was read out of it, and the names of its parts."""

    trial: Trial
    extraction: Extraction
    names: Names


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changed; the fields are those of an event, which adds when."""

    change_type: str
    subject: NamedNode
    property: NamedNode | None = None
    before: Term | None = None
    after: Term | None = None
    about: tuple[tuple[NamedNode, Term], ...] = ()


def surface(trial: Trial, lexicon: Lexicon) -> Side:
    """Return a side that knows places and what is listed, and nothing that is read from words."""
    gazetteer = lexicon.gazetteer
    found = Extraction(
        places=places(trial, gazetteer), organizations=organization_keys(trial, gazetteer)
    )
    return Side(trial, found, name_parts(trial, found))


def depth(trial: Trial, lexicon: Lexicon) -> Side:
    """Return a side with its constructs and conditions."""
    found = extract(trial, lexicon)
    return Side(trial, found, name_parts(trial, found))
