"""How fast GraphML, GEXF and Cytoscape JSON are written from edge tables, beside networkx.

`python -m tests.benchmarks.export` makes tables of 100,000 nodes and 1,000,000 edges and writes
them both ways, each in a process of its own, so that the memory of one is not that of the other.
networkx builds its network from the same tables and then writes it; the files are read back and
compared. `--edges 100000` is quicker.
"""

import argparse
import json
import multiprocessing
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import networkx as nx
import polars as pl

from kg.export import cytoscape, gexf, graphml
from kg.export.network import Network

GOAL = 10
BATCH, ROW_GROUP = 4_000, 40_000
WRITERS = {
    "graphml": graphml.write_network,
    "gexf": gexf.write_network,
    "cytoscape": cytoscape.write_network,
}
KINDS = ("trial", "construct", "antigen", "condition", "facility")


def make_tables(folder: Path, nodes: int, edges: int) -> None:
    """Write nodes.parquet and edges.parquet, of a made-up graph with text that needs escapes."""
    numbers = pl.int_range(nodes, eager=True)
    pl.DataFrame(
        {
            "id": "https://w3id.org/trialkg/trial/clinicaltrials/N" + numbers.cast(pl.String()),
            "label": "CAR & <NK> no. " + numbers.cast(pl.String()),
            "kind": [KINDS[number % len(KINDS)] for number in range(nodes)],
            "enrollment": numbers,
        }
    ).write_parquet(folder / "nodes.parquet", row_group_size=ROW_GROUP)
    places = pl.int_range(edges, eager=True)
    near, far = places % nodes, (places * 7919 + places // nodes + 13) % nodes
    ids = "https://w3id.org/trialkg/trial/clinicaltrials/N"
    pl.DataFrame(
        {
            "source": ids + near.cast(pl.String()),
            "target": ids + far.cast(pl.String()),
            "label": ["targets"] * edges,
            "kind": ["targets"] * edges,
            "confidence": (places % 100) / 100,
        }
    ).write_parquet(folder / "edges.parquet", row_group_size=ROW_GROUP)


def network(folder: Path) -> Network:
    return Network(
        nodes=lambda: batches(folder / "nodes.parquet"),
        edges=lambda: batches(folder / "edges.parquet"),
        node_attributes={"label": str, "kind": str, "enrollment": int},
        edge_attributes={"label": str, "kind": str, "confidence": float},
    )


def batches(path: Path):
    table = pl.scan_parquet(path)
    for start in range(0, table.select(pl.len()).collect().item(), ROW_GROUP):
        rows = table.slice(start, ROW_GROUP).collect()
        for first in range(0, len(rows), BATCH):
            yield rows.slice(first, BATCH).to_dict(as_series=False)


def ours(name: str, folder: Path, path: Path) -> None:
    with path.open("wb") as output:
        WRITERS[name](network(folder), output)


def theirs(name: str, folder: Path, path: Path) -> None:
    found = nx.MultiDiGraph()
    for row in pl.read_parquet(folder / "nodes.parquet").iter_rows(named=True):
        found.add_node(row.pop("id"), **row)
    for row in pl.read_parquet(folder / "edges.parquet").iter_rows(named=True):
        found.add_edge(row.pop("source"), row.pop("target"), **row)
    if name == "graphml":
        nx.write_graphml(found, path)
    elif name == "gexf":
        nx.write_gexf(found, path)
    else:
        path.write_text(json.dumps(nx.cytoscape_data(found)), encoding="utf-8")


def measured(work, name: str, folder: Path, path: Path, told) -> None:
    before = peak()
    began = time.perf_counter()
    work(name, folder, path)
    told.put((time.perf_counter() - began, peak() - before))


def peak() -> float:
    """The most memory that this process has held, in MiB; `resource` tells that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def in_process(work, name: str, folder: Path, path: Path) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=measured, args=(work, name, folder, path, told))
    process.start()
    found = told.get()
    process.join()
    return found


def counts(name: str, path: Path) -> tuple[int, int]:
    """Read a file back with networkx and count."""
    if name == "graphml":
        found = nx.read_graphml(path, force_multigraph=True)
    elif name == "gexf":
        found = nx.read_gexf(path)
    else:
        found = nx.cytoscape_graph(json.loads(path.read_bytes()))
    return len(found), found.number_of_edges()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="runs of ours; networkx runs once")
    parser.add_argument("--read", action="store_true", help="read all files back and compare")
    options = parser.parse_args()
    slow = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_tables(folder, options.nodes, options.edges)
        for name in WRITERS:
            mine, other = folder / f"ours.{name}", folder / f"theirs.{name}"
            runs = [in_process(ours, name, folder, mine) for _ in range(options.runs)]
            seconds, memory = (statistics.median(one) for one in zip(*runs, strict=True))
            their_seconds, their_memory = in_process(theirs, name, folder, other)
            times = their_seconds / seconds
            print(
                f"{name}: ours {seconds:.2f} s, {memory:.0f} MiB more memory; networkx "
                f"{their_seconds:.2f} s, {their_memory:.0f} MiB more; {times:.1f} times faster"
            )
            if options.read and counts(name, mine) != counts(name, other):
                sys.exit(f"{name}: the files differ: {counts(name, mine)} {counts(name, other)}")
            slow += [name] if name != "cytoscape" and times < GOAL else []
            mine.unlink()
            other.unlink()
    if slow:
        sys.exit(f"less than {GOAL} times faster: {', '.join(slow)}")


if __name__ == "__main__":
    main()
