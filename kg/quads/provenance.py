"""From what, when and with what a record's graph was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec
from pyoxigraph import NamedNode

from kg.iris import iri_keys, source_iri
from kg.quads import tokens
from kg.quads.trial import page
from kg.quads.triples import Statement, given
from kg.vocab import PROV, RDF, TKG


class RecordGraph(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the graph of one record.

    `first_seen` is the earliest date at which any version of the record was retrieved,
    `last_changed` the one of the version that is shown, `withdrawn` the first at which the registry
    did not give it: dates of data, never of the clock.
    `copied_by` names the source whose copy stands in for the registry's own record.
    """

    first_seen: dt.date | None = None
    last_changed: dt.date | None = None
    withdrawn: dt.date | None = None
    source_hash: str
    loader_version: str
    extraction_version: str
    lexicon_version: str
    ontology_version: str
    source: str | None = None
    copied_by: str | None = None


def provenance_triples(
    graph: RecordGraph, node: NamedNode, trial: NamedNode
) -> Iterator[Statement]:
    """Yield what is said of the record's graph itself, and when the trial was seen."""
    yield node, RDF.type, TKG.RecordGraph
    yield node, TKG.recordOf, trial
    yield from _standing(graph, node, trial)
    yield from given(node, PROV.wasDerivedFrom, page(graph.source))
    if graph.last_changed is not None:
        yield node, PROV.generatedAtTime, tokens.start_of_day(graph.last_changed)
        yield trial, TKG.lastChanged, tokens.day(graph.last_changed)
    if graph.withdrawn is not None:
        yield trial, TKG.withdrawnSince, tokens.day(graph.withdrawn)
    if graph.first_seen is not None:
        yield trial, TKG.firstSeen, tokens.day(graph.first_seen)
    for predicate, value in (
        (TKG.sourceHash, graph.source_hash),
        (TKG.loaderVersion, graph.loader_version),
        (TKG.extractionVersion, graph.extraction_version),
        (TKG.lexiconVersion, graph.lexicon_version),
        (TKG.ontologyVersion, graph.ontology_version),
    ):
        yield from given(node, predicate, tokens.text(value))


def _standing(graph: RecordGraph, node: NamedNode, trial: NamedNode) -> Iterator[Statement]:
    if graph.copied_by is None:
        yield node, TKG.recordStanding, TKG.PrimaryRecord
    else:
        yield node, TKG.recordStanding, TKG.CopyOfRecord
        yield node, TKG.takenFromCopy, source_iri(graph.copied_by, iri_keys(trial)[-1])
