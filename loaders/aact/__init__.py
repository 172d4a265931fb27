"""AACT, the Clinical Trials Transformation Initiative's copy of ClinicalTrials.gov as tables.

A dump is a folder or archive of pipe-delimited files; they are joined by study on disk. A copy:
its words are the registry's, but a day or more behind and without what the tables leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import COPY, RawRecord
from loaders import clinicaltrials
from loaders.aact.joining import DELIMITER, Tables, table_of
from loaders.aact.studies import version
from loaders.aact.tables import NOT_READ, PEOPLE, READ, UNREAD
from loaders.rows import header

NAME: Final = "aact"


def read(stream: BinaryIO, name: str) -> Iterator[RawRecord | RecordError]:
    """Yield the studies of one table by itself; a dump is joined with `joint`."""
    with closing(Tables()) as tables:
        tables.add(stream, name)
        yield from tables.records()


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a source is named like a table of AACT and divided by pipes."""
    known = table_of(name) in READ.keys() | PEOPLE.keys() | UNREAD
    return known and len(header(head, DELIMITER)) > 1


LOADER: Final = msgspec.structs.replace(
    clinicaltrials.LOADER,
    name=NAME,
    standing=COPY,
    title="AACT (tables of ClinicalTrials.gov)",
    reads="a folder or archive of the pipe-delimited files: studies.txt and what goes with it",
    obtain="https://aact.ctti-clinicaltrials.org/downloads: flat text files",
    unread=NOT_READ,
    read=read,
    version=version,
    recognises=recognises,
    joint=Tables,
)
