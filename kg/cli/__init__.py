"""The command line: the composition root, where loaders, pipeline and interfaces meet."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable

import typer

from kg.cli.ask import ask
from kg.cli.backup import backup_command
from kg.cli.build import build_command
from kg.cli.changes import changes
from kg.cli.demo import demo
from kg.cli.doctor import doctor
from kg.cli.dump import dump
from kg.cli.evaluate import evaluate_command
from kg.cli.examples import examples
from kg.cli.export import export
from kg.cli.extract import extract_command
from kg.cli.mcp import mcp_command
from kg.cli.notify import notify_command
from kg.cli.query import query
from kg.cli.refresh import refresh_command
from kg.cli.registries import registries
from kg.cli.remove import remove_command
from kg.cli.restore import restore_command
from kg.cli.rollback import rollback_command
from kg.cli.serve import serve
from kg.cli.show import show
from kg.cli.snapshot import snapshot
from kg.cli.status import status
from kg.cli.validate import validate
from kg.cli.vocab import vocab
from kg.errors import KGError, UsageError

# Every command there is, in the order of the help.
COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "build": build_command,
    "refresh": refresh_command,
    "registries": registries,
    "remove": remove_command,
    "ask": ask,
    "query": query,
    "show": show,
    "serve": serve,
    "mcp": mcp_command,
    "validate": validate,
    "changes": changes,
    "notify": notify_command,
    "snapshot": snapshot,
    "status": status,
    "doctor": doctor,
    "backup": backup_command,
    "restore": restore_command,
    "rollback": rollback_command,
    "dump": dump,
    "export": export,
    "examples": examples,
    "extract": extract_command,
    "evaluate": evaluate_command,
    "vocab": vocab,
}

app = typer.Typer(
    name="trialkg",
    help="Clinical trial registry records as a validated RDF graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


def main() -> None:
    """Run the command line; an error of ours is one line and an exit status, not a traceback."""
    try:
        app()
    except KGError as error:
        sys.stderr.write(f"trialkg: {_told(error)}\n")
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"trialkg: {_told(error)}\n")
        sys.exit(1)


# As the system and SQLite say it.
_FULL = ("No space left", "disk is full", "File too large")


def _told(error: Exception) -> str:
    if any(words in str(error) for words in _FULL):
        return f"{error}; free some space and run it again: what is published is as it was"
    return str(error)
