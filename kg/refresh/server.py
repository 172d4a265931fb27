"""What a refresh asks of the server of a registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol

from kg.records import Page


class Server(Protocol):
    """Gives the records of one registry, those that answer a query or were updated since a day.

    An empty query means all. Every method raises ServerError where there is no answer.
    """

    @property
    def requests(self) -> int:
        """Return how many requests were sent."""

    @property
    def repeated(self) -> int:
        """Return how many of them were asked again."""

    def data_version(self) -> dt.datetime:
        """Return when the registry last brought its data up to date."""

    def page(self, query: str, since: dt.date | None, token: str | None) -> Page:
        """Return a page of records; raises TokenExpired for a token that is not known any more."""

    def count(self, query: str) -> int:
        """Return how many records answer."""

    def ids(self, query: str) -> Iterator[list[str]]:
        """Yield the identifiers of all that answer."""

    def given(self, ids: Sequence[str]) -> set[str]:
        """Return those of some identifiers under which there is a record."""
