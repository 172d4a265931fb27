"""`trialkg backup`: a checked copy of what is published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.backup import backup
from kg.cli.options import DATA, Data, log

Target = Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]


def backup_command(target: Target, *, data: Data = DATA) -> None:
    """Copy what is published, the versions of all records and what users wrote, and check it."""
    made = backup(data, target)
    log().print(f"{target}: {made.statements:,} statements, digest {made.digest[:12]}")
