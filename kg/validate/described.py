"""What a graph says of each of its nodes, as checks look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from rdflib import RDF

from kg.validate.tokens import Token, TripleTokens, rdflib_token

Values = Sequence[Token]
Properties = Mapping[Token, Values]

TYPE = rdflib_token(RDF.type)
_NONE: frozenset[Token] | set[Token] = frozenset()


class Described(dict[Token, dict[Token, list[Token]]]):
    """What a graph says: the values of each property of each node, each value once."""

    def __init__(self, triples: Iterable[TripleTokens]) -> None:
        """Read triples of which each comes once."""
        super().__init__()
        for subject, predicate, value in triples:
            properties = self.get(subject)
            if properties is None:
                properties = self[subject] = {}
            values = properties.get(predicate)
            if values is None:
                properties[predicate] = [value]
            else:
                values.append(value)
        self._backwards: dict[Token, dict[Token, list[Token]]] = {}
        self._instances: dict[Token, set[Token]] | None = None

    @classmethod
    def of(cls, nodes: Mapping[Token, dict[Token, list[Token]]]) -> Self:
        """Return what is said of these nodes, each value once."""
        described = cls(())
        described.update(nodes)
        return described

    def backwards(self, name: Token) -> Mapping[Token, Values]:
        """Return by value the nodes that have it for a property."""
        if name not in self._backwards:
            found = self._backwards[name] = dict[Token, list[Token]]()
            for node, properties in self.items():
                for value in properties.get(name, ()):
                    found.setdefault(value, []).append(node)
        return self._backwards[name]

    def instances(self, name: Token) -> frozenset[Token] | set[Token]:
        """Return the nodes of a class."""
        if self._instances is None:
            self._instances = {}
            for node, properties in self.items():
                for one in properties.get(TYPE, ()):
                    self._instances.setdefault(one, set()).add(node)
        return self._instances.get(name, _NONE)
