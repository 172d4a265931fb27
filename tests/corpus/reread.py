"""Write every export of a published graph and read it back with another tool.

`python -m tests.corpus.reread DATA` prints what was written, what was read and how long it took,
and fails where the counts differ.
"""

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import igraph
import networkx as nx
import pyoxigraph as ox

from kg.export import EXPORTS, write_export
from kg.publish import current_snapshot
from kg.store import Store

Counts = Mapping[str, int]


def statements(format_: ox.RdfFormat) -> Callable[[Path], Counts]:
    return lambda path: {"statements": sum(1 for _ in ox.parse(path=path, format=format_))}


def graphml(path: Path) -> Counts:
    read = igraph.Graph.Read_GraphML(str(path))
    return {"nodes": read.vcount(), "edges": read.ecount()}


def gexf(path: Path) -> Counts:
    read = nx.read_gexf(path)
    return {"nodes": len(read), "edges": read.number_of_edges()}


def cytoscape(path: Path) -> Counts:
    read = nx.cytoscape_graph(json.loads(path.read_bytes()))
    return {"nodes": len(read), "edges": read.number_of_edges()}


def rows(suffix: str, reader: str) -> Callable[[Path], Counts]:
    def read(folder: Path) -> Counts:
        return {path.stem: count(reader.format(path)) for path in folder.glob(f"*.{suffix}")}

    return read


def count(source: str) -> int:
    (found,) = duckdb.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608
    return found


def release(folder: Path) -> Counts:
    with gzip.open(folder / "trialkg.nq.gz") as packed:
        told = {"statements": sum(1 for _ in ox.parse(packed, format=ox.RdfFormat.N_QUADS))}
    kgx = rows("tsv", TSV)(folder / "kgx")
    return {**told, **PARQUET(folder / "tables"), **{f"kgx {name}": n for name, n in kgx.items()}}


TSV = "read_csv('{}', delim='\t', quote='', escape='', header=true, all_varchar=true)"
PARQUET = rows("parquet", "'{}'")
READERS: Mapping[str, Callable[[Path], Counts]] = {
    "nquads": statements(ox.RdfFormat.N_QUADS),
    "turtle": statements(ox.RdfFormat.TURTLE),
    "jsonld": statements(ox.RdfFormat.JSON_LD),
    "graphml": graphml,
    "gexf": gexf,
    "cytoscape": cytoscape,
    "kgx": rows("tsv", TSV),
    "kgx-jsonl": rows("jsonl", "read_json('{}', format='newline_delimited')"),
    "parquet": PARQUET,
    "csv": rows("csv", "read_csv('{}', header=true, all_varchar=true, max_line_size=20000000)"),
    "release": release,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--formats", nargs="*", default=list(EXPORTS), choices=list(EXPORTS))
    options = parser.parse_args()
    different = []
    with Store.read_only(current_snapshot(options.data)) as store:
        for name in options.formats:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "out"
                path = (
                    path.with_suffix(f".{EXPORTS[name].suffix}") if EXPORTS[name].suffix else path
                )
                began = time.perf_counter()
                written = write_export(name, store, path)
                middle = time.perf_counter()
                read = READERS[name](path)
                print(
                    f"{name}: written in {middle - began:.1f} s, read in "
                    f"{time.perf_counter() - middle:.1f} s: {dict(written)}",
                    flush=True,
                )
                if dict(read) != dict(written):
                    print(f"  but read: {dict(read)}")
                    different.append(name)
    sys.exit(f"counts differ: {', '.join(different)}" if different else 0)


if __name__ == "__main__":
    main()
