"""One record as quads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from pyoxigraph import Quad

from kg.errors import LexiconError
from kg.extract.findings import Extraction
from kg.extract.lexicon import Lexicon
from kg.iris import record_graph
from kg.quads.arms import arm_triples, intervention_triples, use_findings, use_triples
from kg.quads.conditions import condition_findings, condition_triples, criterion_triples
from kg.quads.construct import construct_findings, construct_triples
from kg.quads.dropped import dropped_fields
from kg.quads.evidence import (
    finding_triples,
    mention_triples,
    merge_claims,
    name_quotes,
    quote_triples,
    trial_findings,
)
from kg.quads.lay import lay_statements, lay_triples
from kg.quads.names import Names, name_parts
from kg.quads.provenance import RecordGraph, provenance_triples
from kg.quads.registration import dropped_triples, listed_triples, sponsorship_triples
from kg.quads.site import site_triples
from kg.quads.text import Nodes, nodes, quads
from kg.quads.trial import trial_triples
from kg.quads.triples import Derived
from kg.records import Dropped, Trial


def record_quads(
    trial: Trial, extraction: Extraction, lexicon: Lexicon, graph: RecordGraph
) -> list[Quad]:
    """Return all that one record states, each quad once, in the record's own graph.

    Shared nodes (antigens, products, concepts, places, organisations) are only linked. Raises
    LexiconError for an antigen or product that has no row.
    """
    dropped = dropped_fields(trial, extraction)
    names = name_parts(trial, extraction, dropped)
    described = record_nodes(trial, extraction, lexicon, graph, names, dropped)
    return list(quads(described, record_graph(trial.registry, trial.registry_id)))


def record_nodes(
    trial: Trial,
    extraction: Extraction,
    lexicon: Lexicon,
    graph: RecordGraph,
    names: Names,
    dropped: Sequence[Dropped],
) -> Nodes:
    """Return what `record_quads` state of each node, as N-Triples write it.

    `dropped` are the fields that could not be read, and `names` the parts of the trial with them.
    """
    _check_keys(extraction, lexicon)
    derived = merge_claims(_derived(trial, extraction, names))
    lay = lay_statements(trial, extraction, lexicon)
    further = (quote for one in lay for quote in one.evidence)
    quotes = name_quotes(extraction, derived, names.trial, further)
    return nodes(
        chain(
            provenance_triples(graph, record_graph(trial.registry, trial.registry_id), names.trial),
            trial_triples(trial, names.token),
            sponsorship_triples(trial, extraction, names),
            listed_triples(trial, names),
            arm_triples(trial, names),
            intervention_triples(trial, names),
            construct_triples(extraction, names, quotes),
            use_triples(extraction, names),
            condition_triples(trial, extraction, names),
            criterion_triples(extraction, names),
            site_triples(trial, extraction, names, lexicon.gazetteer),
            (one.triple for one in derived),
            mention_triples(extraction, names, quotes),
            lay_triples(lay, names, quotes),
            finding_triples(derived, names, quotes),
            quote_triples(quotes, trial),
            dropped_triples(dropped, names),
        )
    )


def _check_keys(extraction: Extraction, lexicon: Lexicon) -> None:
    for kind, known, used in (
        ("antigens", lexicon.antigens, _antigens(extraction)),
        ("products", lexicon.products, _products(extraction)),
    ):
        for key in used:
            if key not in known:
                raise LexiconError(f"{kind}.tsv has no row {key!r}, which another table names")


def _antigens(extraction: Extraction) -> Iterator[str]:
    for construct in extraction.constructs:
        for claim in (*construct.targets, *construct.spares, *construct.recruits):
            yield claim.value
        yield from (part.antigen for part in construct.components if part.antigen)
    yield from (mention.antigen for mention in extraction.mentions)


def _products(extraction: Extraction) -> Iterator[str]:
    for construct in extraction.constructs:
        if construct.product is not None:
            yield construct.product.value


def _derived(trial: Trial, extraction: Extraction, names: Names) -> Iterator[Derived]:
    yield from construct_findings(extraction, names)
    yield from use_findings(trial, extraction, names)
    yield from condition_findings(extraction, names)
    yield from trial_findings(extraction, names)
