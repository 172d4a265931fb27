"""`trialkg ask`: a plain question, how it was understood, and what was found."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from kg.ask import Meanings, read_question
from kg.cli.options import DATA, Data, Json, log, out
from kg.find.catalogue import Catalogue
from kg.find.hits import hits
from kg.find.sparql import sparql
from kg.publish import current_snapshot

Text = Annotated[str, typer.Argument(help="The question, in quotes.")]
Most = Annotated[int, typer.Option(min=1, help="Trials to show.")]


def ask(text: Text, *, data: Data = DATA, most: Most = 20, json: Json = False) -> None:
    """Answer a plain question; say how each word was understood, and which were not.

    Exit status: 0 all words understood, 3 some were not and were left out.
    """
    catalogue = Catalogue(current_snapshot(data))
    asked = read_question(text, Meanings(catalogue))
    found = catalogue.newest(catalogue.find(asked.selection))
    shown = list(hits(catalogue, found[:most]))
    if json:
        body = {
            "words": asked.words,
            "not_understood": [word.text for word in asked.unknown],
            "query": sparql(asked.selection),
            "total": len(found),
            "trials": shown,
        }
        out().print_json(msgspec.json.encode(body).decode())
    else:
        for word in asked.words:
            if not word.connecting:
                out().print(f"{word.text}: {word.meaning}", markup=False, highlight=False)
        table = Table("trial", "title", "constructs", "targets", "open sites", "flags")
        for hit in shown:
            targets = dict.fromkeys(one for part in hit.constructs for one in part.targets)
            table.add_row(
                hit.registry_id,
                hit.title,
                "; ".join(one.label for one in hit.constructs),
                ", ".join(targets),
                f"{hit.open_sites} of {hit.sites}",
                ", ".join(catalogue.labels.label("term", flag) for flag in hit.flags),
            )
        out().print(table)
        if len(found) > most:
            out().print(f"{most} of {len(found)} trials; --most shows more")
    if asked.unknown:
        words = ", ".join(repr(word.text) for word in asked.unknown)
        log().print(f"not understood, and left out: {words}", markup=False)
        raise typer.Exit(3)
