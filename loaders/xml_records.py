"""Splitting a source of XML into records, each read by itself, so that a broken one costs itself.

The bytes between the tags of a record are found first and parsed one record at a time with expat,
from which entities are withheld: a bomb, a wrong byte or a missing end tag is an error that names
the record, and the next record is read as if nothing had been.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple
from xml.parsers import expat

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.json_value import Json
from loaders.limits import DEEPEST_RECORD, LARGEST_RECORD

_CHUNK = 2**18
_BEGINNING = 2**20
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_UNICODE_MARKS: Final = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF8: "utf-8",
}
_WHOLE = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read_xml(
    registry: str, tag: str, id_path: str, stream: BinaryIO, name: str
) -> Iterator[RawRecord | RecordError]:
    """Yield every `tag` element of a source as a raw record in JSON.

    Elements become keys, attributes keys that begin with "@", repeated elements lists, and text
    beside either stands under "#text". `id_path` is where the identifier stands, to name the record
    of an error.
    """
    found = 0
    for position, document in enumerate(_slices(registry, tag, stream, name), start=1):
        found = position
        origin = f"{name} record {position}"
        if isinstance(document, _Oversized):
            yield _too_large(registry, document, id_path, origin)
        else:
            yield _parsed(registry, document, id_path, origin)
    if not found:
        raise RecordError(
            registry,
            "",
            f"has no element <{tag}>",
            origin=name,
            remedy="check that this is an export of the registry, and download it again",
        )


def begins_with(head: bytes, tag: bytes) -> bool:
    """Tell whether a source begins like XML and has an element of this name in its head."""
    text = _plain_head(head)
    return text.lstrip()[:1] == b"<" and re.search(rb"<%b[\s>]" % tag, text) is not None


def _plain_head(head: bytes) -> bytes:
    for mark, encoding in _UNICODE_MARKS.items():
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore").encode()
    return head


class _Oversized(NamedTuple):
    """The beginning of a record that is larger than any."""

    beginning: bytes


def _slices(registry: str, tag: str, stream: BinaryIO, name: str) -> Iterator[bytes | _Oversized]:
    """Yield the bytes of each record in UTF-8, or the beginning of one that is too large."""
    opens = re.compile(rb"<%b(?=[\s>/])" % tag.encode())
    ends = re.compile(rb"</%b\s*>|<%b(?=[\s>/])" % (tag.encode(), tag.encode()))
    buffer, scanned, inside, prolog = bytearray(), 0, False, True
    for chunk in _transcoded(stream, registry, name):
        buffer += chunk
        while True:
            if not inside:
                start = opens.search(buffer)
                prolog = prolog and _is_prolog(buffer, start, registry, name)
                if start is None:
                    del buffer[: -_CHUNK if prolog else -len(tag) - 2]
                    break
                del buffer[: start.start()]
                scanned, inside = 1, True
            end = ends.search(buffer, scanned)
            if end is None:
                scanned = max(1, len(buffer) - len(tag) - 100)
                break
            closed = end[0].startswith(b"</")
            cut = end.end() if closed else end.start()
            yield bytes(buffer[:cut])
            del buffer[:cut]
            scanned, inside = 1, not closed
        if inside and len(buffer) > LARGEST_RECORD:
            yield _Oversized(bytes(buffer[:_BEGINNING]))
            buffer, inside = bytearray(), False
    if inside:
        yield bytes(buffer)


def _too_large(registry: str, cut: _Oversized, id_path: str, origin: str) -> RecordError:
    """Return the error of a record that is too large, with its id and where it was cut."""
    name = id_path.rpartition("/")[2].encode()
    stated = re.search(rb"<%b(?:\s[^<>]*)?>\s*([^<]{1,60})<" % re.escape(name), cut.beginning)
    fields = re.findall(rb"<([A-Za-z_][\w.-]{0,60})", cut.beginning)
    return _broken(
        registry,
        stated[1].decode("utf-8", "replace").strip() if stated else "",
        f"/{fields[-1].decode()}" if fields else "",
        f"larger than {LARGEST_RECORD // 2**20} MB, from this field on",
        origin,
    )


def _is_prolog(buffer: bytearray, start: re.Match[bytes] | None, registry: str, name: str) -> bool:
    """Tell whether no record has begun; raises RecordError for a prolog that declares entities."""
    prolog = buffer if start is None else buffer[: start.start()]
    if _ENTITY.search(prolog):
        raise RecordError(
            registry,
            "",
            "declares entities, which no registry does",
            origin=name,
            remedy="do not trust this file; download it from the registry",
        )
    return start is None


def _transcoded(stream: BinaryIO, registry: str, name: str) -> Iterator[bytes]:
    """Yield the source in UTF-8; what claims to be UTF-8 is taken as it stands."""
    first = stream.read(_CHUNK)
    encoding = "utf-8"
    for mark, marked in _UNICODE_MARKS.items():
        if first.startswith(mark):
            first, encoding = first[len(mark) :], marked
            break
    else:
        declared = _DECLARED.match(first.lstrip())
        encoding = declared[1].decode().lower() if declared else encoding
    if encoding in _WHOLE:
        yield first
        while chunk := stream.read(_CHUNK):
            yield chunk
        return
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    except LookupError as error:
        reason = f"is in an encoding that nobody knows: {encoding}"
        raise RecordError(registry, "", reason, origin=name, remedy="convert it") from error
    yield decoder.decode(first).encode()
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk).encode()


class _Builder:
    """What expat calls: makes a JSON value of one record."""

    def __init__(self, id_path: str) -> None:
        self.id_path = id_path
        self.id = ""
        self.path: list[str] = []
        self.value: Json = None
        self._open: list[dict[str, Json]] = []
        self._text: list[list[str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if len(self.path) >= DEEPEST_RECORD:
            raise ValueError(f"nested deeper than {DEEPEST_RECORD} levels")
        self.path.append(tag)
        self._open.append({f"@{key}": value for key, value in attributes.items()})
        self._text.append([])

    def data(self, text: str) -> None:
        """Take text."""
        self._text[-1].append(text)

    def end(self, tag: str) -> None:
        """Close an element: a string where it is only text, else an object."""
        made: Json = self._open.pop()
        text = "".join(self._text.pop())
        if not made:
            made = text if text.strip() else ""
        elif text.strip():
            made["#text"] = text
        if "/".join(self.path[1:]) == self.id_path:
            stated = made.get("#text", "") if isinstance(made, dict) else made
            self.id = str(stated).strip()[:60]
        self.path.pop()
        if not self._open:
            self.value = made
            return
        parent = self._open[-1]
        if tag not in parent:
            parent[tag] = made
        elif isinstance(parent[tag], list):
            parent[tag].append(made)
        else:
            parent[tag] = [parent[tag], made]


def _parsed(registry: str, document: bytes, id_path: str, origin: str) -> RawRecord | RecordError:
    builder = _Builder(id_path)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError) as error:
        reason = f"not well-formed XML: {error}"
        if isinstance(error, ValueError) and not isinstance(error, expat.ExpatError):
            reason = str(error)
        return _broken(registry, builder.id, "/" + "/".join(builder.path), reason, origin)
    value = builder.value if isinstance(builder.value, dict) else {"#text": builder.value}
    return RawRecord(content=msgspec.json.encode(value), origin=origin)


def _broken(registry: str, registry_id: str, field: str, reason: str, origin: str) -> RecordError:
    remedy = "download it again; nothing else of the file is lost"
    return RecordError(registry, registry_id, reason, field=field, origin=origin, remedy=remedy)
