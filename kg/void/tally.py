"""The numbers of a whole store, from one pass over its statements as lines of N-Quads.

Lines are a tenth of the work that terms are, for most of what they say is counted and not read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import IO, cast

import pyoxigraph as ox

from kg.store import Store
from kg.vocab import RDF, XSD
from kg.void.numbers import (
    DESCRIPTION,
    Kind,
    Met,
    Numbers,
    Vocabularies,
    nearer,
    part_of,
    statement_cells,
    subject_cells,
)


def tally(store: Store) -> Numbers:
    """Return the numbers over all graphs but the description itself."""
    lines = _Lines(*_kinds(store))
    store.engine.dump(cast("IO[bytes]", lines), ox.RdfFormat.N_QUADS)
    return lines.numbers()


def _kinds(store: Store) -> tuple[list[Kind | None], dict[bytes, int]]:
    """Return all kinds, none being the first, and the number of the kind of each typed node."""
    classes: dict[str, set[str]] = defaultdict(set)
    homes: dict[str, str] = {}
    for subject, _, name, graph in store.engine.quads_for_pattern(None, RDF.type, None, None):
        part = part_of(graph)
        if part == DESCRIPTION:
            continue
        node = str(subject)
        classes[node].add(name.value)
        homes[node] = nearer(homes.get(node, ""), part)
    found: dict[Kind, int] = {}
    numbers = {
        node.encode(): found.setdefault(Kind(homes[node], tuple(sorted(names))), len(found) + 1)
        for node, names in classes.items()
    }
    return [None, *found], numbers


class _Lines:
    """Takes N-Quads in pieces, and counts."""

    def __init__(self, kinds: list[Kind | None], numbers: dict[bytes, int]) -> None:
        self.kinds = kinds
        self.number = numbers
        self.rest = b""
        self.parts: dict[bytes, str] = {}
        self.statements: Counter[tuple[str, int, bytes, int | str]] = Counter()
        self.stands: dict[bytes, tuple[str, ...]] = {}
        self.vocabularies = Vocabularies()

    def write(self, data: bytes) -> int:
        """Count the lines that are complete."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self._count(line)
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is counted is counted."""

    def _count(self, line: bytes) -> None:
        subject, predicate, rest = line.split(b" ", 2)
        value, graph, _ = rest.rsplit(b" ", 2)
        part = self.parts.get(graph)
        if part is None:
            part = self.parts[graph] = part_of(_graph(graph))
        if part == DESCRIPTION:
            return
        met: int | str = self.number.get(value, -1)
        if met == -1:
            met = _datatype(value) if value[0] == _QUOTE else self._vocabulary(value)
        self.statements[part, self.number.get(subject, 0), predicate, met] += 1
        stands = self.stands.get(subject)
        if stands is None:
            self.stands[subject] = (part,)
        elif part not in stands:
            self.stands[subject] = (*stands, part)

    def _vocabulary(self, value: bytes) -> str:
        # Neither blank nodes nor quoted triples have one.
        return "" if value.startswith((b"_", b"<<")) else self.vocabularies[value[1:-1].decode()]

    def numbers(self) -> Numbers:
        """Return what was counted."""
        found: Numbers = Counter()
        for (part, of, predicate, met), count in self.statements.items():
            kinds = self.kinds[of], predicate[1:-1].decode(), self._met(met)
            for cell in statement_cells(part, *kinds):
                found[cell] += count
        subjects = Counter((parts, self.number.get(s, 0)) for s, parts in self.stands.items())
        for (parts, of), count in subjects.items():
            for cell in subject_cells(parts, self.kinds[of]):
                found[cell] += count
        return found

    def _met(self, met: int | str) -> Met:
        if isinstance(met, str):
            return ox.NamedNode(met) if ":" in met else met
        return self.kinds[met] or ""


_QUOTE = ord('"')
_DIRECTED = ox.Literal("", language="en", direction=ox.BaseDirection.LTR).datatype.value


def _graph(written: bytes) -> ox.NamedNode | ox.BlankNode:
    text = written.decode()
    return ox.NamedNode(text[1:-1]) if text[0] == "<" else ox.BlankNode(text[2:])


def _datatype(value: bytes) -> str:
    """Return the datatype of a literal as N-Quads write it."""
    _, _, behind = value.rpartition(b'"')
    if behind.startswith(b"^^"):
        return behind[3:-1].decode()
    if not behind:
        return XSD.string.value
    return _DIRECTED if b"--" in behind else RDF.langString.value
