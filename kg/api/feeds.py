"""Feeds of changes, for feed readers: Atom and JSON Feed, by the parameters of `trialkg changes`.

Nothing in a feed comes from the clock: an entry is dated by the day on which its change was seen.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import msgspec
from fastapi import APIRouter, Request, Response

from kg.api.address import base
from kg.api.cache import etag, is_known
from kg.api.pages import local
from kg.errors import QueryError, UsageError
from kg.find.catalogue import Catalogue
from kg.following import Change, Selected
from kg.following.asked import changes_of, read_asked
from kg.following.wording import clean, headline, told
from kg.iris import ATOM, JSON_FEED, feed_iri, trial_iri
from kg.records import Record

router = APIRouter()

_SHOWN: Final = 200
_MOST: Final = 5000
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")
_NEVER: Final = dt.date(1970, 1, 1)


class Feed(Record, frozen=True):
    """A feed before it has a form; `self_` and `home` are addresses of this server."""

    iri: str
    self_: str
    home: str
    title: str
    updated: dt.date
    found: Selected

    @property
    def subtitle(self) -> str:
        """Return what a reader has to know of the whole."""
        more = self.found.more
        cut = f"{more:,} earlier changes are not shown: ask with since, or most. " if more else ""
        return cut + "Made from registry records by rules; see the registry. Not medical advice."

    def address(self, change: Change) -> str:
        """Return the page of the trial of a change."""
        return f"{self.home}{local(trial_iri(change.registry, change.trial).value)}"


@router.head("/feeds/changes.atom", include_in_schema=False)
@router.get("/feeds/changes.atom", response_class=Response)
async def changes_atom(request: Request) -> Response:
    """Return the changes that are asked for as an Atom feed, the last seen first."""
    return await _answer(request, _atom, "application/atom+xml; charset=utf-8")


@router.head("/feeds/changes.json", include_in_schema=False)
@router.get("/feeds/changes.json", response_class=Response)
async def changes_json(request: Request) -> Response:
    """Return the changes that are asked for as a JSON Feed, the last seen first."""
    return await _answer(request, _json, "application/feed+json; charset=utf-8")


Form = Callable[[Feed], bytes]


async def _answer(request: Request, form: Form, media_type: str) -> Response:
    catalogue, snapshot = await request.app.state.catalogues.current()
    tag = request.app.state.pool.snapshots.tag(snapshot)
    asked = f"{base(request)}{request.url.path}?{request.url.query}"
    validator = etag(tag, hashlib.sha256(asked.encode()).hexdigest()[:24])
    headers = {"ETag": validator, "Cache-Control": "no-cache"}
    if is_known(request.headers, validator):
        return Response(status_code=304, headers=headers)
    parameters = request.query_params.multi_items()
    try:
        feed = await asyncio.to_thread(
            _feed, catalogue, snapshot, parameters, base(request), request.url.path
        )
    except UsageError as error:
        raise QueryError(str(error), kind="invalid") from error
    return Response(form(feed), media_type=media_type, headers=headers)


def _feed(
    catalogue: Catalogue, snapshot: Path, parameters: list[tuple[str, str]], home: str, path: str
) -> Feed:
    most = [value for name, value in parameters if name == "most"]
    asked = read_asked(catalogue, (one for one in parameters if one[0] != "most"))
    found = changes_of(snapshot, asked, most=_number(most))
    said = urlencode(asked.parameters)
    days = [one.seen for one in found.changes]
    return Feed(
        iri=feed_iri(said),
        self_=f"{home}{path}" + (f"?{urlencode(parameters)}" if parameters else ""),
        home=home,
        title="Changes of trials" + "".join(f" · {name} {one}" for name, one in asked.parameters),
        updated=max(days, default=_newest(catalogue)),
        found=found,
    )


def _number(most: list[str]) -> int:
    if not most:
        return _SHOWN
    if len(most) == 1 and _NUMBER.fullmatch(most[0]) and int(most[0]) <= _MOST:
        return int(most[0])
    raise UsageError(f"most={most[0][:20]}: a number from 1 to {_MOST}, given once")


def _newest(catalogue: Catalogue) -> dt.date:
    """Return the day to which an empty feed is true: the last update of any trial."""
    day = catalogue.trials["updated"].max()
    return day if isinstance(day, dt.date) else _NEVER


def _json(feed: Feed) -> bytes:
    body = {
        "version": JSON_FEED,
        "title": clean(feed.title),
        "home_page_url": f"{feed.home}/",
        "feed_url": feed.self_,
        "description": feed.subtitle,
        "items": [
            {
                "id": one.event,
                "url": feed.address(one),
                "title": headline(one),
                "content_text": "\n".join(f"{name}: {text}" for name, text in told(one)),
                "date_published": _time(one.seen),
                "tags": [one.type, *one.concerns],
            }
            for one in feed.found.changes
        ],
    }
    return msgspec.json.encode(body)


def _atom(feed: Feed) -> bytes:
    root = ET.Element(_name("feed"))
    _add(root, "id", feed.iri)
    _add(root, "title", clean(feed.title))
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _time(feed.updated))
    _add(_add(root, "author"), "name", "trialkg")
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.self_)
    _add(root, "link", rel="alternate", type="text/html", href=f"{feed.home}/")
    for change in feed.found.changes:
        entry = _add(root, "entry")
        _add(entry, "id", change.event)
        _add(entry, "title", headline(change))
        _add(entry, "updated", _time(change.seen))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.address(change))
        for term in (change.type, *change.concerns):
            _add(entry, "category", term=term)
        _add(entry, "content", _html(change), type="html")
    ET.register_namespace("", ATOM)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root)


def _html(change: Change) -> str:
    """Return what a change says as HTML, every word of a record escaped."""
    rows = (
        f"<dt>{escape(name)}</dt><dd>{escape(text).replace(chr(10), '<br>')}</dd>"
        for name, text in told(change)
    )
    return f"<dl>{''.join(rows)}</dl>"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _name(tag), attributes)
    made.text = text or None
    return made


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _time(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
