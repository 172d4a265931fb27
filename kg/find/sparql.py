"""A selection as SPARQL: the same trials, from the same facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.find.facets import FACETS, Level
from kg.find.selection import Place, Selection
from kg.iris import (
    antigen_iri,
    city_iri,
    concept_iri,
    country_iri,
    facility_iri,
    organization_iri,
    product_iri,
)
from kg.quads.triples import individual
from kg.vocab import XSD

Term = NamedNode | Literal

_KILOMETRES_PER_DEGREE = 111.195
# What the words of a trial stand in, as in the table.
_WORDS = (
    "tkg:registryId|tkg:briefTitle|tkg:officialTitle|tkg:acronym|tkg:keyword"
    "|tkg:conditionTerm/tkg:asListed|tkg:intervention/tkg:asListed"
)


def _boolean(value: str) -> Literal:
    return Literal(value, datatype=XSD.boolean)


def _city(key: str) -> NamedNode:
    return city_iri(*key.split("/", 1))


def _facility(key: str) -> NamedNode:
    return facility_iri(*key.split("/", 2))


# Facet -> subject, path, and how its keys are written.
_PATHS: Final[Mapping[str, tuple[str, str, Callable[[str], Term]]]] = {
    "antigen": ("?construct", "tkg:targetsOrVariant", antigen_iri),
    "modality": ("?construct", "a", individual),
    "trait": ("?construct", "a", individual),
    "effector": ("?construct", "tkg:effectorCell", individual),
    "donor": ("?construct", "tkg:donor", individual),
    "source": ("?construct", "tkg:cellSource", individual),
    "logic": ("?construct", "tkg:targetLogic", individual),
    "hla": ("?construct", "tkg:hlaRestriction", Literal),
    "disclosure": ("?construct", "tkg:targetDisclosure", individual),
    "product": ("?construct", "tkg:product", product_iri),
    "condition": ("?trial", "tkg:conditionOrBroader", concept_iri),
    "status": ("?trial", "tkg:recruitmentStatus", individual),
    "phase": ("?trial", "tkg:phase", individual),
    "type": ("?trial", "tkg:studyType", individual),
    "design": ("?trial", "tkg:designFeature", individual),
    "age": ("?trial", "tkg:standardAge", individual),
    "country": ("?site", "tkg:country", country_iri),
    "city": ("?site", "tkg:city", _city),
    "facility": ("?site", "tkg:facility", _facility),
    "open": ("?site", "tkg:openForEnrolment", _boolean),
    "sponsor": ("?trial", "tkg:leadSponsor", organization_iri),
    "sponsor_class": ("?lead", "tkg:sponsorClass", individual),
    "registry": ("?trial", "tkg:registry", Literal),
    "results": ("?trial", "tkg:hasResults", _boolean),
    "flag": ("?trial", "tkg:recordFlag", individual),
}


def sparql(wanted: Selection) -> str:
    """Return the query that finds the trials of a selection.

    A distance becomes a box around the place: SPARQL 1.1 cannot say it. A query with a value that
    cannot be a key of its facet raises ValueError.
    """
    lines = ["?trial a tkg:Trial ; tkg:registryId ?id ; tkg:briefTitle ?title .", *_lines(wanted)]
    body = "\n".join(f"  {line}" for line in lines)
    return f"SELECT DISTINCT ?id ?title WHERE {{\n{body}\n}}\nORDER BY ?id"


def _lines(wanted: Selection) -> Iterator[str]:
    yield from _links(wanted)
    for name, values in wanted.facets:
        if name == "year":
            yield from _years(values)
        else:
            subject, path, write = _PATHS[name]
            yield from _pattern(subject, path, name, [write(value) for value in values])
    for antigen in wanted.both:
        yield f"?construct tkg:targetsOrVariant {antigen_iri(antigen)} ."
    for number, word in enumerate(wanted.words, start=1):
        yield f"FILTER EXISTS {{ ?trial {_WORDS} ?words{number} ."
        yield f"  FILTER(CONTAINS(LCASE(STR(?words{number})), {Literal(word)})) }}"
    if wanted.near:
        yield from _box(wanted.near)
    if wanted.since:
        day = Literal(wanted.since.isoformat(), datatype=XSD.date)
        yield f"?trial tkg:lastUpdatePosted ?updated . FILTER(?updated >= {day})"


def _links(wanted: Selection) -> Iterator[str]:
    levels = {FACETS[name].level for name, _ in wanted.facets}
    if Level.CONSTRUCT in levels or wanted.both:
        yield "?trial tkg:investigates ?construct ."
    if Level.SITE in levels or wanted.near:
        yield "?trial tkg:site ?site ."
    if "sponsor_class" in wanted.values:
        yield '?trial tkg:sponsorship ?lead . ?lead tkg:sponsorRole "lead" .'


def _pattern(subject: str, path: str, name: str, terms: Iterable[Term]) -> Iterator[str]:
    listed = list(terms)
    if len(listed) == 1:
        yield f"{subject} {path} {listed[0]} ."
        return
    yield f"VALUES ?{name} {{ {' '.join(map(str, listed))} }}"
    yield f"{subject} {path} ?{name} ."


def _years(values: Iterable[str]) -> Iterator[str]:
    years = ", ".join(str(int(value)) for value in values)
    yield f"?trial tkg:startDate ?start . FILTER(YEAR(?start) IN ({years}))"


def _box(near: Place) -> Iterator[str]:
    high = near.kilometres / _KILOMETRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(near.latitude)), 0.01)
    yield "?site geo:lat ?latitude ; geo:long ?longitude ."
    yield (
        f"FILTER(?latitude >= {near.latitude - high:.4f} && ?latitude <= {near.latitude + high:.4f}"
        f" && ?longitude >= {near.longitude - wide:.4f}"
        f" && ?longitude <= {near.longitude + wide:.4f})"
    )
