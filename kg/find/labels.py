"""What values are called, and which value a word of a user means."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from kg.errors import UsageError
from kg.find.facets import FACETS

_NEAR = 5


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
        return key if kind is None else self._labels.get((kind, key), key)

    def keys(self, kind: str) -> Iterator[str]:
        """Yield the keys of a kind."""
        return (key for known, key in self._labels if known == kind)

    def meant(self, facet: str, name: str) -> set[str]:
        """Return the values of a facet that go by a name; a key means itself."""
        kind = FACETS[facet].kind
        if kind is None or (kind, name) in self._labels:
            return {name}
        return self._meant.get((kind, squeezed(name)), set())

    def resolve(self, facet: str, name: str) -> str:
        """Return the value of a facet that a name means.

        Raises UsageError for a name that means none, or several, and says what is near.
        """
        found = self.meant(facet, name)
        if len(found) == 1:
            return found.pop()
        kind = FACETS[facet].kind or ""
        if found:
            shown = ", ".join(f"{key} ({self.label(kind, key)})" for key in sorted(found))
            raise UsageError(f"{facet} {name!r} means several: {shown}")
        known = [known for one, known in self._meant if one == kind]
        near = difflib.get_close_matches(squeezed(name), known, n=_NEAR, cutoff=0.6)
        keys = dict.fromkeys(key for one in near for key in sorted(self._meant[kind, one]))
        hint = ", ".join(f"{key} ({self.label(kind, key)})" for key in keys) or "nothing like it"
        raise UsageError(f"{facet} {name!r} is unknown here; near: {hint}")


def squeezed(name: str) -> str:
    """Return a name as names are compared: letters and digits of it in lower case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum()) or folded
