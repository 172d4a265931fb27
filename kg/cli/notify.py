"""`trialkg notify`: tells those who follow trials what changed, once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from kg.cli.options import DATA, Data, Json, log, out
from kg.notify import Doubt, notify, preview, read_subscriptions
from kg.notify.digest import as_text

Subscriptions = Annotated[
    Path, typer.Option(help="The subscriptions, in TOML: what is followed, and where it is sent.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be sent; send nothing.")]
InDoubt = Annotated[
    Doubt,
    typer.Option("--doubt", help="What was cut short as it left: tell, send again, or arrived."),
]

_OPEN = 3


def notify_command(
    *,
    subscriptions: Subscriptions,
    data: Data = DATA,
    dry_run: DryRun = False,
    doubt: InDoubt = "tell",
    json: Json = False,
) -> None:
    """Send what changed since the last run, by mail or webhook; no change goes twice.

    Exit status: 0 all is sent, 3 something failed (it goes with the next run) or is in doubt.
    """
    wanted = read_subscriptions(subscriptions)
    if dry_run:
        for message in preview(data, wanted):
            out().print(f"to {message.target}\n{as_text(message)}")
        return
    outcome = notify(data, wanted, doubt=doubt)
    if json:
        out().print_json(msgspec.json.encode(outcome).decode())
    else:
        for name, target, count in outcome.sent:
            out().print(f"{name}: {count} changes sent to {target}")
    for name, target, reason in outcome.failed:
        log().print(f"{name}: not sent to {target}, goes with the next run: {reason}")
    for name, target, count in outcome.doubtful:
        log().print(
            f"{name}: {count} changes may or may not have reached {target}: look there, "
            "then --doubt again or --doubt arrived"
        )
    raise typer.Exit(_OPEN if outcome.failed or outcome.doubtful else 0)
