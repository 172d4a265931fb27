"""Constructs: what is tested, as one record describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from kg.extract.findings import Claim, Component, Construct, Evidence, Extraction
from kg.iris import antigen_iri, product_iri
from kg.quads import tokens
from kg.quads.names import Names, Part
from kg.quads.tokens import Token
from kg.quads.triples import Derived, Statement, Term, coded, given, grounded, individual
from kg.vocab import RDF, RDFS, SKOS, TKG


def _literal(value: str) -> Literal:
    return Literal(value)


# What a claim of a construct becomes: field, predicate, and how its value is written.
_CLAIMS: tuple[tuple[str, NamedNode, Callable[[str], Term]], ...] = (
    ("modality", RDF.type, individual),
    ("product", TKG.product, product_iri),
    ("targets", TKG.targets, antigen_iri),
    ("spares", TKG.spares, antigen_iri),
    ("recruits", TKG.recruits, antigen_iri),
    ("target_logic", TKG.targetLogic, individual),
    ("target_disclosure", TKG.targetDisclosure, individual),
    ("architecture", TKG.architecture, individual),
    ("combined_as", TKG.combinedAs, individual),
    ("effector_cell", TKG.effectorCell, individual),
    ("cell_source", TKG.cellSource, individual),
    ("donor", TKG.donor, individual),
    ("usual_donor", TKG.usualDonor, individual),
    ("preparation", TKG.preparation, individual),
    ("delivery_vehicle", TKG.deliveryVehicle, _literal),
    ("hla_restriction", TKG.hlaRestriction, _literal),
)


def construct_triples(
    extraction: Extraction, names: Names, quotes: Mapping[Evidence, Token]
) -> Iterator[Statement]:
    """Yield names and quotes of the constructs, and their components."""
    for construct, part, components in _constructs(extraction, names):
        yield part.token, RDF.type, TKG.Construct
        yield from given(part.token, RDFS.label, tokens.text(construct.label))
        for label in construct.alternative_labels:
            yield from given(part.token, SKOS.altLabel, tokens.text(label))
        for code in construct.code_names:
            yield from given(part.token, TKG.codeName, tokens.text(code))
        for evidence in construct.evidence:
            yield part.token, TKG.evidence, quotes[evidence]
        for component, (_, node) in zip(construct.components, components, strict=True):
            yield part.token, TKG.component, node
            yield from _component_triples(component, node)


def construct_findings(extraction: Extraction, names: Names) -> Iterator[Derived]:
    """Yield what was concluded of each construct."""
    for construct, part, components in _constructs(extraction, names):
        for field, predicate, write in _CLAIMS:
            for claim in _claims(getattr(construct, field)):
                said = grounded(claim, construct.evidence)
                yield Derived(part.token, part.key, predicate, write(claim.value), said)
        for component, (key, node) in zip(construct.components, components, strict=True):
            kind = grounded(component.kind, construct.evidence)
            yield Derived(node, key, TKG.componentKind, individual(kind.value), kind)


def _constructs(
    extraction: Extraction, names: Names
) -> Iterator[tuple[Construct, Part, tuple[Part, ...]]]:
    return zip(extraction.constructs, names.constructs, names.components, strict=True)


def _component_triples(component: Component, node: Token) -> Iterator[Statement]:
    yield node, RDF.type, TKG.Component
    yield from given(node, RDFS.label, tokens.text(component.label))
    if component.antigen is not None:
        yield node, TKG.antigen, antigen_iri(component.antigen)
    yield from given(node, TKG.action, coded(component.action))


def _claims(value: Claim | tuple[Claim, ...] | None) -> Iterable[Claim]:
    if value is None:
        return ()
    return (value,) if isinstance(value, Claim) else value
