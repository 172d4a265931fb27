"""GEXF 1.2 for Gephi: typed attributes, one directed multigraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from kg.export import xml
from kg.export.files import Counts, Files
from kg.export.lines import Piece, lines, piece
from kg.export.network import Columns, Network, network
from kg.store import Store

_TYPES: Mapping[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}
# What has a place of its own in the format.
_OWN = frozenset(("id", "source", "target", "label"))

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
  <graph defaultedgetype="directed" mode="static">
"""
_TAIL = """    </edges>
  </graph>
</gexf>
"""


def write(store: Store, files: Files) -> Counts:
    """Write nodes and edges of a store to one file."""
    with files("trialkg.gexf") as output:
        return write_network(network(store.engine), output)


def write_network(wanted: Network, output: IO[bytes]) -> Counts:
    """Write a network batch by batch."""
    nodes = edges = 0
    output.write(_HEAD.encode())
    output.writelines(line.encode() for line in _declared("node", wanted.node_attributes))
    output.writelines(line.encode() for line in _declared("edge", wanted.edge_attributes))
    output.write(b"    <nodes>\n")
    for batch in wanted.nodes():
        output.write(_node_lines(batch))
        nodes += len(batch["id"])
    output.write(b"    </nodes>\n    <edges>\n")
    for batch in wanted.edges():
        output.write(_edge_lines(batch, edges))
        edges += len(batch["source"])
    output.write(_TAIL.encode())
    return {"nodes": nodes, "edges": edges}


def _declared(what: str, attributes: Mapping[str, type]) -> Iterator[str]:
    yield f'    <attributes class="{what}" mode="static">\n'
    for name, kind in attributes.items():
        if name not in _OWN:
            yield f'      <attribute id="{what}_{name}" title="{name}" type="{_TYPES[kind]}"/>\n'
    yield "    </attributes>\n"


def _node_lines(batch: Columns) -> bytes:
    pieces = [
        piece('      <node id="', batch["id"], '"', xml.quoted),
        piece(' label="', batch["label"], '"><attvalues>', xml.quoted),
    ]
    return lines([*pieces, *_attributes("node", batch)], "</attvalues></node>\n")


def _edge_lines(batch: Columns, first: int) -> bytes:
    numbers = range(first, first + len(batch["source"]))
    pieces = [
        piece('      <edge id="', numbers, '"', str),
        piece(' source="', batch["source"], '"', xml.quoted),
        piece(' target="', batch["target"], '"', xml.quoted),
        piece(' label="', batch["label"], '"><attvalues>', xml.quoted),
    ]
    return lines([*pieces, *_attributes("edge", batch)], "</attvalues></edge>\n")


def _attributes(what: str, batch: Columns) -> Iterator[Piece]:
    for name, values in batch.items():
        if name not in _OWN:
            yield piece(f'<attvalue for="{what}_{name}" value="', values, '"/>', xml.quoted)
