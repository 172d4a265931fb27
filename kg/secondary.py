"""Brings the graphs of secondary records up to date with the ledger.

A copy of a registration and a page about a trial make claims in a graph of their own, whether or
not a copy also stands in for the registry's own record.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import pyoxigraph as ox

from kg.convert import POSITION, Chunk, Knowledge, Task, in_words, lexicon_of
from kg.errors import KGError, RecordError
from kg.history import Rejection, Shown, source_key
from kg.iris import is_source_graph, source_graph
from kg.quads.source import RELEASE, SourceGraph, source_quads
from kg.records import Claims, Loader, Record
from kg.store import Store
from kg.update import PUBLISHED, Run, loader_named
from kg.validate import validate_quads
from kg.vocab import RDF, TKG
from kg.workers import chunked

_CHUNK = 100


class Claimed(Record, frozen=True):
    """The graph of a secondary record as N-Quads, or why there is none."""

    shown: Shown
    nquads: bytes = b""
    rejection: Rejection | None = None


def refresh_secondary(run: Run) -> bool:
    """Let the graphs of secondary records be what the ledger holds; return whether any changed."""
    states = run.history.source_states()
    aside = run.history.kept_aside()
    todo: dict[tuple[str, str], tuple[Shown, str]] = {}
    known: set[tuple[str, str]] = set()
    for shown in _distinct(run):
        key = source_key(shown)
        known.add(key)
        wanted = _state(shown, loader_named(run, shown.loader), run.known)
        graph = source_graph(shown.loader, shown.registry_id)
        made = key in aside or run.store.engine.contains_named_graph(graph)
        if not made or states.get(key) != wanted:
            todo[key] = (shown, wanted)
    gone = sorted(set(states) - known)
    if todo or gone:
        run.history.remember(PUBLISHED, "")
        _remove(run, gone)
        _write(run, todo)
    return bool(todo or gone)


def secondary_dropped(store: Store) -> Counter[str]:
    """Count the fields of secondary records that could not be read.

    Each is named by its source and itself, "*" standing for a position in a list.
    """
    found = Counter[str]()
    for typed in store.engine.quads_for_pattern(None, RDF.type, TKG.DroppedField):
        graph = typed.graph_name
        if isinstance(graph, ox.NamedNode) and is_source_graph(graph):
            source = _text(store, None, TKG.sourceName, graph)
            field = _text(store, typed.subject, TKG.field, graph)
            found[f"{source}: {POSITION.sub('/*', field)}"] += 1
    return found


def _text(
    store: Store,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None,
    predicate: ox.NamedNode,
    graph: ox.NamedNode,
) -> str:
    (quad,) = store.engine.quads_for_pattern(subject, predicate, None, graph)
    assert isinstance(quad.object, ox.Literal)  # noqa: S101 - the shapes ask for text
    return quad.object.value


def claim(chunk: Chunk) -> tuple[Claimed, ...]:
    """Make the graphs of a chunk of secondary records and decide which of them conform."""
    made = [_claimed(task, chunk) for task in chunk.tasks]
    drafts = [(shown, quads) for shown, quads in made if not isinstance(quads, Rejection)]
    reports = validate_quads([(one.registry_id, quads) for one, quads in drafts]) if drafts else []
    found = {
        source_key(shown): _conforming(shown, quads, [in_words(one) for one in report.violations])
        for (shown, quads), report in zip(drafts, reports, strict=True)
    }
    return tuple(
        Claimed(shown=shown, rejection=quads)
        if isinstance(quads, Rejection)
        else found[source_key(shown)]
        for shown, quads in made
    )


def _distinct(run: Run) -> Iterator[Shown]:
    """Yield what each source says of an id; of two registries with this id, keep one aside."""
    seen: set[tuple[str, str]] = set()
    for shown in run.history.secondary():
        if source_key(shown) not in seen:
            seen.add(source_key(shown))
            yield shown
        else:
            reason = "the same source speaks of a trial with this id in another registry"
            run.history.keep_unreadable(shown.hash.encode(), _rejected(shown, reason))


def _state(shown: Shown, loader: Loader, known: Knowledge) -> str:
    """Return a digest of everything that the graph of a secondary record depends on."""
    parts = (shown, loader.release, RELEASE, known.lexicon, known.ontology, known.shapes)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]


def _remove(run: Run, gone: Sequence[tuple[str, str]]) -> None:
    run.history.unsettle(gone)
    for source, registry_id in gone:
        run.store.remove(source_graph(source.partition("/")[2], registry_id))


def _write(run: Run, todo: dict[tuple[str, str], tuple[Shown, str]]) -> None:
    written = 0
    for batch in run.workers.map(claim, _chunks(run, todo)):
        keys = [source_key(one.shown) for one in batch]
        run.history.unsettle(keys)
        graphs = [source_graph(one.shown.loader, one.shown.registry_id) for one in batch]
        run.store.replace_all(graphs, b"".join(one.nquads for one in batch))
        with run.history.transaction():
            for key, one in zip(keys, batch, strict=True):
                run.history.settle(*key, todo[key][1], one.rejection)
        written += len(batch)
        run.progress("write secondary records", written, len(todo))


def _chunks(run: Run, todo: dict[tuple[str, str], tuple[Shown, str]]) -> Iterator[Chunk]:
    for name in sorted({shown.loader for shown, _ in todo.values()}):
        shown = (one for one, _ in todo.values() if one.loader == name)
        tasks = (Task(shown=one, content=run.history.content(one)) for one in shown)
        for chunk in chunked(tasks, _CHUNK):
            yield Chunk(loader=run.loaders[name], knowledge=run.known, tasks=chunk)


def _claimed(task: Task, chunk: Chunk) -> tuple[Shown, list[ox.Quad] | Rejection]:
    shown, loader = task.shown, chunk.loader
    about = SourceGraph(
        source=loader.name,
        standing=shown.standing,
        first_seen=shown.first_seen,
        last_changed=shown.last_changed,
        source_hash=shown.hash,
        loader_version=loader.release,
    )
    try:
        trial = loader.parse(task.content)
        claims = loader.claims(task.content) if loader.claims else Claims()
        gazetteer = lexicon_of(chunk.knowledge).gazetteer
        return shown, source_quads(trial, claims, gazetteer, about)
    except RecordError as error:
        return shown, _rejected(shown, error.reason, error.field, error.remedy)
    except (KGError, ValueError) as error:
        reason = f"what the source says cannot be written as a graph: {error}"
        return shown, _rejected(shown, reason)


def _conforming(shown: Shown, quads: list[ox.Quad], violations: Sequence[str]) -> Claimed:
    if violations:
        rejection = _rejected(shown, "the secondary record does not conform to the shapes")
        rejection = msgspec.structs.replace(rejection, report=tuple(violations))
        return Claimed(shown=shown, rejection=rejection)
    return Claimed(shown=shown, nquads=ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def _rejected(shown: Shown, reason: str, field: str = "", remedy: str = "") -> Rejection:
    return Rejection(
        registry=shown.registry,
        registry_id=shown.registry_id,
        reason=f"{reason} ({shown.loader})",
        field=field,
        remedy=remedy or "correct the record, or report it with this message",
    )
