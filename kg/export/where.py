"""Which trials are wanted: facets as on the search page, or a query that names them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import UsageError
from kg.export.subset import Key
from kg.find.catalogue import Catalogue
from kg.find.selection import Selection
from kg.find.wanted import read_wanted
from kg.iris import iri_keys
from kg.query.job import job
from kg.query.limits import Limits
from kg.query.run import run
from kg.vocab import PREFIXES

_VARIABLE = "trial"


def chosen_trials(snapshot: Path, where: Iterable[str], limits: Limits) -> list[Key]:
    """Return registry and id of the trials that are wanted, sorted.

    `where` is either facets ("antigen=DLL3", "effector=NK cell"), values by key, label or synonym,
    or one SELECT query that returns ?trial. Raises UsageError for what cannot be meant.
    """
    given = [one.strip() for one in where if one.strip()]
    if len(given) == 1 and "{" in given[0]:
        return _by_query(snapshot, given[0], limits)
    catalogue = Catalogue(snapshot)
    pairs = [_pair(one) for one in given]
    return found_trials(catalogue, read_wanted(catalogue, pairs))


def found_trials(catalogue: Catalogue, wanted: Selection) -> list[Key]:
    """Return registry and id of the trials of a selection, sorted."""
    found = catalogue.trials.filter(catalogue.find(wanted))
    return sorted(found.select("registry", "registry_id").iter_rows())


def _pair(one: str) -> tuple[str, str]:
    name, equals, value = one.partition("=")
    if not equals:
        raise UsageError(f"--where {one!r} is neither FACET=VALUE nor a SELECT query with ?trial")
    return name.strip(), value.strip()


def _by_query(snapshot: Path, query: str, limits: Limits) -> list[Key]:
    answer = bytearray()
    run(snapshot, job(query, "json"), PREFIXES, limits, answer.extend)
    told = json.loads(answer)
    if _VARIABLE not in told["head"].get("vars", ()):
        raise UsageError(f"the query of --where has to return ?{_VARIABLE}")
    rows = told["results"]["bindings"]
    return sorted({_key(row[_VARIABLE]["value"]) for row in rows if _VARIABLE in row})


def _key(iri: str) -> Key:
    match iri_keys(NamedNode(iri)):
        case ("trial", registry, registry_id):
            return registry, registry_id
        case _:
            raise UsageError(f"?{_VARIABLE} of --where is {iri}, which is no trial")
