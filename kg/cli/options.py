"""What the commands share: options, where they print, how a run shows that it goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kg.errors import UsageError
from kg.resources import LEXICON

DATA = Path("trialkg-data")

Data = Annotated[Path, typer.Option("--data", help="The folder that holds the graph.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def _with_tables(folders: list[Path] | None) -> list[Path] | None:
    """Return folders of tables as they are; one without, or with others, would add nothing."""
    known = {path.name for path in LEXICON.glob("*.tsv")}
    for folder in folders or ():
        if not folder.is_dir():
            raise UsageError(f"--lexicon {folder}: no such folder")
        found = {path.name for path in folder.glob("*.tsv")}
        if not found or found - known:
            wrong = ", ".join(sorted(found - known)) or "what is in it"
            raise UsageError(
                f"--lexicon {folder}: {wrong}: no table of the lexicon; there are: "
                f"{', '.join(sorted(known))}"
            )
    return folders


Lexicon = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon", help="A folder of tables that add to the lexicon.", callback=_with_tables
    ),
]


def out() -> Console:
    """Return the console for answers: plain and unbroken where it is no terminal."""
    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False, markup=False, emoji=False)


def plain(width: int) -> Console:
    """Return the console for a wide table that goes to a file or a pipe."""
    return Console(width=width, highlight=False, markup=False, emoji=False)


def log() -> Console:
    """Return the console for what goes beside the answer."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Return the speed of the last while, or of the whole of what is done."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show how far each stage of a run is, how fast it goes and how long it will take.

    Nothing is shown where standard error is no terminal.
    """
    console = log()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=console, disable=not console.is_terminal)
    stages: dict[str, object] = {}
    with bars:

        def show(stage: str, done: int, total: int | None) -> None:
            task = stages.get(stage)
            if task is None:
                task = stages[stage] = bars.add_task(stage, total=total)
            bars.update(task, completed=done, total=total)  # type: ignore[arg-type]

        yield show
