"""What a SPARQL update would do, read from its tokens before the engine sees it.

The engine takes keywords without white space between them, `LOADSILENT<http://a/>` among them.
Outside braces only whole keywords are let through here, so that nothing but what was read can run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.errors import QueryError
from kg.iris import skolem_iri
from kg.query.guard import SERVICE, bounded, network_call, refused
from kg.query.lexer import Token, tokens

LARGEST_UPDATE = 1 << 20

_VERBS = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_BEFORE_NAMES = frozenset(
    {"PREFIX", "WITH", "USING", "NAMED", "GRAPH", "TO", "ADD", "MOVE", "COPY", "SILENT", "LOAD"}
)
_WORDS = _VERBS | _BEFORE_NAMES | {"BASE", "VERSION", "WHERE", "DATA", "DEFAULT", "ALL", "INTO"}
_TERMS = ("iri", "name")
# A graph that nobody has.
NOWHERE = skolem_iri("nowhere")
_PROLOGUE = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
_GRAPH_VERBS = frozenset({"CLEAR", "DROP", "CREATE"})
_BRACES = frozenset("{}")
_LOAD = (
    "load",
    "LOAD is not allowed: updates run without access to any network or file",
    "send the data themselves, with PUT or POST to /graph-store",
)


class Operation(NamedTuple):
    """One operation: its tokens without the prologue, and the prefixes that hold in it.

    `declared` are the tokens of the prologue before it.
    """

    tokens: tuple[Token, ...]
    prefixes: Mapping[str, str]
    declared: tuple[Token, ...] = ()

    @property
    def words(self) -> list[str]:
        """Return its keywords outside braces, in upper case."""
        return [token.text.upper() for token in self.outside() if token.kind == "word"]

    def outside(self) -> Iterator[Token]:
        """Yield the tokens outside braces, without the braces."""
        return (t for t in self.tokens if t.depth == 0 and t.text not in _BRACES)


class Target(NamedTuple):
    """A graph that an operation writes: its IRI, or empty where the text names none."""

    iri: str
    token: Token


class Update(NamedTuple):
    """An update that the engine may be given."""

    text: str
    operations: tuple[Operation, ...]


def check_update(text: str, prefixes: Mapping[str, str], *, silent_loads: bool = False) -> Update:
    """Return the operations of an update; raises QueryError for what must not reach the engine.

    LOAD SILENT may be let through: `runnable` lets it fail, silently, without reaching anything.
    """
    read = bounded(text, LARGEST_UPDATE, "send many triples with PUT or POST to /graph-store")
    call = network_call(read)
    if call is not None:
        raise refused(text, call, *SERVICE)
    _check_words(text, read)
    update = Update(text, tuple(_operations(read, prefixes)))
    for operation in update.operations:
        loads = next((token for token in operation.outside() if token.text.upper() == "LOAD"), None)
        if loads is not None and not (silent_loads and _loads_silently(operation)):
            raise refused(text, loads, *_LOAD)
    return update


def _loads_silently(operation: Operation) -> bool:
    """Return whether an operation is `LOAD SILENT <…>`, with or without `INTO GRAPH <…>`."""
    shape = [t.text.upper() if t.kind == "word" else t.kind for t in operation.tokens]
    named = [("LOAD", "SILENT", kind) for kind in _TERMS]
    into = [(*start, "INTO", "GRAPH", kind) for start in named for kind in _TERMS]
    return tuple(shape) in {*named, *into}


def _check_words(text: str, read: Sequence[Token]) -> None:
    before = ""
    for token in (token for token in read if token.depth == 0):
        upper = token.text.upper()
        unknown = token.kind == "word" and upper not in _WORDS
        if unknown or (token.kind == "name" and before not in _BEFORE_NAMES):
            what = f"{token.text[:40]!r} is no keyword of an update"
            raise refused(text, token, "syntax", what, "write white space between keywords")
        before = upper


def _operations(read: Sequence[Token], given: Mapping[str, str]) -> Iterator[Operation]:
    prefixes = dict(given)
    piece: list[Token] = []
    for token in read:
        if token.depth == 0 and token.text == ";":
            yield from _operation(piece, prefixes)
            piece = []
        else:
            piece.append(token)
    yield from _operation(piece, prefixes)


def _operation(piece: list[Token], prefixes: dict[str, str]) -> Iterator[Operation]:
    start = _prologue(piece)
    for index, token in enumerate(piece[:start]):
        if token.text.upper() == "PREFIX" and index + 2 < len(piece):
            name, iri = piece[index + 1].text, piece[index + 2].text
            prefixes[name.removesuffix(":")] = iri[1:-1]
    if start < len(piece):
        yield Operation(tuple(piece[start:]), dict(prefixes), tuple(piece[:start]))


def after_prologue(text: str) -> int:
    """Return the offset of the first operation of an update, or of its end."""
    read = list(tokens(text))
    start = _prologue(read)
    return read[start].offset if start < len(read) else len(text)


def _prologue(read: Sequence[Token]) -> int:
    start = 0
    while start < len(read) and (length := _PROLOGUE.get(read[start].text.upper())):
        start += length
    return start


def runnable(update: Update, default: Sequence[str], named: Sequence[str]) -> str:
    """Return the text for the engine: with USING clauses for the graphs that the request names.

    Raises QueryError where an operation names graphs by itself: the protocol forbids both. In the
    place of a LOAD SILENT stands an operation that does nothing.
    """
    clauses = [f"USING {_graph(iri)}" for iri in default]
    clauses += [f"USING NAMED {_graph(iri)}" for iri in named]
    pieces: list[tuple[int, int, str]] = []
    for operation in update.operations:
        if operation.words[:1] == ["LOAD"]:
            start = operation.tokens[0].offset
            pieces.append((start, _end(operation), f"DROP SILENT GRAPH {NOWHERE}"))
        elif clauses:
            pieces += _using(update.text, operation, " ".join(clauses))
    text = update.text
    for start, end, inserted in sorted([*pieces, *_moved(update)], reverse=True):
        text = f"{text[:start]}{inserted} {text[end:]}"
    return text


def _moved(update: Update) -> Iterator[tuple[int, int, str]]:
    """Move prefixes that are declared between operations to the front.

    The grammar allows them there, the engine does not. What is declared twice, or means something
    else before, stays where it is, and the engine says so.
    """
    known = dict(update.operations[0].prefixes) if update.operations else {}
    for operation in update.operations[1:]:
        declared = operation.declared
        names = [token.text for token in declared if token.kind == "name"]
        new = {name.removesuffix(":") for name in names}
        changed = any(n in known and known[n] != operation.prefixes.get(n) for n in new)
        if not names or len(declared) != len(names) * _PROLOGUE["PREFIX"] or changed:
            continue
        known |= {name: operation.prefixes[name] for name in new}
        start, end = declared[0].offset, declared[-1].offset + len(declared[-1].text)
        yield start, end, ""
        yield 0, 0, update.text[start:end] + "\n"


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        what = f"{iri[:200]!r} is no IRI of a graph: {error}"
        raise QueryError(what, kind="dataset") from None


def _using(text: str, operation: Operation, clauses: str) -> Iterator[tuple[int, int, str]]:
    for token in operation.outside():
        if token.text.upper() in {"USING", "WITH"}:
            message = f"{token.text.upper()} stands beside using-graph-uri or using-named-graph-uri"
            hint = "name the graphs in the update or in the request, not in both"
            raise refused(text, token, "request", message, hint)
    where = next((t for t in operation.outside() if t.text.upper() == "WHERE"), None)
    if where is None:
        return
    if operation.words[:2] == ["DELETE", "WHERE"]:
        # The short form takes no USING; its pattern is also its template.
        pattern = text[where.offset + 5 : _end(operation)]
        yield where.offset, where.offset, f"{pattern} {clauses}"
    else:
        yield where.offset, where.offset, clauses


def _end(operation: Operation) -> int:
    last = operation.tokens[-1]
    return last.offset + len(last.text)


def targets(operation: Operation) -> Iterator[Target]:
    """Yield every graph that an operation writes, where the text says which.

    The IRI is empty for the default graph, for all graphs at once, and for a variable.
    """
    verb = operation.words[0] if operation.words else ""
    named = list(_named(operation))
    if verb in _GRAPH_VERBS:
        yield named[-1] if named else Target("", operation.tokens[0])
    elif verb in {"ADD", "COPY"}:
        yield from named[-1:]
    elif verb == "MOVE":
        yield from named
    else:
        yield from _written(operation)


def _named(operation: Operation) -> Iterator[Target]:
    """Yield the graphs that CLEAR, DROP, CREATE, ADD, MOVE or COPY name, in their order."""
    for token in operation.outside():
        if token.kind in {"iri", "name"}:
            yield Target(_resolve(token, operation.prefixes), token)
        elif token.text.upper() in {"DEFAULT", "NAMED", "ALL"}:
            yield Target("", token)


def _written(operation: Operation) -> Iterator[Target]:
    """Yield the graphs of templates and data; triples outside GRAPH go where WITH says."""
    usual, before, heading = "", "", ""
    template = False
    for token in operation.tokens:
        upper = token.text.upper()
        if token.depth == 0:
            if before == "WITH":
                usual = _resolve(token, operation.prefixes)
            if token.text == "{":
                template = heading != "WHERE" or operation.words[:2] == ["DELETE", "WHERE"]
            elif token.kind == "word":
                heading = upper
        elif token.depth == 1 and template:
            if before == "GRAPH":
                yield Target(_resolve(token, operation.prefixes), token)
            elif upper not in {"GRAPH", "{", "}", "."}:
                yield Target(usual, token)
        before = upper


def _resolve(token: Token, prefixes: Mapping[str, str]) -> str:
    """Return the IRI of a token; empty where it is none, or written with escapes."""
    if token.kind == "iri" and "\\" not in token.text:
        return token.text[1:-1]
    if token.kind == "name" and "\\" not in token.text:
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + local if prefix in prefixes else ""
    return ""
