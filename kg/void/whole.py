"""The numbers of a store whose records were counted where they were made.

The graphs beside the records are read as lines, twice: for the classes of their nodes, and to be
counted by the kinds of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import partial

import pyoxigraph as ox

from kg.iris import iri_keys, trial_iri
from kg.lines import Lines, read_lines
from kg.store import Store
from kg.vocab import RDF, TKG
from kg.void.change import part_of_quad
from kg.void.counted import CLASSES, DATATYPE, OF, Counts, literal
from kg.void.numbers import (
    CHANGES,
    DESCRIPTION,
    ENTITIES,
    INFERRED,
    REGISTRY,
    SUBJECTS,
    Kind,
    Met,
    Numbers,
    Vocabularies,
    is_registry,
    kind_of,
    part_of,
    statement_cells,
    subject_cells,
)

# The first segments of IRIs of nodes that records describe.
_OF_RECORDS = frozenset((("trial",), ("graph",)))
# Parts of a trial of which its record says nothing.
_APART = frozenset(("identity",))
# What follows from records, and what has changed in them, has been counted with them.
_COUNTED = frozenset((INFERRED, CHANGES))
_TYPE = str(RDF.type)
_TRIAL = CLASSES + str(TKG.Trial)


def numbers(
    store: Store, records: Counts, keys: Collection[tuple[str, str]], known: Lines
) -> Numbers:
    """Return the numbers over all graphs but the description.

    `records` counts all records, what was inferred from them and what has changed in them; `keys`
    are their registries and ids. Of the `known` graphs the lines are not read from the store.
    """
    return _Whole(store, records, keys, known).numbers()


class _Whole:
    def __init__(
        self, store: Store, records: Counts, keys: Collection[tuple[str, str]], known: Lines
    ) -> None:
        self.store = store
        self.records = records
        self.vocabularies = Vocabularies()
        self.known = known
        self.kinds = _Kinds(store, _trials(records, keys), known)
        self._of_records: dict[tuple[str, str], Kind] = {}

    def numbers(self) -> Numbers:
        """Return the numbers of records and of the graphs beside them."""
        found: Numbers = Counter()
        for (part, subject, predicate, value), count in self.records.statements.items():
            kind, met = self._kind(part, subject), self._met(part, value)
            for cell in statement_cells(part, kind, predicate[1:-1], met):
                found[cell] += count
        for (part, subject), count in self.records.subjects.items():
            for cell in self._subject(part, subject):
                found[cell] += count
        self._count_beside(found)
        return found

    def _count_beside(self, found: Numbers) -> None:
        beside = _Beside(self.kinds)
        for graph, part in self.kinds.beside:
            read_lines(self.store, graph, self.known, partial(beside.count, part))
        for (part, number, predicate, met), count in beside.statements.items():
            value = self.kinds.of[met] or "" if isinstance(met, int) else self._met(part, met)
            for cell in statement_cells(part, self.kinds.of[number], predicate[1:-1], value):
                found[cell] += count
        for subject, parts in beside.stands.items():
            kind = self.kinds.of[self.kinds[subject]]
            alone = not self._in_record(subject)
            for cell in subject_cells(parts, kind) if alone else _besides(parts, kind):
                found[cell] += 1

    def _subject(self, part: str, key: str) -> Iterator[tuple[str, ...]]:
        kind = self._kind(part, key)
        return _besides((part,), kind) if part == INFERRED else subject_cells((part,), kind)

    def _in_record(self, subject: str) -> bool:
        if not _may_be_of_record(subject):
            return False
        if subject in self.kinds.in_records:
            return True
        node = _term(subject)
        stated = self.store.engine.quads_for_pattern(node, None, None, None)
        return any(is_registry(part_of_quad(quad)) for quad in stated)

    def _kind(self, part: str, key: str) -> Kind | None:
        """Return the kind of a node, from its classes in the record or by its name."""
        if key[0] == CLASSES:
            kind = self._of_records.get((part, key))
            if kind is None:
                names = tuple(sorted(name[1:-1] for name in key[1:].split(" ")))
                kind = self._of_records[part, key] = Kind(part, names)
            return kind
        return self.kinds.of[self.kinds[key]]

    def _met(self, part: str, key: str) -> Met:
        if key[0] == DATATYPE:
            return ox.NamedNode(key[2:-1])
        if key[0] == OF:
            part, key = key[1:].split(" ", 1)
        return self._kind(part, key) or (self.vocabularies[key[1:-1]] if _is_iri(key) else "")


def _besides(parts: tuple[str, ...], kind: Kind | None) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a subject that stands in a record too, where it counts for the whole."""
    for part in parts:
        yield SUBJECTS, part
        for name in kind.classes if kind else ():
            yield ENTITIES, part, name


