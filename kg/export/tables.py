"""Flat tables: what each row is about, and where its columns stand in the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

import polars as pl
from pyoxigraph import NamedNode, Store

from kg.export import table_columns as columns
from kg.export.edges import EDGE_ATTRIBUTES
from kg.export.network import BATCH, Columns, network
from kg.export.nodes import NODE_ATTRIBUTES
from kg.export.table_columns import Cell, Column
from kg.export.values import members, statements
from kg.vocab import GEO, RDF, RDFS, SKOS, TKG


class Table(NamedTuple):
    """A table of all nodes of a class, one a row."""

    type: NamedNode
    columns: Mapping[str, Column]


TABLES: Final[Mapping[str, Table]] = {
    "trials": Table(
        TKG.Trial,
        {
            "iri": columns.IRI,
            "registry": columns.text(TKG.registry),
            "registry_id": columns.text(TKG.registryId),
            "title": columns.text(TKG.briefTitle),
            "official_title": columns.text(TKG.officialTitle),
            "acronym": columns.text(TKG.acronym),
            "status": columns.text(TKG.recruitmentStatus),
            "last_known_status": columns.text(TKG.lastKnownStatus),
            "study_type": columns.text(TKG.studyType),
            "phases": columns.texts(TKG.phase),
            "purpose": columns.text(TKG.primaryPurpose),
            "lead_sponsor": columns.text(TKG.leadSponsor),
            "collaborators": columns.texts(TKG.collaborator),
            "enrollment": columns.integer(TKG.enrollment),
            "sex": columns.text(TKG.sex),
            "minimum_age_years": columns.number(TKG.minimumAgeYears),
            "maximum_age_years": columns.number(TKG.maximumAgeYears),
            "start_date": columns.day(TKG.startDate),
            "primary_completion_date": columns.day(TKG.primaryCompletionDate),
            "completion_date": columns.day(TKG.completionDate),
            "first_posted": columns.day(TKG.firstPosted),
            "last_update_posted": columns.day(TKG.lastUpdatePosted),
            "has_results": columns.boolean(TKG.hasResults),
            "why_stopped": columns.text(TKG.whyStopped),
            "conditions": columns.texts(TKG.condition),
            "investigates": columns.texts(TKG.investigates),
            "design_features": columns.texts(TKG.designFeature),
            "monitored_risks": columns.texts(TKG.monitoredRisk),
            "record_flags": columns.texts(TKG.recordFlag),
            "study": columns.text(TKG.registrationOf),
            "page": columns.text(TKG.registryPage),
            "abridged": columns.boolean(TKG.abridged),
        },
    ),
    "constructs": Table(
        TKG.Construct,
        {
            "iri": columns.IRI,
            "trial": columns.TRIAL,
            "label": columns.text(RDFS.label),
            "other_labels": columns.texts(SKOS.altLabel),
            "code_names": columns.texts(TKG.codeName),
            "types": columns.texts(RDF.type),
            "product": columns.text(TKG.product),
            "targets": columns.texts(TKG.targets),
            "spares": columns.texts(TKG.spares),
            "recruits": columns.texts(TKG.recruits),
            "target_logic": columns.text(TKG.targetLogic),
            "target_disclosure": columns.text(TKG.targetDisclosure),
            "architecture": columns.text(TKG.architecture),
            "combined_as": columns.text(TKG.combinedAs),
            "effector_cell": columns.text(TKG.effectorCell),
            "cell_source": columns.text(TKG.cellSource),
            "donor": columns.text(TKG.donor),
            "usual_donor": columns.text(TKG.usualDonor),
        },
    ),
    "antigens": Table(
        TKG.Antigen,
        {
            "iri": columns.IRI,
            "key": columns.KEY,
            "label": columns.text(RDFS.label),
            "other_labels": columns.texts(SKOS.altLabel),
            "kind": columns.text(TKG.antigenKind),
            "symbol": columns.text(TKG.symbol),
            "gene": columns.text(TKG.gene),
            "notations": columns.texts(SKOS.notation),
            "variant_of": columns.text(TKG.variantOf),
        },
    ),
    "arms": Table(
        TKG.Arm,
        {
            "iri": columns.IRI,
            "trial": columns.TRIAL,
            "label": columns.text(TKG.armLabel),
            "arm_type": columns.text(TKG.armType),
            "description": columns.text(TKG.armDescription),
        },
    ),
    "sites": Table(
        TKG.SiteParticipation,
        {
            "iri": columns.IRI,
            "trial": columns.TRIAL,
            "as_listed": columns.text(TKG.asListed),
            "facility": columns.text(TKG.facility),
            "city": columns.text(TKG.city),
            "country": columns.text(TKG.country),
            "status": columns.text(TKG.siteStatus),
            "status_basis": columns.text(TKG.siteStatusBasis),
            "open_for_enrolment": columns.boolean(TKG.openForEnrolment),
            "latitude": columns.number(GEO.lat),
            "longitude": columns.number(GEO.long),
        },
    ),
    "conditions": Table(
        TKG.ConditionTerm,
        {
            "iri": columns.IRI,
            "trial": columns.TRIAL,
            "as_listed": columns.text(TKG.asListed),
            "mapping": columns.text(TKG.mapping),
            "concept": columns.text(TKG.concept),
        },
    ),
    "changes": Table(
        TKG.ChangeEvent,
        {
            "iri": columns.IRI,
            "trial": columns.TRIAL,
            "change_type": columns.text(TKG.changeType),
            "subject": columns.text(TKG.subjectNode),
            "property": columns.text(TKG.changedProperty),
            "before": columns.text(TKG.before),
            "after": columns.text(TKG.after),
            "registry_date": columns.day(TKG.registryDate),
            "seen_date": columns.day(TKG.seenDate),
        },
    ),
}

_DTYPES: Mapping[type, Any] = {
    str: pl.String(),
    int: pl.Int64(),
    float: pl.Float64(),
    bool: pl.Boolean(),
}


def table_names() -> tuple[str, ...]:
    """Return the names of all tables: those of TABLES, and nodes and edges of the network."""
    return (*TABLES, "nodes", "edges")


def schema(name: str) -> dict[str, Any]:
    """Return the columns of a table with their types."""
    if name in TABLES:
        return {column: one.dtype for column, one in TABLES[name].columns.items()}
    ends, attributes = _ENDS[name]
    return {
        **dict.fromkeys(ends, pl.String()),
        **{one: _DTYPES[kind] for one, kind in attributes.items()},
    }


def batches(engine: Store, name: str) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table in order, some thousand at a time, and one empty batch for none."""
    wanted = schema(name)
    rows = _rows(engine, TABLES[name]) if name in TABLES else _network_rows(engine, name)
    empty = pl.DataFrame(schema=wanted)
    found = (pl.DataFrame(batch, schema=wanted, strict=True) for batch in rows)
    first = next(found, empty)
    return chain((first,), found)


_ENDS: Mapping[str, tuple[tuple[str, ...], Mapping[str, type]]] = {
    "nodes": (("id",), NODE_ATTRIBUTES),
    "edges": (("source", "target"), EDGE_ATTRIBUTES),
}


def _rows(engine: Store, table: Table) -> Iterator[dict[str, list[Cell]]]:
    nodes = members(engine, table.type, RDF.type)
    for start in range(0, len(nodes), BATCH):
        rows: dict[str, list[Cell]] = {name: [] for name in table.columns}
        for node in nodes[start : start + BATCH]:
            stated = statements(engine, node)
            for name, column in table.columns.items():
                rows[name].append(column.value(node, stated))
        yield rows


def _network_rows(engine: Store, name: str) -> Iterator[dict[str, list[Any]]]:
    found = network(engine)
    for batch in found.nodes() if name == "nodes" else found.edges():
        yield {column: list(_column(batch, column)) for column in schema(name)}


def _column(batch: Columns, name: str) -> Any:  # noqa: ANN401 - values of one type
    return batch.get(name) or [None] * len(batch["kind"])
