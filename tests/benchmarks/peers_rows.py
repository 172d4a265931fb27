"""What a registry says of a trial as rows of flat tables, for mappers that read tables.

Rows are made from the record as it was read, with the names that our graph gives to its parts; what
stands in them as text is what the graph holds as text.
"""

from typing import NamedTuple

from kg.extract.findings import Extraction
from kg.iris import record_graph
from kg.quads import literals
from kg.quads.names import name_parts
from kg.quads.registration import mesh
from kg.quads.site import is_open, site_status
from kg.quads.trial import page
from kg.vocab import GEO, TERMS, TKG, XSD

NOTHING_EXTRACTED = Extraction()
IRI, TEXT = "", XSD.string.value
INTEGER, DECIMAL, BOOLEAN = XSD.integer.value, XSD.decimal.value, XSD.boolean.value
DATE, DURATION = XSD.date.value, XSD.duration.value
# Every row begins with these: in which graph, of which trial, about which node.
KEYS = ("in_graph", "of_trial", "about")

TEXTS = {
    "brief_title": TKG.briefTitle,
    "official_title": TKG.officialTitle,
    "acronym": TKG.acronym,
    "brief_summary": TKG.briefSummary,
    "detailed_description": TKG.detailedDescription,
    "why_stopped": TKG.whyStopped,
    "eligibility": TKG.eligibilityText,
}
CODES = {
    "recruitment_status": TKG.recruitmentStatus,
    "last_known_status": TKG.lastKnownStatus,
    "study_type": TKG.studyType,
    "primary_purpose": TKG.primaryPurpose,
    "allocation": TKG.allocation,
    "intervention_model": TKG.interventionModel,
    "observational_model": TKG.observationalModel,
    "time_perspective": TKG.timePerspective,
    "masking": TKG.masking,
    "enrollment_type": TKG.enrollmentType,
    "sex": TKG.sex,
}
BOOLEANS = {
    "has_results": TKG.hasResults,
    "healthy_volunteers": TKG.healthyVolunteers,
    "fda_regulated_drug": TKG.fdaRegulatedDrug,
    "fda_regulated_device": TKG.fdaRegulatedDevice,
}
DATES = {
    "start_date": "startDate",
    "primary_completion_date": "primaryCompletionDate",
    "completion_date": "completionDate",
    "first_submitted": "firstSubmitted",
    "first_posted": "firstPosted",
    "last_update_posted": "lastUpdatePosted",
    "results_first_posted": "resultsFirstPosted",
    "status_verified": "statusVerified",
}
AGES = {"minimum_age": "minimumAge", "maximum_age": "maximumAge"}


class Table(NamedTuple):
    """What a row says: that its node is of a kind and linked from its trial, and each column.

    A column is a predicate and the datatype of its values, IRI for nodes.
    """

    columns: tuple
    kind: object = None
    link: object = None


def _term(name):
    return TERMS[name]


TABLES = {
    "trial": Table(
        (
            (TKG.registry, TEXT),
            (TKG.registryId, TEXT),
            (TKG.registryPage, IRI),
            (TKG.enrollment, INTEGER),
            *((predicate, TEXT) for predicate in TEXTS.values()),
            *((predicate, IRI) for predicate in CODES.values()),
            *((predicate, BOOLEAN) for predicate in BOOLEANS.values()),
            *(
                (_term(name + part), of)
                for name in DATES.values()
                for part, of in (("", DATE), ("Precision", IRI), ("Type", IRI))
            ),
            *(
                (_term(name + part), of)
                for name in AGES.values()
                for part, of in (("", DURATION), ("Years", DECIMAL), ("AsListed", TEXT))
            ),
        ),
        kind=TKG.Trial,
    ),
    "keyword": Table(((TKG.keyword, TEXT),)),
    "former": Table(((TKG.formerId, TEXT),)),
    "phase": Table(((TKG.phase, IRI),)),
    "age": Table(((TKG.standardAge, IRI),)),
    "mesh": Table(((TKG.registryMesh, IRI),)),
    "ancestor": Table(((TKG.registryMeshAncestor, IRI),)),
    "sponsorship": Table(
        (
            (TKG.sponsorRole, TEXT),
            (TKG.sponsorClass, IRI),
            (TKG.organization, IRI),
            (TKG.asListed, TEXT),
        ),
        kind=TKG.Sponsorship,
        link=TKG.sponsorship,
    ),
    "lead": Table(((TKG.leadSponsor, IRI),)),
    "collaborator": Table(((TKG.collaborator, IRI),)),
    "outcome": Table(
        (
            (TKG.outcomeType, TEXT),
            (TKG.measure, TEXT),
            (TKG.timeFrame, TEXT),
            (TKG.order, INTEGER),
        ),
        kind=TKG.Outcome,
        link=TKG.outcome,
    ),
    "reference": Table(
        ((TKG.citation, TEXT), (TKG.pmid, TEXT), (TKG.referenceType, TEXT)),
        kind=TKG.Reference,
        link=TKG.reference,
    ),
    "secondary_id": Table(
        ((TKG.value, TEXT), (TKG.idType, TEXT)), kind=TKG.SecondaryId, link=TKG.secondaryId
    ),
    "arm": Table(
        ((TKG.armLabel, TEXT), (TKG.armType, IRI), (TKG.armDescription, TEXT)),
        kind=TKG.Arm,
        link=TKG.arm,
    ),
    "intervention": Table(
        (
            (TKG.asListed, TEXT),
            (TKG.interventionType, IRI),
            (TKG.interventionDescription, TEXT),
        ),
        kind=TKG.Intervention,
        link=TKG.intervention,
    ),
    "other_name": Table(((TKG.otherName, TEXT),)),
    "site": Table(
        (
            (TKG.asListed, TEXT),
            (TKG.cityAsListed, TEXT),
            (TKG.stateOrProvince, TEXT),
            (TKG.countryAsListed, TEXT),
            (GEO.lat, DECIMAL),
            (GEO.long, DECIMAL),
            (TKG.siteStatus, IRI),
            (TKG.siteStatusBasis, IRI),
            (TKG.openForEnrolment, BOOLEAN),
        ),
        kind=TKG.SiteParticipation,
        link=TKG.site,
    ),
}


