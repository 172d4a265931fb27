"""Pages of what trials have in common: antigens, products, conditions, places, organisations."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.api.pages import local, page
from kg.api.searches import about, address
from kg.api.years import year_bars
from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.hits import hits
from kg.find.profile import Profile, profile
from kg.find.selection import Selection, selection
from kg.iris import USER_GRAPHS, named_graph
from kg.query.gather import LINKED, START, Step, Walk
from kg.query.job import walk_job
from kg.query.triples import Triples, Value, curie
from kg.records import Record
from kg.vocab import LABELS, PREFIXES, RDF, RDFS, SKOS

_SHOWN = 20
_NAMES = 40
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GRAPHS = tuple(named_graph(name).value for name in ("shared", "lexicon"))
_STEPS: Final = (
    Step(START, "said", (), _GRAPHS),
    Step(START, "below", (SKOS.broader.value,), _GRAPHS, inwards=True),
    Step(LINKED, "labels", (RDFS.label.value,), (*_GRAPHS, named_graph("ontology").value)),
)
_MOST_BELOW = 200
# What is said in the head of the page already.
_TOLD = frozenset((RDFS.label.value, SKOS.altLabel.value, RDF.type.value, SKOS.prefLabel.value))


class Kind(Record, frozen=True):
    """A kind of thing with a page: what it is called, its facet, and its key in the tables."""

    said: str
    facet: str
    labels: str
    role: str


# First segment of the address -> what it is.
KINDS: Final[Mapping[str, Kind]] = {
    "antigen": Kind("Antigen", "antigen", "antigen", "a construct that targets it or a variant"),
    "product": Kind("Product", "product", "product", "this product"),
    "concept": Kind("Condition", "condition", "concept", "it or anything below it"),
    "country": Kind("Country", "country", "country", "a site there"),
    "city": Kind("City", "city", "city", "a site there"),
    "facility": Kind("Facility", "facility", "facility", "it as a site"),
    "organization": Kind("Organisation", "sponsor", "organization", "it as lead sponsor"),
}


class Row(Record, frozen=True):
    """A statement as it is shown: what of, and its values, each with where it leads."""

    title: str
    values: tuple[tuple[str, str | None], ...]


def described(stem: str) -> tuple[Kind, str] | None:
    """Return the kind and key behind an address, None where it has no page of this sort."""
    first, _, key = stem.partition("/")
    kind = KINDS.get(first)
    return (kind, key) if kind is not None and key else None


async def entity(request: Request, node: NamedNode, kind: Kind, key: str) -> dict[str, Any] | None:
    """Return what the page of a thing shows; None for one that is not known.

    Raises StoreError for a snapshot without tables.
    """
    catalogue, snapshot = await request.app.state.catalogues.current()
    walk = Walk(node.value, "", USER_GRAPHS, _STEPS)
    async with request.app.state.pool.run(walk_job(walk)) as answer:
        body = await answer.read()
    said = Triples(quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
    seen = await asyncio.to_thread(profile, catalogue, kind.facet, key)
    if not len(seen.found) and not said.values(node.value, RDFS.label):
        return None
    return _context(catalogue, snapshot.name, node, kind, key, said, seen)


def _context(
    catalogue: Catalogue,
    snapshot: str,
    node: NamedNode,
    kind: Kind,
    key: str,
    said: Triples,
    seen: Profile,
) -> dict[str, Any]:
    labels = catalogue.labels
    title = said.text(node.value, RDFS.label) or labels.label(kind.labels, key)
    names = labels.names.get((kind.labels, key), [])
    return {
        "kind": kind,
        "title": title,
        "iri": node.value,
        "key": key,
        "names": names[:_NAMES],
        "names_more": max(0, len(names) - _NAMES),
        "snapshot": snapshot,
        "total": len(seen.found),
        "recruiting": seen.recruiting,
        "open_sites": seen.open_sites,
        "all_href": address("/trials", seen.wanted),
        "feeds": {
            kind: address(f"/feeds/changes.{suffix}", seen.wanted)
            for kind, suffix in (("atom+xml", "atom"), ("feed+json", "json"))
        },
        "explore_href": "/explore?" + urlencode({"node": node.value}),
        "bars": year_bars(seen.years, seen.wanted),
        "boxes": list(_boxes(seen)),
        "statements": list(_statements(said, node)),
        "hits": list(hits(catalogue, seen.found[:_SHOWN])),
        "label": labels.label,
    }


def entity_page(context: dict[str, Any], stem: str) -> Response:
    """Return the page of a thing; `stem` is its address without an extension."""
    forms = [(name, f"/{quote(stem)}.{name}") for name in ("json", "ttl", "nt", "jsonld", "rdf")]
    return page("entity.html", **context, forms=forms)


def entity_json(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of a thing shows, for programs."""
    return {
        "kind": context["kind"].said,
        "label": context["title"],
        "names": context["names"],
        "trials": context["total"],
        "recruiting": context["recruiting"],
        "openSites": context["open_sites"],
        "search": context["all_href"],
        "years": {bar.label: bar.trials for bar in context["bars"]},
        "counts": {
            box.title: [
                {"value": one.value, "label": one.label, "trials": one.trials}
                for one in box.choices
            ]
            for box in context["boxes"]
        },
        "latest": context["hits"],
    }


