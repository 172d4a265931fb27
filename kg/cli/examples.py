"""`trialkg examples`: the example questions, run on a data folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kg.cli.options import DATA, Data, Json, out
from kg.errors import QueryError, UsageError
from kg.publish import current_snapshot
from kg.query.job import job
from kg.query.limits import Limits
from kg.query.questions import Question, question, question_names
from kg.query.run import run
from kg.records import Record
from kg.vocab import PREFIXES

Action = Annotated[str, typer.Argument(help="What to do with them: run.")]


class Ran(Record, frozen=True):
    """What came of one question: rows, or triples of a graph; `error` where it failed."""

    name: str
    rows: int
    seconds: float
    error: str | None = None


def examples(action: Action, *, data: Data = DATA, json: Json = False) -> None:
    """Run all example questions on the published graph, and say how long each took.

    The exit status is 1 where one failed.
    """
    if action != "run":
        raise UsageError(f"{action!r} is nothing that can be done with examples; say: run")
    snapshot = current_snapshot(data)
    ran = [_run(question(name), snapshot) for name in question_names()]
    if json:
        out().print(msgspec.json.encode(ran).decode())
    else:
        out().print(_table(ran))
    if any(one.error for one in ran):
        raise typer.Exit(1)


def _run(asked: Question, snapshot: Path) -> Ran:
    body = bytearray()
    started = time.perf_counter()
    try:
        chosen = job(asked.query, "ntriples" if asked.form == "CONSTRUCT" else "json")
        run(snapshot, chosen, PREFIXES, Limits(), body.extend)
    except QueryError as error:
        return Ran(name=asked.name, rows=0, seconds=_since(started), error=str(error))
    seconds = _since(started)
    return Ran(name=asked.name, rows=_rows(asked, bytes(body)), seconds=seconds)


def _rows(asked: Question, body: bytes) -> int:
    if asked.form == "CONSTRUCT":
        return body.count(b"\n")
    answer = msgspec.json.decode(body)
    return int(answer["boolean"]) if asked.form == "ASK" else len(answer["results"]["bindings"])


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


def _table(ran: list[Ran]) -> Table:
    table = Table("question", "rows", "seconds", "error", box=SIMPLE_HEAD, pad_edge=False)
    for one in ran:
        table.add_row(one.name, str(one.rows), f"{one.seconds:.3f}", one.error or "")
    return table
