"""Which graph a request of the Graph Store Protocol means, and the documents that it brings."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import cast
from uuid import uuid4

from pyoxigraph import NamedNode
from starlette.requests import Request

from kg.api.negotiation import MEDIA_TYPES
from kg.api.protocol import base_iri, media_type_of, parameters, single
from kg.errors import QueryError
from kg.iris import USER_GRAPHS
from kg.writing.change import FORMATS

ADDRESS = "/graph-store"
_MOST_PARTS = 100
_MULTIPART = "multipart/form-data"


def named_graph(request: Request) -> str | None:
    """Return the IRI of the graph that is meant, None for the default graph; raises QueryError."""
    fields = parameters(request)
    graph = single(fields, "graph")
    default = single(fields, "default") is not None
    direct = request.url.path.removeprefix(ADDRESS).strip("/") != ""
    if (graph is not None) + default + direct != 1:
        raise QueryError(
            "the request must name one graph",
            kind="request",
            hint="?graph=IRI, ?default, or an address under /graph-store/",
        )
    if default:
        return None
    return _checked(base_iri(request) if graph is None else graph)


def names_graph(request: Request) -> bool:
    """Return whether a request names any graph."""
    given = {name for name, _ in parameters(request)}
    return bool(given & {"graph", "default"}) or request.url.path.strip("/") != ADDRESS.strip("/")


def new_graph(request: Request, *, confined: bool) -> str:
    """Return the IRI of a graph that nobody has named yet."""
    key = uuid4().hex
    return f"{USER_GRAPHS}{key}" if confined else _checked(f"{base_iri(request)}/{key}")


def documents(content_type: str | None, body: bytes) -> list[tuple[str, bytes]]:
    """Return the documents of a body with their formats; a form may bring several."""
    media_type, _ = media_type_of(content_type)
    if media_type != _MULTIPART:
        return [(_format(content_type), body)]
    header = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(header + body)
    parts = cast("list[EmailMessage]", list(message.iter_parts())) if message.is_multipart() else []
    if not 0 < len(parts) <= _MOST_PARTS:
        raise QueryError(
            f"the form must have 1 to {_MOST_PARTS} parts, not {len(parts)}", kind="request"
        )
    return [(_format(part["content-type"]), _payload(part)) for part in parts]


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _format(content_type: str | None) -> str:
    media_type, given = media_type_of(content_type)
    charset = given.get("charset", "utf-8")
    if charset not in {"utf-8", "utf8"}:
        raise QueryError(f"documents must be UTF-8, not {charset[:40]}", kind="media-type")
    for name in FORMATS:
        if media_type in MEDIA_TYPES[name]:
            return name
    raise QueryError(
        f"the media type of a graph cannot be {media_type or 'missing'}",
        kind="media-type",
        hint=f"send {', '.join(MEDIA_TYPES[name][0] for name in FORMATS)}",
    )


def _checked(graph: str) -> str:
    try:
        return NamedNode(graph).value
    except ValueError as error:
        raise QueryError(f"{graph[:200]!r} is no IRI of a graph: {error}", kind="dataset") from None
