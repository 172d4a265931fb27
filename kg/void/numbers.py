"""What is counted for the description, in cells that add up.

A cell is the name of a measure, a part and the IRIs that it is about. Every statement and every
subject adds one to some cells, whatever else there is, so that the numbers follow any change by
what it takes away and what it adds. A part is the graphs of one kind, or the record graphs of one
registry; subjects stand in several parts, and are counted for the whole and all records besides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode

from kg.iris import concept_curie, iri_keys, record_key

REGISTRY = "registry."
DESCRIPTION = "void"
WHOLE = "all"
RECORDS = "records"
VOCABULARY = "vocabulary."

INFERRED = "inferred"
CHANGES = "changes"
_NOT_RECORDS = frozenset(("user", "source"))

# (measure, part, …): statements by property; by class and property, and by the class or datatype
# of the value; links to other parts and vocabularies; subjects; instances of a class.
Cell = tuple[str, ...]
Numbers = Counter[Cell]
PROPERTY, CLASS, TO_CLASS, TO_DATATYPE, LINK, SUBJECTS, ENTITIES = (
    "property",
    "class",
    "to-class",
    "to-datatype",
    "link",
    "subjects",
    "entities",
)


class Kind(NamedTuple):
    """What is the same of many nodes: their classes, and the part in which these are stated."""

    home: str
    classes: tuple[str, ...]


# Of a value that the graph describes its kind, of a literal the datatype, of any other node the
# prefix of its vocabulary, or nothing.
Met = Kind | NamedNode | str


def part_of(graph: NamedNode | BlankNode) -> str:
    """Return the part to which a graph belongs."""
    if not isinstance(graph, NamedNode):
        return "other"
    key = record_key(graph)
    if key and key[0] not in _NOT_RECORDS:
        return REGISTRY + key[0]
    return (*iri_keys(graph), "", "other")[1] or "other"


def is_registry(part: str) -> bool:
    """Return whether a part holds the records of one registry."""
    return part.startswith(REGISTRY)


def kind_of(stated: Iterable[tuple[str, str]]) -> Kind | None:
    """Return the kind of a node from its classes, each with the part that states it."""
    classes, home = set(), ""
    for part, class_ in stated:
        classes.add(class_)
        home = nearer(home, part)
    return Kind(home, tuple(sorted(classes))) if classes else None


def nearer(home: str, part: str) -> str:
    """Return which of two parts is the home of a node whose class both state.

    A node is at home where its class is stated, not where more was inferred.
    """
    if not home or home == INFERRED:
        return part
    return part if part != INFERRED and part < home else home


class Vocabularies(dict[str, str]):
    """The prefix of the vocabulary of an IRI, empty for IRIs of none."""

    def __missing__(self, iri: str) -> str:
        curie = concept_curie(NamedNode(iri))
        prefix = curie.partition(":")[0] if curie else ""
        self[iri] = prefix
        return prefix


def statement_cells(part: str, subject: Kind | None, predicate: str, value: Met) -> Iterator[Cell]:
    """Yield the cells to which a statement adds one."""
    yield PROPERTY, part, predicate
    for class_ in subject.classes if subject else ():
        yield CLASS, part, class_, predicate
        if isinstance(value, NamedNode):
            yield TO_DATATYPE, part, class_, predicate, value.value
        elif isinstance(value, Kind):
            for other in value.classes:
                yield TO_CLASS, part, class_, predicate, other
    if isinstance(value, Kind) and value.home != part:
        yield LINK, part, predicate, value.home
    elif isinstance(value, str) and value:
        yield LINK, part, predicate, VOCABULARY + value.lower()


def subject_cells(parts: Iterable[str], kind: Kind | None) -> Iterator[Cell]:
    """Yield the cells to which a subject adds one that stands in these parts."""
    found = sorted(set(parts))
    levels = [*found, WHOLE] if found else []
    if any(map(is_registry, found)):
        levels.append(RECORDS)
    for level in levels:
        yield SUBJECTS, level
        for class_ in kind.classes if kind else ():
            yield ENTITIES, level, class_
