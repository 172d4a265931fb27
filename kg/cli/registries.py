"""`trialkg registries`: which forms of records can be read, and what each leaves out."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
import typer

from kg.cli.options import Json, out
from kg.errors import UsageError
from kg.records import COPY, PRIMARY, REPORT, Loader, Record
from loaders import LOADERS

Name = Annotated[str | None, typer.Argument(help="One form, with all its unread fields.")]

STANDING: Final = {
    PRIMARY: "the registry's own words",
    COPY: "a copy: writes a trial where no record of the registry is known",
    REPORT: "a page about trials: makes claims, never writes a trial",
}


class Form(Record, frozen=True):
    """What `trialkg registries` prints of a loader."""

    name: str
    title: str
    registry: str
    standing: str
    reads: str
    obtain: str
    licence: str
    unread: tuple[str, ...]


def registries(name: Name = None, *, json: Json = False) -> None:
    """List the forms of records that are read: what, from where, under which terms."""
    if name is not None and name not in LOADERS:
        raise UsageError(f"no loader for {name!r}; there are: {', '.join(LOADERS)}")
    forms = [_form(one) for one in LOADERS.values() if name in (None, one.name)]
    if json:
        out().print_json(msgspec.json.encode(forms).decode())
        return
    console = out()
    for form in forms:
        console.print(f"{form.name}  {form.title}", style="bold")
        for label, value in (
            ("registry", form.registry),
            ("standing", form.standing),
            ("reads", form.reads),
            ("had from", form.obtain),
            ("licence", form.licence),
            ("unread", f"{len(form.unread)} fields" if name is None else ""),
        ):
            if value:
                console.print(f"  {label:<9} {value}")
        if name is not None:
            for field in form.unread:
                console.print(f"  unread    {field}")


def _form(loader: Loader) -> Form:
    return Form(
        name=loader.name,
        title=loader.title,
        registry=loader.registry or "each record's own",
        standing=STANDING[loader.standing],
        reads=loader.reads,
        obtain=loader.obtain,
        licence=loader.licence,
        unread=loader.unread,
    )
