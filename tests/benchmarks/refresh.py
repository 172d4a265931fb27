"""How long a refresh takes: from a server on loopback with the real records, and by archive.

`python -m tests.benchmarks.refresh --changed 100`; `--records 500` takes a part of the real ones,
`--made 250000` so many made of them; `--folder DIR` keeps the data there. The pause between
requests, a second by default, is left out; the number of requests is told.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from tests.benchmarks.made import made_records
from tests.conftest import shared_folder
from tests.corpus.corpus import load
from tests.replay.registry import Registry, archive, served, updated

GOAL_NOTHING, GOAL_ARCHIVE, GOAL_CHANGED = 10, 120, 90
COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "refresh")


def records(options):
    """Yield studies that have a day of last update, the full ones of the API's form."""
    if options.made:
        yield from made_records(options.made)
        return
    lines = load(shared_folder(), whole=True).lines
    found = (json.loads(line) for line in lines)
    yield from itertools.islice((one for one in found if _is_dated(one)), options.records)


def _is_dated(study):
    try:
        return bool(updated(study))
    except KeyError:
        return False


def refresh(data, *options):
    """Run one refresh and return its report."""
    command = [*COMMAND, "--data", str(data), "--rate", "100", "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in {0, 3}:
        raise SystemExit(f"the refresh ended with {done.returncode}")
    return json.loads(done.stdout)


def tell(name, report, goal=None):
    stages = {**report["seconds"]}
    if report["build"]:
        stages |= {f"build {name}": spent for name, spent in report["build"]["seconds"].items()}
    asked = "" if goal is None else f" (asked at 250,000: {goal} s)"
    print(f"{name}: {stages.pop('total')} s{asked}; {report['requests']} requests, "
          f"{report['fetched']:,} fetched, {report['changed']:,} changed")  # fmt: skip
    print("    " + ", ".join(f"{stage} {spent}" for stage, spent in stages.items()))


def change(registry, count, day):
    """Let so many studies be updated on a day, each in title, status and summary."""
    for study in itertools.islice(registry.studies.values(), count):
        protocol = study["protocolSection"]
        protocol["identificationModule"]["briefTitle"] += f" (as of {day})"
        protocol["statusModule"]["overallStatus"] = "SUSPENDED"
        protocol["statusModule"]["lastUpdatePostDateStruct"] = {"date": day}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int)
    parser.add_argument("--made", type=int)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    registry = Registry(records(options), version="2026-08-22T09:00:05")
    place = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory()
    print(
        f"{len(registry.studies):,} records, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    with place as folder, served(registry) as address:
        Path(folder).mkdir(parents=True, exist_ok=True)
        measure(Path(folder), registry, address, options.changed)


def measure(folder, registry, address, changed):
    data, packed = folder / "data", folder / "all.zip"
    packed.write_bytes(archive(registry.studies.values()))
    whole = ("--zip", str(packed), "--seen", "2026-08-22")
    tell("everything, by archive", refresh(data, *whole))
    tell("nothing changed, by archive", refresh(data, *whole), GOAL_ARCHIVE)
    asked = ("--base-url", address)
    registry.version = "2026-08-23T09:00:05"
    tell("nothing changed, data of another day", refresh(data, *asked), GOAL_NOTHING)
    tell("nothing changed, same data", refresh(data, *asked), GOAL_NOTHING)
    change(registry, changed, "2026-08-23")
    registry.version = "2026-08-24T09:00:05"
    tell(f"{changed:,} changed", refresh(data, *asked), GOAL_CHANGED)


if __name__ == "__main__":
    main()
