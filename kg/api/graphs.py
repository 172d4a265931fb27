"""Small graphs in the format that a client likes best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Triple, serialize
from starlette.responses import Response

from kg.api.negotiation import content_type
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
EXTENSION_OF = {name: extension for extension, name in EXTENSIONS.items()}


def graph_response(triples: Iterable[Triple], format_: str) -> Response:
    """Return the triples as a response."""
    body = serialize(triples, format=GRAPHS[format_], prefixes=dict(PREFIXES))
    return Response(body, headers={"Content-Type": content_type(format_), "Vary": "Accept"})
