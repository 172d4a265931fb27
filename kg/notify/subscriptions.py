"""Subscriptions as a file holds them: who wants to hear of which changes, and how they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from kg.errors import UsageError
from kg.records import Record

_LARGEST = 2**20


class Mail(Record, frozen=True):
    """The server that takes mail; user and password come from the environment."""

    host: str
    sender: str
    port: int = 25
    timeout: float = 30.0


class Subscription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody follows, in the parameters of `trialkg changes`, and where it is sent.

    `search` holds facets of the search page besides.
    """

    name: str
    mail: tuple[str, ...] = ()
    webhook: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    antigen: str | None = None
    condition: str | None = None
    sponsor: str | None = None
    country: str | None = None
    trial: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    search: dict[str, str] = {}

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Yield what it asks for."""
        for name in ("since", "until", "antigen", "condition", "sponsor", "country"):
            value = getattr(self, name)
            if value is not None:
                yield name, str(value)
        yield from (("trial", one) for one in self.trial)
        yield from (("type", one) for one in self.type)
        yield from self.search.items()


class Subscriptions(Record, frozen=True):
    """All subscriptions of a file; `link` is the address of a server with pages of the trials."""

    subscription: tuple[Subscription, ...]
    smtp: Mail | None = None
    link: str | None = None


def read_subscriptions(path: Path) -> Subscriptions:
    """Read a file of subscriptions in TOML; raises UsageError for whatever it cannot mean."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if len(text) > _LARGEST:
        raise UsageError(f"{path}: larger than {_LARGEST // 2**20} MB")
    try:
        found = msgspec.toml.decode(text, type=Subscriptions)
    except (msgspec.DecodeError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from error
    try:
        _require_sense(found)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    return found


def _require_sense(found: Subscriptions) -> None:
    names = [one.name for one in found.subscription]
    for one in found.subscription:
        if not one.name.strip() or not one.name.isprintable() or names.count(one.name) > 1:
            raise UsageError(f"subscription {one.name!r}: give each a name of its own, on one line")
        if not one.mail and not one.webhook:
            raise UsageError(f"subscription {one.name}: give mail = [...] or webhook = [...]")
        if one.mail and found.smtp is None:
            raise UsageError(f"subscription {one.name}: mail needs [smtp] with host and sender")
        for address in one.mail:
            _require_mail(one.name, address)
        for address in one.webhook:
            _require_address(f"subscription {one.name}", address)
    if found.smtp is not None:
        _require_mail("[smtp]", found.smtp.sender)
    if found.link is not None:
        _require_address("link", found.link)


def _require_mail(place: str, address: str) -> None:
    user, at, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable()
    if not (user and at and domain) or not plain or set(address) & set(' ,;<>"'):
        raise UsageError(f"{place}: {address!r} is no address of mail")


def _require_address(place: str, address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise UsageError(f"{place}: {address!r} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable():
        raise UsageError(f"{place}: {address!r} is no address that begins with https:// or http://")
