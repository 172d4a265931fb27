"""What values are called, and which value a word of a user means."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import polars as pl
from pyoxigraph import NamedNode

from kg.extract.slug_label import readable_label
from kg.iris import antigen_iri, concept_iri, country_iri, organization_iri, product_iri

_NEAR = 5
# The kind of whose keys the table holds only those that are not called what the key says.
FACILITY: Final = "facility"
_IRIS: Mapping[str, Callable[[str], NamedNode]] = {
    "antigen": antigen_iri,
    "product": product_iri,
    "country": country_iri,
    "organization": organization_iri,
    "concept": concept_iri,
}
_BOOLEAN = {"true": "yes", "false": "no"}


class Labels:
    """Labels and names of the keys of one snapshot."""

    def __init__(self, table: pl.DataFrame) -> None:
        self._labels: dict[tuple[str, str], str] = {}
        self._meant: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.names: dict[tuple[str, str], list[str]] = {}
        for kind, key, label, names in table.iter_rows():
            self._labels[kind, key] = label
            self.names[kind, key] = names
            for name in (key, label, *names):
                self._meant[kind, squeezed(name)].add(key)

    def label(self, kind: str | None, key: str) -> str:
        """Return what a key is called; a key without a label is its own."""
        if kind is None:
            return _BOOLEAN.get(key, key)
        label = self._labels.get((kind, key))
        if label is None and kind == FACILITY:
            return readable_label(key.rpartition("/")[2])
        return key if label is None else label

    def keys(self, kind: str) -> Iterator[str]:
        """Yield the keys of a kind."""
        return (key for known, key in self._labels if known == kind)

    def meant(self, kind: str, name: str) -> set[str]:
        """Return the keys of a kind that go by a name."""
        return self._meant.get((kind, squeezed(name)), set())

    def beginning(self, name: str, most: int) -> list[tuple[str, str, str]]:
        """Return kind, IRI and label of keys of which a name begins so, the shortest name first."""
        wanted = squeezed(name)
        found = sorted(
            (len(one), kind, key)
            for (kind, one), keys in self._meant.items()
            if kind in _IRIS and one.startswith(wanted)
            for key in keys
        )
        made = dict.fromkeys((kind, key) for _, kind, key in found)
        return [
            (kind, _IRIS[kind](key).value, self.label(kind, key)) for kind, key in [*made][:most]
        ]

    def near(self, kind: str, name: str) -> list[str]:
        """Return the keys of a kind with names much like this one, the most alike first."""
        known = [one for other, one in self._meant if other == kind]
        alike = difflib.get_close_matches(squeezed(name), known, n=_NEAR, cutoff=0.6)
        return list(dict.fromkeys(key for one in alike for key in sorted(self._meant[kind, one])))


def squeezed(name: str) -> str:
    """Return a name as names are compared: letters and digits of it in lower case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum()) or folded
