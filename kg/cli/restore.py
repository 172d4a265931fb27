"""`trialkg restore`: publish a backup, after checking every statement of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.backup import restore
from kg.cli.options import DATA, Data, log

Source = Annotated[Path, typer.Argument(help="A folder made by `trialkg backup`.")]


def restore_command(source: Source, *, data: Data = DATA) -> None:
    """Publish a backup, after checking that it holds what it was made with."""
    name, made = restore(source, data)
    log().print(f"published {name}: {made.statements:,} statements, digest {made.digest[:12]}")
