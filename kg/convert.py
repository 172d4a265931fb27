"""Versions of records to N-Quads: the part of a build that runs in worker processes.

A pure function of the records, the loader, the tables, the ontology and the shapes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import pyoxigraph as ox

from kg import changes
from kg.digests import Turned, pack_digests, turned_nodes
from kg.errors import KGError, RecordError
from kg.extract import RELEASE, extract
from kg.extract.lexicon import Lexicon, load_lexicon
from kg.extract.tables import digest_tables
from kg.gathered import Gathered
from kg.history import Earlier, Rejection, Shown
from kg.infer import INFERRED
from kg.infer_record import Conclusions
from kg.iris import record_graph
from kg.ontology import ontology_digest
from kg.quads import RELEASE as QUADS
from kg.quads import RecordGraph, dropped_fields, record_nodes
from kg.quads.change import CHANGES
from kg.quads.names import name_parts
from kg.quads.text import Nodes, TripleTokens, nquads, quad_tokens
from kg.records import Loader, Record, Trial
from kg.report import own_peak
from kg.resources import SHAPES
from kg.study import RELEASE as STUDY
from kg.study import Registration, registration
from kg.tables.rows import RELEASE as TABLES
from kg.tables.rows import TrialRow, trial_row
from kg.validate import (
    Described,
    Report,
    Violation,
    validate_described,
    without_collection,
)
from kg.void import Counts
from kg.void.numbers import REGISTRY
from kg.workers import chunked
from kg.written import Stated, Written, at_a_glance, by_reference

# Positions in a JSON pointer.
POSITION = re.compile(r"/\d+(?=/|$)")


class Knowledge(Record, frozen=True):
    """Everything but the record that a record's graph depends on, as versions."""

    folders: tuple[Path, ...]
    extraction: str
    lexicon: str
    ontology: str
    shapes: str
    changes: str


class Task(Record, frozen=True):
    """A version whose graph is to be made, and those before it, oldest first.

    `digests` are those of the graph as it stands, where the nodes that it describes otherwise are
    all that is wanted.
    """

    shown: Shown
    content: bytes
    earlier: tuple[Earlier, ...] = ()
    digests: bytes = b""


class Chunk(Record, frozen=True):
    """Tasks of one registry that a worker does at once.

    `readers` are the loaders of earlier versions, by name. A chunk of a `whole` registry goes the
    way that is fastest for many records; of one of many records a `glance` is the validation, with
    pyshacl where that leaves a doubt.
    """

    loader: Loader
    knowledge: Knowledge
    tasks: tuple[Task, ...]
    readers: Mapping[str, Loader] = msgspec.field(default_factory=dict)
    whole: bool = False
    glance: bool = False


class Notes(Record, frozen=True):
    """What the ledger keeps of a record that is in the graph.

    `dropped` names the fields that could not be read, "*" standing for a position in a list.
    """

    registration: Registration
    row: TrialRow
    dropped: tuple[str, ...]
    statements: int
    warnings: tuple[tuple[str, int], ...]


class Made(Record, frozen=True):
    """The graph of a record and its change events as N-Quads, or why there is none.

    Of its own graph the N-Quads may state only what is said of the nodes `turned`: all others are
    described as before. `digests` are those of the whole graph.
    """

    shown: Shown
    outcome: Notes | Rejection
    nquads: bytes = b""
    turned: Turned | None = None
    digests: bytes = b""


class Done(Record, frozen=True):
    """What became of a chunk, and the peak memory of the process that did it.

    Of a chunk of a whole registry the graphs are counted for the description, and what follows from
    them is concluded, as lines of the graph `inferred`.
    """

    made: tuple[Made, ...]
    process: int
    peak: int
    counts: Counts | None = None
    gathered: Gathered | None = None
    inferred: bytes = b""
    inferred_conforms: bool = True


def knowledge(folders: Sequence[Path]) -> Knowledge:
    """Return the versions of all that graphs of records depend on as it stands now."""
    return Knowledge(
        folders=tuple(folders),
        extraction=RELEASE,
        lexicon=digest_tables(folders),
        ontology=ontology_digest(),
        shapes=_shapes_digest(),
        changes=changes.RELEASE,
    )


