"""Addresses of searches, and of the pages about what they choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from kg.find.selection import Selection, parameters

# Parameters of the page that choose nothing.
VIEW: Final = "view"
PAGE: Final = "page"
ALL_OF: Final = "values"
SHOWN: Final = frozenset({VIEW, PAGE, ALL_OF})

# Facet -> first segment of the addresses of pages about its values.
PLACES: Final[Mapping[str, str]] = {
    "antigen": "antigen",
    "product": "product",
    "condition": "concept",
    "country": "country",
    "city": "city",
    "facility": "facility",
    "sponsor": "organization",
}


def about(facet: str, value: str) -> str | None:
    """Return the address of the page about a value of a facet."""
    place = PLACES.get(facet)
    return f"/{place}/{quote(value)}.html" if place else None


def address(path: str, wanted: Selection, shown: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of a selection."""
    asked = urlencode([*parameters(wanted), *shown])
    return f"{path}?{asked}" if asked else path
