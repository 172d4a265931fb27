"""A graph behind a server: the same answers over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import pyoxigraph as ox

from kg.client.rows import Results, answered
from kg.client.source import Parameters
from kg.errors import QueryError, QueryTimeout, StoreError, UsageError
from kg.find.hits import Hit
from kg.query.guard import check
from kg.query.trial import Trial
from kg.store import Store

if TYPE_CHECKING:
    import httpx
    import rdflib

# So long a server may say nothing, beside what a query may take.
_SECONDS = 120.0
_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_NOT_FOUND, _TOO_MANY, _UNAVAILABLE = 404, 429, 503
_SIZE = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


class _Found(msgspec.Struct):
    trials: list[Hit]


class _Problem(msgspec.Struct):
    """What a server says of an error: RFC 9457, with the place in the query."""

    type: str = ""
    title: str = ""
    detail: str = ""
    line: int | None = None
    column: int | None = None
    offset: int | None = None
    token: str | None = None
    hint: str | None = None


class Remote:
    """A server that `trialkg serve` runs, spoken to over one client of httpx."""

    def __init__(self, address: str, timeout: float | None = None) -> None:
        import httpx

        self._deadline = {} if timeout is None else {"timeout": str(timeout)}
        self._errors = httpx.HTTPError
        self._address = address.rstrip("/")
        self._http = httpx.Client(timeout=_SECONDS + (timeout or 0), follow_redirects=True)

    def __len__(self) -> int:
        rows = answered(self._query(_SIZE, "json", {}), graph=False)
        assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - the answer of a SELECT
        return int(next(rows)["n"].value)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def results(self, sparql: str) -> Results:
        """Return the answer of a query."""
        graph = check(sparql).graph
        body = self._query(sparql, "ntriples" if graph else "json", self._deadline)
        return answered(body, graph=graph)

    def text(self, sparql: str, format_: str) -> str:
        """Return the answer of a query in a format."""
        check(sparql)
        return self._query(sparql, format_, self._deadline).decode()

    def trial(self, registry: str, registry_id: str) -> Trial | None:
        """Return one trial."""
        answer = self._ask("GET", f"/trial/{registry}/{registry_id}.json", missing=True)
        return None if answer is None else msgspec.json.decode(answer, type=Trial)

    def find(self, asked: Parameters) -> list[Hit]:
        """Return the trials that the parameters of a search mean, the latest updated first."""
        answer = self._ask("GET", "/trials.json", params=list(asked))
        return msgspec.json.decode(answer or b"", type=_Found).trials

    @contextmanager
    def part(self, asked: Parameters) -> Iterator[Store]:
        """Yield a store with these trials and what they lead to, everything without parameters."""
        nquads = self._ask("GET", "/export/nquads", params=list(asked)) or b""
        with Store.in_memory() as part:
            part.engine.bulk_load(nquads, ox.RdfFormat.N_QUADS)
            yield part

    def dataset(self) -> rdflib.Dataset:
        """Refuse: a view of rdflib reads a folder."""
        raise UsageError(
            "rdflib cannot read a server triple by triple: ask it with query(), whose CONSTRUCT "
            "gives an rdflib graph, or open a data folder"
        )

    def _query(self, sparql: str, format_: str, deadline: Mapping[str, str]) -> bytes:
        sent = {"query": sparql, "format": format_, **deadline}
        return self._ask("POST", "/sparql", data=sent) or b""

    def _ask(self, method: str, path: str, *, missing: bool = False, **sent: Any) -> bytes | None:  # noqa: ANN401 - as httpx takes it
        """Return the body of an answer, None where there is nothing of that name.

        A server that asks to come again later is asked again, as late as it says.
        """
        for attempt in range(_ATTEMPTS):
            response = self._send(method, path, sent)
            wait = _wait(response) if attempt + 1 < _ATTEMPTS else None
            if wait is None:
                break
            time.sleep(wait)
        if response.status_code == _NOT_FOUND and missing:
            return None
        if response.is_error:
            self._raise(response)
        return response.content

    def _send(self, method: str, path: str, sent: Mapping[str, Any]) -> httpx.Response:
        try:
            return self._http.request(method, self._address + path, **sent)
        except self._errors as error:
            # Also an answer that broke off: a part is never taken for the whole.
            raise StoreError(f"{self._address}{path}: {error or type(error).__name__}") from error

    def _raise(self, response: httpx.Response) -> NoReturn:
        try:
            told = msgspec.json.decode(response.content, type=_Problem)
        except msgspec.MsgspecError:
            raise StoreError(
                f"{response.request.url} answered {response.status_code}: is this a trialkg server?"
            ) from None
        kind = told.type.rpartition("/")[2]
        if kind in {"invalid", "format"}:
            raise UsageError(told.detail)
        raise (QueryTimeout if kind == "timeout" else QueryError)(
            told.detail or told.title,
            kind=kind,
            line=told.line,
            column=told.column,
            offset=told.offset,
            token=told.token,
            hint=told.hint,
        )


def _wait(response: httpx.Response) -> float | None:
    if response.status_code not in {_TOO_MANY, _UNAVAILABLE}:
        return None
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdigit() and float(told) <= _LONGEST_WAIT else None
