"""The facets by which trials are found: every one there is, what it is called, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kg.records import Record

# The kind of the keys of most facets: individuals and classes of the ontology.
TERM: Final = "term"


class Level(StrEnum):
    """What a facet is about; facets of one level hold of one and the same construct or site."""

    TRIAL = "trials"
    CONSTRUCT = "constructs"
    SITE = "sites"


class Facet(Record, frozen=True):
    """A facet: its heading, its column in the table of its level, and the kind of its keys.

    `kind` names the labels of the keys, None where a key is its own label. `offered` is a column
    with the values that are offered, where others that can be chosen would only crowd them out;
    `only` are the values that the facet has, None for all of its column.
    """

    title: str
    level: Level
    column: str
    kind: str | None = TERM
    offered: str | None = None
    only: frozenset[str] | None = None


# Classes that a construct has beside its modality, and that people want together with it.
_TRAITS: Final = frozenset({"MultiTargetConstruct", "OffTheShelfTherapy"})


# Every facet there is, in the order of the page; the name is the parameter in addresses.
FACETS: Final[Mapping[str, Facet]] = {
    "antigen": Facet("Target antigen", Level.CONSTRUCT, "targets_or_variant", "antigen"),
    "modality": Facet("Modality", Level.CONSTRUCT, "classes"),
    "trait": Facet("Trait", Level.CONSTRUCT, "classes", only=_TRAITS),
    "effector": Facet("Effector cell", Level.CONSTRUCT, "effector_cell"),
    "donor": Facet("Donor", Level.CONSTRUCT, "donor"),
    "source": Facet("Cell source", Level.CONSTRUCT, "cell_source"),
    "logic": Facet("Target logic", Level.CONSTRUCT, "target_logic"),
    "hla": Facet("HLA restriction", Level.CONSTRUCT, "hla", None),
    "disclosure": Facet("Target disclosed", Level.CONSTRUCT, "target_disclosure"),
    "product": Facet("Known product", Level.CONSTRUCT, "product", "product"),
    "condition": Facet(
        "Condition, with everything below it", Level.TRIAL, "broader", "concept", "concepts"
    ),
    "status": Facet("Status of the trial", Level.TRIAL, "status"),
    "phase": Facet("Phase", Level.TRIAL, "phases"),
    "type": Facet("Study type", Level.TRIAL, "study_type"),
    "design": Facet("Design", Level.TRIAL, "design"),
    "age": Facet("Age group", Level.TRIAL, "ages"),
    "country": Facet("Country of a site", Level.SITE, "country", "country"),
    "city": Facet("City of a site", Level.SITE, "city", "city"),
    "facility": Facet("Facility of a site", Level.SITE, "facility", "facility"),
    "open": Facet("Site open for enrolment", Level.SITE, "open", None),
    "sponsor": Facet("Lead sponsor", Level.TRIAL, "sponsor", "organization"),
    "sponsor_class": Facet("Class of sponsor", Level.TRIAL, "sponsor_class"),
    "year": Facet("Start year", Level.TRIAL, "year", None),
    "registry": Facet("Registry", Level.TRIAL, "registry", None),
    "results": Facet("Results posted", Level.TRIAL, "has_results", None),
    "flag": Facet("Flag of the record", Level.TRIAL, "flags"),
}
