"""Which format an answer has: `?format=` first, then the qualities of the Accept header.

Media types: SPARQL 1.1 Protocol section 2.1.6; qualities: RFC 9110 section 12.5.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kg.errors import QueryError
from kg.query.form import Form
from kg.query.job import GRAPH_FORMATS, TABLE_FORMATS

# Format -> media types that ask for it, the one that is sent first.
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle", "application/x-turtle"),
    "ntriples": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
    "jsonld": ("application/ld+json", "application/json"),
    "trig": ("application/trig",),
    "nquads": ("application/n-quads",),
    "html": ("text/html", "application/xhtml+xml"),
}
ALIASES: Mapping[str, str] = {
    "ttl": "turtle",
    "nt": "ntriples",
    "rdf": "rdfxml",
    "json-ld": "jsonld",
    "nq": "nquads",
}
_CHARSET = frozenset({"csv", "tsv", "turtle"})
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def content_type(name: str) -> str:
    """Return the Content-Type of a format."""
    media_type = MEDIA_TYPES[name][0]
    return f"{media_type}; charset=utf-8" if name in _CHARSET else media_type


def negotiate(form: Form, accept: str | None, asked: str | None) -> str:
    """Return the format of the answer to a query; raises QueryError where none fits."""
    offers = GRAPH_FORMATS if form.graph else TABLE_FORMATS
    if asked is not None:
        return _named(asked, offers, form)
    chosen = best(accept, offers)
    if chosen is None:
        listed = ", ".join(MEDIA_TYPES[name][0] for name in offers)
        raise QueryError(
            f"nothing in Accept can hold the answer of {form.name or 'a query'}",
            kind="format",
            hint=f"accept one of {listed}",
        )
    return chosen


def _named(asked: str, offers: Sequence[str], form: Form) -> str:
    lowered = asked.strip().lower()
    name = ALIASES.get(lowered, lowered)
    if name in offers:
        return name
    for offer in offers:
        if lowered in MEDIA_TYPES[offer]:
            return offer
    raise QueryError(
        f"format {asked[:80]!r} cannot hold the answer of {form.name or 'a query'}",
        kind="format",
        hint=f"choose one of {', '.join(offers)}",
    )


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that the header likes best, on a tie the earlier one; None if none fits."""
    ranges = _ranges(accept) if accept is not None and accept.strip() else [("*/*", 1.0)]
    scored = [(_liking(MEDIA_TYPES[offer], ranges), -place) for place, offer in enumerate(offers)]
    quality, place = max(scored)
    return offers[-place] if quality > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not media_range:
            continue
        quality = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
        # A quality that cannot be read says nothing; the range itself was named.
        found.append((media_range, float(quality) if _QUALITY.fullmatch(quality) else 1.0))
    return found


def _liking(media_types: tuple[str, ...], ranges: list[tuple[str, float]]) -> float:
    sent, *others = media_types
    # Only what is sent is within a wildcard; another name of it has to be asked for in full.
    named = (_quality((other,), ranges) for other in others)
    return max(_quality((sent, sent.partition("/")[0] + "/*", "*/*"), ranges), *named, 0.0)


def _quality(wanted: tuple[str, ...], ranges: list[tuple[str, float]]) -> float:
    # The most specific range decides, even with a lower quality.
    for one in wanted:
        qualities = [quality for media_range, quality in ranges if media_range == one]
        if qualities:
            return max(qualities)
    return 0.0
