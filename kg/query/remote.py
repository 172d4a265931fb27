"""The process that asks another endpoint: `python -m kg.query.remote`, killed at the deadline.

It connects to the address that the operator has listed and to no other: redirects and proxies are
not followed, and a name that leads into a private network is not followed there, unless the address
itself is listed. It reads so many bytes and rows, and returns terms that it has made anew.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from kg.query.sandbox import confine

_FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
}
_HEADERS = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.9",
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "trialkg",
}
_SECONDS = 60.0


class _Failure(Exception):  # noqa: N818 - never leaves this module
    pass


def values(job: dict[str, Any]) -> str:
    """Return the solutions of a query at an endpoint as VALUES of SPARQL."""
    body, media_type = _fetched(job["endpoint"], job["query"], job["bytes"])
    format_ = _FORMATS.get(media_type)
    if format_ is None:
        raise _Failure(f"it answers {media_type[:80] or 'without a media type'}")
    results = ox.parse_query_results(body, format=format_)
    if isinstance(results, ox.QueryBoolean):
        return "{}" if results else "VALUES () {}"
    names = " ".join(str(ox.Variable(variable.value)) for variable in results.variables)
    rows = " ".join(f"({' '.join(row)})" for row in _rows(results, job["rows"]))
    return f"VALUES ({names}) {{ {rows} }}"


def _rows(results: ox.QuerySolutions, most: int) -> Iterator[list[str]]:
    for number, solution in enumerate(results):
        if number >= most:
            raise _Failure(f"it has more than {most:,} solutions: ask for less")
        yield [_written(term) for term in solution]


def _written(term: object) -> str:
    """Return a term as SPARQL; made anew, for what was read may break out of its brackets."""
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.NamedNode):
        return str(ox.NamedNode(term.value))
    if not isinstance(term, ox.Literal):
        raise _Failure("it answers with blank nodes or quoted triples, which cannot be joined")
    if term.language is not None:
        return str(ox.Literal(term.value, language=term.language, direction=term.direction))
    return str(ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value)))


def _fetched(endpoint: str, query: str, most: int) -> tuple[bytes, str]:
    address = urlsplit(endpoint)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    connection = _connected(address.scheme, address.hostname or "", address.port)
    connection.request("POST", path, urlencode({"query": query}), _HEADERS)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        raise _Failure(f"it answers with status {answer.status}")
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise _Failure("its answer is compressed, which was not asked for")
    body = answer.read(most + 1)
    if len(body) > most:
        raise _Failure(f"its answer has more than {most:,} bytes: ask for less")
    return body, (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()


def _connected(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    port = port or (443 if scheme == "https" else 80)
    family, address = _resolved(host, port)
    plain = socket.socket(family, socket.SOCK_STREAM)
    plain.settimeout(_SECONDS)
    plain.connect(address)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = plain
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    return connection


def _resolved(host: str, port: int) -> tuple[int, Any]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not _is_address(host):
        private = [one for one in found if not ip_address(one[4][0]).is_global]
        if private:
            raise _Failure("its name leads into a private network: list its address instead")
    return found[0][0], found[0][4]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def main() -> None:
    """Read a job from standard input and write what came of it to standard output."""
    job = json.load(sys.stdin.buffer)
    confine(job["memory"], calling=True)
    try:
        told = {"values": values(job)}
    except _Failure as failure:
        told = {"failure": str(failure)}
    except (OSError, http.client.HTTPException) as error:
        told = {"failure": f"it cannot be reached: {type(error).__name__}"}
    except (SyntaxError, ValueError) as error:
        told = {"failure": f"its answer cannot be read: {str(error)[:200]}"}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
