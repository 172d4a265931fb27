"""Small graphs in the format that a client likes best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Triple, serialize
from starlette.responses import Response

from kg.api.negotiation import MEDIA_TYPES, content_type
from kg.api.problems import MEDIA_TYPE
from kg.query.formats import GRAPHS
from kg.vocab import PREFIXES

# Extension -> format.
EXTENSIONS: Mapping[str, str] = {
    "ttl": "turtle",
    "nt": "ntriples",
    "jsonld": "jsonld",
    "rdf": "rdfxml",
    "html": "html",
    "json": "json",
}
RDF_OFFERS = ("turtle", "ntriples", "rdfxml", "jsonld")
# What a route that offers these answers, for the OpenAPI document.
RDF_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the description",
        "content": {MEDIA_TYPES[name][0]: {} for name in RDF_OFFERS},
    },
    406: {"description": "no accepted format is offered", "content": {MEDIA_TYPE: {}}},
    503: {"description": "a limit was passed", "content": {MEDIA_TYPE: {}}},
}
EXTENSION_OF = {name: extension for extension, name in EXTENSIONS.items()}


def graph_response(triples: Iterable[Triple], format_: str) -> Response:
    """Return the triples as a response."""
    body = serialize(triples, format=GRAPHS[format_], prefixes=dict(PREFIXES))
    return Response(body, headers={"Content-Type": content_type(format_), "Vary": "Accept"})
