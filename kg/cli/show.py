"""`trialkg show`: one trial as people would read it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Annotated

import msgspec
import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kg import client
from kg.cli.options import DATA, Data, Json
from kg.errors import UsageError
from kg.publish import current_snapshot
from kg.query.marking import all_findings, grounds, in_context, value_text, warnings
from kg.query.trial import Construct, Finding, Site, Trial
from kg.query.triples import Named

TrialId = Annotated[str, typer.Argument(metavar="NCT…", help="The id of the trial.")]
Registry = Annotated[str, typer.Option(help="The registry that gave the id.")]

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MOST_SITES = 20
_UNBOUNDED = 1_000_000
_DATES = ("startDate", "primaryCompletionDate", "completionDate", "lastUpdatePosted")


def show(
    trial: TrialId,
    *,
    registry: Registry = "clinicaltrials",
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Show one trial: what is tested, where, and the words that each statement rests on."""
    graph = client.open(current_snapshot(data))
    found = graph.trial(trial, registry=registry)
    if found is None:
        near = _of_that_id(graph, trial)
        raise UsageError(f"no trial {registry} {trial} is published in {data}{near}")
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _UNBOUNDED)
    console.print(_document(found))


def _of_that_id(graph: client.Graph, trial: str) -> str:
    """Return how to show the trials of any registry with this id, in whatever case."""
    asked = "SELECT ?registry ?id { ?trial tkg:registryId ?id ; tkg:registry ?registry }"
    found = sorted(
        f"trialkg show {known} --registry {registry}"
        for registry, known in graph.query(asked, as_="polars").iter_rows()
        if known.casefold() == trial.casefold()
    )
    return f"; there is: {', '.join(found)}" if found else ""


def _document(trial: Trial) -> Group:
    title = _text(f"{trial.registry_id}  {trial.brief_title or ''}", "bold")
    notes = [_text(f"! {note}", "yellow") for note in warnings(trial)]
    parts: list[RenderableType] = [title, *notes, _facts(trial)]
    for construct in trial.constructs:
        parts += [_heading(f"Construct: {construct.label}"), _construct(construct)]
    for heading, heads, rows in _tables(trial):
        if rows:
            parts += [_heading(heading), _table(heads, rows)]
    parts += [
        _heading("Why it is believed"),
    ]
    parts += [_finding(finding) for finding in all_findings(trial)]
    return Group(*parts)


def _facts(trial: Trial) -> Table:
    dates = (
        (name, " ".join(filter(None, (str(date.day), _rough(date.precision), date.date_type))))
        for name, date in trial.dates.items()
        if name in _DATES
    )
    return _pairs(
        (
            ("status", _label(trial.recruitment_status)),
            ("why stopped", trial.why_stopped),
            ("phase", _labels(trial.phases)),
            ("sponsor", _labels(trial.lead_sponsor)),
            ("collaborators", _labels(trial.collaborators)),
            ("enrolment", None if trial.enrollment is None else str(trial.enrollment)),
            *dates,
            ("design", _labels(trial.design_features)),
            ("risks watched", _labels(trial.monitored_risks)),
            ("registry", trial.registry_page),
        )
    )


def _construct(construct: Construct) -> Table:
    components = (
        f"{one.label} ({', '.join(filter(None, (_label(one.kind), _label(one.action))))})"
        for one in construct.components
    )
    return _pairs(
        (
            ("kind", _labels(construct.types)),
            ("targets", _labels(construct.targets) or _label(construct.target_disclosure)),
            ("spares", _labels(construct.spares)),
            ("recruits", _labels(construct.recruits)),
            ("logic", _label(construct.target_logic)),
            ("architecture", _label(construct.architecture)),
            ("effector cell", _label(construct.effector_cell)),
            ("cell source", _label(construct.cell_source)),
            ("donor", _label(construct.donor)),
            ("usual donor", _label(construct.usual_donor)),
            ("product", _label(construct.product)),
            ("code names", ", ".join(construct.code_names)),
            ("also called", ", ".join(construct.alternative_labels)),
            ("components", ", ".join(components)),
        )
    )


Rows = list[tuple[str | None, ...]]


def _tables(trial: Trial) -> Iterable[tuple[str, tuple[str, ...], Rows]]:
    yield "Arms", ("arm", "type"), [(one.label, _label(one.arm_type)) for one in trial.arms]
    yield (
        "Given where, in which role",
        ("arm", "what", "role"),
        [
            (use.arm or "not stated", use.construct or use.intervention, _label(use.role))
            for use in trial.uses
        ],
    )
    yield (
        "Conditions",
        ("as listed", "concept", "mapping"),
        [(one.as_listed, _label(one.concept), _label(one.mapping)) for one in trial.conditions],
    )
    sites = sorted(trial.sites, key=lambda site: not site.open_for_enrolment)
    yield (
        _sites_heading(trial),
        ("site", "city", "country", "status", "open"),
        [_site(site) for site in sites[:_MOST_SITES]],
    )


def _sites_heading(trial: Trial) -> str:
    count = len(trial.sites)
    return "Sites" if count <= _MOST_SITES else f"Sites ({_MOST_SITES} of {count}; --json has all)"


def _site(site: Site) -> tuple[str | None, ...]:
    basis = f"({site.status_basis.label})" if site.status_basis else None
    status = " ".join(filter(None, (_label(site.status), basis)))
    place = site.as_listed or _label(site.facility)
    open_ = "yes" if site.open_for_enrolment else "no"
    return place, _label(site.city), _label(site.country), status, open_


def _finding(finding: Finding) -> Text:
    line = _text(f"{finding.subject.label}: {finding.property} ")
    line.append_text(_text(value_text(finding), "bold"))
    line.append_text(_text(f"  [{grounds(finding)}]", "dim"))
    for quote in finding.quotes:
        before, exact, behind = in_context(quote)
        line.append("\n    ")
        line.append_text(_text(f"{before}\u201c"))
        line.append_text(_text(exact, "bold reverse"))
        line.append_text(_text(f"\u201d{behind}"))
        line.append_text(_text(f"  {quote.field} {quote.start}\u2013{quote.end}", "dim"))
    return line


def _pairs(facts: Iterable[tuple[str, str | None]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in facts:
        if value:
            table.add_row(_text(name, "dim"), _text(value))
    return table


def _table(heads: tuple[str, ...], rows: Rows) -> Table:
    table = Table(*heads, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*(_text(cell or "") for cell in row))
    return table


def _heading(words: str) -> Text:
    return _text(f"\n{words}", "bold")


def _text(words: str, style: str = "") -> Text:
    # Words of a record are never read as markup, and cannot command the terminal.
    return Text(_CONTROLS.sub("\ufffd", words), style=style)


def _rough(precision: str | None) -> str | None:
    return None if precision is None or precision.lower() == "day" else f"({precision})"


def _label(named: Named | None) -> str | None:
    return None if named is None else named.label


def _labels(named: Iterable[Named]) -> str:
    return ", ".join(one.label for one in named)
