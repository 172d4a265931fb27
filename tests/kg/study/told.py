"""Trials with what identity is judged by, and all that follows from some of them together."""

import datetime as dt

from kg.extract.findings import Extraction, Place
from kg.iris import study_iri, trial_iri
from kg.records import PartialDate, SecondaryId, Sponsor, Text, Trial
from kg.study import registration, study_quads
from kg.vocab import DCTERMS, RDF, TKG

TITLE = "Safety and Efficacy of Anti-DLL3 CAR-NK Cells in Small Cell Lung Cancer"


def text(words, field="/title"):
    return Text(field=field, raw=words, plain=words)


def told(registry, registry_id, *, title=TITLE, ids=(), **stated):
    """A registration as it is compared; `ids` are (value, type) or values."""
    pairs = [(one, None) if isinstance(one, str) else one for one in ids]
    facts = {
        "lead_sponsor": Sponsor(name="Ulm University Hospital"),
        "enrollment": 37,
        "study_type": "InterventionalStudy",
        "phases": ("Phase1",),
        "start_date": PartialDate(day=dt.date(2025, 3, 5), precision="Day"),
    }
    sponsor = stated.pop("sponsor", "ulm-university-hospital")
    country = stated.pop("country", "DE")
    trial = Trial(
        registry=registry,
        registry_id=registry_id,
        brief_title=text(title),
        secondary_ids=tuple(SecondaryId(value=value, id_type=kind) for value, kind in pairs),
        **(facts | stated),
    )
    places = (Place(0, country, "ulm", "clinic"),)
    return registration(trial, Extraction(organizations=(sponsor,), places=places))


def triples(*registrations, **options):
    made = study_quads(registrations, **options)
    return {(quad.subject, quad.predicate, quad.object) for quad in made}


def studies(*registrations, **options):
    """The ids of the registrations of each study, sorted."""
    found = {}
    for trial, predicate, study in triples(*registrations, **options):
        if predicate == TKG.registrationOf:
            found.setdefault(study, []).append(trial.value.rsplit("/", 1)[1])
    return sorted(sorted(members) for members in found.values())


def evidence(*registrations, **options):
    """What is said of each piece of evidence: verdict, score and reason."""
    stated = triples(*registrations, **options)
    nodes = sorted((s for s, p, o in stated if (p, o) == (RDF.type, TKG.IdentityEvidence)), key=str)
    made = []
    for node in nodes:
        said = {p: o.value for s, p, o in stated if s == node}
        verdict = said[TKG.identityVerdict].rpartition("#")[2]
        made.append((verdict, float(said[TKG.score]), said[TKG.reason]))
    return made


def links(*registrations):
    """The links between trials, by local name and ids."""
    kinds = {TKG.followUpOf, TKG.extensionOf, TKG.substudyOf, TKG.expandedAccessFor}
    return {
        (p.value.rpartition("#")[2], s.value.rsplit("/", 1)[1], o.value.rsplit("/", 1)[1])
        for s, p, o in triples(*registrations)
        if p in kinds
    }


__all__ = ["DCTERMS", "evidence", "links", "studies", "study_iri", "text", "told", "trial_iri"]
