"""Targets of ours beside the labels of a public classifier, both held to labels made by hand.

`python -m tests.benchmarks.classifier` reads the shared data: the labelled CAR trials of
`gold/dev*.jsonl` that the classifier's table of 2026-08-22 has too. A trial counts as right where
the whole set of target antigens is right.
"""

import csv
import gzip
import io
import json
import sys
from collections import Counter
from pathlib import Path

from kg.extract import extract, load_lexicon
from kg.records import RawRecord
from kg.resources import LEXICON
from loaders import LOADERS
from tests.conftest import shared_folder

# What the classifier writes where it names no antigen.
NO_ANTIGEN = {"Other_or_unknown", "CAR-T_unspecified", "CAR-NK", "Multi-target platform"}
PREFIXES = ("CAR-NK: ", "CAR-T: ")


def labels(data: Path) -> dict[str, str]:
    with gzip.open(data / "cart_oncology" / "2026-08-22_trials.csv.gz") as packed:
        rows = csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8"))
        return {row["NCTId"]: row["TargetCategory"] for row in rows}


def gold_targets(data: Path) -> dict[str, frozenset[str]]:
    lines = [
        json.loads(line)
        for path in sorted((data / "gold").glob("dev*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return {
        one["id"]: frozenset(row["key"] for row in one["antigens"] if row["role"] == "target")
        for one in lines
    }


def named(label: str, aliases: dict[str, str]) -> frozenset[str]:
    """Return the antigens that a label names; a name without a row stands for itself."""
    if label in NO_ANTIGEN:
        return frozenset()
    for prefix in PREFIXES:
        label = label.removeprefix(prefix)
    parts = label.removesuffix(" dual").removesuffix("-L").split("/")
    return frozenset(aliases.get(part.strip().casefold(), part.strip()) for part in parts)


def ours(data: Path, wanted: set[str], lexicon) -> dict[str, frozenset[str]]:
    loader = LOADERS["clinicaltrials"]
    found = {}
    with gzip.open(data / "gold" / "records.jsonl.gz") as lines:
        for line in lines:
            trial = loader.parse(loader.version(RawRecord(content=line, origin="gold")).content)
            if trial.registry_id in wanted:
                constructs = tested(extract(trial, lexicon))
                targets = {claim.value for one in constructs for claim in one.targets}
                found[trial.registry_id] = frozenset(targets)
    return found


def tested(found):
    """Return the constructs that a trial tests, or whose recipients it follows."""
    kept = {
        use.construct
        for use in found.uses
        if use.role.value in {"ExperimentalRole", "PreviouslyGivenRole"}
    }
    return [one for number, one in enumerate(found.constructs) if number in kept]


def main():
    data = shared_folder() / "data"
    if not data.is_dir():
        sys.exit(f"no real records at {data}: set TRIALKG_SHARED to a folder that has them")
    lexicon = load_lexicon([LEXICON])
    aliases = {
        alias.casefold(): one.key
        for one in lexicon.antigens.values()
        for alias in (*one.aliases, one.label, one.key)
    }
    public, gold = labels(data), gold_targets(data)
    both = sorted(public.keys() & gold.keys())
    mine = ours(data, set(both), lexicon)
    counted = Counter()
    for one in both:
        theirs = named(public[one], aliases)
        verdict = (mine[one] == gold[one], theirs == gold[one])
        counted[verdict] += 1
        if mine[one] != theirs:
            who = {(True, False): "we", (False, True): "they", (False, False): "neither"}
            sets = (" + ".join(sorted(found)) or "none" for found in (gold[one], mine[one], theirs))
            print(one, who.get(verdict, "both"), *sets, sep="\t")
    print(f"{len(both)} trials: both right {counted[True, True]}, only we {counted[True, False]}, ")
    print(f"only they {counted[False, True]}, neither {counted[False, False]}")


if __name__ == "__main__":
    main()