def rows(trial):
    """Yield what the registry says of a trial: the name of a table, and a row of it."""
    names = name_parts(trial, NOTHING_EXTRACTED)
    keys = record_graph(trial.registry, trial.registry_id).value, names.trial.value
    own = (*keys, keys[1])
    yield "trial", (*own, *_of_trial(trial))
    for table, values in _lists(trial):
        for value in values:
            yield table, (*own, value)
    yield from _sponsors(trial, names, keys)
    for table, values, parts in (
        ("outcome", map(_outcome, trial.outcomes, range(1, len(trial.outcomes) + 1)), "outcomes"),
        ("reference", map(_reference, trial.references), "references"),
        ("secondary_id", map(_identifier, trial.secondary_ids), "secondary_ids"),
        ("arm", map(_arm, trial.arms), "arms"),
        ("intervention", map(_intervention, trial.interventions), "interventions"),
        ("site", (_site(trial, site) for site in trial.sites), "sites"),
    ):
        for row, part in zip(values, getattr(names, parts), strict=True):
            yield table, (*keys, part.node.value, *row)
    for one, part in zip(trial.interventions, names.interventions, strict=True):
        for other in one.other_names:
            yield "other_name", (*keys, part.node.value, _text(other))


def _of_trial(trial):
    yield from (_plain(trial.registry), _plain(trial.registry_id))
    address = page(trial.source_url)
    yield None if address is None else address.value
    yield None if trial.enrollment is None else str(trial.enrollment)
    yield from (_text(getattr(trial, field)) for field in TEXTS)
    yield from (_code(getattr(trial, field)) for field in CODES)
    yield from (_boolean(getattr(trial, field)) for field in BOOLEANS)
    for field in DATES:
        date = getattr(trial, field)
        none = date is None
        yield None if none else date.day.isoformat()
        yield None if none else _code(date.precision)
        yield None if none else _code(date.date_type)
    for field in AGES:
        age = getattr(trial, field)
        none = age is None
        yield None if none else literals.duration(age.duration).value
        yield None if none else _decimal(age.years)
        yield None if none else _plain(age.as_listed)


def _lists(trial):
    yield "keyword", map(_text, trial.keywords)
    yield "former", map(_plain, trial.former_ids)
    yield "phase", map(_code, trial.phases)
    yield "age", map(_code, trial.standard_ages)
    yield "mesh", map(_mesh, trial.registry_mesh)
    yield "ancestor", map(_mesh, trial.registry_mesh_ancestors)


def _sponsors(trial, names, keys):
    """Of a person only that it is one; organisations are found by extraction, and left out."""
    listed = [("lead", trial.lead_sponsor)] if trial.lead_sponsor else []
    listed += [("collaborator", one) for one in trial.collaborators]
    person = TKG.IndividualSponsorRole.value
    for (role, sponsor), part in zip(listed, names.sponsorships, strict=True):
        who = person if sponsor.person else None
        name = None if sponsor.person else _plain(sponsor.name)
        values = (role, _code(sponsor.sponsor_class), who, name)
        yield "sponsorship", (*keys, part.node.value, *values)
        if sponsor.person:
            yield role, (*keys, keys[1], person)


def _outcome(one, order):
    return _plain(one.outcome_type), _text(one.measure), _plain(one.time_frame), str(order)


def _reference(one):
    return _plain(one.citation), _plain(one.pmid), _plain(one.reference_type)


def _identifier(one):
    return _plain(one.value), _plain(one.id_type)


def _arm(one):
    return _text(one.label), _code(one.arm_type), _text(one.description)


def _intervention(one):
    return _text(one.name), _code(one.intervention_type), _text(one.description)


def _site(trial, one):
    status, basis = site_status(trial, one)
    known = one.latitude is not None and one.longitude is not None
    return (
        _plain(one.facility),
        _plain(one.city),
        _plain(one.state),
        _plain(one.country),
        _decimal(one.latitude) if known else None,
        _decimal(one.longitude) if known else None,
        _code(status),
        _code(basis),
        _boolean(is_open(trial, one)),
    )


def _plain(value):
    found = literals.text(value)
    return None if found is None else found.value


def _text(text):
    return None if text is None else _plain(text.plain)


def _code(name):
    return None if name is None else TERMS[name].value


def _boolean(value):
    return None if value is None else "true" if value else "false"


def _decimal(value):
    return literals.decimal(value).value


def _mesh(descriptor):
    found = mesh(descriptor)
    return None if found is None else found.value
