"""`python -m tests.benchmarks.identity`: identity of studies on all real records of all registries.

What a record states of other registrations is read here by plain patterns from the fields that hold
identifiers, without the project's own reading of them, and compared with what the graph takes for
the same study. Then every pair that evidence joins is listed, to be read by people.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.extract.findings import Extraction
from kg.extract.lexicon import load_lexicon
from kg.extract.organizations import organization_keys
from kg.extract.places import places
from kg.records import REPORT, Loader, Trial
from kg.resources import LEXICON
from kg.sources import open_source
from kg.study import Registration, likenesses, registration
from kg.study.merging import SAME_STUDY, in_registry_order, merge
from kg.study.references import SAME
from loaders import LOADERS
from tests.conftest import shared_folder

FILES = {
    "clinicaltrials": ("ctgov/*.jsonl.gz",),
    "ictrp": ("who_ictrp/*.xml.gz",),
    "ictrp_csv": ("who_ictrp/*.csv.gz",),
    "isrctn_json": ("isrctn/*.jsonl.gz",),
    "euclinicaltrials_json": ("eu_ctr/*.jsonl.gz",),
    "ctis": ("eu_ctis/*.jsonl.gz",),
    "chictr": ("chictr/chictr_detail*.gz",),
}
# What a person takes for an identifier of a registration in a field for identifiers.
WRITTEN = re.compile(
    r"NCT\d{8}|ISRCTN\d{8}|ChiCTR\d{10}|jRCTs?\d{9,10}|UMIN\d{9}|CTRI/\d{4}/\d{2}/\d{6}"
    r"|U1111-\d{4}-\d{4}|(?<!\d)20\d\d-\d{6}-\d\d(?!\d)"
)
# Fields whose identifiers are those of grants or, by the registry's word, of another trial.
OTHERS = {"NIH", "OTHER_GRANT", "Associated trial"}


def records() -> Iterator[tuple[Loader, Trial, str]]:
    """Yield every record of the shared data, with what decides between two of one registration."""
    for name, patterns in FILES.items():
        loader = LOADERS[name]
        for path in sorted(one for each in patterns for one in (_data().glob(each))):
            for origin, stream in open_source(path):
                for raw in loader.read(stream, origin):
                    version = loader.version(raw)
                    yield loader, loader.parse(version.content), str(version.last_update or "")


def registrations() -> tuple[list[Registration], dict[tuple[str, str], Trial]]:
    """Return the shown registrations in registry order, and their trials."""
    shown: dict[tuple[str, str], tuple[tuple[int, str], Trial]] = {}
    for loader, trial, updated in records():
        key, rank = (trial.registry, trial.registry_id), (REPORT - loader.standing, updated)
        if key not in shown or rank > shown[key][0]:
            shown[key] = (rank, trial)
    gazetteer = load_lexicon((LEXICON,)).gazetteer
    trials = {key: trial for key, (_, trial) in shown.items()}
    made = [
        registration(
            trial,
            Extraction(
                places=places(trial, gazetteer),
                organizations=organization_keys(trial, gazetteer),
            ),
        )
        for trial in trials.values()
    ]
    return in_registry_order(made), trials


def stated(trial: Trial) -> set[str]:
    """Return the identifiers that a record gives as its own elsewhere, and its former ones."""
    found = set(trial.former_ids) | {
        written
        for one in trial.secondary_ids
        if one.id_type not in OTHERS
        for written in WRITTEN.findall(one.value)
    }
    own = WRITTEN.findall(trial.registry_id)
    return found - set(own)


def main() -> None:
    """Print precision and recall of stated pairs, and the pairs that evidence joins."""
    known, trials = registrations()
    wanted = {
        (one.registry_id, written)
        for one in known
        for written in stated(trials[one.registry, one.registry_id])
        if written in trials[one.registry, one.registry_id].former_ids
        or not (one.registry == "clinicaltrials" and written.startswith("NCT"))
    }
    found = {
        (one.registry_id, WRITTEN.findall(reference.written)[0])
        for one in known
        for reference in one.references
        if reference.kind == SAME
    }
    right = wanted & found
    print(f"{len(known)} registrations: {dict(Counter(one.registry for one in known))}")
    print(f"stated pairs {len(wanted)}, found {len(found)}, right {len(right)}")
    print(f"precision {len(right) / len(found):.3f}, recall {len(right) / len(wanted):.3f}")
    for name, pairs in (("missed", wanted - found), ("not stated", found - wanted)):
        for pair in sorted(pairs):
            print(f"  {name}: {pair[0]} {pair[1]}")
    _judged(known)


def _judged(known: list[Registration]) -> None:
    start = time.perf_counter()
    likely = list(likenesses(known))
    studies = merge(known, likely)
    took = time.perf_counter() - start
    print(f"{len(set(studies.first_members))} studies, judged in {took:.2f} s")
    verdicts = Counter(one.verdict for one in studies.evidence)
    print(f"evidence {dict(verdicts)}")
    for one in studies.evidence:
        if one.verdict == SAME_STUDY:
            first, second = known[one.first], known[one.second]
            print(f"  {first.registry_id} = {second.registry_id} ({one.score}) {one.reasons[0]}")
            for each in (first, second):
                print(f"      {each.title.plain[:110]} | {each.sponsor} {each.enrollment}")


def _data() -> Path:
    return shared_folder() / "data"


if __name__ == "__main__":
    sys.exit(main())
