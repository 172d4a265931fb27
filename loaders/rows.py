"""Splitting a table into rows, each a record of its columns, so that a broken row costs itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.limits import LARGEST_RECORD

LARGEST_ROW: Final = LARGEST_RECORD // 4
_BEGINNING: Final = 2000
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
# Stands for a carriage return inside a field, which no row ends with; Unicode never assigns it.
_RETURN = "\ufdd0"


class _TooLongError(Exception):
    """A row that is larger than any."""


def header(head: bytes, delimiter: str = ",") -> tuple[str, ...]:
    """Return the names of the columns in the first line of a source."""
    line = head.removeprefix(_BOM).split(b"\n", 1)[0].decode("utf-8", "replace")
    return tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), ()))


def read_rows(
    registry: str, id_column: str, stream: BinaryIO, name: str, delimiter: str = ","
) -> Iterator[RawRecord | RecordError]:
    """Yield every row of a table with a header as a raw record in JSON, its empty cells left out.

    Fields may hold line ends of any kind, bare carriage returns too. `id_column` names the record
    of an error.
    """
    for number, row in rows(registry, id_column, stream, name, delimiter):
        if isinstance(row, RecordError):
            yield row
        else:
            origin = f"{name} row {number}"
            kept = {key: value for key, value in row.items() if value.strip()}
            yield RawRecord(content=msgspec.json.encode(kept), origin=origin)


def rows(
    registry: str, id_column: str, stream: BinaryIO, name: str, delimiter: str = ","
) -> Iterator[tuple[int, dict[str, str] | RecordError]]:
    """Yield the number and the cells of every row, or what is wrong with it."""
    csv.field_size_limit(LARGEST_ROW)
    lines = _Lines(stream)
    columns = _columns(registry, id_column, lines, name, delimiter)
    number = 1
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.size = 0
        number += 1
        begins = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLongError) as error:
            registry_id, field = _beginning(lines.first, id_column, columns, delimiter)
            origin = f"{name} line {begins}"
            yield number, _error(registry, registry_id, field, f"no row: {error}", origin)
            reader = csv.reader(lines.resynchronised(len(columns), delimiter), delimiter=delimiter)
            continue
        if cells:
            origin = f"{name} row {number}"
            yield number, _row(registry, id_column, columns, cells, origin)


class _Lines:
    """The lines of a table as text, each within bounds; only a line feed ends one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0
        self.number = 0
        self.first = b""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LARGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            line = line.removeprefix(_BOM)
        if not self.size:
            self.first = line[:_BEGINNING]
        self.size += len(line)
        if self.size > LARGEST_ROW:
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(LARGEST_ROW + 1)
            self.size = 0
            raise _TooLongError(f"larger than {LARGEST_ROW // 2**20} MB")
        text = line.decode("utf-8", "surrogateescape")
        body = text.rstrip("\r\n")
        return body.replace("\r", _RETURN) + "\n"

    def resynchronised(self, width: int, delimiter: str) -> Iterator[str]:
        """Yield the lines from the next one that is a whole row by itself."""
        found = False
        for line in self:
            if not found:
                self.size = 0
                try:
                    cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
                except csv.Error:
                    continue
                found = len(cells) == width
            if found:
                yield line


def _beginning(
    first: bytes, id_column: str, columns: Sequence[str], delimiter: str
) -> tuple[str, str]:
    """Return the identifier of a row that is none, and the column that its beginning ends in."""
    cells = next(csv.reader([first.decode("utf-8", "replace")], delimiter=delimiter), [])
    place = columns.index(id_column)
    registry_id = cells[place].strip()[:60] if place < len(cells) - 1 else ""
    return registry_id, columns[min(len(cells), len(columns)) - 1] if cells else ""


def _columns(
    registry: str, id_column: str, lines: _Lines, name: str, delimiter: str
) -> Sequence[str]:
    first = next(lines, "")
    if first.encode("utf-8", "surrogateescape").startswith(_MARKS):
        raise _error(registry, "", "", "is not UTF-8", name)
    columns = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    if id_column not in columns:
        raise _error(registry, "", id_column, f"has no column {id_column!r} in its header", name)
    return columns


def _row(
    registry: str, id_column: str, columns: Sequence[str], cells: Sequence[str], origin: str
) -> dict[str, str] | RecordError:
    place = columns.index(id_column)
    registry_id = cells[place].strip()[:60] if place < len(cells) else ""
    shown = registry_id.encode("utf-8", "replace").decode()
    if len(cells) != len(columns):
        reason = f"has {len(cells)} fields and the header {len(columns)}"
        return _error(registry, shown, "", reason, origin)
    row = {}
    for column, cell in zip(columns, cells, strict=True):
        if any("\udc80" <= sign <= "\udcff" for sign in cell):
            return _error(registry, shown, column, "is not UTF-8", origin)
        row[column] = cell.replace(_RETURN, "\r")
    return row


def _error(registry: str, registry_id: str, field: str, reason: str, origin: str) -> RecordError:
    remedy = "save the table as CSV in UTF-8 with its header; nothing else of it is lost"
    return RecordError(registry, registry_id, reason, field=field, origin=origin, remedy=remedy)
