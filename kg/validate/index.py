"""The triples of one graph in the two orders that pyshacl asks for.

rdflib's own store keeps contexts and sends events for every triple: filling and reading it takes
longer than all the rest of a validation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rdflib.graph import Graph
from rdflib.store import Store
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


class Index(Store):
    """A store of one graph; it calls itself aware of contexts because pyshacl insists on that."""

    context_aware = True
    graph_aware = True

    def __init__(self) -> None:
        super().__init__()
        self._by_subject: dict[Node, dict[Node, dict[Node, None]]] = {}
        self._by_predicate: dict[Node, dict[Node, dict[Node, None]]] = {}
        self._size = 0

    def add(
        self,
        triple: Triple,
        context: object = None,  # noqa: ARG002 - rdflib names it
        quoted: bool = False,  # noqa: ARG002
    ) -> None:
        """Add a triple, whatever the context."""
        subject, predicate, value = triple
        values = self._by_subject.setdefault(subject, {}).setdefault(predicate, {})
        if value not in values:
            values[value] = None
            self._by_predicate.setdefault(predicate, {}).setdefault(value, {})[subject] = None
            self._size += 1

    def triples(
        self,
        triple_pattern: tuple[Any, Any, Any],
        context: object = None,  # noqa: ARG002 - rdflib names it
    ) -> Iterator[tuple[Triple, Iterator[Graph]]]:
        """Yield the triples of a pattern, None standing for anything."""
        for triple in self._matching(*triple_pattern):
            yield triple, iter(())

    def __len__(self, context: object = None) -> int:
        """Return the number of triples."""
        return self._size

    def _matching(
        self, subject: Node | None, predicate: Node | None, value: Node | None
    ) -> Iterator[Triple]:
        if subject is not None:
            yield from self._of_subject(subject, predicate, value)
        elif predicate is not None:
            by_value = self._by_predicate.get(predicate, {})
            for one in list(by_value) if value is None else (value,):
                for found in list(by_value.get(one, ())):
                    yield found, predicate, one
        else:
            for found in list(self._by_subject):
                yield from self._of_subject(found, None, value)

    def _of_subject(
        self, subject: Node, predicate: Node | None, value: Node | None
    ) -> Iterator[Triple]:
        by_predicate = self._by_subject.get(subject, {})
        for one in list(by_predicate) if predicate is None else (predicate,):
            values = by_predicate.get(one, {})
            if value is None:
                for found in list(values):
                    yield subject, one, found
            elif value in values:
                yield subject, one, value
