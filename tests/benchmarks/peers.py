"""Records to N-Quads and to a queryable store: ours beside rdflib and morph-kgc, in one run.

`python -m tests.benchmarks.peers --records 2000 --morph PYTHON`. All read the same records, without
contacts of people already, and give the same quads, which is verified; nothing is extracted from
words. `--morph` names a Python that has morph-kgc, which needs an rdflib older than ours. It maps
tables, since RML has no way from a nested list to the id of its trial: making these is counted
apart, and so is what it takes from tables that are there.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg.records import RawRecord
from loaders import LOADERS
from tests.benchmarks.made import made_records
from tests.benchmarks.peers_rml import CONFIG, SCRIPT, mapping

PROCESSES = os.cpu_count() or 1
GOALS = {"rdflib text": 5, "morph-kgc text": 3, "rdflib store": 2}


def write_records(path, count):
    """Write what the ledger would hold of so many records, a line each."""
    version = LOADERS["clinicaltrials"].version
    with path.open("wb") as lines:
        for record in made_records(count):
            content = json.dumps(record).encode()
            lines.write(version(RawRecord(content=content, origin="made")).content + b"\n")
    return path


def run(name, records, output, *more):
    command = (sys.executable, "-m", "tests.benchmarks.peers_runs", name, records, output)
    return _told([*command, *map(str, more)])


def run_morph(python, records, output):
    """Return what making tables took, and what mapping them took."""
    folder = output.with_suffix(".tables")
    made = run("tables", records, folder)
    told = folder / "mapping.ttl"
    mapping(folder).serialize(told)
    config = folder / "config.ini"
    config.write_text(CONFIG.format(mapping=told))
    return made, _told([python, "-c", SCRIPT, config, output])


def _told(command):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def digest(path):
    """Return how many different quads a file of N-Quads holds, and a digest of their sorted set."""
    quads = sorted({str(quad) for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)})
    return len(quads), hashlib.sha256("\n".join(quads).encode()).hexdigest()


def once(records, folder, morph):
    """Run all, one after another; return what each took and the file of its quads."""
    taken, files = {}, {}
    for name in ("our text", "rdflib text"):
        files[name] = folder / f"{name}.nq"
        taken[name] = run(name, records, files[name])
    for processes in sorted({1, PROCESSES}):
        name = f"our store, processes: {processes}"
        taken[name] = run("our store", records, folder / name, processes)
        files[name] = folder / f"{name}.nq"
    taken["rdflib store"] = run("rdflib store", records, folder / "rdflib store")
    files["rdflib store"] = folder / "rdflib store.nq"
    if morph:
        files["morph-kgc text"] = folder / "morph-kgc.nq"
        made, mapped = run_morph(morph, records, files["morph-kgc text"])
        taken["tables for morph-kgc"], taken["morph-kgc, tables given"] = made, mapped
        taken["morph-kgc text"] = {
            "seconds": made["seconds"] + mapped["seconds"],
            "cpu": made["cpu"] + mapped["cpu"],
            "memory": max(made["memory"], mapped["memory"]),
        }
    return taken, files


def same(files):
    """Return how many quads there are; end where not all files hold the same."""
    found = {name: digest(path) for name, path in files.items()}
    if len(set(found.values())) > 1:
        raise SystemExit(f"not the same quads: {found}")
    return found["our text"][0]


def tell(name, taken, count, quads):
    print(
        f"{name:28}{taken['seconds']:8.2f} s {taken['cpu']:8.2f} s CPU "
        f"{count / taken['seconds']:8.0f} records/s {quads / taken['seconds']:10.0f} quads/s "
        f"{taken['memory'] / 2**20:6.0f} MB"
    )


def compare(name, ours, theirs, goal=None):
    ratio = {of: theirs[of] / ours[of] for of in ("seconds", "cpu")}
    asked = f" (asked: {goal})" if goal else ""
    print(
        f"{name}: {ratio['seconds']:.1f} times our seconds{asked}, "
        f"{ratio['cpu']:.1f} times our CPU seconds"
    )
    return not goal or ratio["seconds"] >= goal


def median(runs, name):
    return {of: statistics.median(one[name][of] for one in runs) for of in runs[0][name]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--morph", help="a Python that has morph-kgc")
    options = parser.parse_args()
    runs, quads = [], 0
    with tempfile.TemporaryDirectory() as place:
        records = write_records(Path(place) / "records.jsonl", options.records)
        for number in range(options.runs):
            folder = Path(place) / str(number)
            folder.mkdir()
            taken, files = once(records, folder, options.morph)
            runs.append(taken)
            quads = same(files)
            shutil.rmtree(folder)
    print(
        f"{options.records} records, {quads} quads, the same from all; medians of {len(runs)} "
        f"runs; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    found = {name: median(runs, name) for name in runs[0]}
    for name, taken in found.items():
        tell(name, taken, options.records, quads)
    sys.exit(0 if judged(found) else 1)


def judged(found):
    """Compare each with ours; return whether all is as asked."""
    text, store = found["our text"], found[f"our store, processes: {PROCESSES}"]
    met = [compare("rdflib text", text, found["rdflib text"], GOALS["rdflib text"])]
    if "morph-kgc text" in found:
        goal = GOALS["morph-kgc text"]
        met.append(compare("morph-kgc text", text, found["morph-kgc text"], goal))
        compare("morph-kgc, tables given", text, found["morph-kgc, tables given"])
    met.append(compare("rdflib store", store, found["rdflib store"], GOALS["rdflib store"]))
    compare("rdflib store, ours 1 process", found["our store, processes: 1"], found["rdflib store"])
    return all(met)


if __name__ == "__main__":
    main()
