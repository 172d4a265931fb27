"""Write every export of the real records, and read each back with tools that are not ours.

`python -m tests.corpus.reread DATA` takes a published graph, `--records FILE…` builds one first.
One line says for each file, tool and kind of thing how many the graph has, how many were written
and how many were read; the command fails where these differ. rdflib takes minutes for a million
statements (`--rdflib`); the kgx validator needs an environment of its own (`--kgx PYTHON`, see
tests/kgx), Cytoscape.js a folder with its package (`--cytoscape node_modules`).
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox

from kg.export import EXPORTS, write_export
from kg.export.tables import TABLES
from kg.pipeline import Settings, build
from kg.publish import current_snapshot
from kg.store import Store
from loaders import LOADERS
from tests.corpus.readers import READERS, Counts, Reader, cytoscape_js, kgx_validator, with_rdflib


def held(store: Store) -> Counts:
    """What a graph holds by its own query engine, not by the code of the exports."""
    counts = {"statements": len(store.engine)}
    for name, table in TABLES.items():
        query = "SELECT DISTINCT ?node ?class { GRAPH ?graph { ?node a ?class } }"
        bound = {ox.Variable("class"): table.type}
        counts[name] = sum(1 for _ in store.engine.query(query, substitutions=bound))
    return counts


def compared(
    name: str, tool: str, written: Counts, read: Counts, expected: Counts
) -> Iterator[tuple[str, bool]]:
    """Yield a line for each kind of thing, and whether all counts of it are equal."""
    for kind in sorted(written.keys() | read.keys()):
        in_graph = expected.get(kind, written.get(kind))
        equal = in_graph == written.get(kind) == read.get(kind)
        numbers = (in_graph, written.get(kind), read.get(kind))
        shown = (f"{one:,}" if one is not None else "none" for one in numbers)
        yield "\t".join((name, tool, kind, *shown, "" if equal else "DIFFERENT")), equal


def reread(store: Store, formats: list[str], readers: Mapping[str, Mapping[str, Reader]]) -> int:
    """Write and read the formats; return how many counts differ."""
    expected, different = held(store), 0
    print("format\ttool\twhat\tin the graph\twritten\tread")
    for name in formats:
        with tempfile.TemporaryDirectory() as folder:
            suffix = EXPORTS[name].suffix
            path = Path(folder) / (f"out.{suffix}" if suffix else "out")
            began = time.perf_counter()
            written = write_export(name, store, path)
            print(f"# {name}: written in {time.perf_counter() - began:.1f} s", flush=True)
            for tool, reader in readers[name].items():
                began = time.perf_counter()
                for line, equal in compared(name, tool, written, reader(path), expected):
                    print(line)
                    different += not equal
                print(f"# {tool}: read in {time.perf_counter() - began:.1f} s", flush=True)
    return different


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--records", type=Path, nargs="*", default=[])
    parser.add_argument("--formats", nargs="*", default=list(EXPORTS), choices=list(EXPORTS))
    parser.add_argument("--rdflib", action="store_true")
    parser.add_argument("--kgx", metavar="PYTHON")
    parser.add_argument("--cytoscape", metavar="NODE_MODULES", type=Path)
    options = parser.parse_args()
    if (options.data is None) == (not options.records):
        parser.error("give a folder of a published graph or --records, one of both")
    readers = {name: dict(tools) for name, tools in READERS.items()}
    if options.rdflib:
        with_rdflib(readers)
    if options.kgx:
        readers["kgx"]["kgx"] = readers["kgx-jsonl"]["kgx"] = kgx_validator(options.kgx)
    if options.cytoscape:
        readers["cytoscape"]["Cytoscape.js"] = cytoscape_js(options.cytoscape)
    with ExitStack() as stack:
        data = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if options.records:
            build(data, options.records, LOADERS, settings=Settings(processes=2))
        with Store.read_only(current_snapshot(data)) as store:
            different = reread(store, options.formats, readers)
    sys.exit(f"{different} counts differ" if different else 0)


if __name__ == "__main__":
    main()
