"""`trialkg validate`: whether records, RDF files or the published graph conform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from kg.cli.options import DATA, Data, Json, out
from kg.conformance import RDF_FORMATS, Finding, check_file, check_records, check_snapshot
from kg.convert import in_words, knowledge
from kg.errors import UsageError
from kg.pipeline import PROCESSES
from kg.publish import current_snapshot
from kg.resources import LEXICON
from kg.workers import Workers
from loaders import LOADERS

Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="Registry records or RDF (.ttl .nt .nq .trig); none: what is published."),
]
Registry = Annotated[
    str | None,
    typer.Option(help="The form of the records (`trialkg registries`); else by content."),
]


def validate(
    sources: Sources = None,
    *,
    data: Data = DATA,
    registry: Registry = None,
    json: Json = False,
) -> None:
    """Say what does not conform to the shapes and why; nothing is written.

    Exit status: 0 everything conforms, 3 something does not.
    """
    looked_at, wrong = 0, []
    with Workers(PROCESSES) as workers:
        for finding in _findings(sources or [], data, registry, workers):
            looked_at += 1
            if not finding.conforms:
                wrong.append(finding)
                if not json:
                    _show(finding)
    if json:
        found = {"checked": looked_at, "wrong": wrong}
        out().print_json(msgspec.json.encode(found).decode())
    else:
        out().print(f"{looked_at} checked, {len(wrong)} do not conform")
    raise typer.Exit(3 if wrong else 0)


def _findings(
    sources: Sequence[Path], data: Path, registry: str | None, workers: Workers
) -> Iterator[Finding]:
    if not sources:
        yield from check_snapshot(current_snapshot(data), workers)
        return
    rdf = [source for source in sources if source.suffix in RDF_FORMATS]
    yield from map(check_file, rdf)
    records = [source for source in sources if source.suffix not in RDF_FORMATS]
    if records:
        if registry is not None and registry not in LOADERS:
            raise UsageError(f"no loader for {registry!r}; there are: {', '.join(LOADERS)}")
        yield from check_records(records, LOADERS, registry, knowledge([LEXICON]), workers)


def _show(finding: Finding) -> None:
    console = out()
    console.print(finding.name, style="bold")
    if finding.rejection is not None:
        one = finding.rejection
        console.print("  " + "; ".join(filter(None, (one.field, one.reason, one.remedy))))
        for line in one.report:
            console.print("  " + line)
    if finding.report is not None:
        for violation in finding.report.violations:
            console.print("  " + in_words(violation))
