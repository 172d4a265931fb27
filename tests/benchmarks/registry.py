"""How fast a whole registry is built: stages, memory, disk, and the engine's own load beside ours.

`python -m tests.benchmarks.registry --records 10000`; `--folder DIR` keeps records and store there,
so that a run that was stopped goes on where it was. `--change 2500` changes that many afterwards.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import psutil
import pyoxigraph as ox

from kg.history import History
from kg.publish import current_snapshot
from kg.shards import Text, write_shard
from kg.store import Store
from tests.benchmarks.made import SEED, write_records

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "build")
GOAL_RATE, GOAL_LOAD = 180, 1.2
MOST_COMPARED = 4_000_000
LINES = 35_000


def build(data, *sources):
    """Run one build; return its seconds, most memory of all its processes, most disk."""
    began, memory, disk, ticks = time.perf_counter(), 0, 0, 0
    command = [*COMMAND, "--data", str(data), *map(str, sources)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory = max(memory, resident(psutil.Process(process.pid)))
            if ticks % 20 == 0:
                disk = max(disk, size(data))
            ticks += 1
            time.sleep(0.1)
    if process.returncode not in {0, 3}:
        raise SystemExit(f"the build ended with {process.returncode}")
    return time.perf_counter() - began, memory, max(disk, size(data))


def resident(root):
    """The memory of a process and all below it; pages that they share are counted once each."""
    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def size(folder):
    """The bytes of all files, of one with several names once."""
    files = {}
    for path in folder.rglob("*") if folder.exists() else ():
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        files[found.st_ino] = found.st_size
    return sum(files.values())


def last_report(data):
    return json.loads(max((data / "runs").glob("*.json")).read_bytes())


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
    path = folder / "changed.jsonl"
    with gzip.open(source, "rt", encoding="utf-8") as lines, path.open("w") as out:
        for line in islice(lines, count):
            record = json.loads(line)
            status = record["protocolSection"]["statusModule"]
            closed = status.get("overallStatus") == "COMPLETED"
            status["overallStatus"] = "RECRUITING" if closed else "COMPLETED"
            status["lastUpdatePostDateStruct"] = {"date": "2026-11-20", "type": "ACTUAL"}
            out.write(json.dumps(record) + "\n")
    return path


def tell(name, records, quads, found):
    seconds, memory, disk = found
    print(
        f"{name}: {seconds:.1f} s, {records / seconds:.0f} records/s, "
        f"{quads / seconds:.0f} quads/s, memory {memory / 2**30:.2f} GB, "
        f"disk {disk / 2**30:.2f} GB at most"
    )


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
    print(f"    store {size(current_snapshot(data)) / 2**30:.2f} GB")
    print(f"goal: {GOAL_RATE} records/s, here {len(sizes) / found[0]:.0f}")
    if options.load:
        count, seconds = compare_load(data, folder)
        ratio = seconds["ours"] / seconds["engine"]
        print(
            f"load of {count} quads: engine {count / seconds['engine']:.0f} quads/s, "
            f"from shards {count / seconds['ours']:.0f}; {ratio:.2f} times its seconds "
            f"(goal {GOAL_LOAD})"
        )
    if options.change:
        changed = build(data, change(source, folder, options.change))
        tell(f"{options.change} changed", options.change, quads, changed)
        tell_stages(last_report(data), options.change, quads)
        tell("nothing changed", len(sizes), quads, build(data, folder / "changed.jsonl"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep what is made there, to go on with it")
    parser.add_argument("--change", type=int, default=0, help="then change so many records")
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
