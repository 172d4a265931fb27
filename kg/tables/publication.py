"""The tables of a snapshot: made from the rows of all records, or of those that have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from pathlib import Path

from kg.extract.lexicon import Lexicon
from kg.lines import NOTHING, Lines
from kg.store import Store
from kg.tables.change import Key, read_tables, replaced
from kg.tables.columns import trial_tables, write_tables
from kg.tables.derived import add_derived
from kg.tables.labels import label_table, labels_after
from kg.tables.rows import TrialRow


def publish_tables(
    rows: Iterable[TrialRow],
    store: Store,
    lexicon: Lexicon,
    folder: Path,
    known: Lines = NOTHING,
) -> None:
    """Write all tables into a folder: trials, constructs, sites, labels.

    Of the `known` graphs the lines are not read from the store again.
    """
    tables = add_derived(trial_tables(rows), lexicon, store, known)
    write_tables(tables | {"labels": label_table(tables, lexicon)}, folder)


def publish_tables_after(
    before: Path,
    changed: Set[Key],
    rows: Callable[[Iterable[Key]], Iterable[TrialRow]],
    store: Store,
    lexicon: Lexicon,
    folder: Path,
) -> bool:
    """Write the tables of a snapshot again with other rows for the trials that have changed.

    Equal to `publish_tables`. Returns whether that could be done: not where the tables before
    cannot be read, or have other columns.
    """
    known = read_tables(before)
    new = add_derived(trial_tables(rows(sorted(changed))), lexicon, store, few=True)
    if known is None or any(known[name].schema != table.schema for name, table in new.items()):
        return False
    tables = replaced(known, changed, new)
    labels = labels_after(known["labels"], known, tables, lexicon)
    write_tables(tables | {"labels": labels}, folder)
    return True
