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

DATA = Path("trialkg-data")

Data = Annotated[Path, typer.Option("--data", help="The folder that holds the graph.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


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
