"""The seed question: which DLL3-targeting NK therapies recruit in China, and what says so."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.records import Record
from kg.store import Store
from kg.vocab import PREFIXES

QUESTION = "DLL3-targeting NK therapies recruiting in China"

SEED = """
SELECT DISTINCT ?trial ?id ?construct ?label WHERE {
  ?trial tkg:registryId ?id ; tkg:investigates ?construct ;
         tkg:site [ tkg:country country:CN ; tkg:openForEnrolment true ] .
  ?construct a tkg:NKCellTherapy ; tkg:targets antigen:DLL3 ; rdfs:label ?label .
} ORDER BY ?id ?label
"""
_TITLE = "SELECT ?trial ?value WHERE { ?trial tkg:briefTitle ?value }"
_ABRIDGED = "SELECT ?trial ?value WHERE { ?trial tkg:abridged ?value }"
_ANTIGENS = (
    "SELECT ?construct ?value WHERE { ?construct tkg:targets/rdfs:label ?value } ORDER BY ?value"
)
_SITES = """
SELECT DISTINCT ?trial ?value WHERE {
  ?trial tkg:site ?site . ?site tkg:country country:CN ; tkg:openForEnrolment true .
  OPTIONAL { ?site tkg:facility/rdfs:label ?facility } OPTIONAL { ?site tkg:asListed ?listed }
  OPTIONAL { ?site tkg:city/rdfs:label ?city }
  BIND(CONCAT(COALESCE(?listed, ?facility, "facility not stated"), ", ",
              COALESCE(?city, "city not stated")) AS ?value)
} ORDER BY ?value
"""
_QUOTES = """
SELECT DISTINCT ?construct ?value WHERE {
  ?finding rdf:subject ?construct ; rdf:predicate tkg:targets ; rdf:object antigen:DLL3 ;
           tkg:evidence ?quote .
  ?quote oa:exact ?exact ; tkg:field ?field ; oa:start ?start .
  OPTIONAL { ?quote oa:prefix ?before } OPTIONAL { ?quote oa:suffix ?behind }
  BIND(CONCAT(COALESCE(?before, ""), "[", ?exact, "]", COALESCE(?behind, ""),
              " (", REPLACE(?field, "^.*Module/", ""), ")") AS ?value)
} ORDER BY DESC(STRLEN(?exact)) ?field ?start
"""
_FLAGS = "SELECT ?trial ?value WHERE { ?trial tkg:recordFlag/rdfs:label ?value } ORDER BY ?value"


class Answer(Record, frozen=True):
    """One row of the answer: a construct in a trial."""

    trial: str
    title: str
    construct: str
    antigens: tuple[str, ...]
    sites: tuple[str, ...]
    evidence: tuple[str, ...]
    flags: tuple[str, ...]
    abridged: bool


def answers(store: Store) -> Iterator[Answer]:
    """Yield the rows of the seed query over a snapshot, each with its details."""
    for row in _select(store, SEED):
        trial, construct = row["trial"], row["construct"]
        yield Answer(
            trial=row["id"].value,
            title="".join(_values(store, _TITLE, trial=trial)),
            construct=row["label"].value,
            antigens=_values(store, _ANTIGENS, construct=construct),
            sites=_values(store, _SITES, trial=trial),
            evidence=_values(store, _QUOTES, construct=construct),
            flags=_values(store, _FLAGS, trial=trial),
            abridged="true" in _values(store, _ABRIDGED, trial=trial),
        )


def _values(store: Store, query: str, **bound: ox.NamedNode) -> tuple[str, ...]:
    return tuple(row["value"].value for row in _select(store, query, **bound))


def _select(store: Store, query: str, **bound: ox.NamedNode) -> ox.QuerySolutions:
    found = store.engine.query(
        query,
        prefixes=dict(PREFIXES),
        use_default_graph_as_union=True,
        substitutions={ox.Variable(name): node for name, node in bound.items()},
    )
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - all queries above are SELECT
    return found
