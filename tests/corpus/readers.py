"""Readers of exports that are not ours: what each finds in a file or folder, counted."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import igraph
import networkx as nx
import pyoxigraph as ox
import rdflib

Counts = Mapping[str, int]
Reader = Callable[[Path], Counts]

ROOT = Path(__file__).parents[2]
# All of a cell as text: texts may be longer than DuckDB's own limit of a line.
_CSV = "read_csv('{}', header=true, all_varchar=true, max_line_size=20000000)"
_TSV = "read_csv('{}', delim='\t', quote='', escape='', header=true, all_varchar=true)"
_JSONL = "read_json('{}', format='newline_delimited')"
_NODE_SCRIPT = """
const cytoscape = require('cytoscape');
const text = require('fs').readFileSync(process.argv[1], 'utf8');
const graph = cytoscape({headless: true, elements: JSON.parse(text).elements});
console.log(JSON.stringify({nodes: graph.nodes().length, edges: graph.edges().length}));
"""


def statements(format_: ox.RdfFormat) -> Reader:
    return lambda path: {"statements": sum(1 for _ in ox.parse(path=path, format=format_))}


def statements_by_rdflib(format_: str) -> Reader:
    def read(path: Path) -> Counts:
        found = rdflib.Dataset(default_union=True)
        found.parse(path, format=format_)
        return {"statements": len(found)}

    return read


def graph(read: Callable[[Path], nx.Graph]) -> Reader:
    def counted(path: Path) -> Counts:
        found = read(path)
        return {"nodes": len(found), "edges": found.number_of_edges()}

    return counted


def by_igraph(path: Path) -> Counts:
    found = igraph.Graph.Read_GraphML(str(path))
    return {"nodes": found.vcount(), "edges": found.ecount()}


def rows(suffix: str, source: str) -> Reader:
    def read(folder: Path) -> Counts:
        paths = sorted(folder.glob(f"*.{suffix}"))
        return {path.stem: _count(source.format(path)) for path in paths}

    return read


def _count(source: str) -> int:
    (found,) = duckdb.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608
    return found


def release(folder: Path) -> Counts:
    """Count what a release holds; raise where its checksums or its description are not true."""
    _check_sums(folder)
    with gzip.open(folder / "trialkg.nq.gz") as packed:
        found = {"statements": sum(1 for _ in ox.parse(packed, format=ox.RdfFormat.N_QUADS))}
    kgx = rows("tsv", _TSV)(folder / "kgx")
    tables = rows("parquet", "'{}'")(folder / "tables")
    return {**found, **tables, **{f"kgx {name}": count for name, count in kgx.items()}}


def _check_sums(folder: Path) -> None:
    subprocess.run(
        ["/usr/bin/sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=folder,
        check=True,
    )
    described = rdflib.Graph().parse(folder / "dcat.ttl")
    told = {
        str(described.value(node, rdflib.DCTERMS.title)): (
            int(described.value(node, rdflib.DCAT.byteSize)),
            str(described.value(checksum, rdflib.URIRef(f"{_SPDX}checksumValue"))),
        )
        for node, checksum in described.subject_objects(rdflib.URIRef(f"{_SPDX}checksum"))
    }
    paths = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    found = {
        name: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for name, path in paths.items()
        if name not in ("dcat.ttl", "SHA256SUMS")
    }
    if told != found:
        raise SystemExit(f"dcat.ttl is not true of {sorted(dict(told.items() ^ found.items()))}")


def kgx_validator(python: str) -> Reader:
    """Return a reader by the kgx of another environment, which raises where it finds errors."""

    def read(folder: Path) -> Counts:
        told = subprocess.run(
            [python, "-m", "tests.kgx", str(folder)],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if told.returncode:
            raise SystemExit(f"kgx: {told.stdout[-4000:]}{told.stderr[-4000:]}")
        lines = [line.split("\t") for line in told.stdout.splitlines()]
        for _, level, count, message in lines:
            if level != "read":
                print(f"# kgx: {level}\t{count}\t{message}", file=sys.stderr)
        found = {message: int(count) for _, level, count, message in lines if level == "read"}
        return {
            f"{one}s": sum(found[name] for name in found if one.upper() in name.upper())
            for one in ("node", "edge")
        }

    return read


def cytoscape_js(modules: Path) -> Reader:
    """Return a reader by Cytoscape.js under node."""

    def read(path: Path) -> Counts:
        told = subprocess.run(
            ["node", "-e", _NODE_SCRIPT, str(path)],
            env={"NODE_PATH": str(modules.resolve()), "PATH": "/usr/local/bin:/usr/bin:/bin"},
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(told.stdout)

    return read


def with_rdflib(readers: dict[str, dict[str, Reader]]) -> None:
    """Add rdflib to the readers of RDF."""
    for name, format_ in (("nquads", "nquads"), ("turtle", "turtle"), ("jsonld", "json-ld")):
        readers[name]["rdflib"] = statements_by_rdflib(format_)


_SPDX = "http://spdx.org/rdf/terms#"
READERS: Mapping[str, Mapping[str, Reader]] = {
    "nquads": {"pyoxigraph": statements(ox.RdfFormat.N_QUADS)},
    "turtle": {"pyoxigraph": statements(ox.RdfFormat.TURTLE)},
    "jsonld": {"pyoxigraph": statements(ox.RdfFormat.JSON_LD)},
    "graphml": {
        "igraph": by_igraph,
        "networkx": graph(lambda path: nx.read_graphml(path, force_multigraph=True)),
    },
    "gexf": {"networkx": graph(nx.read_gexf)},
    "cytoscape": {
        "networkx": graph(lambda path: nx.cytoscape_graph(json.loads(path.read_bytes())))
    },
    "kgx": {"DuckDB": rows("tsv", _TSV)},
    "kgx-jsonl": {"DuckDB": rows("jsonl", _JSONL)},
    "parquet": {"DuckDB": rows("parquet", "'{}'")},
    "csv": {"DuckDB": rows("csv", _CSV)},
    "release": {"sha256sum, rdflib, pyoxigraph, DuckDB": release},
}
