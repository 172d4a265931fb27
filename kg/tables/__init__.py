"""Tables for search, facets and counts, made at publication from the rows of all records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.extract.lexicon import Lexicon
from kg.store import Store
from kg.tables.columns import SUFFIX, carry_tables, trial_tables, write_tables
from kg.tables.derived import add_derived
from kg.tables.labels import label_table
from kg.tables.rows import ConstructRow, SiteRow, TrialRow, folded, trial_row

RELEASE = "1"

__all__ = [
    "RELEASE",
    "SUFFIX",
    "ConstructRow",
    "SiteRow",
    "TrialRow",
    "carry_tables",
    "folded",
    "publish_tables",
    "trial_row",
]


def publish_tables(rows: Iterable[TrialRow], store: Store, lexicon: Lexicon, folder: Path) -> None:
    """Write all tables into a folder: trials, constructs, sites, labels."""
    tables = add_derived(trial_tables(rows), lexicon, store)
    write_tables(tables | {"labels": label_table(tables, lexicon)}, folder)
