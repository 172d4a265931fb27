"""The graph of one trial read back into a typed record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg.iris import iri_keys, record_graph, trial_iri
from kg.query import beside
from kg.query import trial as made
from kg.query.triples import Named, Triples
from kg.vocab import DCTERMS, GEO, OA, PROV, RDF, RDFS, SKOS, TKG

_DATES = {
    "startDate": (TKG.startDate, TKG.startDatePrecision, TKG.startDateType),
    "primaryCompletionDate": (
        TKG.primaryCompletionDate,
        TKG.primaryCompletionDatePrecision,
        TKG.primaryCompletionDateType,
    ),
    "completionDate": (TKG.completionDate, TKG.completionDatePrecision, TKG.completionDateType),
    "firstSubmitted": (TKG.firstSubmitted, TKG.firstSubmittedPrecision, TKG.firstSubmittedType),
    "firstPosted": (TKG.firstPosted, TKG.firstPostedPrecision, TKG.firstPostedType),
    "lastUpdatePosted": (
        TKG.lastUpdatePosted,
        TKG.lastUpdatePostedPrecision,
        TKG.lastUpdatePostedType,
    ),
    "resultsFirstPosted": (
        TKG.resultsFirstPosted,
        TKG.resultsFirstPostedPrecision,
        TKG.resultsFirstPostedType,
    ),
    "statusVerified": (TKG.statusVerified, TKG.statusVerifiedPrecision, TKG.statusVerifiedType),
}
_TEXTS = {
    "brief_title": TKG.briefTitle,
    "official_title": TKG.officialTitle,
    "acronym": TKG.acronym,
    "brief_summary": TKG.briefSummary,
    "detailed_description": TKG.detailedDescription,
    "eligibility": TKG.eligibilityText,
    "why_stopped": TKG.whyStopped,
}
_CODES = {
    "recruitment_status": TKG.recruitmentStatus,
    "last_known_status": TKG.lastKnownStatus,
    "study_type": TKG.studyType,
    "enrollment_type": TKG.enrollmentType,
}
_LISTS = {
    "phases": TKG.phase,
    "lead_sponsor": TKG.leadSponsor,
    "collaborators": TKG.collaborator,
    "design_features": TKG.designFeature,
    "monitored_risks": TKG.monitoredRisk,
    "flags": TKG.recordFlag,
}


def read_trial(triples: Iterable[Triple], registry: str, registry_id: str) -> made.Trial | None:
    """Return the trial that triples were gathered for, None where they hold no such trial."""
    found = Triples(triples)
    iri = trial_iri(registry, registry_id).value
    if TKG.Trial.value not in found.nodes(iri, RDF.type):
        return None
    return _Reader(found, iri).trial(registry, registry_id)


class _Reader:
    def __init__(self, triples: Triples, iri: str) -> None:
        self.triples = triples
        self.iri = iri
        self.findings: dict[str, list[made.Finding]] = {}
        for node in triples.subjects(RDF.type, TKG.Finding):
            for subject in triples.nodes(node, RDF.subject):
                self.findings.setdefault(subject, []).append(self.finding(node, subject))

    def trial(self, registry: str, registry_id: str) -> made.Trial:
        t, iri = self.triples, self.iri
        graph = record_graph(registry, registry_id).value
        enrollment = t.plain(iri, TKG.enrollment)
        words: dict[str, Any] = {name: t.text(iri, term) for name, term in _TEXTS.items()}
        codes: dict[str, Any] = {name: t.one(iri, term) for name, term in _CODES.items()}
        lists: dict[str, Any] = {name: t.named(iri, term) for name, term in _LISTS.items()}
        return made.Trial(
            **words,
            **codes,
            **lists,
            iri=iri,
            registry=registry,
            registry_id=registry_id,
            registry_page=next(iter(t.nodes(iri, TKG.registryPage)), None),
            keywords=t.texts(iri, TKG.keyword),
            enrollment=enrollment if isinstance(enrollment, int) else None,
            dates=self.dates(),
            first_seen=t.date(iri, TKG.firstSeen),
            last_changed=t.date(iri, TKG.lastChanged),
            constructs=tuple(map(self.construct, t.subjects(RDF.type, TKG.Construct))),
            arms=tuple(map(self.arm, t.nodes(iri, TKG.arm))),
            interventions=tuple(map(self.intervention, t.nodes(iri, TKG.intervention))),
            uses=tuple(map(self.use, t.nodes(iri, TKG.use))),
            conditions=tuple(map(self.condition, t.nodes(iri, TKG.conditionTerm))),
            sites=tuple(map(self.site, t.nodes(iri, TKG.site))),
            mentions=tuple(map(self.mention, t.subjects(RDF.type, TKG.AntigenMention))),
            criteria=tuple(
                sorted(map(self.criterion, t.nodes(iri, TKG.criterion)), key=lambda c: c.order)
            ),
            outcomes=tuple(
                sorted(map(self.outcome, t.nodes(iri, TKG.outcome)), key=lambda o: o.order)
            ),
            lay_statements=tuple(map(self.lay, self.own_statements())),
            findings=self.found(iri),
            abridged=t.plain(iri, TKG.abridged) is True,
            withdrawn_since=t.date(iri, TKG.withdrawnSince),
            **self.provenance(graph),
            **beside.beside(t, registry, registry_id),
        )

    def provenance(self, graph: str) -> dict[str, Any]:
        """Return where the record comes from."""
        return {
            "source": next(iter(self.triples.nodes(graph, PROV.wasDerivedFrom)), None),
            "source_hash": self.triples.text(graph, TKG.sourceHash),
            "standing": self.triples.one(graph, TKG.recordStanding),
            "copied_from": _source(self.triples.nodes(graph, TKG.takenFromCopy)),
        }

    def own_statements(self) -> list[str]:
        """Return the statements in plain words that are made here, not taken from a source."""
        made_ = self.triples.subjects(RDF.type, TKG.LayStatement)
        return [one for one in made_ if not self.triples.nodes(one, DCTERMS.source)]

    def dates(self) -> dict[str, made.Date]:
        dates = {}
        for name, (value, precision, kind) in _DATES.items():
            day = self.triples.date(self.iri, value)
            if day is not None:
                dates[name] = made.Date(
                    day=day,
                    precision=_label(self.triples.one(self.iri, precision)),
                    date_type=_label(self.triples.one(self.iri, kind)),
                )
        return dates

    def construct(self, iri: str) -> made.Construct:
        t = self.triples
        types = (one for one in t.named(iri, RDF.type) if one.iri != TKG.Construct.value)
        return made.Construct(
            iri=iri,
            label=t.text(iri, RDFS.label) or "",
            types=tuple(types),
            alternative_labels=t.texts(iri, SKOS.altLabel),
            code_names=t.texts(iri, TKG.codeName),
            product=t.one(iri, TKG.product),
            targets=t.named(iri, TKG.targets),
            spares=t.named(iri, TKG.spares),
            recruits=t.named(iri, TKG.recruits),
            target_logic=t.one(iri, TKG.targetLogic),
            target_disclosure=t.one(iri, TKG.targetDisclosure),
            architecture=t.one(iri, TKG.architecture),
            combined_as=t.one(iri, TKG.combinedAs),
            effector_cell=t.one(iri, TKG.effectorCell),
            cell_source=t.one(iri, TKG.cellSource),
            donor=t.one(iri, TKG.donor),
            usual_donor=t.one(iri, TKG.usualDonor),
            delivery_vehicle=t.texts(iri, TKG.deliveryVehicle),
            hla_restriction=t.texts(iri, TKG.hlaRestriction),
            components=tuple(map(self.component, t.nodes(iri, TKG.component))),
            findings=self.found(iri),
            quotes=self.quotes(iri),
        )

    def component(self, iri: str) -> made.Component:
        t = self.triples
        return made.Component(
            label=t.text(iri, RDFS.label) or "",
            kind=t.one(iri, TKG.componentKind),
            antigen=t.one(iri, TKG.antigen),
            action=t.one(iri, TKG.action),
        )

    def arm(self, iri: str) -> made.Arm:
        t = self.triples
        return made.Arm(
            iri=iri,
            label=t.text(iri, TKG.armLabel) or "",
            arm_type=t.one(iri, TKG.armType),
            description=t.text(iri, TKG.armDescription),
        )

    def intervention(self, iri: str) -> made.Intervention:
        t = self.triples
        return made.Intervention(
            iri=iri,
            as_listed=t.text(iri, TKG.asListed) or "",
            intervention_type=t.one(iri, TKG.interventionType),
            description=t.text(iri, TKG.interventionDescription),
            other_names=t.texts(iri, TKG.otherName),
        )

    def use(self, iri: str) -> made.Use:
        t = self.triples
        return made.Use(
            arm=self.linked(iri, TKG.inArm, TKG.armLabel),
            intervention=self.linked(iri, TKG.intervention, TKG.asListed),
            construct=self.linked(iri, TKG.construct, RDFS.label),
            role=t.one(iri, TKG.role),
            dose_text=t.text(iri, TKG.doseText),
            route=t.text(iri, TKG.route),
            schedule=t.text(iri, TKG.schedule),
            findings=self.found(iri),
        )

    def condition(self, iri: str) -> made.Condition:
        t = self.triples
        qualifiers = (
            (t.text(node, TKG.axis) or "", t.text(node, TKG.qualifierValue) or "")
            for node in t.nodes(iri, TKG.qualifier)
        )
        return made.Condition(
            as_listed=t.text(iri, TKG.asListed) or "",
            mapping=t.one(iri, TKG.mapping),
            concept=t.one(iri, TKG.concept),
            qualifiers=tuple(qualifiers),
            findings=self.found(iri),
        )

    def site(self, iri: str) -> made.Site:
        t = self.triples
        return made.Site(
            iri=iri,
            as_listed=t.text(iri, TKG.asListed),
            facility=t.one(iri, TKG.facility),
            city=t.one(iri, TKG.city),
            country=t.one(iri, TKG.country),
            status=t.one(iri, TKG.siteStatus),
            status_basis=t.one(iri, TKG.siteStatusBasis),
            open_for_enrolment=t.plain(iri, TKG.openForEnrolment) is True,
            latitude=t.number(iri, GEO.lat),
            longitude=t.number(iri, GEO.long),
        )

    def mention(self, iri: str) -> made.Mention:
        antigen = self.triples.one(iri, TKG.antigen)
        return made.Mention(
            antigen=antigen or Named(iri="", curie="", label=""),
            role=self.triples.one(iri, TKG.role),
            construct=self.linked(iri, TKG.construct, RDFS.label),
            quotes=self.quotes(iri),
        )

    def criterion(self, iri: str) -> made.Criterion:
        above = self.triples.nodes(iri, TKG.parentCriterion)
        return made.Criterion(
            text=self.triples.text(iri, TKG.criterionText) or "",
            polarity=self.triples.one(iri, TKG.polarity),
            order=self.number(iri, TKG.order),
            parent=self.number(above[0], TKG.order) if above else None,
        )

    def outcome(self, iri: str) -> made.Outcome:
        t = self.triples
        return made.Outcome(
            outcome_type=t.text(iri, TKG.outcomeType) or "",
            measure=t.text(iri, TKG.measure) or "",
            time_frame=t.text(iri, TKG.timeFrame),
            order=self.number(iri, TKG.order),
        )

    def lay(self, iri: str) -> made.LayStatement:
        return made.LayStatement(
            text=self.triples.text(iri, TKG.text) or "",
            kind=self.triples.one(iri, TKG.statementKind),
            quotes=self.quotes(iri),
            sources=self.triples.texts(iri, DCTERMS.source),
        )

    def finding(self, iri: str, subject: str) -> made.Finding:
        t = self.triples
        values = t.values(iri, RDF.object)
        value = values[0] if values else Literal("")
        return made.Finding(
            subject=t.name(subject),
            property=_local(next(iter(t.nodes(iri, RDF.predicate)), "")),
            value=t.name(value.value) if isinstance(value, NamedNode) else _text(value),
            basis=t.one(iri, TKG.basis),
            rule=t.text(iri, TKG.rule) or "",
            confidence=t.number(iri, TKG.confidence),
            quotes=self.quotes(iri),
            sources=t.texts(iri, TKG.lexiconSource),
        )

    def found(self, subject: str) -> tuple[made.Finding, ...]:
        found = self.findings.get(subject, [])
        return tuple(sorted(found, key=lambda one: (one.property, str(one.value))))

    def quotes(self, iri: str) -> tuple[made.Quote, ...]:
        made_ = (self.quote(node) for node in self.triples.nodes(iri, TKG.evidence))
        return tuple(sorted(made_, key=lambda quote: (quote.field, quote.start, quote.end)))

    def quote(self, iri: str) -> made.Quote:
        return made.Quote(
            field=self.triples.text(iri, TKG.field) or "",
            exact=self.triples.text(iri, OA.exact) or "",
            start=self.number(iri, OA.start),
            end=self.number(iri, OA.end),
            prefix=self.triples.text(iri, OA.prefix) or "",
            suffix=self.triples.text(iri, OA.suffix) or "",
        )

    def linked(self, iri: str, link: NamedNode, words: NamedNode) -> str | None:
        nodes = self.triples.nodes(iri, link)
        return self.triples.text(nodes[0], words) if nodes else None

    def number(self, iri: str, predicate: NamedNode) -> int:
        value = self.triples.plain(iri, predicate)
        return value if isinstance(value, int) else 0


def _source(copies: list[str]) -> str | None:
    """Return the source of a copy, as its IRI names it."""
    match [iri_keys(NamedNode(one)) for one in copies]:
        case [("source", source, _), *_]:
            return source
    return None


def _label(named: Named | None) -> str | None:
    return None if named is None else named.label


def _text(value: object) -> str:
    return value.value if isinstance(value, Literal) else str(value)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
