"""A graph as Python users have it, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, overload

import pyoxigraph as ox

from kg.client import rows
from kg.client.wanted import Wanted, parameters
from kg.errors import UsageError
from kg.query.formats import GRAPHS, TABLES
from kg.query.guard import check

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import rdflib

    from kg.client.source import Source
    from kg.find.hits import Hit
    from kg.query.trial import Trial

Text = Literal[
    "json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"
]
Kind = Literal["full", "bipartite", "trials"]


class Graph:
    """A published graph, read-only; a context manager, which `kg.open` makes."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the snapshot or the connection."""
        self._source.close()

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def query(self, sparql: str, as_: None = None) -> list[rows.Row] | bool | rdflib.Graph: ...
    @overload
    def query(self, sparql: str, as_: Literal["pandas"]) -> pd.DataFrame: ...
    @overload
    def query(self, sparql: str, as_: Literal["polars"]) -> pl.DataFrame: ...
    @overload
    def query(self, sparql: str, as_: Literal["arrow"]) -> pa.Table: ...
    @overload
    def query(self, sparql: str, as_: Text) -> str: ...
    def query(self, sparql: str, as_: str | None = None) -> Any:
        """Return the answer of a SPARQL query; the prefixes of the graph need no declaration.

        SELECT gives a list of rows: dictionaries from variable to a Python value (IRIs as text,
        unbound variables as None), or a frame where `as_` is "pandas", "polars" or "arrow"; ASK
        gives a boolean; CONSTRUCT and DESCRIBE an rdflib graph. The name of a format ("json",
        "csv", "turtle", …) gives the answer as text in it. The default graph is the union of all
        graphs.
        """
        if as_ in TABLES or as_ in GRAPHS:
            _check_fit(sparql, str(as_))
            return self._source.text(sparql, str(as_))
        if as_ is not None and as_ not in rows.FRAMES:
            known = ", ".join((*rows.FRAMES, *TABLES, *GRAPHS))
            raise UsageError(f"as_={as_!r} is none of {known}")
        results = self._source.results(sparql)
        if as_ is not None:
            return rows.FRAMES[as_](results)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        if isinstance(results, ox.QueryTriples):
            from kg.client.view import to_graph

            return to_graph(results)
        return rows.read(results)

    def find(self, words: str = "", **wanted: Unpack[Wanted]) -> list[Hit]:
        """Return the trials that have these words and values, the latest updated first.

        Facets and names are those of the search page: keys, labels or synonyms; facets about
        constructs hold of one construct, those about sites of one site. With a place,
        `status="recruiting"` means a site there that is open for enrolment. Raises UsageError for
        a name that means nothing here, and says what is near.
        """
        return self._source.find(parameters(words, wanted))

    def trial(self, registry_id: str, *, registry: str = "clinicaltrials") -> Trial | None:
        """Return one trial with everything that was derived from it, None where it is absent."""
        return self._source.trial(registry, registry_id)

    @property
    def graph(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset: a view that reads from the snapshot.

        Its literals are rdflib's own: plain strings carry no datatype. Its default graph is the
        union; SPARQL given to it runs in the engine of the snapshot.
        """
        return self._source.dataset()

    def to_networkx(self, kind: Kind = "full", **wanted: Unpack[Wanted]) -> nx.MultiDiGraph[str]:
        """Return a network of networkx: of the whole graph, or of what `find` finds.

        "full" has all nodes and edges of the exports, "bipartite" constructs and the antigens that
        they target, "trials" trials with the constructs that they investigate and their targets.
        """
        from kg.export.networks import to_networkx

        with self._source.part(parameters("", wanted)) as part:
            return to_networkx(part.engine, kind)


def _check_fit(sparql: str, format_: str) -> None:
    graph = check(sparql).graph
    fits = GRAPHS if graph else TABLES
    if format_ not in fits:
        what = "a graph" if graph else "a table"
        raise UsageError(f"{format_} cannot hold {what}: choose {', '.join(fits)}")
