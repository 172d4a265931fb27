"""The page of one trial."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import HTMLResponse

from kg.api.html import Markup, element, join, link, page
from kg.query.marking import all_findings, grounds, in_context, value_text, warnings
from kg.query.trial import Construct, Finding, Quote, Site, Trial
from kg.query.triples import Named


def trial_page(trial: Trial) -> HTMLResponse:
    """Return a trial as people would read it."""
    title = trial.brief_title or trial.registry_id
    address = f"/trial/{trial.registry}/{trial.registry_id}"
    forms = (link(f"{address}.{name}", name) for name in ("json", "ttl", "nt", "jsonld"))
    return page(
        f"{trial.registry_id}: {title}",
        element("p", link("/", "trialkg"), class_="quiet"),
        element("h1", title),
        *(element("p", note, class_="note") for note in warnings(trial)),
        _facts(trial),
        _section("Constructs", map(_construct, trial.constructs)),
        _table(
            "Given where, in which role",
            ("arm", "what", "role"),
            (
                (use.arm or "not stated", use.construct or use.intervention, _label(use.role))
                for use in trial.uses
            ),
        ),
        _table(
            "Conditions",
            ("as listed", "concept", "mapping"),
            ((c.as_listed, _label(c.concept), _label(c.mapping)) for c in trial.conditions),
        ),
        _table(
            "Sites",
            ("facility", "city", "country", "status", "open"),
            map(_site, trial.sites),
        ),
        _table(
            "Why it is believed",
            ("of", "statement", "value", "grounds", "quotes"),
            (_finding(finding) for finding in all_findings(trial)),
        ),
        element("p", "This trial as ", join(forms, ", "), "."),
    )


def _facts(trial: Trial) -> Markup:
    start = trial.dates.get("startDate")
    registry = link(trial.registry_page, trial.registry_id) if trial.registry_page else None
    facts = (
        ("registered as", registry or trial.registry_id),
        ("status", _label(trial.recruitment_status)),
        ("phase", _labels(trial.phases)),
        ("sponsor", _labels(trial.lead_sponsor)),
        ("enrolment", None if trial.enrollment is None else str(trial.enrollment)),
        ("start", None if start is None else start.day.isoformat()),
        ("last changed", None if trial.last_changed is None else str(trial.last_changed)),
    )
    rows = (element("tr", element("th", name), element("td", v)) for name, v in facts if v)
    return element("table", *rows)


def _construct(construct: Construct) -> Markup:
    targets = _labels(construct.targets) or _label(construct.target_disclosure) or "not stated"
    facts = (
        ("targets", targets),
        ("spares", _labels(construct.spares)),
        ("recruits", _labels(construct.recruits)),
        ("logic", _label(construct.target_logic)),
        ("effector cell", _label(construct.effector_cell)),
        ("cell source", _label(construct.cell_source)),
        ("donor", _label(construct.donor)),
        ("components", ", ".join(component.label for component in construct.components)),
        ("types", _labels(construct.types)),
    )
    rows = (element("tr", element("th", name), element("td", v)) for name, v in facts if v)
    return join((element("h3", construct.label), element("table", *rows)))


def _site(site: Site) -> tuple[str | None, ...]:
    status = " ".join(filter(None, (_label(site.status), _in_brackets(site.status_basis))))
    place = site.as_listed or _label(site.facility)
    open_ = "yes" if site.open_for_enrolment else "no"
    return place, _label(site.city), _label(site.country), status, open_


def _finding(finding: Finding) -> tuple[str | None, ...]:
    quotes = join((_quote(quote) for quote in finding.quotes), "; ")
    subject = finding.subject.label
    return subject, finding.property, value_text(finding), grounds(finding), quotes


def _quote(quote: Quote) -> Markup:
    before, exact, behind = in_context(quote)
    place = element("span", f" {quote.field}", class_="quiet")
    return join((before, element("mark", exact), behind, place))


def _section(title: str, parts: Iterable[Markup]) -> Markup:
    content = list(parts)
    return join((element("h2", title), *content)) if content else Markup()


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> Markup:
    body = [element("tr", *(element("td", cell or "") for cell in row)) for row in rows]
    if not body:
        return Markup()
    head = element("tr", *(element("th", name) for name in heads))
    return join((element("h2", title), element("table", head, *body)))


def _label(named: Named | None) -> str | None:
    return None if named is None else named.label


def _labels(named: Iterable[Named]) -> str:
    return ", ".join(one.label for one in named)


def _in_brackets(named: Named | None) -> str | None:
    return None if named is None else f"({named.label})"
