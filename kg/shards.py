"""Shards: the graphs of some records as compressed N-Quads in a file, with what became of each.

A shard has its name when it is complete, never before, so that what a killed build leaves behind is
used by the next one. It names the state that each graph was made from.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import zstandard

from kg.beside import Beside
from kg.convert import Chunk, Done, convert
from kg.gathered import Gathered
from kg.history import Rejection
from kg.records import Record
from kg.report import own_peak
from kg.void import Counts, Statement

_LEVEL = 1
_SUFFIX = ".shard"
_BESIDE = ".beside"
_PIECE = 1 << 20


class Job(Record, frozen=True):
    """Records of which a worker makes a shard, with the states of their graphs."""

    chunk: Chunk
    states: tuple[str, ...]
    folder: Path


class Outcome(Record, frozen=True):
    """What became of a record: a rejection, or the notes on its graph, as the ledger keeps them.

    With the digests of what it says of each of its nodes.
    """

    registry: str
    registry_id: str
    state: str
    notes: bytes
    rejection: Rejection | None = None
    digests: bytes = b""

    @property
    def key(self) -> tuple[str, str]:
        """Return registry and id."""
        return self.registry, self.registry_id


class Shard(Record, frozen=True):
    """A complete shard: how many quads it has, and the peak memory of the process that made it."""

    path: Path
    outcomes: tuple[Outcome, ...]
    quads: int
    process: int
    peak: int


class _Head(Record, frozen=True):
    outcomes: tuple[Outcome, ...]
    quads: int


class Piece(Record, frozen=True):
    """What a shard leaves until publication: the counts of some graphs, and what they are of.

    Behind it in the file stand the lines of what follows from them.
    """

    states: tuple[tuple[str, str, str], ...]
    statements: tuple[tuple[Statement, int], ...]
    subjects: tuple[tuple[tuple[str, str], int], ...]
    gathered: Gathered
    conforms: bool


def make_shard(job: Job) -> Shard:
    """Convert some records and write what comes of them."""
    done = convert(job.chunk)
    text = b"".join(made.nquads for made in done.made)
    outcomes = tuple(
        Outcome(
            registry=made.shown.registry,
            registry_id=made.shown.registry_id,
            state=state,
            notes=b"" if isinstance(made.outcome, Rejection) else msgspec.json.encode(made.outcome),
            rejection=made.outcome if isinstance(made.outcome, Rejection) else None,
            digests=made.digests,
        )
        for made, state in zip(done.made, job.states, strict=True)
    )
    _write_piece(job, done, outcomes)
    return write_shard(_path(job.folder, outcomes, _SUFFIX), outcomes, text)


def write_shard(path: Path, outcomes: Sequence[Outcome], text: bytes) -> Shard:
    """Write a complete shard."""
    head = _Head(outcomes=tuple(outcomes), quads=text.count(b"\n"))
    packed = msgspec.msgpack.encode(head)
    _put(path, len(packed).to_bytes(8, "big"), packed, zstandard.compress(text, _LEVEL))
    process, peak = own_peak()
    return Shard(path=path, **msgspec.structs.asdict(head), process=process, peak=peak)


def complete_shards(folder: Path) -> Iterator[Shard]:
    """Yield the shards in a folder, by name; remove what else a killed build left, but pieces."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix == _BESIDE:
            continue
        if path.is_dir():
            shutil.rmtree(path)
            continue
        if path.suffix != _SUFFIX:
            # A worker of the killed build may just be ending, and complete it.
            path.unlink(missing_ok=True)
            continue
        with path.open("rb") as file:
            packed = _head(file)
        try:
            head = msgspec.msgpack.decode(packed, type=_Head)
        except msgspec.DecodeError:
            # Another release wrote it in its own form.
            path.unlink()
            continue
        yield Shard(path=path, outcomes=head.outcomes, quads=head.quads, process=0, peak=0)


def left_beside(folder: Path, states: Mapping[tuple[str, str], str]) -> Beside | None:
    """Return what the graphs of these states leave, None where some leave nothing."""
    wanted = {(*key, state) for key, state in states.items()}
    whole, gathered, paths, conforms = Counts(), Gathered(), [], True
    for path in sorted(folder.glob(f"*{_BESIDE}")):
        with path.open("rb") as file:
            packed = zstandard.decompress(_head(file))
        try:
            piece = msgspec.msgpack.decode(packed, type=Piece)
        except msgspec.DecodeError:
            # Another release wrote it in its own form.
            continue
        if wanted.issuperset(piece.states):
            wanted.difference_update(piece.states)
            whole.update(piece.statements, piece.subjects)
            gathered.update(piece.gathered)
            paths.append(path)
            conforms = conforms and piece.conforms
    return None if wanted else Beside(states.keys(), whole, gathered, Lines(paths), conforms)


class Lines(io.RawIOBase):
    """The lines of several files, one after another, unpacked as they are read."""

    def __init__(self, paths: Iterable[Path]) -> None:
        super().__init__()
        self._pieces = (piece for path in paths for piece in _pieces(path))
        self._piece = io.BytesIO()

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, fewer than asked for at the end of a piece, none at the end."""
        given = self._piece.read(size)
        if not given:
            self._piece = io.BytesIO(next(self._pieces, b""))
            given = self._piece.read(size)
        return given


class Text(Lines):
    """The N-Quads of several shards."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        super().__init__(shard.path for shard in shards)


def _write_piece(job: Job, done: Done, outcomes: Sequence[Outcome]) -> None:
    """Write what is left beside the graphs, before the shard: there is none without it."""
    counts = done.counts or Counts()
    states = tuple((*one.key, one.state) for one in outcomes if one.rejection is None)
    statements, subjects = tuple(counts.statements.items()), tuple(counts.subjects.items())
    piece = Piece(
        states=states,
        statements=statements,
        subjects=subjects,
        gathered=done.gathered or Gathered(),
        conforms=done.inferred_conforms,
    )
    packed = zstandard.compress(msgspec.msgpack.encode(piece), _LEVEL)
    lines = zstandard.compress(done.inferred, _LEVEL)
    _put(_path(job.folder, outcomes, _BESIDE), len(packed).to_bytes(8, "big"), packed, lines)


def _path(folder: Path, outcomes: Sequence[Outcome], suffix: str) -> Path:
    """Return a name by the first and the last record and the states of all."""
    states = "".join(one.state for one in outcomes)
    digest = hashlib.sha256(states.encode()).hexdigest()[:16]
    first, last = outcomes[0], outcomes[-1]
    return folder / f"{first.registry}-{first.registry_id}-{last.registry_id}-{digest}{suffix}"


def _put(path: Path, *pieces: bytes) -> None:
    """Write a file, first under another name."""
    partial = path.with_suffix(f".{os.getpid()}")
    with partial.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _head(file: io.BufferedReader) -> bytes:
    return file.read(int.from_bytes(file.read(8), "big"))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        _head(file)
        yield from zstandard.ZstdDecompressor().read_to_iter(file, write_size=_PIECE)
