"""The command line: the composition root, where loaders, pipeline and interfaces meet."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

from kg.errors import KGError, UsageError

# Every command there is, in the order of the help, and where it stands.
COMMANDS: Mapping[str, str] = {
    "demo": "kg.cli.demo:demo",
    "build": "kg.cli.build:build_command",
    "refresh": "kg.cli.refresh:refresh_command",
    "registries": "kg.cli.registries:registries",
    "remove": "kg.cli.remove:remove_command",
    "ask": "kg.cli.ask:ask",
    "query": "kg.cli.query:query",
    "show": "kg.cli.show:show",
    "serve": "kg.cli.serve:serve",
    "mcp": "kg.cli.mcp:mcp_command",
    "validate": "kg.cli.validate:validate",
    "changes": "kg.cli.changes:changes",
    "notify": "kg.cli.notify:notify_command",
    "snapshot": "kg.cli.snapshot:snapshot",
    "status": "kg.cli.status:status",
    "doctor": "kg.cli.doctor:doctor",
    "backup": "kg.cli.backup:backup_command",
    "restore": "kg.cli.restore:restore_command",
    "rollback": "kg.cli.rollback:rollback_command",
    "dump": "kg.cli.dump:dump",
    "export": "kg.cli.export:export",
    "examples": "kg.cli.examples:examples",
    "extract": "kg.cli.extract:extract_command",
    "evaluate": "kg.cli.evaluate:evaluate_command",
    "vocab": "kg.cli.vocab:vocab",
}


class Imported(Mapping[str, Any]):
    """The commands, each imported when it is called: none needs what all the others need."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - of a library that typer hides
        module, _, function = COMMANDS[name].partition(":")
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(getattr(import_module(module), function))
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Commands(TyperGroup):
    """All commands under one name."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of typer
        super().__init__(**{**settings, "commands": Imported()})


app = typer.Typer(
    name="trialkg",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def trialkg() -> None:
    """Clinical trial registry records as a validated RDF graph."""


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
