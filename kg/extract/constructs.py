"""Constructs: candidates with their targets, logic, cells, components and product, as findings."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.candidate import Bound
from kg.extract.cells import CellFacts, cell_facts
from kg.extract.components import components
from kg.extract.delivery import delivery_vehicle
from kg.extract.findings import Claim, Construct, Evidence
from kg.extract.hla import hla_restriction
from kg.extract.lexicon import Product
from kg.extract.logic import architecture, combined_as, spared, target_logic
from kg.extract.naming import codes, share
from kg.extract.preparation import preparation
from kg.extract.reading import ENGINEERED, Reading, claim
from kg.extract.roles import Role
from kg.extract.spot import PRODUCT, Spot
from kg.extract.zones import NAME_ZONES


def constructs(
    reading: Reading, parts: Sequence[Bound], roles: Sequence[Role]
) -> tuple[Construct, ...]:
    """Return the findings of all constructs of a trial, in reading order."""
    facts = [cell_facts(reading, part) for part in parts]
    combined = combined_as(reading, parts)
    made = []
    for number, (part, cells) in enumerate(zip(parts, facts, strict=True)):
        others = combined.get(number)
        made.append(_construct(reading, part, cells, roles, others, parts))
    return tuple(made)


def _construct(
    reading: Reading,
    part: Bound,
    cells: CellFacts,
    roles: Sequence[Role],
    combined: tuple[Claim, tuple[int, ...]] | None,
    parts: Sequence[Bound],
) -> Construct:
    row = reading.lexicon.products.get(part.candidate.product or "")
    spares = spared(reading, part, row)
    targets = _targets(reading, part, row, frozenset(item.value for item in spares))
    logic, disclosure = target_logic(reading, part, cells.modality, targets, spares, row)
    return Construct(
        label=part.candidate.label,
        modality=cells.modality,
        effector_cell=cells.effector_cell,
        cell_source=cells.cell_source,
        donor=cells.donor,
        usual_donor=cells.usual_donor,
        preparation=preparation(reading, cells.donor),
        target_logic=logic,
        target_disclosure=disclosure,
        alternative_labels=_other_labels(reading, part, parts),
        code_names=part.candidate.codes,
        product=_product(reading, part, row),
        targets=targets,
        spares=spares,
        recruits=_recruits(reading, part, row),
        architecture=architecture(reading, part, cells.modality, row),
        combined_as=combined[0] if combined else None,
        combined_with=combined[1] if combined else (),
        components=components(reading, roles, part, parts)
        if cells.modality.value in ENGINEERED
        else (),
        delivery_vehicle=delivery_vehicle(reading, cells.modality),
        hla_restriction=hla_restriction(reading, part, cells.modality),
        evidence=_naming(reading, part),
    )


def _targets(
    reading: Reading, part: Bound, row: Product | None, spares: frozenset[str]
) -> tuple[Claim, ...]:
    made = []
    for key in sorted(part.targets):
        if key in spares:
            continue
        evidence = [reading.evidence(spot) for spot in _first(part.targets[key])]
        known = all(spot.kind == PRODUCT for spot in part.targets[key])
        if row is not None and (part.from_table or known):
            sources = (f"products/{row.key}",)
            sure = 0.6 if row.source == "uncited" else 0.9
            made.append(claim(key, "FromLexicon", "target.product", sure, evidence, sources))
        else:
            made.append(claim(key, "Stated", part.rule or "target.binding", 0.95, evidence))
    return tuple(made)


def _recruits(reading: Reading, part: Bound, row: Product | None) -> tuple[Claim, ...]:
    made = {
        key: claim(
            key,
            "Stated",
            "recruits.effector-arm",
            0.9,
            [reading.evidence(s) for s in _first(spots)],
        )
        for key, spots in part.recruits.items()
        if spots and not part.from_table
    }
    if row is not None:
        evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
        for key in row.recruits:
            made.setdefault(
                key,
                claim(
                    key, "FromLexicon", "recruits.product", 0.9, evidence, [f"products/{row.key}"]
                ),
            )
    return tuple(made[key] for key in sorted(made))


def _first(spots: Sequence[Spot]) -> list[Spot]:
    return list(dict.fromkeys(spots))[:4]


def _product(reading: Reading, part: Bound, row: Product | None) -> Claim | None:
    if row is None:
        return None
    evidence = [reading.evidence(spot) for spot in part.candidate.names[:2]]
    return claim(row.key, "Stated", "product.name", 0.95, evidence, [f"products/{row.key}"])


def _other_labels(reading: Reading, part: Bound, parts: Sequence[Bound]) -> tuple[str, ...]:
    """Return the other names of interventions that are this construct and no other."""
    own = part.candidate
    found: dict[str, None] = {}
    for number in own.interventions:
        if any(o.candidate is not own and number in o.candidate.interventions for o in parts):
            continue
        for passage in reading.passages(NAME_ZONES, number):
            plain = " ".join(passage.text.plain.split())
            foreign = set(codes(reading, passage.start, passage.end)) - set(own.codes)
            joined = share(reading, passage.start, passage.end, passage.start)[1] < passage.end
            if plain and plain.lower() != own.label.lower() and not (foreign and joined):
                found[plain] = None
    return tuple(found)


def _naming(reading: Reading, part: Bound) -> tuple[Evidence, ...]:
    spans = part.candidate.where[:3]
    return tuple(
        dict.fromkeys(reading.document.evidence(start, end) for start, end in spans if end > start)
    )
