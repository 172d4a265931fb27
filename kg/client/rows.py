"""Answers of SELECT as rows of Python values, and as frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from kg.errors import UsageError
from kg.query.triples import Plain, plain

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Row: TypeAlias = "dict[str, Plain | None]"
Results: TypeAlias = "ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples"


def answered(body: bytes, *, graph: bool) -> Results:
    """Return an answer that came as bytes: a graph as N-Triples, all else as JSON."""
    if not graph:
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    answer = ox.Store()
    answer.load(body, ox.RdfFormat.N_TRIPLES)
    return answer.query("CONSTRUCT WHERE { ?s ?p ?o }")


def read(results: ox.QuerySolutions) -> list[Row]:
    """Return the rows; an unbound variable is None, a blank node its label."""
    names = [variable.value for variable in results.variables]
    return [{name: _value(row[name]) for name in names} for row in results]


def _value(term: object) -> Plain | None:
    if isinstance(term, ox.Literal):
        return plain(term)
    if isinstance(term, ox.NamedNode):
        return term.value
    return None if term is None else str(term)


def _columns(results: Results) -> dict[str, list[Plain | None]]:
    if not isinstance(results, ox.QuerySolutions):
        raise UsageError("only the answer of a SELECT query fits into a frame")
    names = [variable.value for variable in results.variables]
    columns: dict[str, list[Plain | None]] = {name: [] for name in names}
    for row in results:
        for name in names:
            columns[name].append(_value(row[name]))
    return columns


def _pandas(results: Results) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError('pandas is not installed: pip install "trialkg[pandas]"') from error
    return pd.DataFrame(_columns(results))


def _polars(results: Results) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(_columns(results), strict=False)


def _arrow(results: Results) -> pa.Table:
    try:
        import pyarrow as pa  # noqa: F401 - polars needs it for a table
    except ImportError as error:
        raise UsageError('pyarrow is not installed: pip install "trialkg[arrow]"') from error
    return _polars(results).to_arrow()


FRAMES: Mapping[str, Callable[[Results], Any]] = {
    "pandas": _pandas,
    "polars": _polars,
    "arrow": _arrow,
}
