"""`trialkg rollback`: publish an older snapshot again."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.backup import rollback
from kg.cli.options import DATA, Data, log

Name = Annotated[str | None, typer.Argument(help="Its name; by default the one before.")]


def rollback_command(name: Name = None, *, data: Data = DATA) -> None:
    """Publish an older snapshot; servers take it up with their next query."""
    log().print(f"published {rollback(data, name)}; the next build publishes anew")
