"""The nodes that graph tools get, and what stands at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from kg.export.values import Statements, Value, joined, members, statements
from kg.vocab import RDF, RDFS, SKOS, TKG


class Node(NamedTuple):
    """A node: its IRI, its kind, the text to show, and further attributes by name."""

    id: str
    kind: str
    label: str
    attributes: Mapping[str, Value]


class Kind(NamedTuple):
    """A kind of node: its class, where its label stands, and what is taken along."""

    type: NamedNode
    label: NamedNode
    attributes: Mapping[str, NamedNode]


KINDS: Mapping[str, Kind] = {
    "trial": Kind(
        TKG.Trial,
        TKG.registryId,
        {
            "title": TKG.briefTitle,
            "registry": TKG.registry,
            "status": TKG.recruitmentStatus,
            "study_type": TKG.studyType,
            "phase": TKG.phase,
            "start_date": TKG.startDate,
            "enrollment": TKG.enrollment,
            "record_flag": TKG.recordFlag,
            "abridged": TKG.abridged,
            "page": TKG.registryPage,
        },
    ),
    "construct": Kind(
        TKG.Construct,
        RDFS.label,
        {
            "code_name": TKG.codeName,
            "effector_cell": TKG.effectorCell,
            "cell_source": TKG.cellSource,
            "donor": TKG.donor,
            "target_logic": TKG.targetLogic,
            "target_disclosure": TKG.targetDisclosure,
            "architecture": TKG.architecture,
            "combined_as": TKG.combinedAs,
            "type": RDF.type,
        },
    ),
    "arm": Kind(TKG.Arm, TKG.armLabel, {"arm_type": TKG.armType}),
    "antigen": Kind(
        TKG.Antigen,
        RDFS.label,
        {"antigen_kind": TKG.antigenKind, "symbol": TKG.symbol, "notation": SKOS.notation},
    ),
    "product": Kind(
        TKG.Product,
        RDFS.label,
        {
            "modality": TKG.productModality,
            "code_name": TKG.codeName,
            "developer": TKG.developer,
            "notation": SKOS.notation,
        },
    ),
    "condition": Kind(SKOS.Concept, RDFS.label, {"notation": SKOS.notation}),
    "organization": Kind(TKG.Organization, RDFS.label, {"sponsor_class": TKG.sponsorClass}),
    "person": Kind(TKG.PersonSponsor, RDFS.label, {}),
    "facility": Kind(TKG.Facility, RDFS.label, {}),
    "city": Kind(TKG.City, RDFS.label, {}),
    "country": Kind(TKG.Country, RDFS.label, {"notation": SKOS.notation}),
}


# Attributes of nodes, with the type of their values.
NODE_ATTRIBUTES: Mapping[str, type] = {
    "label": str,
    "kind": str,
    **{name: str for kind in KINDS.values() for name in kind.attributes},
    "enrollment": int,
    "abridged": bool,
}


def kind_nodes(engine: Store, kind: str) -> Iterator[Node]:
    """Yield all nodes of one kind, sorted by IRI."""
    for node in members(engine, KINDS[kind].type, RDF.type):
        yield _node(kind, node, statements(engine, node))


def _node(kind: str, node: NamedNode, stated: Statements) -> Node:
    described = KINDS[kind]
    found = {name: joined(stated, one) for name, one in described.attributes.items()}
    attributes = {name: value for name, value in found.items() if value is not None}
    label = joined(stated, described.label)
    return Node(node.value, kind, node.value if label is None else str(label), attributes)
