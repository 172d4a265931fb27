"""`trialkg demo`: the bundled examples, built, validated and asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from kg.cli.options import Json, out, plain, progress
from kg.cli.run_report import show_report
from kg.cli.seed import QUESTION, Answer, answers
from kg.errors import StoreError
from kg.pipeline import build
from kg.publish import current_snapshot
from kg.resources import EXAMPLES
from kg.store import Store
from loaders import LOADERS

DEMO = Path("trialkg-demo")
_WIDTH = 150
_QUOTES = 3

Folder = Annotated[Path, typer.Option("--data", help="The folder for the example graph.")]


def demo(*, data: Folder = DEMO, json: Json = False) -> None:
    """Build the bundled example records, validate them, and answer the seed question."""
    with progress() as show:
        report = build(data, [EXAMPLES], LOADERS, progress=show)
    with Store.read_only(current_snapshot(data)) as store:
        rows = list(answers(store))
    if json:
        found = {"question": QUESTION, "answer": rows, "report": report}
        out().print_json(msgspec.json.encode(found).decode())
        return
    if report.rejected:
        show_report(report, out())
        raise StoreError(f"{report.rejected} of the bundled examples do not conform")
    console = out() if out().is_terminal else plain(_WIDTH)
    console.print(
        f"{report.records} example records in the graph: {report.statements:,} statements, every "
        f"record conforms to the shapes ({report.seconds_total:.1f} s)\n"
    )
    _show(rows, console)
    _next_steps(data, console)


def _show(rows: Sequence[Answer], console: Console) -> None:
    table = Table(title=QUESTION, show_lines=True)
    for name in ("trial", "title", "construct", "antigens", "open site", "evidence", "flags"):
        table.add_column(name, no_wrap=name == "trial")
    for row in rows:
        mark = " (abridged)" if row.abridged else ""
        table.add_row(
            row.trial,
            row.title,
            row.construct,
            " + ".join(row.antigens),
            "\n".join(row.sites),
            "\n".join(f"{quote}{mark}" for quote in row.evidence[:_QUOTES]) or "none",
            "\n".join((*row.flags, *(["abridged"] if row.abridged else []))),
        )
    console.print(table)
    if any(row.abridged for row in rows):
        console.print(
            "abridged: the bundled example was shortened or reworded, so its quotes are not the "
            "registrant's words."
        )


def _next_steps(data: Path, console: Console) -> None:
    console.print(
        f"\nTry next:\n"
        f"  trialkg show NCT07480213 --data {data}   one trial, with its evidence\n"
        f"  trialkg serve --data {data}              a SPARQL endpoint and pages\n"
        f"  trialkg build SOURCE{' ' * (len(str(data)) + 15)}your own records, into trialkg-data\n"
    )
