"""The real records, read without the project's own loader, and the graph built from them."""

import gzip
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.pipeline import Settings, build
from kg.report import RunReport
from loaders import LOADERS

WHOLE = os.environ.get("TRIALKG_CORPUS") == "whole"
SAMPLE = 250
SEED = 20260822
# The trials of the seed question, and some of the edge cases of the data.
ALWAYS = ("NCT07480213", "NCT07366658", "NCT07744256", "NCT02601209", "NCT03070093", "NCT06631677")


@dataclass(frozen=True)
class Corpus:
    """What the sources hold: per id the record that has to be shown, and all records as lines."""

    shown: dict[str, dict[str, Any]]
    lines: list[str]


def load(shared: Path, *, whole: bool) -> Corpus:
    """Read all records, or those of a seeded sample of ids with all their versions."""
    files = sorted((shared / "data" / "ctgov").glob("*.jsonl.gz"))
    records = [(registry_id(json.loads(line)), line) for path in files for line in _lines(path)]
    ids = sorted({one for one, _ in records})
    chosen = set(ids if whole else [*random.Random(SEED).sample(ids, SAMPLE), *ALWAYS])
    lines = [line for one, line in records if one in chosen]
    shown: dict[str, dict[str, Any]] = {}
    for line in lines:
        record = json.loads(line)
        known = shown.get(registry_id(record))
        if known is None or rank(record) > rank(known):
            shown[registry_id(record)] = record
    return Corpus(shown, lines)


def registry_id(record: dict[str, Any]) -> str:
    return str(record["protocolSection"]["identificationModule"]["nctId"])


def last_update(record: dict[str, Any]) -> str:
    status = record["protocolSection"].get("statusModule", {})
    return str(status.get("lastUpdatePostDateStruct", {}).get("date", ""))


def rank(record: dict[str, Any]) -> tuple[str, int]:
    """What decides between two records of one study: its last update, then what is filled in."""
    return last_update(record), len(record["protocolSection"])


def build_corpus(corpus: Corpus, folder: Path, processes: int = 2) -> RunReport:
    source = folder / "records.jsonl"
    source.write_text("".join(corpus.lines), encoding="utf-8")
    return build(folder / "data", [source], LOADERS, settings=Settings(processes=processes))


def pointed(record: Any, pointer: str) -> Any:
    """The value at a JSON pointer."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        record = record[int(key)] if isinstance(record, list) else record[key]
    return record


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from lines
