"""The address under which a client reached the server, for links in what it is sent."""

from __future__ import annotations

import re

from starlette.requests import Request

from kg.errors import QueryError

# A header that a client writes: names, addresses and a port, and nothing that could be markup.
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def base(request: Request) -> str:
    """Return scheme and host of the request; raises QueryError for a host that is none."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise QueryError(f"the Host header {host[:80]!r} names no host", kind="request")
    return f"{request.url.scheme}://{host}"


def endpoint(request: Request) -> str:
    """Return the address of the SPARQL endpoint."""
    return f"{base(request)}/sparql"
