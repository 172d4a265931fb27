"""`trialkg query`: one SPARQL query on the published graph."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyoxigraph as ox
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as Text_

from kg.asof import as_of, kept_snapshot
from kg.cli.options import DATA, Data, log
from kg.errors import QueryError, UsageError
from kg.publish import current_snapshot
from kg.query.job import Job, job
from kg.query.limits import MEBIBYTE, Limits
from kg.query.run import run
from kg.query.triples import curie
from kg.vocab import PREFIXES


class PrintedAs(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"
    TRIG = "trig"
    NQUADS = "nquads"


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNBOUNDED = 1_000_000
_DEFAULT = Limits()

Source = Annotated[Path | None, typer.Argument(help="A file with the query, or - for input.")]
Text = Annotated[str | None, typer.Option("-e", "--execute", help="The query itself.")]
Format = Annotated[PrintedAs, typer.Option("--format", help="How to print it.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Ask the graph of this day, kept by `snapshot`.")
]
Timeout = Annotated[float, typer.Option(min=0.1, help="Seconds that the query may take.")]
Memory = Annotated[int, typer.Option(min=64, help="MiB that the query may take.")]


def query(
    source: Source = None,
    *,
    text: Text = None,
    data: Data = DATA,
    format_: Format = PrintedAs.TABLE,
    day: AsOf = None,
    timeout: Timeout = _DEFAULT.timeout,
    query_memory: Memory = _DEFAULT.memory // MEBIBYTE,
) -> None:
    """Run a SPARQL query; prefixes of the graph need no declaration."""
    limits = Limits(timeout=timeout, memory=query_memory * MEBIBYTE)
    try:
        asked = _job(_query_text(source, text), format_)
        _run(asked, _snapshot(data, day), limits, format_)
    except QueryError as error:
        if error.hint:
            log().print(f"hint: {error.hint}", markup=False)
        raise


def _snapshot(data: Path, day: str | None) -> Path:
    return current_snapshot(data) if day is None else kept_snapshot(data, as_of(day))


def _run(asked: Job, snapshot: Path, limits: Limits, format_: PrintedAs) -> None:
    if format_ is not PrintedAs.TABLE:
        run(snapshot, asked, PREFIXES, limits, sys.stdout.buffer.write)
        sys.stdout.buffer.flush()
        return
    answer = bytearray()
    head = run(snapshot, asked, PREFIXES, limits, answer.extend)
    if head.kind == "graph":
        sys.stdout.write(answer.decode())
    else:
        _print(bytes(answer))


def _query_text(source: Path | None, text: str | None) -> str:
    if (source is None) == (text is None):
        raise UsageError("give either a file with a query (- for standard input) or -e QUERY")
    if source is None:
        return text or ""
    try:
        return sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the query cannot be read from {source}: {error}") from error


def _job(text: str, format_: PrintedAs) -> Job:
    try:
        return job(text, "" if format_ is PrintedAs.TABLE else format_.value)
    except QueryError as error:
        if error.kind == "format":
            raise UsageError(str(error)) from error
        raise


def _print(answer: bytes) -> None:
    results = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    console = _console()
    if not isinstance(results, ox.QuerySolutions):
        console.print("yes" if results else "no")
        return
    table = Table(box=SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for variable in results.variables:
        table.add_column(variable.value, overflow="fold")
    for row in results:
        table.add_row(*(_cell(row[variable]) for variable in results.variables))
    console.print(table)
    log().print(f"{table.row_count} row{'' if table.row_count == 1 else 's'}")


def _console() -> Console:
    # Where a program reads the table, no cell is folded to the width of a screen.
    terminal = sys.stdout.isatty()
    return Console(width=None if terminal else _UNBOUNDED, highlight=False)


def _cell(term: object) -> Text_:
    """Return a term in short; a literal cannot command the terminal that it is printed on."""
    if term is None:
        return Text_()
    value = term.value if isinstance(term, ox.Literal) else _short(term)
    return Text_(_CONTROLS.sub("\ufffd", value))


def _short(term: object) -> str:
    return curie(term.value) if isinstance(term, ox.NamedNode) else str(term)