def lexicon_of(known: Knowledge) -> Lexicon:
    """Return the lexicon, read once a process; raises KGError where it has changed since."""
    return _lexicon(known.folders, known.lexicon)


def state(shown: Shown, readers: Sequence[Loader], known: Knowledge) -> str:
    """Return a digest of everything that the graph of a record and its changes depend on.

    `readers` are the loaders of the shown version and of those before it.
    """
    beside = _beside(tuple(loader.release for loader in readers), known)
    return hashlib.sha256(b"[" + msgspec.json.encode(shown) + b"," + beside).hexdigest()[:32]


@lru_cache
def _beside(releases: tuple[str, ...], known: Knowledge) -> bytes:
    """Return all of that but the version, which is the same for many records."""
    parts = (releases, QUADS, TABLES, STUDY, msgspec.structs.replace(known, folders=()))
    return msgspec.json.encode(parts)[1:]


@without_collection()
def convert(chunk: Chunk) -> Done:
    """Make the graphs of a chunk of records and decide which of them conform."""
    beside = _Beside(_conclusions(chunk.knowledge) if chunk.whole else None)
    at_once = len(chunk.tasks)
    if chunk.whole or chunk.glance:
        # What is made of one record is still at hand in the processor when it is checked.
        at_once = 1
    made = tuple(
        one for tasks in chunked(chunk.tasks, at_once) for one in _converted(tasks, chunk, beside)
    )
    process, peak = own_peak()
    return Done(
        made=made,
        process=process,
        peak=peak,
        counts=beside.counts if chunk.whole else None,
        gathered=beside.gathered if chunk.whole else None,
        inferred_conforms=beside.conforms,
        inferred=nquads(Described(dict.fromkeys(beside.inferred)), INFERRED),
    )


def _converted(tasks: Sequence[Task], chunk: Chunk, beside: _Beside) -> list[Made]:
    """Return what becomes of records that are validated together."""
    lexicon = lexicon_of(chunk.knowledge)
    drafts = [_draft(task, chunk, lexicon) for task in tasks]
    sound = [_stated(draft) for draft in drafts if draft.rejection is None]
    written = at_a_glance(sound) if chunk.whole or chunk.glance else by_reference(sound)
    return [_outcome(draft, written, beside) for draft in drafts]


class _Beside:
    """What is made of the records of a chunk beside their graphs."""

    def __init__(self, conclusions: Conclusions | None) -> None:
        self.counts = Counts()
        self.gathered = Gathered()
        self.inferred: list[TripleTokens] = []
        self.conforms = True
        self._conclusions = conclusions

    def add(self, registry: str, described: Described, changes: Sequence[ox.Quad]) -> None:
        """Count a record, gather from it, and conclude what follows from it."""
        if self._conclusions is not None:
            inferred = self._conclusions.of(described)
            events = Described(dict.fromkeys(quad_tokens(changes)))
            self.counts.add(registry, described, inferred, events)
            self.gathered.add(REGISTRY + registry, described)
            self.inferred += inferred
            for graph, said in ((INFERRED, Described(inferred)), (CHANGES, events)):
                self.conforms = self.conforms and validate_described(graph.value, said).conforms


def _outcome(draft: _Draft, written: Iterator[Written], beside: _Beside) -> Made:
    """Return what became of a draft, and count its graph where there is one."""
    if draft.rejection is not None:
        return Made(shown=draft.shown, outcome=draft.rejection)
    one = next(written)
    if one.described is not None and one.report.conforms:
        beside.add(draft.shown.registry, one.described, draft.changes)
    return _made(draft, one)


class _Draft(msgspec.Struct):
    shown: Shown
    digests: bytes = b""
    registration: Registration | None = None
    row: TrialRow | None = None
    nodes: Nodes = {}
    changes: list[ox.Quad] = []
    dropped: tuple[str, ...] = ()
    unread: int = 0
    rejection: Rejection | None = None


