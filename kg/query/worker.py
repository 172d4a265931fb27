"""The process that runs queries: `python -m kg.query.worker`, spoken to in frames.

It holds one snapshot read-only, runs one query at a time, and serialises the answer in the thread
that ran the query, for the engine allows no other. It has no deadline of its own: whoever started
it kills it, and starts another. Imports the standard library and the engine only, to start fast.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from kg.query import frames
from kg.query.formats import ABBREVIATING, GRAPHS, TABLES
from kg.query.gather import gathered, read_walk
from kg.query.rows import counter
from kg.query.sandbox import confine

# The first part of an answer goes out soon; behind it fewer and larger parts cost less.
_FIRST, _CHUNK = 1 << 16, 1 << 18
_STACK = 64 << 20


class _TooLarge(Exception):  # noqa: N818 - never leaves this module
    pass


_Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_Walked = Iterator[ox.Triple]


class _Sink:
    """Collects what the serialiser writes and sends it in large frames, the head first."""

    def __init__(self, output: BinaryIO, head: dict[str, Any], limit: int, rows: int) -> None:
        self.output = output
        self.head: dict[str, Any] | None = head
        self.limit = limit
        self.rows = rows
        self.count = counter(head["format"]) if rows and head["kind"] == "table" else None
        self.total = 0
        self.buffer = bytearray()
        self.overflow = ""

    def write(self, data: bytes) -> int:
        self.total += len(data)
        if self.total > self.limit:
            self.overflow = f"the result has more than {self.limit:,} bytes"
            raise _TooLarge
        self.buffer += data
        if len(self.buffer) >= (_CHUNK if self.head is None else _FIRST):
            self.flush()
        return len(data)

    def flush(self) -> None:
        # The engine flushes at the end; an empty answer still has a head.
        if self.buffer and self.count is not None and self.count(self.buffer) > self.rows:
            self.overflow = f"the result has more than {self.rows:,} rows"
            raise _TooLarge
        if self.head is not None:
            self.output.write(frames.message(frames.HEAD, self.head))
            self.head = None
        if self.buffer:
            self.output.write(frames.header(frames.DATA, len(self.buffer)))
            self.output.write(self.buffer)
            self.buffer = bytearray()


def answer(
    store: ox.Store, job: dict[str, Any], prefixes: dict[str, str], output: BinaryIO
) -> None:
    """Run one query and write its answer as frames; an idle one is run on nothing."""
    try:
        results = _run(ox.Store() if job["idle"] else store, job, prefixes)
        sink = _serialise(results, job, prefixes, output)
    except SyntaxError as error:
        _fail(output, "syntax", str(error))
    except MemoryError:
        _fail(output, "memory", "the query needs more memory than it may take")
    except _Failed as failed:
        _fail(output, failed.kind, failed.message)
    except (OSError, RuntimeError, ValueError) as error:
        _fail(output, _kind(str(error)), str(error))
    else:
        output.write(frames.message(frames.END, {"bytes": sink.total}))
    output.flush()


# What the engine says -> the kind of failure: a file that does not hold what was written to it,
# and a function that only the query knows.
_SAID = {"Corruption": "damaged", "is not supported": "unsupported"}


def _kind(message: str) -> str:
    return next((kind for words, kind in _SAID.items() if words in message), "evaluation")


class _Failed(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def _run(store: ox.Store, job: dict[str, Any], prefixes: dict[str, str]) -> _Results | _Walked:
    if job["walk"] is not None:
        return gathered(store, read_walk(job["walk"]))
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
        ox.NamedNode(iri) for iri in job["default_graphs"]
    ]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in job["named_graphs"]]
    if default or named:
        # A data set given with the request is the whole data set, and beats FROM.
        return store.query(
            job["query"],
            base_iri=job["base"],
            prefixes=prefixes,
            default_graph=default,
            named_graphs=named,
        )
    # The engine would let the union win over FROM.
    union = job["union"] and not job["dataset"]
    return store.query(
        job["query"], base_iri=job["base"], prefixes=prefixes, use_default_graph_as_union=union
    )


def _serialise(
    results: _Results | _Walked, job: dict[str, Any], prefixes: dict[str, str], output: BinaryIO
) -> _Sink:
    kind = _KINDS.get(type(results), "graph")
    if job["format"] not in (GRAPHS if kind == "graph" else TABLES):
        raise _Failed("format", f"{job['format']} cannot hold the {kind} that this query answers")
    head = {"kind": kind, "format": job["format"]}
    sink = _Sink(output, head, job["limit"], job["rows"])
    try:
        if not isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
            ox.serialize(
                results,
                cast("BinaryIO", sink),
                format=GRAPHS[job["format"]],
                prefixes=prefixes if job["format"] in ABBREVIATING else None,
            )
        else:
            results.serialize(cast("BinaryIO", sink), format=TABLES[job["format"]])
        sink.flush()
    except Exception:
        if sink.overflow:
            raise _Failed("result-too-large", sink.overflow) from None
        raise
    return sink


_KINDS = {
    ox.QuerySolutions: "table",
    ox.QueryBoolean: "boolean",
}


def _fail(output: BinaryIO, kind: str, message: str) -> None:
    output.write(frames.message(frames.FAILURE, {"kind": kind, "message": message}))


def _read(source: BinaryIO) -> tuple[bytes, bytes] | None:
    header = source.read(frames.HEADER.size)
    if len(header) < frames.HEADER.size:
        return None
    letter, length = frames.HEADER.unpack(header)
    return letter, source.read(length)


def serve(source: BinaryIO, output: BinaryIO) -> None:
    """Open the snapshot that the first frame names and answer queries until the input ends."""
    first = _read(source)
    if first is None:
        return
    opening = frames.content(first[1])
    try:
        store = ox.Store.read_only(opening["snapshot"])
    except (OSError, RuntimeError) as error:
        _fail(output, "snapshot", f"{opening['snapshot']}: {error}")
        output.flush()
        return
    locks = confine(opening["memory"])
    output.write(frames.message(frames.READY, {"pid": os.getpid(), "locks": locks}))
    output.flush()
    while (read := _read(source)) is not None:
        answer(store, frames.content(read[1]), opening["prefixes"], output)


def main() -> None:
    """Answer on what was standard output; whatever else prints goes to standard error."""
    source = os.fdopen(os.dup(0), "rb")
    output = os.fdopen(os.dup(1), "wb", buffering=1 << 17)
    os.dup2(2, 1)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=serve, args=(source, output), name="queries")
    thread.start()
    thread.join()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
