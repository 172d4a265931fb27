"""A ChiCTR record page as fields, by the labels that stand before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec
from lxml import html

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.chictr.labels import FIELDS, LISTS, PEOPLE, UNREAD
from loaders.json_value import Json
from loaders.pages import page_bytes, text_of, tree

REGISTRY: Final = "chictr"

_SEARCH = re.compile(rb"searchproj|searchprojEN", re.IGNORECASE)
_DETAILS = re.compile(r"\s*[（(](?:说明|请说明|please|include|A standard).*$", re.DOTALL)


def read(stream: BinaryIO, name: str) -> Iterator[RawRecord | RecordError]:
    """Yield the one record of a page; raises RecordError for a page that holds none."""
    content = page_bytes(REGISTRY, stream, name)
    root = tree(REGISTRY, content, name)
    record = fields(root)
    if "ChiCTR" not in str(record.get("number", "")):
        raise _refused(root, name)
    pid = root.xpath("//input[@name='pid']/@value")
    if pid and re.fullmatch(r"\d{1,9}", str(pid[0])):
        record["pid"] = str(pid[0])
    if abridged := root.xpath("//meta[@name='trialkgAbridged']/@content"):
        record["trialkgAbridged"] = str(abridged[0])
    yield RawRecord(content=msgspec.json.encode(record), origin=name)


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like a page of the registry, a record's or another."""
    text = head.decode("utf-8", "ignore")
    return "<html" in text.lower() and (
        "注册号" in text or "中国临床试验注册中心" in text or "chictr.org.cn" in text
    )


def fields(root: html.HtmlElement) -> dict[str, Json]:
    """Return the fields of a page, lists of them where a table repeats, and unknown labels."""
    record: dict[str, Json] = {}
    people: list[str] = []
    unknown: set[str] = set()
    for row in root.iter("tr"):
        listed = LISTS.get(_group(row))
        names = dict(listed[1]) if listed else FIELDS
        for label, value in _pairs(row):
            if label in PEOPLE:
                people += re.split(r"[,，;；、]", value)
            elif label in names:
                _keep(record, listed[0] if listed else None, names[label], value)
            elif label and label not in UNREAD:
                unknown.add(label)
    if people:
        record["people"] = sorted({name.strip() for name in people if name.strip()})
    if unknown:
        record["unknown"] = sorted(unknown)
    return record


def _keep(record: dict[str, Json], group: str | None, name: str, value: str) -> None:
    if group is None:
        record.setdefault(name, value)
        return
    entries = record.setdefault(group, [])
    if not entries or name in entries[-1]:
        entries.append({})
    entries[-1][name] = value


def _group(row: html.HtmlElement) -> str:
    """Return the label of the cell in which the table of a row stands."""
    for cell in row.iterancestors("td"):
        title = cell.getprevious()
        if title is not None and title.tag == "td":
            return _label(title)
    return ""


def _pairs(row: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield label and value, which stand in cells beside each other; tables have rows of theirs."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    for title, value in zip(cells[::2], cells[1::2], strict=False):
        if value.find(".//table") is None:
            yield _label(title), text_of(value)


def _label(cell: html.HtmlElement) -> str:
    """Return a label; of a bilingual one the Chinese part, which stands first."""
    joined = " ".join(text_of(cell).split("\n"))
    return re.split(r"[：:]", _DETAILS.sub("", joined), maxsplit=1)[0].strip('” "')


def _refused(root: html.HtmlElement, name: str) -> RecordError:
    names = " ".join(str(one) for one in root.xpath("//@href | //@src | //@action | //@id"))
    rows = [text_of(row) for row in root.iter("tr")]
    searched = any("注册题目" in row and "研究类型" in row for row in rows[:3]) or bool(
        _SEARCH.search(names.encode())
    )
    if searched:
        reason = "is a page of search results, which holds no record"
        remedy = "open each trial of it and save that page as HTML"
    else:
        reason = "has no registration number"
        remedy = "save the page of a trial at https://www.chictr.org.cn as HTML"
    return RecordError(REGISTRY, "", reason, field="注册号", origin=name, remedy=remedy)
