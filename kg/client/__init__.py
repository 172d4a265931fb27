"""The graph from Python: `kg.open(path)`.

Queries run in the calling process on a published snapshot, which nothing writes to; SERVICE and
updates are refused. For queries of strangers there is `trialkg serve`, which bounds them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, cast, overload

import pyoxigraph as ox

from kg.client import rows
from kg.errors import QueryError, UsageError
from kg.publish import current_snapshot
from kg.query.diagnosis import syntax_error
from kg.query.formats import ABBREVIATING, GRAPHS, TABLES
from kg.query.guard import check
from kg.query.reading import read_trial, trial_dataset
from kg.query.texts import page_query
from kg.query.trial import Trial
from kg.store import Store
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import rdflib

__all__ = ["Graph", "Trial", "open"]

Text = Literal[
    "json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"
]


def open(path: str | Path) -> Graph:  # noqa: A001 - kg.open, as in gzip.open
    """Open the published graph of a data folder, or one snapshot, for reading.

    The snapshot of this moment stays open; open again to see a later build.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; `trialkg build --data {folder}` makes one")
    published = (folder / "current").is_file() or (folder / "snapshots").is_dir()
    return Graph(Store.read_only(current_snapshot(folder) if published else folder))


class Graph:
    """A published graph, read-only; a context manager, which `kg.open` makes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the snapshot."""
        self._store.close()

    def __len__(self) -> int:
        return len(self._store.engine)

    @overload
    def query(self, sparql: str, as_: None = None) -> list[rows.Row] | bool | rdflib.Graph: ...
    @overload
    def query(self, sparql: str, as_: Literal["pandas"]) -> pd.DataFrame: ...
    @overload
    def query(self, sparql: str, as_: Literal["polars"]) -> pl.DataFrame: ...
    @overload
    def query(self, sparql: str, as_: Text) -> str: ...
    def query(self, sparql: str, as_: str | None = None) -> Any:
        """Return the answer of a SPARQL query; the prefixes of the graph need no declaration.

        SELECT gives a list of rows: dictionaries from variable to a Python value (IRIs as text,
        unbound variables as None), or a frame where `as_` is "pandas" or "polars"; ASK gives a
        boolean; CONSTRUCT and DESCRIBE an rdflib graph. The name of a format ("json", "csv",
        "turtle", …) gives the answer as text in it. The default graph is the union of all graphs.
        """
        results = self._run(sparql)
        if as_ is not None:
            return _as(results, as_)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        if isinstance(results, ox.QueryTriples):
            from kg.client.view import to_graph

            return to_graph(results)
        return rows.read(results)

    def trial(self, registry_id: str, *, registry: str = "clinicaltrials") -> Trial | None:
        """Return one trial with everything that was derived from it, None where it is absent."""
        default, named = trial_dataset(registry, registry_id)
        results = self._store.engine.query(
            page_query("trial"),
            prefixes=dict(PREFIXES),
            default_graph=[ox.NamedNode(iri) for iri in default],
            named_graphs=[ox.NamedNode(iri) for iri in named],
        )
        return read_trial(cast("ox.QueryTriples", results), registry, registry_id)

    @property
    def graph(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset: a view that reads from the snapshot.

        Its literals are rdflib's own: plain strings carry no datatype. Its default graph is the
        union; SPARQL given to it runs in the engine of the snapshot.
        """
        from kg.client.view import dataset

        return dataset(self._store.engine)

    def to_networkx(self, kind: str = "full") -> nx.MultiDiGraph[str]:
        """Return the graph as a network of networkx; `kind` is "full" or "bipartite"."""
        from kg.export.networks import to_networkx

        return to_networkx(self._store.engine, kind)

    def _run(self, sparql: str) -> rows.Results:
        form = check(sparql)
        try:
            return self._store.engine.query(
                sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=not form.dataset
            )
        except SyntaxError as error:
            raise syntax_error(sparql, str(error), PREFIXES) from None
        except (OSError, RuntimeError) as error:
            raise QueryError(str(error), kind="evaluation") from error


def _as(results: rows.Results, as_: str) -> Any:  # noqa: ANN401 - a frame, or text
    if as_ in rows.FRAMES:
        return rows.FRAMES[as_](results)
    if as_ in TABLES or as_ in GRAPHS:
        return _written(results, as_)
    known = ", ".join((*rows.FRAMES, *TABLES, *GRAPHS))
    raise UsageError(f"as_={as_!r} is none of {known}")


def _written(results: rows.Results, format_: str) -> str:
    if isinstance(results, ox.QueryTriples):
        if format_ not in GRAPHS:
            raise UsageError(f"{format_} cannot hold a graph: choose {', '.join(GRAPHS)}")
        prefixes = dict(PREFIXES) if format_ in ABBREVIATING else None
        written = ox.serialize(results, format=GRAPHS[format_], prefixes=prefixes)
    else:
        if format_ not in TABLES:
            raise UsageError(f"{format_} cannot hold a table: choose {', '.join(TABLES)}")
        written = results.serialize(format=TABLES[format_])
    return (written or b"").decode()
