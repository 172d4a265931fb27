"""What the graph holds: classes, properties and what they mean, as its own description tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from kg.errors import UsageError
from kg.iris import void_iri
from kg.query.texts import page_query
from kg.query.triples import curie
from kg.vocab import PREFIXES
from kg.void.numbers import WHOLE

Rows = Sequence[Mapping[str, str]]


def schema_query() -> str:
    """Return the query for classes and properties in use."""
    return page_query("schema", this=void_iri(WHOLE))


class Schema:
    """Classes and properties in use, and the meaning of all terms, by their CURIEs."""

    def __init__(self, used: Rows, defined: Rows) -> None:
        self._classes: dict[str, int] = {}
        self._properties: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for row in used:
            class_, property_ = curie(row["class"]), curie(row["property"])
            self._classes[class_] = int(row["entities"])
            told = self._properties[class_].setdefault(
                property_, {"statements": int(row["triples"]), "leads_to": []}
            )
            if "to" in row and curie(row["to"]) not in told["leads_to"]:
                told["leads_to"].append(curie(row["to"]))
        self._defined = {curie(row["term"]): row for row in defined}
        self._members: dict[str, list[str]] = defaultdict(list)
        for row in defined:
            if "list" in row:
                self._members[curie(row["list"])].append(curie(row["term"]))

    def overview(self) -> dict[str, Any]:
        """Return prefixes, and the classes in use with their counts, the most frequent first."""
        ordered = sorted(self._classes.items(), key=lambda item: (-item[1], item[0]))
        return {
            "prefixes": dict(PREFIXES),
            "classes": [
                {"class": name, "nodes": count, "meaning": self._meaning(name)}
                for name, count in ordered
            ],
        }

    def term(self, name: str) -> dict[str, Any]:
        """Return what a term means and where it is used; raises UsageError for an unknown one."""
        known = {*self._classes, *self._defined, *self._used()}
        short = curie(name.strip("<>"))
        found = next((one for one in (short, f"tkg:{short}") if one in known), None)
        if found is None:
            near = get_close_matches(short, sorted(known), n=5, cutoff=0.5)
            raise UsageError(f"{name!r} is no term here; near: {', '.join(near) or 'nothing'}")
        told: dict[str, Any] = {"term": found, "meaning": self._meaning(found)}
        if found in self._classes:
            told["nodes"] = self._classes[found]
            told["properties"] = {
                one: {**facts, "leads_to": sorted(facts["leads_to"])}
                for one, facts in sorted(self._properties[found].items())
            }
        if found in self._members:
            told["members"] = sorted(set(self._members[found]))
        users = sorted(one for one, facts in self._properties.items() if found in facts)
        return {**told, "used_on": users} if users else told

    def _used(self) -> set[str]:
        return {one for facts in self._properties.values() for one in facts}

    def _meaning(self, name: str) -> str:
        row = self._defined.get(name, {})
        return ": ".join(one for one in (row.get("label"), row.get("definition")) if one)
