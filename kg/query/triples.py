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
        index: dict[str, dict[str, set[Value]]] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                values = index.setdefault(triple.subject.value, {})
                values.setdefault(triple.predicate.value, set()).add(triple.object)
        self._index = {
            subject: {name: sorted(values, key=str) for name, values in by_name.items()}
            for subject, by_name in index.items()
        }
        self._subjects: dict[str, dict[Value, list[str]]] = {}

    def predicates(self, subject: str) -> list[str]:
        """Return the IRIs of the properties that a node has."""
        return sorted(self._index.get(subject, {}))

    def values(self, subject: str, predicate: NamedNode) -> list[Value]:
        """Return all values of a property."""
        return self._index.get(subject, {}).get(predicate.value, [])

    def nodes(self, subject: str, predicate: NamedNode) -> list[str]:
        """Return the IRIs among the values of a property."""
        return [v.value for v in self.values(subject, predicate) if isinstance(v, NamedNode)]

    def texts(self, subject: str, predicate: NamedNode) -> tuple[str, ...]:
        """Return the literals among the values of a property, as text."""
        values = self.values(subject, predicate)
        return tuple(v.value for v in values if isinstance(v, Literal))

    def text(self, subject: str, predicate: NamedNode) -> str | None:
        """Return the first literal of a property."""
        return next(iter(self.texts(subject, predicate)), None)

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
        return next(iter(self.named(subject, predicate)), None)

    def name(self, iri: str) -> Named:
        """Return a node with its label, or where it has none with the end of its IRI."""
        short = curie(iri)
        label = self.text(iri, RDFS.label)
        return Named(iri=iri, curie=short, label=label or short.rpartition(":")[2])

    def subjects(self, predicate: NamedNode, value: NamedNode) -> list[str]:
        """Return the subjects that have a value, in the order of their IRIs."""
        if predicate.value not in self._subjects:
            found: dict[Value, list[str]] = {}
            for subject, by_name in self._index.items():
                for one in by_name.get(predicate.value, ()):
                    found.setdefault(one, []).append(subject)
            self._subjects[predicate.value] = found
        return sorted(self._subjects[predicate.value].get(value, ()))


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
