"""How long facets take over many trials: `python -m tests.benchmarks.facets --data DIR`.

The tables of a published data folder are repeated until there are as many trials as asked; each
repetition has its own cities and sponsors, so that facets have the distinct values of a registry.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl

from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.hits import hits
from kg.find.selection import read_selection
from kg.publish import current_snapshot
from kg.tables.files import SUFFIX

# What people would click, from nothing to much.
SELECTIONS = (
    "",
    "antigen=CD19",
    "antigen=DLL3&modality=NKCellTherapy&country=CN&open=true",
    "country=US",
    "status=Recruiting&country=CN&effector=TCell",
    "condition=MONDO:0005070",
    "q=lymphoma",
    "near=31.23,121.47&km=50",
    "open=true",
)
RUNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--trials", type=int, default=250_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repeat(current_snapshot(options.data), options.trials, Path(folder))
        before = time.perf_counter()
        catalogue = Catalogue(Path(folder))
        opened = time.perf_counter() - before
    sites = len(catalogue.tables["sites"])
    print(f"{len(catalogue):,} trials, {sites:,} sites, opened in {opened:.1f} s")
    print(f"{'selection':<58} {'trials':>8} {'counts ms':>10} {'page ms':>8}")
    for text in SELECTIONS:
        report(catalogue, text)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def report(catalogue: Catalogue, text: str) -> None:
    wanted = read_selection([tuple(part.split("=")) for part in text.split("&") if part])
    found = catalogue.newest(catalogue.find(wanted))
    counting = median(lambda: catalogue.counts(wanted, FACETS, 8))
    page = median(lambda: list(hits(catalogue, catalogue.newest(catalogue.find(wanted))[:25])))
    print(f"{text or 'everything':<58} {len(found):>8,} {counting:>10.0f} {page:>8.0f}")


def median(run) -> float:
    times = []
    for _ in range(RUNS):
        before = time.perf_counter()
        run()
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1000


def repeat(snapshot: Path, trials: int, folder: Path) -> None:
    """Write tables of that many trials."""
    tables = {name: pl.read_parquet(snapshot / f"{name}{SUFFIX}") for name in ("trials", "labels")}
    size = len(tables["trials"])
    times = -(-trials // size)
    repeated = [
        tables["trials"].with_columns(
            pl.col("registry_id") + f"-{number}", pl.col("sponsor") + f"-{number % 40}"
        )
        for number in range(times)
    ]
    pl.concat(repeated).write_parquet(folder / f"trials{SUFFIX}")
    tables["labels"].write_parquet(folder / f"labels{SUFFIX}")
    for name, own in (("constructs", ()), ("sites", ("city", "facility"))):
        table = pl.read_parquet(snapshot / f"{name}{SUFFIX}")
        below = [
            table.with_columns(
                (pl.col("trial") + number * size).cast(pl.UInt32),
                *(pl.col(column) + f"-{number % 40}" for column in own),
            )
            for number in range(times)
        ]
        pl.concat(below).write_parquet(folder / f"{name}{SUFFIX}")


if __name__ == "__main__":
    main()
