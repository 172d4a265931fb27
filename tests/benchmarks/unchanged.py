"""Refreshes that find nothing new: by an archive of all records, and from a server on loopback."""

import datetime as dt
import json
import sys
import time
import zipfile

from kg.records import RawRecord
from kg.refresh.ledger import Marks
from loaders.clinicaltrials_api import glance
from tests.benchmarks.watching import gigabytes, tell_disk, watched
from tests.replay.registry import Registry, nct_id, served

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "refresh")
GOAL_SERVER, GOAL_ARCHIVE = 10, 120


def refreshes(data, archive, lines):
    """Make an archive of the lines, unless it is there, and refresh from it and from a server."""
    studies = thin_studies(pack(archive, lines))
    tell("nothing changed, by archive", refresh(data, "--zip", str(archive)), GOAL_ARCHIVE)
    with Marks.open(data, "clinicaltrials", "") as marks:
        version = marks.last_version()
    fill(studies, archive, version.date() - dt.timedelta(days=1))
    registry = Registry(studies, version.isoformat())
    with served(registry) as address:
        asked = ("--base-url", address, "--rate", "100")
        tell("nothing changed, same data of the server", refresh(data, *asked), GOAL_SERVER)
        registry.version = (version + dt.timedelta(days=1)).isoformat()
        tell("nothing changed, its data of another day", refresh(data, *asked), GOAL_SERVER)


def pack(archive, lines):
    """Write records as the registry archives them, one a member; yield what a glance tells."""
    partial, began = archive.with_suffix(".partial"), time.perf_counter()
    known = archive.exists()
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for line in lines:
            told = glance(RawRecord(content=line, origin="made"))
            yield told
            if not known:
                file.writestr(f"{told[0]}.json", line.strip())
    if known:
        partial.unlink()
    else:
        partial.rename(archive)
        made = time.perf_counter() - began
        print(f"archive of {gigabytes(archive.stat().st_size)}, made in {made:.0f} s")


def thin_studies(known):
    """Return of each study what a server needs to choose it; days are shared."""
    days = {}
    return [
        {
            "protocolSection": {
                "identificationModule": {"nctId": name},
                "statusModule": days.setdefault(
                    day, {"lastUpdatePostDateStruct": {"date": day.isoformat()}}
                ),
            }
        }
        for name, day in known
    ]


def fill(studies, archive, since):
    """Make those whole that were updated since a day, which are all that is asked for."""
    with zipfile.ZipFile(archive) as file:
        for number, study in enumerate(studies):
            posted = study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]
            if posted["date"] >= since.isoformat():
                studies[number] = json.loads(file.read(f"{nct_id(study)}.json"))


def refresh(data, *options):
    """Run one refresh, watched; return what it took and its report."""
    found = watched([*COMMAND, "--data", str(data), *options], data)
    return found, json.loads(max((data / "runs").glob("refresh-*.json")).read_bytes())


def tell(name, done, goal):
    found, report = done
    print(
        f"{name}: {found.seconds:.1f} s (asked at 250,000: {goal}), {report['requests']} requests, "
        f"{report['fetched']:,} fetched, {report['changed']:,} changed, "
        f"memory {gigabytes(found.memory)}"
    )
    print("    " + ", ".join(f"{stage} {spent} s" for stage, spent in report["seconds"].items()))
    tell_disk(found)
