"""Formats that a graph is written in; every module with a `write` is in EXPORTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from kg.export import (
    csv_tables,
    cytoscape,
    gexf,
    graphml,
    jsonld,
    kgx,
    kgx_lines,
    nquads,
    parquet,
    release,
    turtle,
)
from kg.export.files import Counts, Files, at_path, in_folder
from kg.store import Store


class Export(NamedTuple):
    """A format: how a store is written in it, what it is and, unless it is a folder, its suffix.

    `write` returns how many of what were written; `over_http` tells whether a server offers it.
    """

    write: Callable[[Store, Files], Counts]
    title: str
    suffix: str = ""
    media_type: str = "application/zip"
    over_http: bool = True


EXPORTS: Mapping[str, Export] = {
    "nquads": Export(nquads.write, "N-Quads, sorted", "nq", "application/n-quads"),
    "turtle": Export(turtle.write, "Turtle", "ttl", "text/turtle"),
    "jsonld": Export(jsonld.write, "JSON-LD, graph by graph", "jsonld", "application/ld+json"),
    "graphml": Export(graphml.write, "GraphML", "graphml", "application/graphml+xml"),
    "gexf": Export(gexf.write, "GEXF for Gephi", "gexf", "application/gexf+xml"),
    "cytoscape": Export(cytoscape.write, "Cytoscape JSON", "cyjs", "application/json"),
    "kgx": Export(kgx.write, "KGX TSV, Biolink nodes and edges"),
    "kgx-jsonl": Export(kgx_lines.write, "KGX JSON Lines"),
    "parquet": Export(parquet.write, "Parquet tables"),
    "csv": Export(csv_tables.write, "CSV tables"),
    "release": Export(release.write, "A release folder", over_http=False),
}


def write_export(name: str, store: Store, path: Path) -> Counts:
    """Write a store in a format: to the file of that path, or into the folder."""
    export = EXPORTS[name]
    return export.write(store, at_path(path) if export.suffix else in_folder(path))
