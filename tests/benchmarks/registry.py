"""How fast a whole registry is built: stages, memory, disk, and the engine's own load beside ours.

`python -m tests.benchmarks.registry --records 10000`; `--folder DIR` keeps records and store there,
so that a run that was stopped goes on where it was. `--change 2500` changes that many afterwards,
and refreshes by file, by archive and from a server on loopback where nothing changed any more.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.history import History
from kg.publish import current_snapshot
from kg.shards import Text, write_shard
from kg.store import Store
from tests.benchmarks.made import SEED, write_records
from tests.benchmarks.unchanged import refreshes
from tests.benchmarks.watching import gigabytes, size, tell_disk, watched

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "build")
GOAL_RATE, GOAL_LOAD, GOAL_CHANGED = 180, 1.2, 90
MOST_COMPARED = 4_000_000
LINES = 35_000


def build(data, *sources):
    """Run one build, watched."""
    return watched([*COMMAND, "--data", str(data), *map(str, sources)], data)


def last_report(data):
    return json.loads(max((data / "runs").glob("[0-9]*.json")).read_bytes())


def quads_by_record(data):
    with History.open(data / "history.sqlite") as history:
        return [json.loads(notes)["statements"] for notes in history.notes()]


def compare_load(data, folder):
    """Load the same text by the engine alone, and by way of shards; seconds of each."""
    text = folder / "ready.nq"
    with Store.read_only(current_snapshot(data)) as store, text.open("wb") as file:
        graphs = store.record_graphs()
        count = 0
        for graph in graphs:
            quads = list(store.quads(graph))
            file.write(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))
            count += len(quads)
            if count >= MOST_COMPARED:
                break
    shards = list(as_shards(text, folder / "shards"))
    seconds = {"engine": [], "ours": []}
    for _ in range(2):
        for name, taken in seconds.items():
            target = folder / "loaded"
            with Store.open(target) as store:
                began = time.perf_counter()
                if name == "engine":
                    form = ox.RdfFormat.N_QUADS
                    store.engine.bulk_load(path=str(text), format=form, lenient=True)
                else:
                    store.load_many((), Text(shards))
                taken.append(time.perf_counter() - began)
            shutil.rmtree(target)
    text.unlink()
    shutil.rmtree(folder / "shards")
    return count, {name: min(found) for name, found in seconds.items()}


def as_shards(text, folder):
    """The same text in shards of some fifty records."""
    folder.mkdir()
    with text.open("rb") as lines:
        number = 0
        while piece := b"".join(islice(lines, LINES)):
            number += 1
            yield write_shard(folder / f"{number:06d}.shard", (), piece)


def change(source, folder, count):
    """The first so many of the records with a later date and another status."""
    path = folder / f"changed-{count}.jsonl"
    with gzip.open(source, "rt", encoding="utf-8") as lines, path.open("w") as out:
        for line in islice(lines, count):
            record = json.loads(line)
            status = record["protocolSection"]["statusModule"]
            closed = status.get("overallStatus") == "COMPLETED"
            status["overallStatus"] = "RECRUITING" if closed else "COMPLETED"
            status["lastUpdatePostDateStruct"] = {"date": "2026-11-20", "type": "ACTUAL"}
            out.write(json.dumps(record) + "\n")
    return path


def changed_records(source, changed, count):
    """Yield the lines of all records, of those that changed as they are now."""
    with changed.open("rb") as lines:
        yield from lines
    with gzip.open(source, "rb") as lines:
        yield from islice(lines, count, None)


def tell(name, records, quads, found):
    print(
        f"{name}: {found.seconds:.1f} s, {records / found.seconds:.0f} records/s, "
        f"{quads / found.seconds:.0f} quads/s, memory {gigabytes(found.memory)}, "
        f"disk {gigabytes(found.disk.total())} at most"
    )
    tell_disk(found)


def tell_stages(report, records, quads):
    for stage, seconds in report["seconds"].items():
        rate = (
            f"{records / seconds:9.0f} records/s {quads / seconds:9.0f} quads/s" if seconds else ""
        )
        print(f"    {stage:18} {seconds:8.1f} s {rate}")


def measure(options, folder):
    source = write_records(folder / f"made-{options.records}-{SEED}.jsonl.gz", options.records)
    data = folder / f"data-{options.records}"
    found = build(data, source)
    report = last_report(data)
    quads, sizes = report["statements"], quads_by_record(data)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(sizes)} records, "
        f"{report['rejected']} kept aside; quads a record: mean {statistics.mean(sizes):.0f}, "
        f"median {statistics.median(sizes):.0f}, {sum(one < 250 for one in sizes)} below 250"
    )
    tell("build", len(sizes), quads, found)
    tell_stages(report, len(sizes), quads)
    print(f"    store {gigabytes(size(current_snapshot(data)))}")
    print(f"goal: {GOAL_RATE} records/s, here {len(sizes) / found.seconds:.0f}")
    if options.load:
        count, seconds = compare_load(data, folder)
        ratio = seconds["ours"] / seconds["engine"]
        print(
            f"load of {count} quads: engine {count / seconds['engine']:.0f} quads/s, "
            f"from shards {count / seconds['ours']:.0f}; {ratio:.2f} times its seconds "
            f"(goal {GOAL_LOAD})"
        )
    if options.change:
        measure_change(options.change, folder, data, source, quads)


def measure_change(count, folder, data, source, quads):
    """Refresh by file what changed, then by file, archive and server what did not."""
    changed = change(source, folder, count)
    tell(
        f"{count} changed (asked at 250,000: {GOAL_CHANGED} s)", count, quads, build(data, changed)
    )
    tell_stages(last_report(data), count, quads)
    tell("nothing changed, by file", count, quads, build(data, changed))
    archive = folder / f"{source.name.partition('.')[0]}-changed-{count}.zip"
    refreshes(data, archive, changed_records(source, changed, count))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep what is made there, to go on with it")
    parser.add_argument(
        "--change",
        type=int,
        default=0,
        help="then change so many records, and see that nothing is new",
    )
    parser.add_argument("--load", action="store_true", help="then compare with the engine's load")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        measure(options, options.folder)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(options, Path(folder))


if __name__ == "__main__":
    main()
