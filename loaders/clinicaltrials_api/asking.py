"""Asks a server over HTTP, politely and until it answers: paced, bounded, patient, and no longer.

What fails for a moment (a lost connection, 429, 5xx, an answer cut short) is asked again on a fixed
schedule, or when the server says. A redirect is refused: what is read comes from the address that
was named.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import IO, Final, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from kg.errors import ServerError, UsageError

T = TypeVar("T")

WAITS: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)

_FOR_A_MOMENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_TOLD: Final = 300


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _silent(_line: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server is asked.

    `rate` is the most requests a second; `timeout` the seconds without a byte and `longest` those
    for one answer; `largest` the bytes of an answer. A request is repeated after each of `waits`,
    later where the server says so, and given up where it says more than `patience`; `tell` takes a
    line about each wait. Whoever does not want to wait for real gives `sleep`, `clock` (seconds)
    and `now`.
    """

    rate: float = 1.0
    timeout: float = 60.0
    longest: float = 900.0
    largest: int = 2**29
    waits: tuple[float, ...] = WAITS
    patience: float = 900.0
    agent: str = "trialkg (a knowledge graph of clinical trials; asks with pauses)"
    tell: Callable[[str], object] = _silent
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = field(default=_now)


class Refused(ServerError):  # noqa: N818 - says what happened
    """The server does not do what it is asked; asking again would not help."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _ForAMoment(Exception):  # noqa: N818 - no error before patience ends
    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Asking:
    """One server and how it is asked; `requests` and `repeated` count what that took."""

    def __init__(self, base: str, manners: Manners) -> None:
        if urlsplit(base).scheme not in {"http", "https"} or not urlsplit(base).hostname:
            raise UsageError(f"{base[:200]!r} is no address of a server: begin with https://")
        self.base = base.rstrip("/")
        self.requests = 0
        self.repeated = 0
        self._manners = manners
        self._last: float | None = None
        self._http = httpx.Client(
            headers={"User-Agent": manners.agent, "Accept": "application/json, */*;q=0.1"},
            timeout=manners.timeout,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.close()

    def json(self, path: str, parameters: Mapping[str, str], form: type[T]) -> T:
        """Return the answer of an address below the base, in a form.

        Raises Refused for what the server refuses and ServerError when patience ends.
        """

        def once() -> T:
            body = bytearray()
            self._get(f"{self.base}{path}", parameters, body.extend, self._manners.largest)
            try:
                return msgspec.json.decode(body, type=form)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise _ForAMoment(f"no whole answer: {error}") from error

        return self._patiently(once)

    def download(self, address: str, file: IO[bytes], largest: int) -> int:
        """Write what stands at an address into a file, and return how many bytes that is."""

        def once() -> int:
            file.seek(0)
            file.truncate()
            self._get(address, {}, file.write, largest)
            file.flush()
            return file.tell()

        return self._patiently(once)

    def _patiently(self, once: Callable[[], T]) -> T:
        waits = iter(self._manners.waits)
        while True:
            try:
                return once()
            except _ForAMoment as error:
                wait = next(waits, None)
                if wait is None or (error.after or 0) > self._manners.patience:
                    self._give_up(error)
                self.repeated += 1
                wait = max(wait, error.after or 0)
                self._manners.tell(f"{self.base}: {error}; asked again in {wait:,.0f} s")
                self._manners.sleep(wait)

    def _give_up(self, error: _ForAMoment) -> NoReturn:
        later = f"; it asks to come back in {error.after:,.0f} s" if error.after else ""
        raise ServerError(
            f"{self.base} does not answer: {error}{later}; what was fetched is kept, "
            "run it again to go on"
        ) from error

    def _get(
        self,
        address: str,
        parameters: Mapping[str, str],
        take: Callable[[bytes], object],
        largest: int,
    ) -> None:
        self._pace()
        self.requests += 1
        try:
            with self._http.stream("GET", address, params=dict(parameters) or None) as answer:
                if answer.status_code == httpx.codes.OK:
                    self._read(answer, take, largest)
                else:
                    self._refuse(answer)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _ForAMoment(f"{type(error).__name__}: {error}") from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ServerError(f"{address[:200]!r} cannot be asked: {error}") from error

    def _read(self, answer: httpx.Response, take: Callable[[bytes], object], largest: int) -> None:
        until, size = self._manners.clock() + self._manners.longest, 0
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > largest:
                raise ServerError(f"{answer.url} gives more than {largest:,} bytes; not read")
            if self._manners.clock() > until:
                raise _ForAMoment(f"not whole after {self._manners.longest:g} s")
            take(chunk)

    def _refuse(self, answer: httpx.Response) -> NoReturn:
        status = answer.status_code
        if status in _FOR_A_MOMENT:
            raise _ForAMoment(f"status {status}", self._after(answer.headers.get("retry-after")))
        if answer.has_redirect_location:
            to = answer.headers["location"][:_TOLD]
            raise Refused(status, f"{answer.url} leads to {to!r}, and is not followed; name it")
        raise Refused(status, f"{answer.url} answers with status {status}: {_words(answer)}")

    def _after(self, told: str | None) -> float | None:
        """Return the seconds of a Retry-After, which may be a number or a date."""
        if told is None:
            return None
        if told.strip().isascii() and told.strip().isdigit():
            return float(told.strip()[:12])
        try:
            wait = parsedate_to_datetime(told) - self._manners.now()
        except (ValueError, TypeError):
            return None
        return max(0.0, wait.total_seconds())

    def _pace(self) -> None:
        now = self._manners.clock()
        if self._last is not None:
            wait = self._last + 1 / self._manners.rate - now
            if wait > 0:
                self._manners.sleep(wait)
        self._last = self._manners.clock()


def _words(answer: httpx.Response) -> str:
    """Return the beginning of a refusal, without signs that command a terminal."""
    told = b""
    for chunk in answer.iter_bytes():
        told += chunk[:_TOLD]
        if len(told) >= _TOLD:
            break
    text = told[:_TOLD].decode(errors="replace")
    return "".join(each if each.isprintable() else " " for each in text).strip() or "no words"