class _Kinds(dict[str, int]):
    """The number of the kind of each node by its token; 0 is that of nodes without classes.

    What the graphs beside the records say of classes is read at once; of a node that a record may
    describe, the store is asked. Not so of trials, where each record describes one.
    """

    def __init__(self, store: Store, trials: dict[str, Kind], known: Lines) -> None:
        super().__init__()
        self.of: list[Kind | None] = [None]
        self.in_records: set[str] = set()
        self._store = store
        self._numbers: dict[Kind, int] = {}
        named = ((graph, part_of(graph)) for graph in store.graphs_beside())
        # What is counted with records says nothing of others.
        self.beside = [
            (graph, part)
            for graph, part in named
            if not is_registry(part) and part != DESCRIPTION and part not in _COUNTED
        ]
        self._trials = trials
        stated: dict[str, list[tuple[str, str]]] = {}
        for graph, part in self.beside:
            for subject, value in _typed(store, graph, known):
                stated.setdefault(subject, []).append((part, value))
        for token, classes in stated.items():
            self._trials.pop(token, None)
            if not _may_be_of_record(token):
                self[token] = self._number(kind_of(classes))

    def __missing__(self, token: str) -> int:
        kind, node = self._trials.get(token), _term(token)
        if kind is not None:
            self.in_records.add(token)
        elif node is not None and _may_be_of_record(token):
            quads = self._store.engine.quads_for_pattern(node, RDF.type, None, None)
            parts = [
                (part_of_quad(quad), quad.object.value)
                for quad in quads
                if isinstance(quad.object, ox.NamedNode)
            ]
            kind = kind_of(one for one in parts if one[0] != DESCRIPTION)
            if any(is_registry(part) for part, _ in parts):
                self.in_records.add(token)
        number = self[token] = self._number(kind)
        return number

    def _number(self, kind: Kind | None) -> int:
        if kind is None:
            return 0
        number = self._numbers.get(kind)
        if number is None:
            number = self._numbers[kind] = len(self.of)
            self.of.append(kind)
        return number


class _Beside:
    """Counts graphs that are no records', as lines of N-Triples."""

    def __init__(self, kinds: _Kinds) -> None:
        self.statements: Counter[tuple[str, int, str, int | str]] = Counter()
        self.stands: dict[str, tuple[str, ...]] = {}
        self._kinds = kinds

    def count(self, part: str, line: str) -> None:
        """Count a statement of a part."""
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        met: int | str = literal(value) if value[0] == '"' else self._kinds[value] or value
        self.statements[part, self._kinds[subject], predicate, met] += 1
        stands = self.stands.get(subject)
        if stands is None:
            self.stands[subject] = (part,)
        elif part not in stands:
            self.stands[subject] = (*stands, part)


def _typed(store: Store, graph: ox.NamedNode | ox.BlankNode, known: Lines) -> list[tuple[str, str]]:
    """Return the nodes that a graph says to be of a class, with that class."""
    found: list[tuple[str, str]] = []

    def take(line: str) -> None:
        subject, predicate, rest = line.split(" ", 2)
        if predicate == _TYPE and _is_iri(rest):
            found.append((subject, rest[1:-3]))

    read_lines(store, graph, known, take)
    return found


def _trials(records: Counts, keys: Iterable[tuple[str, str]]) -> dict[str, Kind]:
    """Return the trials of registries each of whose records describes one, by their tokens."""
    found: dict[str, dict[str, Kind]] = {}
    for registry, registry_id in keys:
        part = REGISTRY + registry
        kind = Kind(part, (TKG.Trial.value,))
        found.setdefault(part, {})[str(trial_iri(registry, registry_id))] = kind
    return {
        token: kind
        for part, trials in found.items()
        if records.subjects[part, _TRIAL] == len(trials)
        for token, kind in trials.items()
    }


def _may_be_of_record(token: str) -> bool:
    if not _is_iri(token):
        return True
    keys = iri_keys(ox.NamedNode(token[1:-1]))
    return keys[:1] in _OF_RECORDS and not _APART.intersection(keys[3:4])


def _term(token: str) -> ox.NamedNode | ox.BlankNode | None:
    if _is_iri(token):
        return ox.NamedNode(token[1:-1])
    return ox.BlankNode(token[2:]) if token.startswith("_:") else None


def _is_iri(token: str) -> bool:
    return token[0] == "<" and token[1] != "<"
