"""A refresh from a registry's server, a page at a time; it goes on where it was broken off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kg.errors import RecordError, ServerError, TokenExpired
from kg.history import History
from kg.ingest import rejection
from kg.pipeline import Settings, build
from kg.publish import current_name
from kg.records import Loader, Page, Record, Version
from kg.refresh.ledger import Marks, Open, PageNote
from kg.refresh.report import RefreshReport, write_refresh_report
from kg.refresh.server import Server
from kg.refresh.vanished import Found, look_for_vanished, mark
from kg.report import Meter, Progress, silent
from kg.store import Store

# Updates are posted by day, and a day may not have been over when it was asked for.
_OVERLAP = dt.timedelta(days=1)
_ATTEMPTS = 4


class Refreshing(Record, frozen=True):
    """What the steps of one refresh share."""

    server: Server
    loader: Loader
    query: str
    history: History
    marks: Marks
    progress: Progress
    most_withdrawn: int | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was brought into the ledger and not published yet.

    `data_version` is that of the registry, None where it has nothing new; `answering` are the
    identifiers of what answers the query.
    """

    report: RefreshReport
    data_version: dt.datetime | None
    answering: set[str]


def refresh(
    data: Path,
    server: Server,
    registry: str,
    loaders: Mapping[str, Loader],
    *,
    query: str = "",
    since: dt.date | None = None,
    most_withdrawn: int | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RefreshReport:
    """Fetch what was updated, mark what vanished, publish, and return what was done.

    Without `since` it goes on from the last refresh of the same query that was finished, with a day
    of overlap; where there was none, everything is fetched. What was fetched is in the ledger page
    by page, so that a run that dies, or whose server does, is gone on with by the next.
    `most_withdrawn` is how many may vanish at once and be believed. Raises ServerError.
    """
    meter = Meter()
    loader = loaders[registry]
    found = fetch(data, server, loader, query, since, most_withdrawn, meter, progress)
    publish_refreshed(data, loaders, query, found.report, meter, settings, progress)
    settle(data, found)
    write_refresh_report(found.report, data)
    return found.report


def fetch(
    data: Path,
    server: Server,
    loader: Loader,
    query: str,
    since: dt.date | None,
    most_withdrawn: int | None = None,
    meter: Meter | None = None,
    progress: Progress = silent,
) -> Fetched:
    """Bring into the ledger what was updated, and mark there what vanished."""
    meter = meter or Meter()
    registry = loader.registry or loader.name
    report = RefreshReport(registry=registry, asked=query, source="server")
    with (
        Store.open(data / "store"),
        History.open(data / "history.sqlite") as history,
        Marks.open(data, registry, query) as marks,
    ):
        run = Refreshing(
            server=server,
            loader=loader,
            query=query,
            history=history,
            marks=marks,
            progress=progress,
            most_withdrawn=most_withdrawn,
        )
        with meter.stage("fetch"):
            state = _opened(run, since, report)
            state = None if state is None else _fetch(run, state, report)
        with meter.stage("vanished"):
            answering = set() if state is None else _vanished(run, state, report)
    report.requests, report.repeated = server.requests, server.repeated
    return Fetched(report, None if state is None else state.data_version, answering)


def settle(data: Path, found: Fetched) -> None:
    """Note that what was fetched is published, so that the next refresh goes on from there."""
    if found.data_version is not None:
        with Marks.open(data, found.report.registry, found.report.asked) as marks:
            marks.finish(found.data_version, found.answering)


def publish_refreshed(
    data: Path,
    loaders: Mapping[str, Loader],
    query: str,
    report: RefreshReport,
    meter: Meter,
    settings: Settings | None,
    progress: Progress,
) -> None:
    """Build from the ledger where it holds what no build has seen, and complete the report."""
    with Marks.open(data, report.registry, query) as marks:
        wanted = marks.unpublished()
    if wanted:
        with meter.stage("build"):
            report.build = build(data, [], loaders, settings=settings, progress=progress)
        with Marks.open(data, report.registry, query) as marks:
            marks.note_published()
    report.snapshot = current_name(data)
    report.started = meter.started.isoformat(timespec="milliseconds")
    report.seconds = {**meter.seconds, "total": meter.total()}
    report.finish()


def _opened(run: Refreshing, asked: dt.date | None, report: RefreshReport) -> Open | None:
    """Return where to go on or begin, None where the registry has nothing new."""
    version, last = run.server.data_version(), run.marks.last_version()
    report.data_version = version.isoformat()
    left = run.marks.unfinished()
    if left is not None and left.data_version == version and left.asked_since == asked:
        report.resumed = True
        report.since = None if left.since is None else left.since.isoformat()
        return left
    since = asked or (last.date() - _OVERLAP if last else None)
    report.since = None if since is None else since.isoformat()
    if left is None and asked is None and last is not None and version == last:
        return None
    attempt = left.attempt + 1 if left else 1
    state = Open(asked_since=asked, since=since, data_version=version, attempt=attempt)
    run.marks.go_on(state)
    return state


def _fetch(run: Refreshing, state: Open, report: RefreshReport) -> Open:
    """Bring all pages into the ledger; a range whose token expired is begun anew."""
    began = state.attempt
    while not state.complete:
        try:
            page = run.server.page(run.query, state.since, state.token)
        except TokenExpired as error:
            if state.attempt - began >= _ATTEMPTS:
                raise ServerError(f"page tokens expire again and again: {error}") from error
            state = msgspec.structs.replace(state, token=None, pages=0, attempt=state.attempt + 1)
        else:
            state = _take(run, state, page)
        run.marks.go_on(state)
    _count(run, state, report)
    report.began_anew = state.attempt - 1
    return state


def _take(run: Refreshing, state: Open, page: Page) -> Open:
    if page.token is not None and page.token == state.token:
        raise ServerError("the server gives the same page token again: it would never end")
    note = _into_ledger(run, page, state.data_version.date())
    state = msgspec.structs.replace(
        state, token=page.token, pages=state.pages + 1, complete=not page.token
    )
    run.marks.note_page(state, note)
    run.progress("fetch pages", state.pages, None)
    return state


def _into_ledger(run: Refreshing, page: Page, day: dt.date) -> PageNote:
    """Keep the records of a page that are news; contacts of people leave before anything is."""
    versions: list[Version] = []
    failed = 0
    for raw in page.records:
        try:
            versions.append(run.loader.version(raw))
        except RecordError as error:
            failed += 1
            run.history.keep_unreadable(raw.content, rejection(error, raw.origin, len(raw.content)))
    news = [one for one in versions if not run.marks.has(run.loader.name, one)]
    if news:
        run.marks.note_unpublished()
        run.history.add(run.loader, ((one, one.retrieved or day) for one in news))
    return PageNote(
        ids=tuple(one.registry_id for one in versions),
        changed=tuple(one.registry_id for one in news),
        failed=failed,
    )


def _count(run: Refreshing, state: Open, report: RefreshReport) -> None:
    changed: set[str] = set()
    fetched: set[str] = set()
    for attempt, note in run.marks.notes():
        changed.update(note.changed)
        if attempt == state.attempt:
            fetched.update(note.ids)
            report.failed += note.failed
    report.fetched = len(fetched) + report.failed
    report.changed = len(changed)
    report.unchanged = len(fetched - changed)


def _vanished(run: Refreshing, state: Open, report: RefreshReport) -> set[str]:
    """Mark what vanished and what came back; return what answers the query."""
    fetched = {
        one for attempt, note in run.marks.notes() if attempt == state.attempt for one in note.ids
    }
    before = run.marks.ids()
    if before is None and not run.query:
        before = run.marks.known() - run.marks.withdrawn()
    found = Found(fetched, set(), 0)
    if before is not None:
        whole = state.since is None and not report.failed
        found = look_for_vanished(run.server, run.query, before, fetched, whole=whole)
        report.checked = True
    day = state.data_version.date()
    mark(run.history, run.marks, found, fetched, day, run.most_withdrawn, report)
    return found.answering | found.gone if report.doubtful else found.answering
