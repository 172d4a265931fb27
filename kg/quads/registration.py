"""Who is responsible, what else the registration lists, and what of it could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from kg.extract.concepts import mesh_curie
from kg.extract.findings import Extraction
from kg.iris import concept_iri, organization_iri
from kg.quads import tokens
from kg.quads.names import Names, sponsors
from kg.quads.triples import Statement, coded, given
from kg.records import Dropped, Mesh, Sponsor, Trial
from kg.vocab import RDF, TKG

_SHORTCUTS = {"lead": TKG.leadSponsor, "collaborator": TKG.collaborator}


def sponsorship_triples(trial: Trial, extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield who is responsible for the trial and who supports it; of a person, only that."""
    listed = zip(sponsors(trial, extraction), names.sponsorships, strict=True)
    for (sponsor, role, key), (_, node) in listed:
        organization = _organization(sponsor, key)
        yield names.token, TKG.sponsorship, node
        yield node, RDF.type, TKG.Sponsorship
        yield node, TKG.sponsorRole, tokens.plain(role)
        yield from given(node, TKG.sponsorClass, coded(sponsor.sponsor_class))
        yield from given(node, TKG.organization, organization)
        yield from given(names.token, _SHORTCUTS[role], organization)
        if not sponsor.person:
            yield from given(node, TKG.asListed, tokens.text(sponsor.name))


def listed_triples(trial: Trial, names: Names) -> Iterator[Statement]:
    """Yield outcomes, references, other identifiers and the registry's own MeSH terms."""
    yield from _outcomes(trial, names)
    yield from _references(trial, names)
    yield from _secondary_ids(trial, names)
    for predicate, descriptors in (
        (TKG.registryMesh, trial.registry_mesh),
        (TKG.registryMeshAncestor, trial.registry_mesh_ancestors),
    ):
        for descriptor in descriptors:
            yield from given(names.token, predicate, mesh(descriptor))


def mesh(descriptor: Mesh) -> NamedNode | None:
    """Return the IRI of a MeSH descriptor, None where its identifier cannot be one."""
    try:
        return concept_iri(mesh_curie(descriptor.id))
    except ValueError:
        return None


def dropped_triples(dropped: Sequence[Dropped], names: Names) -> Iterator[Statement]:
    """Yield the fields whose values could not be used, verbatim and with the reason."""
    for field, (_, node) in zip(dropped, names.dropped_fields, strict=True):
        yield names.token, TKG.droppedField, node
        yield node, RDF.type, TKG.DroppedField
        yield from given(node, TKG.field, tokens.text(field.field))
        yield from given(node, TKG.verbatim, tokens.text(field.value))
        yield from given(node, TKG.reason, tokens.text(field.reason))


def _organization(sponsor: Sponsor, key: str | None) -> NamedNode | None:
    if sponsor.person:
        return TKG.IndividualSponsorRole
    return None if key is None else organization_iri(key)


def _outcomes(trial: Trial, names: Names) -> Iterator[Statement]:
    outcomes = zip(trial.outcomes, names.outcomes, strict=True)
    for order, (outcome, (_, node)) in enumerate(outcomes, start=1):
        yield names.token, TKG.outcome, node
        yield node, RDF.type, TKG.Outcome
        yield from given(node, TKG.outcomeType, tokens.text(outcome.outcome_type))
        yield from given(node, TKG.measure, tokens.text(outcome.measure.plain))
        yield from given(node, TKG.timeFrame, tokens.text(outcome.time_frame))
        yield node, TKG.order, tokens.integer(order)


def _references(trial: Trial, names: Names) -> Iterator[Statement]:
    for reference, (_, node) in zip(trial.references, names.references, strict=True):
        yield names.token, TKG.reference, node
        yield node, RDF.type, TKG.Reference
        yield from given(node, TKG.citation, tokens.text(reference.citation))
        yield from given(node, TKG.pmid, tokens.text(reference.pmid))
        yield from given(node, TKG.referenceType, tokens.text(reference.reference_type))


def _secondary_ids(trial: Trial, names: Names) -> Iterator[Statement]:
    for identifier, (_, node) in zip(trial.secondary_ids, names.secondary_ids, strict=True):
        yield names.token, TKG.secondaryId, node
        yield node, RDF.type, TKG.SecondaryId
        yield from given(node, TKG.value, tokens.text(identifier.value))
        yield from given(node, TKG.idType, tokens.text(identifier.id_type))
