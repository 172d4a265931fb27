"""GraphML for Gephi, Cytoscape and networkx: typed attributes, one directed multigraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from kg.export import xml
from kg.export.files import Counts, Files
from kg.export.lines import Piece, lines, piece
from kg.export.network import Columns, Network, network
from kg.store import Store

_TYPES: Mapping[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}
_ENDS = frozenset(("id", "source", "target"))

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_TAIL = """  </graph>
</graphml>
"""


def write(store: Store, files: Files) -> Counts:
    """Write nodes and edges of a store to one file."""
    with files("trialkg.graphml") as output:
        return write_network(network(store.engine), output)


def write_network(wanted: Network, output: IO[bytes]) -> Counts:
    """Write a network batch by batch."""
    nodes = edges = 0
    output.write(_HEAD.encode())
    output.writelines(line.encode() for line in _keys(wanted))
    output.write(b'  <graph id="trialkg" edgedefault="directed">\n')
    for batch in wanted.nodes():
        output.write(_node_lines(batch))
        nodes += len(batch["id"])
    for batch in wanted.edges():
        output.write(_edge_lines(batch, edges))
        edges += len(batch["source"])
    output.write(_TAIL.encode())
    return {"nodes": nodes, "edges": edges}


def _keys(wanted: Network) -> Iterator[str]:
    described = (("node", wanted.node_attributes), ("edge", wanted.edge_attributes))
    for what, attributes in described:
        for name, kind in attributes.items():
            yield (
                f'  <key id="{what}_{name}" for="{what}" attr.name="{name}" '
                f'attr.type="{_TYPES[kind]}"/>\n'
            )


def _node_lines(batch: Columns) -> bytes:
    start = piece('    <node id="', batch["id"], '">', xml.quoted)
    return lines([start, *_data("node", batch)], "</node>\n")


def _edge_lines(batch: Columns, first: int) -> bytes:
    numbers = range(first, first + len(batch["source"]))
    pieces = [
        piece('    <edge id="e', numbers, '"', str),
        piece(' source="', batch["source"], '"', xml.quoted),
        piece(' target="', batch["target"], '">', xml.quoted),
    ]
    return lines([*pieces, *_data("edge", batch)], "</edge>\n")


def _data(what: str, batch: Columns) -> Iterator[Piece]:
    for name, values in batch.items():
        if name not in _ENDS:
            yield piece(f'<data key="{what}_{name}">', values, "</data>", xml.text)
