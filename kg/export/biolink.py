"""What our kinds of nodes and edges are in the Biolink Model.

A property without a closer predicate is `related_to`; the property itself always stands beside it
as `original_predicate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CATEGORIES: Mapping[str, str] = {
    "trial": "biolink:ClinicalTrial",
    "construct": "biolink:Drug",
    "product": "biolink:Drug",
    "arm": "biolink:StudyPopulation",
    "antigen": "biolink:Protein",
    "condition": "biolink:DiseaseOrPhenotypicFeature",
    "organization": "biolink:Agent",
    "person": "biolink:Agent",
    "facility": "biolink:GeographicLocation",
    "city": "biolink:GeographicLocation",
    "country": "biolink:GeographicLocation",
    "other": "biolink:NamedThing",
}

# Kinds of antigens that are not just a protein.
ANTIGEN_CATEGORIES: Mapping[str, str] = {
    "Glycan": "biolink:ChemicalEntity",
    "Glycolipid": "biolink:ChemicalEntity",
    "PeptideMHC": "biolink:MacromolecularComplex",
    "AntigenComplex": "biolink:MacromolecularComplex",
    "AntigenFamily": "biolink:ProteinFamily",
}

TESTED = "biolink:in_clinical_trials_for"
_RELATED = "biolink:related_to"
_BINDS = "biolink:directly_physically_interacts_with"
PREDICATES: Mapping[str, str] = {
    "investigates": _RELATED,
    "leadSponsor": _RELATED,
    "collaborator": _RELATED,
    "arm": _RELATED,
    "use": _RELATED,
    "condition": _RELATED,
    "site": "biolink:occurs_in",
    "targets": _BINDS,
    "spares": _BINDS,
    "recruits": _BINDS,
    "productTarget": _BINDS,
    "product": "biolink:close_match",
    "variantOf": _RELATED,
    "hasMember": "biolink:has_member",
    "broader": "biolink:subclass_of",
    "partOfOrganization": "biolink:part_of",
    "city": "biolink:located_in",
    "country": "biolink:located_in",
}


class Knowledge(NamedTuple):
    """Knowledge level and agent type of an edge."""

    level: str
    agent: str


STATED = Knowledge("knowledge_assertion", "manual_agent")
READ = Knowledge("knowledge_assertion", "text_mining_agent")
# Kinds of edges that were concluded from text; of the others a person entered the statement.
READ_KINDS = frozenset(
    ("investigates", "use", "condition", "targets", "spares", "recruits", "product")
)

AGGREGATOR = "infores:trialkg"
# The source of what starts at a node, by the registry of a trial or the vocabulary of a concept.
INFORMATION_RESOURCES: Mapping[str, str] = {
    "clinicaltrials": "infores:clinicaltrials",
    "MONDO": "infores:mondo",
    "MESH": "infores:mesh",
    "NCIT": "infores:ncit",
}
