"""The writer: one store on disk, one named graph per record, one process at a time.

Serving never opens it: what is published is a checkpoint made by `Store.backup`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence, Set
from io import RawIOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Self, cast

import pyoxigraph as ox

from kg.difference import Difference
from kg.errors import StoreBusy, StoreError
from kg.inventory import check_files
from kg.iris import is_source_graph
from kg.sort import sort_lines
from kg.vocab import RDF, TKG

# The engine counts these without reading any name.
_RECORD_GRAPHS = (
    f"SELECT (COUNT(*) AS ?graphs) {{ GRAPH ?graph {{ ?graph {RDF.type} {TKG.RecordGraph} }} }}"
)
# It tells these apart itself, which it does without reading the names of all others.
_BESIDE = f"SELECT ?g {{ GRAPH ?g {{}} MINUS {{ GRAPH ?g {{ ?g a {TKG.RecordGraph} }} }} }}"
_BULK_BYTES = 4 << 20
_BULK_QUADS = 20_000
# Of a line, as all who write them do; a text holds no newline as such.
_END = b" .\n"


class Store:
    """A set of named graphs; `engine` is the store of pyoxigraph under it.

    Open it with `open`, `read_only` or `in_memory`, and use it as a context manager: leaving the
    block releases the lock on the folder. What its methods write is noted in `followed`, if set.
    """

    def __init__(self, engine: ox.Store, name: str) -> None:
        self._engine: ox.Store | None = engine
        self._name = name
        self.followed: Difference | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store for writing and lock it; make it where there is none."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(path)), str(path))
        except OSError as error:
            raise _not_opened(path, error) from error

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """Open a published snapshot whose files are whole; never the folder of a writer."""
        if not path.is_dir():
            raise StoreError(f"{path}: no snapshot there; run `trialkg build` first")
        check_files(path)
        try:
            return cls(ox.Store.read_only(str(path)), str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{path}: the snapshot cannot be opened: {error}") from error

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store without a folder."""
        return cls(ox.Store(), "the store in memory")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the folder; every later use raises StoreError."""
        self._engine = None

    @property
    def engine(self) -> ox.Store:
        """Return the store of pyoxigraph, for queries and patterns."""
        if self._engine is None:
            raise StoreError(f"{self._name} has been closed")
        return self._engine

    def graphs(self) -> list[ox.NamedNode]:
        """Return the names of all graphs, sorted."""
        names = (g for g in self.engine.named_graphs() if isinstance(g, ox.NamedNode))
        return sorted(names, key=lambda graph: graph.value)

    def record_graphs(self) -> list[ox.NamedNode]:
        """Return the names of the graphs of records, sorted."""
        found = self.engine.quads_for_pattern(None, RDF.type, TKG.RecordGraph)
        names = (q.subject for q in found if isinstance(q.subject, ox.NamedNode))
        return sorted(names, key=lambda graph: graph.value)

    def count_record_graphs(self) -> int:
        """Return how many graphs are those of records."""
        (row,) = cast("ox.QuerySolutions", self.engine.query(_RECORD_GRAPHS))
        return int(cast("ox.Literal", row["graphs"]).value)

    def is_of_record(self, graph: ox.NamedNode) -> bool:
        """Return whether a graph is one of those of records."""
        return ox.Quad(graph, RDF.type, TKG.RecordGraph, graph) in self.engine

    def graphs_beside(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Return the names of all graphs that are no records', sorted."""
        found = cast("ox.QuerySolutions", self.engine.query(_BESIDE))
        return sorted((cast("ox.NamedNode", row["g"]) for row in found), key=str)

    def source_graphs(self) -> list[ox.NamedNode]:
        """Return the names of the graphs of secondary records, sorted."""
        return [graph for graph in self.graphs() if is_source_graph(graph)]

    def quads(self, graph: ox.NamedNode) -> Iterator[ox.Quad]:
        """Yield what stands in one graph, in no particular order."""
        return self.engine.quads_for_pattern(None, None, None, graph)

    def replace(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Let a graph hold exactly these quads.

        A process that dies in between leaves the graph away, never half-filled.
        """
        stated = list(quads)
        _require_graph(graph, stated)
        self.remove(graph)
        self.engine.extend(stated)
        self._note((), stated)

    def replace_all(self, graphs: Iterable[ox.NamedNode], nquads: bytes) -> None:
        """Let these graphs hold exactly what the N-Quads state, which name no other graph.

        Large texts are loaded as sorted files of the engine. A process that dies in between may
        leave some of the graphs away or incomplete: the caller keeps note of them.
        """
        for graph in graphs:
            self.remove(graph)
        if self.followed is not None:
            self._note((), ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
        load = self.engine.bulk_load if len(nquads) > _BULK_BYTES else self.engine.load
        try:
            load(input=nquads, format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError) as error:
            raise StoreError(f"{self._name} cannot be written: {error}") from error

    def change_all(self, graphs: Iterable[ox.NamedNode], nquads: bytes) -> None:
        """Do the same by writing the difference, for graphs of which most stays.

        What the N-Quads state of other graphs is added to them.
        """
        wanted = _by_graph(nquads)
        removed, added = bytearray(), bytearray()
        for graph in graphs:
            own = wanted.pop(end := str(graph).encode(), set())
            present = self._lines(graph) if own else set()
            if not own:
                self.remove(graph)
            removed += _with_graph(present - own, end)
            added += _with_graph(own - present, end)
        for end, lines in wanted.items():
            added += _with_graph(lines, end)
        # What is written in two ways and is the same stays.
        self._become(set(_parsed(removed)), set(_parsed(added)))

    def change_nodes(
        self, graph_nodes: Iterable[tuple[ox.NamedNode, str, Sequence[str]]], nquads: bytes
    ) -> None:
        """Let graphs say of nodes exactly what the N-Quads state; of all others they stay.

        Of a node with properties it is only these. What the N-Quads state of other graphs is added
        to them.
        """
        present: set[ox.Quad] = set()
        for graph, node, names in graph_nodes:
            wanted = map(_named, names) if names else (None,)
            for name in wanted:
                found = self.engine.quads_for_pattern(_named(node), name, None, graph)
                present.update(found)
        self._become(present, set(_parsed(nquads)))

    def _become(self, before: Set[ox.Quad], after: Set[ox.Quad]) -> None:
        # The store may read what comes as it likes, so that it comes last.
        for quad in before - after:
            self.engine.remove(quad)
        self.engine.extend(after - before)
        self._note(before - after, after - before)

    def _lines(self, graph: ox.NamedNode) -> set[bytes]:
        lines = io.BytesIO()
        self.engine.dump(lines, ox.RdfFormat.N_TRIPLES, from_graph=graph)
        return {*lines.getvalue().split(_END)} - {b""}

    def load_many(self, graphs: Iterable[ox.NamedNode], nquads: RawIOBase) -> None:
        """Let these graphs hold exactly what a long text of N-Quads states of them.

        It may add to other graphs. A process that dies in between may leave any of that incomplete.
        """
        if self.followed is not None:
            self.followed.give_up()
        for graph in graphs:
            self.remove(graph)
        text = cast("IO[bytes]", nquads)
        try:
            # Its terms were checked when they were made, so the engine need not check them again.
            self.engine.bulk_load(input=text, format=ox.RdfFormat.N_QUADS, lenient=True)
        except (OSError, SyntaxError) as error:
            raise StoreError(f"{self._name} cannot be written: {error}") from error

    def set_graph(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> int:
        """Let a graph hold exactly these quads by writing the difference; return its size."""
        wanted = set(quads)
        _require_graph(graph, wanted)
        present = set(self.quads(graph))
        self.change(present - wanted, wanted - present)
        if not wanted:
            self.remove(graph)
        return len(wanted ^ present)

    def change(self, removed: Set[ox.Quad], added: Set[ox.Quad]) -> None:
        """Remove quads that are there, and add some that are not."""
        if len(added) > _BULK_QUADS:
            self.engine.bulk_extend(added)
        else:
            self.engine.extend(added)
        for quad in removed:
            self.engine.remove(quad)
        self._note(removed, added)

    def _note(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        if self.followed is not None:
            self.followed.note(removed, added)

    def remove(self, graph: ox.NamedNode) -> None:
        """Remove a graph, if it is there."""
        if self.engine.contains_named_graph(graph):
            if self.followed is not None:
                self._note(self.quads(graph), ())
            self.engine.remove_graph(graph)

    def dump(self, output: IO[bytes]) -> int:
        """Write all quads as sorted N-Quads and return how many there are.

        Equal contents give equal bytes. Memory stays bounded: the lines are sorted in files.
        """
        return sort_lines(lambda unsorted: self.engine.dump(unsorted, ox.RdfFormat.N_QUADS), output)

    def backup(self, path: Path) -> None:
        """Write a checkpoint of the whole store to a folder that must not exist yet."""
        try:
            self.engine.backup(str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{path}: no checkpoint could be written: {error}") from error


def in_key_order(graphs: Iterable[ox.NamedNode], folder: Path) -> list[ox.NamedNode]:
    """Return names of graphs in the order of the engine's own keys for them.

    An empty store in the folder tells the order, and is removed again.
    """
    with TemporaryDirectory(dir=folder, prefix="order-") as place:
        # The store is closed with its last name, before its folder is removed.
        return _listed(ox.Store(place), graphs)


def _listed(store: ox.Store, graphs: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    for graph in graphs:
        store.add_graph(graph)
    return [graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]


def _by_graph(nquads: bytes) -> dict[bytes, set[bytes]]:
    """Return the triples of lines of N-Quads by the name of their graph."""
    found: dict[bytes, set[bytes]] = {}
    for line in nquads.split(_END):
        if line:
            triple, graph = line.rsplit(b" ", 1)
            found.setdefault(graph, set()).add(triple)
    return found


def _with_graph(triples: Set[bytes], graph: bytes) -> bytes:
    end = b" " + graph + _END
    return b"".join(triple + end for triple in triples)


def _named(token: str) -> ox.NamedNode:
    """Return the node that N-Triples write like this."""
    return ox.NamedNode(token.removeprefix("<").removesuffix(">"))


def _parsed(nquads: bytes | bytearray) -> Iterator[ox.Quad]:
    return iter(ox.parse(bytes(nquads), format=ox.RdfFormat.N_QUADS))


def _require_graph(graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
    for quad in quads:
        if quad.graph_name != graph:
            raise StoreError(f"{quad} does not belong into {graph}")


def _not_opened(path: Path, error: OSError) -> StoreError:
    if "lock" in str(error).lower():
        return StoreBusy(
            f"{path}: another build is writing there; wait for it to end or choose another --data"
        )
    return StoreError(f"{path}: the store cannot be opened: {error}")
