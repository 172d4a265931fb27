"""WHO ICTRP, the CSV that its search portal exports: the fields of the XML with spaces in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders import ictrp
from loaders.rows import header, rows

NAME: Final = "ictrp_csv"

_COLUMNS: Final = frozenset({"TrialID", "Source Register", "Public title"})


def read(stream: BinaryIO, name: str) -> Iterator[RawRecord | RecordError]:
    """Yield the rows of an export, with the names that the XML gives the fields."""
    for number, row in rows(NAME, "TrialID", stream, name):
        if isinstance(row, RecordError):
            yield row
        else:
            kept = {key.replace(" ", "_"): cell for key, cell in row.items() if cell.strip()}
            yield RawRecord(content=msgspec.json.encode(kept), origin=f"{name} row {number}")


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with the header of an export."""
    return _COLUMNS.issubset(header(head))


LOADER: Final = msgspec.structs.replace(
    ictrp.LOADER,
    name=NAME,
    title="WHO ICTRP (CSV)",
    reads="the CSV export of the search portal, bare carriage returns inside fields included",
    obtain="https://trialsearch.who.int: search, then Export results to CSV",
    read=read,
    recognises=recognises,
)
