"""How many trials of engineered cells have a target, or say that theirs is not disclosed.

`python -m tests.benchmarks.disclosed` reads all real records of the shared data, of each study the
latest. Trials of engineered cells are those of the two public lists of CAR trials of 2026-08-22 and
those in which extraction finds such a product under study; a listed trial without one is counted
as silent, so that what extraction overlooks shows.
"""

import csv
import gzip
import io
import json
import sys
from collections import Counter
from pathlib import Path

from kg.extract import extract, load_lexicon
from kg.extract.findings import Extraction
from kg.extract.reading import ENGINEERED
from kg.records import RawRecord, Trial
from kg.resources import LEXICON
from loaders import LOADERS
from tests.benchmarks.classifier import tested
from tests.conftest import shared_folder
from tests.corpus.corpus import load

LISTS = ("cart_oncology", "cart_autoimmune")
ANSWERS = (
    "target named in the record",
    "target known of the product",
    "target said to be undisclosed",
    "no engineered product found",
)


def listed(data: Path) -> frozenset[str]:
    found: set[str] = set()
    for name in LISTS:
        with gzip.open(data / name / "2026-08-22_trials.csv.gz") as packed:
            rows = csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8"))
            found.update(row["NCTId"] for row in rows)
    return frozenset(found)


def trials(shared: Path) -> list[Trial]:
    loader = LOADERS["clinicaltrials"]
    records = load(shared, whole=True).shown
    packed = (json.dumps(record).encode() for _, record in sorted(records.items()))
    return [
        loader.parse(loader.version(RawRecord(content=one, origin="records")).content)
        for one in packed
    ]


def answer(found: Extraction) -> str:
    """Return what the record and the product table together say of the engineered cells."""
    cells = [made for made in tested(found) if made.modality.value in ENGINEERED]
    bases = {target.basis for made in cells for target in made.targets}
    if bases - {"FromLexicon"}:
        return ANSWERS[0]
    if bases:
        return ANSWERS[1]
    return ANSWERS[2] if cells else ANSWERS[3]


def main():
    shared = shared_folder()
    if not (shared / "data").is_dir():
        sys.exit(f"no real records at {shared}: set TRIALKG_SHARED to a folder that has them")
    lexicon, public = load_lexicon([LEXICON]), listed(shared / "data")
    counted = Counter()
    for trial in trials(shared):
        said = answer(extract(trial, lexicon))
        if trial.registry_id in public or said != ANSWERS[-1]:
            counted[said] += 1
    print("| answer | trials | share |\n|---|---|---|")
    for said in ANSWERS:
        print(f"| {said} | {counted[said]} | {counted[said] / counted.total():.1%} |")


if __name__ == "__main__":
    main()
