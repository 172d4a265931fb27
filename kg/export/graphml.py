"""GraphML for Gephi, Cytoscape and networkx: typed attributes, one directed multigraph.

XML 1.0 cannot hold most control characters, not even escaped: each becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from kg.errors import ExportError
from kg.export.edges import EDGE_ATTRIBUTES, Edge
from kg.export.files import complete_file
from kg.export.nodes import NODE_ATTRIBUTES, Node
from kg.export.values import Value
from kg.export.whole import all_edges, all_nodes
from kg.store import Store

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CARRIAGE_RETURN = {"\r": "&#13;"}  # as it is, a parser reads it as a line feed
_TYPES: Mapping[type, str] = {bool: "boolean", int: "long", float: "double", str: "string"}

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_TAIL = """  </graph>
</graphml>
"""


def write(store: Store, path: Path) -> Mapping[str, int]:
    """Write nodes and edges to one file; memory does not grow with texts."""
    counts = {"nodes": 0, "edges": 0}
    with complete_file(path) as output:
        output.write(_HEAD.encode())
        output.writelines(line.encode() for line in _keys())
        output.write(b'  <graph id="trialkg" edgedefault="directed">\n')
        for node in all_nodes(store.engine):
            output.write(_node(node).encode())
            counts["nodes"] += 1
        for edge in all_edges(store.engine):
            output.write(_edge(edge, counts["edges"]).encode())
            counts["edges"] += 1
        output.write(_TAIL.encode())
    return counts


def _keys() -> Iterator[str]:
    for what, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
        for name, kind in attributes.items():
            yield (
                f'  <key id="{what}_{name}" for="{what}" attr.name="{name}" '
                f'attr.type="{_TYPES[kind]}"/>\n'
            )


def _node(node: Node) -> str:
    own = {"label": node.label, "kind": node.kind, **node.attributes}
    data = "".join(_data("node", own, NODE_ATTRIBUTES, node.id))
    return f"    <node id={_quoted(node.id)}>{data}</node>\n"


def _edge(edge: Edge, number: int) -> str:
    own = {"label": edge.kind, "kind": edge.kind, **edge.attributes}
    data = "".join(_data("edge", own, EDGE_ATTRIBUTES, edge.source))
    ends = f"source={_quoted(edge.source)} target={_quoted(edge.target)}"
    return f'    <edge id="e{number}" {ends}>{data}</edge>\n'


def _data(
    what: str, own: Mapping[str, Value], types: Mapping[str, type], where: str
) -> Iterable[str]:
    for name, value in own.items():
        if types[name] is not str and not isinstance(value, types[name]):
            raise ExportError(f"{where}: {name} is {value!r}, and GraphML needs one {types[name]}")
        yield f'<data key="{what}_{name}">{_text(value)}</data>'


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NOT_XML.sub("\ufffd", str(value)), _CARRIAGE_RETURN)


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))
