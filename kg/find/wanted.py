"""What is asked for in the names that people use, as a selection of keys."""

from __future__ import annotations

from collections.abc import Iterable

from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.selection import BOTH, Selection, read_selection


def read_wanted(catalogue: Catalogue, parameters: Iterable[tuple[str, str]]) -> Selection:
    """Return the selection that parameters mean whose values are keys, labels or synonyms.

    Raises UsageError for a name that means no value, or several, and says what is near.
    """
    return read_selection([(name, _key(catalogue, name, value)) for name, value in parameters])


def _key(catalogue: Catalogue, name: str, value: str) -> str:
    facet = "antigen" if name == BOTH else name
    return catalogue.resolve(facet, value) if value and facet in FACETS else value
