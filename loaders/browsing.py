"""Pages of trial browsers, saved as HTML or as text: their lines, without masked contacts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord, Version
from loaders.contents import Part, canonical, decoded, fitted, refused
from loaders.json_value import Json
from loaders.pages import is_html, page_bytes, text_of, tree
from loaders.values import day_of

# The registry whose trials the browsers show.
REGISTRY: Final = "clinicaltrials"

_ID = re.compile(r"NCT\d{8}", re.ASCII)
_CONTACT = re.compile(r"^\W*(?:Contact|Phone|Email|E-mail)\b(?!s and)|•{3}|@", re.IGNORECASE)


class SitePart(Part, frozen=True):
    """A site as a page shows it."""

    facility: str | None = None
    city: str | None = None
    country: str | None = None
    status: str | None = None


class PageRecord(Part, frozen=True):
    """What the pages of both browsers show; each leaves out what it has not."""

    nct: str | None = None
    page: str | None = None
    title: str | None = None
    status: str | None = None
    phase: str | None = None
    countries: tuple[str, ...] = ()
    enrollment: str | None = None
    started: str | None = None
    summary: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    sex: str | None = None
    eligibility: str | None = None
    first_seen: str | None = None
    last_updated: str | None = None
    active_substances: tuple[str, ...] = ()
    could_lead_to: tuple[str, ...] = ()
    could_go_wrong: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    listed_conditions: tuple[str, ...] = ()
    sites: tuple[SitePart, ...] = ()


def read_page(name: str, stream: BinaryIO, origin: str) -> Iterator[RawRecord]:
    """Yield the one record of a page: its lines, its title first, and its address."""
    content = page_bytes(name, stream, origin)
    record: dict[str, Json] = {}
    if is_html(content):
        root = tree(name, content, origin)
        titles = root.xpath("//head/title")
        lines = [text_of(one).replace("\n", " ") for one in titles[:1]]
        lines += text_of(root).split("\n")
        addresses = root.xpath("//link[@rel='canonical']/@href")
        record["page"] = str(addresses[0]) if addresses else None
    else:
        try:
            lines = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 at byte {error.start}"
            remedy = "save the page as UTF-8"
            raise RecordError(name, "", reason, origin=origin, remedy=remedy) from error
    record["lines"] = [line.strip() for line in lines if line.strip()]
    yield RawRecord(content=msgspec.json.encode(record), origin=origin)


def page_lines(raw: RawRecord, name: str) -> tuple[str, str | None, list[str]]:
    """Return the trial that a page is about, its address, and its lines without contacts."""
    record = decoded(raw, name)
    lines = [line for line in record.get("lines", ()) if isinstance(line, str)]
    found = list(dict.fromkeys(_ID.findall("\n".join(lines[:12]))))
    if len(found) != 1:
        reason = "names no trial" if not found else f"names several trials: {', '.join(found[:5])}"
        remedy = "save the page of one trial, from its title on"
        raise refused(raw, name, reason, field="NCT ID", remedy=remedy)
    page = record.get("page")
    kept = [line for line in lines if not _CONTACT.search(line)]
    return found[0], page if isinstance(page, str) else None, kept


def page_version(record: dict[str, Json]) -> Version:
    """Return the version of what was read of a page."""
    kept, _ = fitted(record, PageRecord, ())
    updated = day_of(str(kept.get("last_updated") or ""))
    return Version(
        registry=REGISTRY,
        registry_id=str(kept["nct"]),
        content=canonical(kept, (), {"nct", "page"}),
        last_update=updated[0] if updated else None,
        modules=len(kept),
    )
