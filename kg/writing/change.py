"""What one request does to a store: run an update, or put, add, remove a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.query.formats import GRAPHS

# Formats of one graph; the others hold several, and would say where their triples go themselves.
FORMATS = ("turtle", "ntriples", "rdfxml", "jsonld")
_DOCTYPE = b"<!doctype"

Graph = ox.NamedNode | ox.DefaultGraph
Job = Mapping[str, Any]
Documents = Sequence[bytes]


def act(engine: ox.Store, job: Job, documents: Documents) -> str:
    """Carry out a job and return created, changed or missing; raises QueryError, SyntaxError."""
    return _ACTIONS[job["action"]](engine, job, documents)


def read_graph(document: bytes, format_: str, base: str | None, graph: Graph) -> list[ox.Quad]:
    """Return the triples of a document as quads of a graph; raises QueryError for what is none."""
    if format_ == "rdfxml":
        refuse_doctype(document)
    try:
        read = ox.parse(
            document,
            format=GRAPHS[format_],
            base_iri=base,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the document cannot be read: {error}", kind="document") from None


def refuse_doctype(document: bytes) -> None:
    """Refuse XML that declares entities, of which a few lines can stand for gigabytes."""
    # The engine reads UTF-8 only; in any other encoding the declaration would look otherwise.
    if _DOCTYPE in document.lower() or b"\x00" in document:
        raise QueryError(
            "RDF/XML with a DOCTYPE, or not in UTF-8, is not read",
            kind="document",
            hint="write entities out, or send Turtle",
        )


def check_syntax(job: Job) -> None:
    """Raise SyntaxError for an update that is not well-formed, without running any of it."""
    # The lexer is built when it is imported, and of all changes only this one needs it.
    from kg.query.update import NOWHERE, after_prologue

    # The engine reads everything before it does anything, and the first operation must fail.
    text: str = job["update"]
    start = after_prologue(text)
    text = f"{text[:start]} DROP GRAPH {NOWHERE} ; {text[start:]}"
    with suppress(RuntimeError):
        ox.Store().update(text, base_iri=job["base"], prefixes=job["prefixes"])


def _update(engine: ox.Store, job: Job, _: Documents) -> str:
    try:
        engine.update(job["update"], base_iri=job["base"], prefixes=job["prefixes"])
    except RuntimeError as error:
        # Such as CREATE of a graph that exists, without SILENT.
        if str(error).endswith(("does not exist", "already exists")):
            raise QueryError(str(error), kind="conflict", hint="SILENT overlooks that") from None
        raise
    return "changed"


def _put(engine: ox.Store, job: Job, documents: Documents) -> str:
    graph = _graph(job)
    quads = _quads(job, documents, graph)
    there = _there(engine, graph)
    if there:
        engine.clear_graph(graph)
    return _add(engine, graph, quads, there=there)


def _post(engine: ox.Store, job: Job, documents: Documents) -> str:
    graph = _graph(job)
    return _add(engine, graph, _quads(job, documents, graph), there=_there(engine, graph))


def _add(engine: ox.Store, graph: Graph, quads: list[ox.Quad], *, there: bool) -> str:
    if isinstance(graph, ox.NamedNode):
        engine.add_graph(graph)
    engine.extend(quads)
    return "changed" if there else "created"


def _delete(engine: ox.Store, job: Job, _: Documents) -> str:
    graph = _graph(job)
    if not _there(engine, graph):
        return "missing"
    engine.remove_graph(graph)
    return "changed"


def _graph(job: Job) -> Graph:
    return ox.NamedNode(job["graph"]) if job["graph"] else ox.DefaultGraph()


def _there(engine: ox.Store, graph: Graph) -> bool:
    return isinstance(graph, ox.DefaultGraph) or engine.contains_named_graph(graph)


def _quads(job: Job, documents: Documents, graph: Graph) -> list[ox.Quad]:
    return [
        quad
        for format_, document in zip(job["formats"], documents, strict=True)
        for quad in read_graph(document, format_, job["base"], graph)
    ]


_ACTIONS: Mapping[str, Callable[[ox.Store, Job, Documents], str]] = {
    "update": _update,
    "put": _put,
    "post": _post,
    "delete": _delete,
}