class Neighbour(Record, frozen=True):
    """A thing that trials have beside this one; `both_href` finds the trials with both."""

    label: str
    value: str
    trials: int
    href: str
    both_href: str | None


class Box(Record, frozen=True):
    """The most frequent neighbours of one kind."""

    title: str
    distinct: int
    choices: tuple[Neighbour, ...]


_TITLES: Final = {
    "antigen": "Antigens targeted",
    "condition": "Conditions",
    "product": "Known products",
    "sponsor": "Lead sponsors",
    "country": "Countries",
    "city": "Cities",
}


def _boxes(seen: Profile) -> Iterator[Box]:
    for counts in seen.counts:
        yield Box(
            title=_TITLES.get(counts.facet, FACETS[counts.facet].title),
            distinct=counts.distinct,
            choices=tuple(
                Neighbour(
                    label=one.label,
                    value=one.value,
                    trials=one.trials,
                    href=_href(counts.facet, one.value),
                    both_href=_both(seen.wanted, counts.facet, one.value),
                )
                for one in counts.values
            ),
        )


def _href(facet: str, value: str) -> str:
    return about(facet, value) or address("/trials", selection({facet: (value,)}))


def _both(wanted: Selection, facet: str, value: str) -> str | None:
    """Return the search for trials with both; None where values of a facet are alternatives."""
    if facet == "antigen" and facet in wanted.values:
        return address("/trials", selection(wanted.values, both=(value,)))
    if facet in wanted.values:
        return None
    return address("/trials", wanted.with_value(facet, value))


def _statements(said: Triples, node: NamedNode) -> Iterator[Row]:
    for predicate in said.predicates(node.value):
        if predicate not in _TOLD:
            values = said.values(node.value, NamedNode(predicate))
            yield Row(_title(predicate), tuple(_value(said, one) for one in values))
    below = said.subjects(SKOS.broader, node)
    if below:
        shown = tuple((said.name(one).label, local(one)) for one in below[:_MOST_BELOW])
        more = len(below) - len(shown)
        rest = ((f"and {more} more", None),) if more > 0 else ()
        yield Row("directly below it", (*sorted(shown), *rest))


def _title(predicate: str) -> str:
    term = LABELS.get(predicate.removeprefix(PREFIXES["tkg"]))
    return term or _WORDS.sub(" ", curie(predicate).rpartition(":")[2]).lower()


def _value(said: Triples, value: Value) -> tuple[str, str | None]:
    if isinstance(value, Literal):
        text = value.value
        return text, text if text.startswith(("https://", "http://")) else None
    if isinstance(value, NamedNode):
        label = said.text(value.value, RDFS.label)
        return label or curie(value.value), local(value.value)
    return str(value), None