def _draft(task: Task, chunk: Chunk, lexicon: Lexicon) -> _Draft:
    shown = task.shown
    try:
        trial = chunk.loader.parse(task.content)
        extraction = extract(trial, lexicon, shown.last_changed)
        dropped = dropped_fields(trial, extraction)
        names = name_parts(trial, extraction, dropped)
        about = _record_graph(task, chunk, trial)
        past = changes.record_changes(shown, trial, task.earlier, chunk.readers, lexicon)
        return _Draft(
            shown=shown,
            digests=task.digests,
            registration=registration(trial, extraction),
            row=trial_row(trial, extraction, names),
            nodes=record_nodes(trial, extraction, lexicon, about, names, dropped),
            changes=past[0],
            unread=past[1],
            dropped=tuple(POSITION.sub("/*", one.field) for one in dropped),
        )
    except RecordError as error:
        return _Draft(shown=shown, rejection=_unreadable(shown, error))
    except (KGError, ValueError) as error:
        return _Draft(shown=shown, rejection=_impossible(shown, error))


def _record_graph(task: Task, chunk: Chunk, trial: Trial) -> RecordGraph:
    return RecordGraph(
        first_seen=task.shown.first_seen,
        last_changed=task.shown.last_changed,
        source_hash=task.shown.hash,
        loader_version=chunk.loader.release,
        extraction_version=chunk.knowledge.extraction,
        lexicon_version=chunk.knowledge.lexicon,
        ontology_version=chunk.knowledge.ontology,
        source=trial.source_url,
        withdrawn=task.shown.withdrawn,
        copied_by=chunk.loader.name if task.shown.standing else None,
    )


def _stated(draft: _Draft) -> Stated:
    key = draft.shown.registry, draft.shown.registry_id
    return Stated(" ".join(key), record_graph(*key), draft.nodes, draft.changes)


def _made(draft: _Draft, written: Written) -> Made:
    report = written.report
    if not report.conforms:
        return Made(shown=draft.shown, outcome=_violating(draft.shown, report))
    assert draft.registration is not None  # noqa: S101 - set with the triples
    assert draft.row is not None  # noqa: S101 - set with the triples
    notes = Notes(
        registration=draft.registration,
        row=draft.row,
        dropped=draft.dropped,
        statements=written.statements,
        warnings=(*by_shape(report.warnings), *_unread(draft.unread)),
    )
    digests = pack_digests(draft.nodes)
    turned = turned_nodes(draft.digests, digests) if draft.digests else None
    return Made(
        shown=draft.shown,
        outcome=notes,
        nquads=written.nquads(turned),
        turned=turned,
        digests=digests,
    )


def _unread(versions: int) -> tuple[tuple[str, int], ...]:
    return (("earlier versions that no loader reads any more", versions),) if versions else ()


def _unreadable(shown: Shown, error: RecordError) -> Rejection:
    return Rejection(
        registry=shown.registry,
        registry_id=shown.registry_id,
        reason=error.reason,
        field=error.field,
        remedy=error.remedy,
        origin=error.origin,
    )


def _impossible(shown: Shown, error: Exception) -> Rejection:
    return Rejection(
        registry=shown.registry,
        registry_id=shown.registry_id,
        reason=f"the record cannot be written as a graph: {error}",
        remedy="correct the record, or report it with this message",
    )


def _violating(shown: Shown, report: Report) -> Rejection:
    return Rejection(
        registry=shown.registry,
        registry_id=shown.registry_id,
        reason="the record does not conform to the shapes",
        remedy="see the report; `trialkg validate` on the record shows it again",
        report=tuple(in_words(one) for one in report.violations),
        violations=by_shape(report.violations),
    )


def in_words(violation: Violation) -> str:
    """Return a violation as one line."""
    value = f" {violation.value}" if violation.value else ""
    where = " ".join(filter(None, (violation.focus_node, violation.path)))
    return f"{where}{value}: {violation.message} ({violation.shape} {violation.component})"


def by_shape(violations: Sequence[Violation]) -> tuple[tuple[str, int], ...]:
    """Count violations by shape."""
    return tuple(sorted(Counter(one.shape for one in violations).items()))


@lru_cache(maxsize=1)
def _lexicon(folders: tuple[Path, ...], digest: str) -> Lexicon:
    lexicon = load_lexicon(folders)
    if digest_tables(folders) != digest:
        raise KGError("the lexicon changed during the build; build again")
    return lexicon


@lru_cache(maxsize=1)
def _conclusions(known: Knowledge) -> Conclusions:
    return Conclusions(lexicon_of(known))


def _shapes_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(SHAPES.glob("*.ttl")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
