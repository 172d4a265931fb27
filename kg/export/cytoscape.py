"""Cytoscape JSON: what Cytoscape.js draws and Cytoscape opens.

A node has its label as `name`, which Cytoscape shows. networkx knows nodes by `value` and edges
between the same two by `key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import IO

from kg.export.files import Counts, Files
from kg.export.lines import Escape, Piece, lines, piece
from kg.export.network import Columns, Network, network
from kg.export.values import Value
from kg.store import Store

# What stands in its own place; the label of an edge is its kind.
_OWN = frozenset(("id", "source", "target", "label"))
_SPECIAL = bytes((*range(32), *b'"\\'))
_HEAD = b'{"data":{"name":"trialkg"},"directed":true,"multigraph":true,"elements":{"nodes":[\n'


def write(store: Store, files: Files) -> Counts:
    """Write nodes and edges of a store to one file."""
    with files("trialkg.cyjs") as output:
        return write_network(network(store.engine), output)


def write_network(wanted: Network, output: IO[bytes]) -> Counts:
    """Write a network batch by batch."""
    nodes = edges = 0
    output.write(_HEAD)
    for batch in wanted.nodes():
        output.write(_separated(_node_lines(batch), after=nodes))
        nodes += len(batch["id"])
    output.write(b'],"edges":[\n')
    for batch in wanted.edges():
        output.write(_separated(_edge_lines(batch, edges), after=edges))
        edges += len(batch["source"])
    output.write(b"]}}\n")
    return {"nodes": nodes, "edges": edges}


def _node_lines(batch: Columns) -> bytes:
    pieces = [
        piece('{"data":{"id":"', batch["id"], '"', _escaped),
        piece(',"value":"', batch["id"], '"', _escaped),
        piece(',"name":"', batch["label"], '"', _escaped),
    ]
    return lines([*pieces, *_fields(batch)], "}},\n")


def _edge_lines(batch: Columns, first: int) -> bytes:
    numbers = list(map(str, range(first, first + len(batch["source"]))))
    pieces = [
        Piece('{"data":{"id":"e', numbers, '"'),
        Piece(',"key":', numbers),
        piece(',"source":"', batch["source"], '"', _escaped),
        piece(',"target":"', batch["target"], '"', _escaped),
    ]
    return lines([*pieces, *_fields(batch)], "}},\n")


def _separated(written: bytes, *, after: int) -> bytes:
    """Return elements without the comma behind the last, and with one where others stand before."""
    return (b",\n" if after else b"") + written.removesuffix(b",\n")


def _fields(batch: Columns) -> Iterator[Piece]:
    for name, values in batch.items():
        if name not in _OWN:
            quote, escape = _form(values)
            yield piece(f',"{name}":{quote}', values, quote, escape)


def _form(values: Sequence[Value | None]) -> tuple[str, Escape]:
    return ('"', _escaped) if str in set(map(type, values)) else ("", str)


def _escaped(text: str) -> str:
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded.translate(None, _SPECIAL)) == len(encoded):
        return text
    return encode_basestring(text)[1:-1]
