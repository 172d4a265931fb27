"""Fetches records of ClinicalTrials.gov from its API v2 (https://clinicaltrials.gov/data-api/api)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import IO, Final, Self, TypeVar

import msgspec

from kg.errors import ServerError, TokenExpired
from kg.records import Page, RawRecord
from loaders.clinicaltrials_api.asking import WAITS, Asking, Manners, Refused

__all__ = ["BASE", "REGISTRY", "WAITS", "Manners", "Server", "glance"]

T = TypeVar("T")

REGISTRY: Final = "clinicaltrials"
BASE: Final = "https://clinicaltrials.gov/api/v2"

_PAGE: Final = 1000
# What the loader reads; results are most of the bytes of the others.
_FIELDS: Final = "ProtocolSection|DerivedSection|HasResults"
_ID: Final = "NCTId"
# So many make an address of 6 kB; servers take 8.
_IDS: Final = 500
_LARGEST_ARCHIVE: Final = 2**36
_EXPIRED: Final = frozenset({400, 404, 410})


class _Identification(msgspec.Struct):
    nct_id: str = msgspec.field(name="nctId")


class _Posted(msgspec.Struct):
    date: dt.date | None = None


class _Status(msgspec.Struct):
    posted: _Posted | None = msgspec.field(name="lastUpdatePostDateStruct", default=None)


class _Protocol(msgspec.Struct):
    identification: _Identification = msgspec.field(name="identificationModule")
    status: _Status | None = msgspec.field(name="statusModule", default=None)


class _Study(msgspec.Struct):
    protocol: _Protocol = msgspec.field(name="protocolSection")


class _Studies(msgspec.Struct):
    studies: list[msgspec.Raw]
    token: str | None = msgspec.field(name="nextPageToken", default=None)
    total: int | None = msgspec.field(name="totalCount", default=None)


class _Named(msgspec.Struct):
    studies: list[_Study]
    token: str | None = msgspec.field(name="nextPageToken", default=None)
    total: int | None = msgspec.field(name="totalCount", default=None)


class _Version(msgspec.Struct):
    timestamp: str = msgspec.field(name="dataTimestamp")


class Server:
    """The registry's server; `requests` and `repeated` count what asking it took."""

    def __init__(self, base: str = BASE, manners: Manners | None = None) -> None:
        self._asking = Asking(base, manners or Manners())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._asking.__exit__(kind, error, at)

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""
        return self._asking.requests

    @property
    def repeated(self) -> int:
        """Return how many of them were asked again."""
        return self._asking.repeated

    def data_version(self) -> dt.datetime:
        """Return when the registry brought the data of the server up to date."""
        told = self._asking.json("/version", {}, _Version).timestamp
        try:
            found = dt.datetime.fromisoformat(told)
        except ValueError as error:
            raise ServerError(f"the data version {told[:40]!r} is no time") from error
        return found.astimezone(dt.UTC).replace(tzinfo=None) if found.tzinfo else found

    def page(self, query: str, since: dt.date | None, token: str | None) -> Page:
        """Return a page of the studies that answer a query and were updated since a day.

        Raises TokenExpired where the server does not know the token any more.
        """
        found = self._listed(query, since, token, _FIELDS, _Studies)
        place = f"{self._asking.base}/studies"
        records = tuple(RawRecord(content=bytes(one), origin=place) for one in found.studies)
        return Page(records=records, token=found.token, total=found.total)

    def count(self, query: str) -> int:
        """Return how many studies answer a query."""
        asked = {**_asked(query, None), "fields": _ID, "pageSize": "1", "countTotal": "true"}
        total = self._asking.json("/studies", asked, _Named).total
        if total is None:
            raise ServerError("the server does not count the studies that answer")
        return total

    def ids(self, query: str) -> Iterator[list[str]]:
        """Yield the identifiers of all studies that answer a query, a page at a time."""
        token: str | None = None
        while True:
            found = self._listed(query, None, token, _ID, _Named)
            yield [one.protocol.identification.nct_id for one in found.studies]
            if not found.token or found.token == token:
                return
            token = found.token

    def given(self, ids: Sequence[str]) -> set[str]:
        """Return those of some identifiers under which the server gives a study."""
        found: set[str] = set()
        for some in _batches(ids, _IDS):
            asked = {"filter.ids": ",".join(some), "fields": _ID, "pageSize": str(_PAGE)}
            studies = self._asking.json("/studies", asked, _Named).studies
            found.update(one.protocol.identification.nct_id for one in studies)
        return found

    def download(self, address: str, file: IO[bytes]) -> int:
        """Write an archive of records into a file, and return its length in bytes."""
        return self._asking.download(address, file, _LARGEST_ARCHIVE)

    def _listed(
        self, query: str, since: dt.date | None, token: str | None, fields: str, form: type[T]
    ) -> T:
        asked = {**_asked(query, since), "fields": fields, "pageSize": str(_PAGE)}
        asked |= {"countTotal": "true"} if token is None else {"pageToken": token}
        try:
            return self._asking.json("/studies", asked, form)
        except Refused as error:
            if token is not None and error.status in _EXPIRED:
                raise TokenExpired(str(error)) from error
            raise


def glance(raw: RawRecord) -> tuple[str, dt.date] | None:
    """Return the identifier of a study and the day of its last update, None where it has none."""
    try:
        protocol = msgspec.json.decode(raw.content, type=_Study).protocol
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    posted = protocol.status.posted if protocol.status else None
    day = posted.date if posted else None
    return (protocol.identification.nct_id, day) if day else None


def _asked(query: str, since: dt.date | None) -> dict[str, str]:
    asked = {"query.term": query} if query else {}
    if since is not None:
        asked["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{since.isoformat()},MAX]"
    return asked


def _batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, size)):
        yield some
