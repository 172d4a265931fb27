"""`trialkg evaluate`: how well extraction does on labelled trials."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from kg.cli.options import Json, Lexicon, out, plain
from kg.cli.records import read_trials
from kg.errors import UsageError
from kg.evaluate import CLASSES, Evaluation, Score, evaluate, read_gold
from kg.extract.lexicon import load_lexicon
from kg.resources import LEXICON

Gold = Annotated[list[Path], typer.Option("--gold", help="Labels: one JSON object a line.")]
Records = Annotated[list[Path], typer.Option("--records", help="The records that were labelled.")]
WithoutProducts = Annotated[
    bool, typer.Option("--without-products", help="Score with the product table emptied.")
]
Confusions = Annotated[bool, typer.Option("--confusions", help="List every wrong answer.")]
Class = Annotated[str, typer.Option("--class", help=f"One of: {', '.join(CLASSES)}.")]
Registry = Annotated[
    str | None,
    typer.Option(help="The form of the records (`trialkg registries`); else by content."),
]

_WIDTH = 140


def evaluate_command(
    *,
    gold: Gold,
    records: Records,
    lexicon: Lexicon = None,
    without_products: WithoutProducts = False,
    confusions: Confusions = False,
    klass: Class = "all",
    registry: Registry = None,
    json: Json = False,
) -> None:
    """Score extraction against labels: precision, recall, F1 with 95 % intervals."""
    if klass not in CLASSES:
        raise UsageError(f"no class {klass!r}; there are: {', '.join(CLASSES)}")
    labels = read_gold(gold)
    wanted = {label.id for label in labels}
    trials = [trial for trial in read_trials(records, registry) if trial.registry_id in wanted]
    tables = load_lexicon([LEXICON, *(lexicon or [])], products=not without_products)
    found = evaluate(labels, trials, tables)
    if json:
        out().print_json(msgspec.json.encode(found).decode())
        return
    _print(found, klass, confusions)


def _print(found: Evaluation, klass: str, confusions: bool) -> None:
    console = out() if sys.stdout.isatty() else plain(_WIDTH)
    console.print(_table(klass, found.scores[klass]))
    console.print(f"{found.trials} labelled trials")
    if found.without_record:
        console.print(f"no record for: {', '.join(found.without_record)}")
    for item in found.confusions if confusions else ():
        console.print(f"{item.trial}  {item.measure}  {item.kind}  {item.value}  {item.quote}")


def _table(klass: str, scores: tuple[Score, ...]) -> Table:
    table = Table(title=f"class: {klass}")
    heads = ("measure", "trials", "right", "wrong", "missed", "precision", "recall", "F1", "95 %")
    for head in heads:
        table.add_column(head, justify="left" if head == "measure" else "right")
    for row in scores:
        interval = f"{row.f1_low:.3f} to {row.f1_high:.3f}"
        counts = [f"{value:g}" for value in (row.right, row.wrong, row.missed)]
        shares = [f"{value:.3f}" for value in (row.precision, row.recall, row.f1)]
        table.add_row(row.measure, str(row.trials), *counts, *shares, interval)
    return table
