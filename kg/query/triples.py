"""A small set of triples in memory, asked for the values of a node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.records import Record
from kg.vocab import PREFIXES, RDFS, XSD

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal | Triple
Plain = str | int | float | bool | Decimal | dt.date | dt.datetime


class Named(Record, frozen=True):
    """A thing that has an IRI: `curie` is that in short, `label` what people call it."""

    iri: str
    curie: str
    label: str


class Triples:
    """Triples by subject and predicate; values in a fixed order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._index: dict[str, dict[NamedNode, list[Value]]] = {}
        before: object = None
        by_name: dict[NamedNode, list[Value]] = {}
        for subject, predicate, value in triples:
            # What is read from a store comes subject by subject.
            if subject != before:
                before = subject
                by_name = (
                    self._index.setdefault(subject.value, {})
                    if isinstance(subject, NamedNode)
                    else {}
                )
            by_name.setdefault(predicate, []).append(value)
        for names in self._index.values():
            for name, values in names.items():
                if len(values) > 1:
                    names[name] = sorted(set(values), key=str)
        self._subjects: dict[NamedNode, dict[Value, list[str]]] = {}
        self._named: dict[str, Named] = {}

    def predicates(self, subject: str) -> list[str]:
        """Return the IRIs of the properties that a node has."""
        return sorted(name.value for name in self._index.get(subject, {}))

    def values(self, subject: str, predicate: NamedNode) -> list[Value]:
        """Return all values of a property."""
        by_name = self._index.get(subject)
        return [] if by_name is None else by_name.get(predicate, [])

    def nodes(self, subject: str, predicate: NamedNode) -> list[str]:
        """Return the IRIs among the values of a property."""
        return [v.value for v in self.values(subject, predicate) if isinstance(v, NamedNode)]

    def texts(self, subject: str, predicate: NamedNode) -> tuple[str, ...]:
        """Return the literals among the values of a property, as text."""
        values = self.values(subject, predicate)
        return tuple(v.value for v in values if isinstance(v, Literal))

    def text(self, subject: str, predicate: NamedNode) -> str | None:
        """Return the first literal of a property."""
        for value in self.values(subject, predicate):
            if isinstance(value, Literal):
                return value.value
        return None

    def plain(self, subject: str, predicate: NamedNode) -> Plain | None:
        """Return the first literal of a property as a Python value."""
        values = self.values(subject, predicate)
        return next((plain(v) for v in values if isinstance(v, Literal)), None)

    def date(self, subject: str, predicate: NamedNode) -> dt.date | None:
        """Return the first literal of a property if it is a date."""
        value = self.plain(subject, predicate)
        return value if isinstance(value, dt.date) else None

    def number(self, subject: str, predicate: NamedNode) -> float | None:
        """Return the first literal of a property if it is a number."""
        value = self.plain(subject, predicate)
        return float(value) if isinstance(value, Decimal | float | int) else None

    def named(self, subject: str, predicate: NamedNode) -> tuple[Named, ...]:
        """Return what a property links to, with labels."""
        return tuple(self.name(iri) for iri in self.nodes(subject, predicate))

    def one(self, subject: str, predicate: NamedNode) -> Named | None:
        """Return the first thing that a property links to."""
        for value in self.values(subject, predicate):
            if isinstance(value, NamedNode):
                return self.name(value.value)
        return None

    def name(self, iri: str) -> Named:
        """Return a node with its label, or where it has none with the end of its IRI."""
        known = self._named.get(iri)
        if known is None:
            short = curie(iri)
            label = self.text(iri, RDFS.label) or short.rpartition(":")[2]
            known = self._named[iri] = Named(iri=iri, curie=short, label=label)
        return known

    def subjects(self, predicate: NamedNode, value: NamedNode) -> list[str]:
        """Return the subjects that have a value, in the order of their IRIs."""
        if predicate not in self._subjects:
            found: dict[Value, list[str]] = {}
            for subject, by_name in self._index.items():
                for one in by_name.get(predicate, ()):
                    found.setdefault(one, []).append(subject)
            self._subjects[predicate] = found
        return sorted(self._subjects[predicate].get(value, ()))


_NAMESPACES = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def curie(iri: str) -> str:
    """Return the short form of an IRI by the declared prefixes, else the IRI itself."""
    for prefix, namespace in _NAMESPACES:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def plain(literal: Literal) -> Plain:
    """Return a literal as a Python value; as text where its type has none or it is not one."""
    convert = _PYTHON.get(literal.datatype)
    if convert is None:
        return literal.value
    try:
        return convert(literal.value)
    except (ValueError, ArithmeticError):
        return literal.value


_PYTHON: dict[NamedNode, Callable[[str], Plain]] = {
    XSD.integer: int,
    XSD.decimal: Decimal,
    XSD.double: float,
    XSD.boolean: lambda text: text in {"true", "1"},
    XSD.date: dt.date.fromisoformat,
    XSD.dateTime: dt.datetime.fromisoformat,
}
