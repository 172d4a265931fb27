"""Any number of records as full as real ones: modules of real records put together anew.

Every record gets an id of its own; each of its modules is that of a real record, so that lengths
are distributed as there, and who sponsors what where is shuffled.
"""

import gzip
import json
import random
from pathlib import Path

from tests.conftest import shared_folder

SEED = 20260822
FULL = "ctgov_v2.jsonl.gz"
# What stays together, since one text speaks of the other.
TOGETHER = (
    ("identificationModule", "descriptionModule", "conditionsModule", "armsInterventionsModule"),
    ("eligibilityModule",),
    ("sponsorCollaboratorsModule", "oversightModule"),
    ("contactsLocationsModule", "statusModule"),
    ("outcomesModule",),
    ("designModule",),
    ("referencesModule", "ipdSharingStatementModule"),
)


def pool():
    """The full real records, as parsed JSON."""
    path = shared_folder() / "data" / "ctgov" / FULL
    if not path.exists():
        raise SystemExit(f"no real records at {path}: set TRIALKG_SHARED")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def made_records(count, seed=SEED):
    """Yield so many records; equal seeds give equal records."""
    real, chance = pool(), random.Random(seed)
    for number in range(count):
        base = real[number % len(real)]
        protocol = dict(base["protocolSection"])
        for modules in TOGETHER[1:]:
            other = chance.choice(real)["protocolSection"]
            for name in modules:
                protocol.pop(name, None)
                if name in other:
                    protocol[name] = other[name]
        own = f"NCT{90_000_000 + number:08d}"
        known = protocol["identificationModule"]
        protocol["identificationModule"] = {**known, "nctId": own, "orgStudyIdInfo": {"id": own}}
        protocol["identificationModule"].pop("secondaryIdInfos", None)
        yield {**base, "protocolSection": protocol}


def write_records(path: Path, count: int, seed=SEED) -> Path:
    """Write them as JSON Lines, packed; a file that is complete is kept."""
    if not path.exists():
        partial = path.with_suffix(".partial")
        with gzip.open(partial, "wt", encoding="utf-8", compresslevel=1) as lines:
            for record in made_records(count, seed):
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        partial.rename(path)
    return path
