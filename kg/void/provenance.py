"""From which registries all was made, and from how recent records: read whole, or after a change.

After a change only what it takes away is looked for, and only as far as something like it is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from kg.gathered import Gathered
from kg.iris import void_iri
from kg.store import Store
from kg.vocab import DCTERMS, PROV, TKG, XSD
from kg.void.change import part_of_quad
from kg.void.numbers import WHOLE, is_registry

Source = tuple[str, NamedNode]
Stated = tuple[NamedNode, NamedNode, NamedNode | Literal]

# What is said of the whole, and the dates of records of which it is the latest.
_LATEST: Final = ((DCTERMS.issued, TKG.firstSeen), (DCTERMS.modified, TKG.lastChanged))


class Provenance(NamedTuple):
    """The sites of registries by the part that was made from them, and the latest dates."""

    sources: frozenset[Source]
    latest: tuple[str | None, ...]

    def triples(self) -> Iterator[Stated]:
        """Yield what the description says of it."""
        whole = void_iri(WHOLE)
        for part, site in self.sources:
            yield whole, DCTERMS.source, site
            yield void_iri(part), DCTERMS.source, site
        for (predicate, _), date in zip(_LATEST, self.latest, strict=True):
            if date is not None:
                yield whole, predicate, Literal(date, datatype=XSD.date)


def provenance(engine: ox.Store) -> Provenance:
    """Return that of all records."""
    pages = engine.quads_for_pattern(None, PROV.wasDerivedFrom, None)
    latest = tuple(_latest(engine, dates) for _, dates in _LATEST)
    return Provenance(frozenset(_sources(pages)), latest)


def provenance_gathered(store: Store, gathered: Gathered) -> Provenance:
    """Return that of all records from what was gathered of them, and the graphs beside them."""
    latest = []
    for _, dates in _LATEST:
        found = [_latest(store.engine, dates, graph) for graph in store.graphs_beside()]
        latest.append(max(filter(None, (gathered.latest.get(str(dates)), *found)), default=None))
    sources = frozenset((part, NamedNode(site)) for part, site in gathered.sources)
    return Provenance(sources, tuple(latest))


def provenance_after(
    engine: ox.Store, described: Iterable[Quad], removed: Set[Quad], added: Set[Quad]
) -> Provenance:
    """Return that of all records after a change, from the description before it."""
    before = _described(described)
    latest = tuple(
        _latest_after(engine, date, dates, removed, added)
        for (_, dates), date in zip(_LATEST, before.latest, strict=True)
    )
    lost = set(_sources(removed)) - set(_sources(added))
    gone = {source for source in lost if not _has(engine, source)}
    return Provenance(frozenset((before.sources | set(_sources(added))) - gone), latest)


def _described(quads: Iterable[Quad]) -> Provenance:
    sources, latest = set(), dict.fromkeys(predicate for predicate, _ in _LATEST)
    parts = void_iri("x").value[:-1]
    for quad in quads:
        match quad.subject, quad.object:
            case NamedNode() as node, NamedNode() as site if quad.predicate == DCTERMS.source:
                part = node.value.removeprefix(parts)
                if is_registry(part):
                    sources.add((part, site))
            case node, Literal() as date if quad.predicate in latest and node == void_iri(WHOLE):
                latest[quad.predicate] = date.value
    return Provenance(frozenset(sources), tuple(latest.values()))


def _latest(
    engine: ox.Store, dates: NamedNode, graph: NamedNode | ox.BlankNode | None = None
) -> str | None:
    return max(_values(engine.quads_for_pattern(None, dates, None, graph)), default=None)


def _latest_after(
    engine: ox.Store,
    before: str | None,
    dates: NamedNode,
    removed: Iterable[Quad],
    added: Iterable[Quad],
) -> str | None:
    came = _values(quad for quad in added if quad.predicate == dates)
    latest = max(filter(None, (before, *came)), default=None)
    if latest is None or latest != before:
        return latest
    if latest in set(_values(quad for quad in removed if quad.predicate == dates)):
        held = Literal(latest, datatype=XSD.date)
        if not any(True for _ in engine.quads_for_pattern(None, dates, held)):
            return _latest(engine, dates)
    return latest


def _values(quads: Iterable[Quad]) -> Iterator[str]:
    return (quad.object.value for quad in quads if isinstance(quad.object, Literal))


def _sources(quads: Iterable[Quad]) -> Iterator[Source]:
    """Yield the sites of the registries from whose pages records were derived."""
    for quad in quads:
        if quad.predicate == PROV.wasDerivedFrom and isinstance(quad.object, NamedNode):
            part = part_of_quad(quad)
            if is_registry(part):
                page = urlsplit(quad.object.value)
                yield part, NamedNode(f"{page.scheme}://{page.netloc}/")


def _has(engine: ox.Store, source: Source) -> bool:
    pages = engine.quads_for_pattern(None, PROV.wasDerivedFrom, None)
    return any(found == source for found in _sources(pages))
