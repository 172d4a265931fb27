"""Which constructs one intervention names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from kg.extract.binding import Binding
from kg.extract.candidate import Candidate
from kg.extract.grouping import distinct, listed_products
from kg.extract.modality import (
    WEAK,
    best_head,
    defined_as,
    described_heads,
    is_cell_product,
    said_modality,
    unnamed_cells,
)
from kg.extract.naming import (
    LONGEST_NAME,
    codes,
    head_words,
    phrase,
    share,
    short_name,
    stem_modality,
)
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import AGENT, ANTIGEN, MODALITY, PRODUCT, Spot
from kg.extract.zones import NAME_ZONES, TITLES, Passage, Zone

_EFFECTORS = frozenset({"CD3", "CD3E", "CD16"})
_COUNTED = frozenset(
    {
        "CARTTherapy",
        "CARNKTherapy",
        "TCRTTherapy",
        "OtherTCellTherapy",
        "TILTherapy",
        "CARNKTTherapy",
        "DendriticCellTherapy",
        "CIKTherapy",
        "CARMacrophageTherapy",
        "OncolyticVirus",
    }
)
_CAR_CELLS = frozenset({"CARTTherapy", "CARNKTherapy", "CARNKTTherapy", "CARMacrophageTherapy"})
_LISTING = re.compile(r"\band\b|combin|follow|plus|\+|/|;|,|\bor\b|with")
_GIVEN = re.compile(r"receiv\w+|infus\w+|administ\w+|inject\w+|cells?\b")
_CELLISH = re.compile(r"\bcells?\b|injection|infusion")
_NO_DRUG = frozenset({"DeviceIntervention", "ProcedureIntervention", "BehavioralIntervention"})


class _Told(NamedTuple):
    """What one intervention's own words hold: names, products, modality cues, expressions."""

    number: int
    name: Passage
    own: list[Binding]
    in_name: list[Binding]
    products: list[Spot]
    heads: list[Spot]
    strong: list[Spot]
    agents: list[Spot]


def of_intervention(reading: Reading, number: int) -> list[Candidate]:
    """Return the constructs of one intervention; none for a drug or procedure that is none."""
    names = reading.passages(NAME_ZONES, number)
    if not names:
        return []
    told = _told(reading, number, names)
    if told.agents and not (told.strong or told.in_name or _true_products(reading, told)):
        return []
    if not _can_be_construct(reading, told):
        return []
    if told.products:
        made = _of_products(reading, told)
        cells = [spot for spot in told.strong if reading.modality(spot) in CELL_MODALITIES]
        if cells and not any(candidate.is_cell for candidate in made):
            made += _of_name(reading, told._replace(heads=cells))
        return made + _beside_products(reading, told)
    if told.in_name or told.heads:
        return _of_name(reading, told)
    return _of_description(reading, told)


def _told(reading: Reading, number: int, names: list[Passage]) -> _Told:
    spots = [spot for passage in names for spot in reading.within(passage.start, passage.end)]
    own = [item for item in reading.bindings if _speaks_of(item, number)]
    heads = [
        spot for spot in spots if spot.kind == MODALITY and _names_construct(reading, spot, number)
    ]
    products = distinct(spot for spot in spots if spot.kind == PRODUCT)
    return _Told(
        number,
        names[0],
        own,
        [item for item in own if item.zone in NAME_ZONES],
        _without_synonyms(reading, products, names[0]),
        heads,
        [spot for spot in heads if reading.modality(spot) not in WEAK],
        [spot for spot in spots if spot.kind == AGENT and spot.start < names[0].end],
    )


def _names_construct(reading: Reading, spot: Spot, number: int) -> bool:
    """Leave out a bare "antibody", and a vaccine whose antigen is not told."""
    modality = reading.modality(spot)
    if modality != "TherapeuticVaccine":
        return modality != "Antibody"
    if reading.document.text.startswith(":", spot.end):  # the registry's "Biological/Vaccine:"
        return False
    return any(
        reading.within(passage.start, passage.end, ANTIGEN)
        for passage in reading.passages((*NAME_ZONES, Zone.INTERVENTION_TEXT), number)
    )


def _can_be_construct(reading: Reading, told: _Told) -> bool:
    """Leave out tests, and devices or procedures that no cell product or known product names."""
    kind = reading.trial.interventions[told.number].intervention_type
    if kind == "DiagnosticTestIntervention":
        return False
    if kind not in _NO_DRUG or told.products:
        return True
    return any(reading.modality(spot) in CELL_MODALITIES - {"CAR"} for spot in told.heads) or any(
        item.head is not None and reading.modality(item.head) in CELL_MODALITIES
        for item in told.in_name
    )


def _true_products(reading: Reading, told: _Told) -> bool:
    """Tell products from drugs that the table of agents lists too (tocilizumab).

    Such a drug supports cells; where nothing speaks of cells, it is given for itself.
    """
    covered = {(spot.start, spot.end) for spot in told.agents}
    if not _speaks_of_cells(reading):
        covered = set()
    return any(
        (spot.start, spot.end) not in covered and spot.start < told.name.end
        for spot in told.products
    )


def _speaks_of_cells(reading: Reading) -> bool:
    return any(
        spot.kind in (MODALITY, PRODUCT) and _kind_named(reading, spot) in CELL_MODALITIES
        for passage in reading.passages((*TITLES, Zone.INTERVENTION, Zone.ARM, Zone.SUMMARY))
        for spot in reading.within(passage.start, passage.end)
    )


def _speaks_of(item: Binding, number: int) -> bool:
    return item.number == number and item.own and item.zone in (*NAME_ZONES, Zone.INTERVENTION_TEXT)


def _without_synonyms(reading: Reading, products: list[Spot], name: Passage) -> list[Spot]:
    """Leave out other names that bind the same: they name one product, not more products."""
    kept: list[Spot] = []
    bound: set[tuple[str, ...]] = set()
    for spot in products:
        targets = tuple(sorted(reading.lexicon.products[spot.key].targets))
        if spot.start < name.end or not targets or targets not in bound:
            kept.append(spot)
        bound.add(targets)
    return kept


def _candidate(reading: Reading, told: _Told, modality: str | None, rule: str) -> Candidate:
    """Return the candidate that the whole intervention is."""
    return Candidate(
        short_name(reading, told.name),
        modality,
        interventions=(told.number,),
        where=[(told.name.start, told.name.end)],
        codes=codes(reading, told.name.start, told.name.end),
        names=(_saying(reading, told.heads, modality) or told.heads)[:1],
        bindings=told.own,
        rule=f"construct.{rule}",
    )


def _saying(reading: Reading, heads: list[Spot], modality: str | None) -> list[Spot]:
    return [head for head in heads if reading.modality(head) == modality]


def _of_products(reading: Reading, told: _Told) -> list[Candidate]:
    made = []
    for spot in told.products:
        row = reading.lexicon.products[spot.key]
        modality = row.modality or (reading.modality(told.strong[0]) if told.strong else None)
        whole = _candidate(reading, told, modality, "product")
        alone = len(told.products) == 1
        short = told.name.end - told.name.start <= LONGEST_NAME
        coded = _own_codes(reading, told, spot)
        named = alone and short and spot.start < told.name.end and coded == whole.codes
        made.append(
            replace(
                whole,
                label=whole.label if named else row.label,
                product=spot.key,
                codes=coded,
                names=[spot],
                bindings=_bindings_of(reading, told, spot),
            )
        )
    return made


def _beside_products(reading: Reading, told: _Told) -> list[Candidate]:
    """Return what a name joins to a known product and tells by its antigen: "BCMA CART + X"."""
    known = [spot for spot in told.products if spot.start < told.name.end]
    taken = {key for spot in told.products for key in reading.lexicon.products[spot.key].targets}
    shares = {_share(reading, told, spot.start) for spot in known}
    cells = any(reading.lexicon.products[s.key].modality in CELL_MODALITIES for s in known)
    items = [
        item
        for item in told.in_name
        if item.start < told.name.end
        and (_of_cells(reading, item) or not cells)
        and _share(reading, told, item.start) not in shares
        and not taken.intersection(item.keys)
    ]
    return [_of_group(reading, told, group) for group in listed_products(reading, items)]


def _of_cells(reading: Reading, item: Binding) -> bool:
    return item.head is not None and reading.modality(item.head) in CELL_MODALITIES


def _share(reading: Reading, told: _Told, at: int) -> tuple[int, int]:
    return share(reading, told.name.start, told.name.end, at)


def _own_codes(reading: Reading, told: _Told, spot: Spot) -> tuple[str, ...]:
    """Return the codes in a product's part of a name, not those of what it is combined with."""
    if told.name.start <= spot.start < told.name.end:
        return codes(reading, *share(reading, told.name.start, told.name.end, spot.start))
    return codes(reading, told.name.start, told.name.end) if len(told.products) == 1 else ()


def _bindings_of(reading: Reading, told: _Told, spot: Spot) -> list[Binding]:
    """Leave out what the text says of the other product that a name joins to this one."""
    if len(told.products) > 1:
        return _nearest(told.own, spot, told.products)
    others = {key for made in _beside_products(reading, told) for key in made.bindings[0].keys}
    return [item for item in told.own if not others.intersection(item.keys)]


def _nearest(own: list[Binding], spot: Spot, products: list[Spot]) -> list[Binding]:
    return [
        item
        for item in own
        if min(products, key=lambda other: abs(item.start - other.start)) == spot
    ]


def _of_name(reading: Reading, told: _Told) -> list[Candidate]:
    several = _several_heads(reading, told)
    if several:
        return [_of_head(reading, told, head) for head in several]
    in_first = [item for item in told.in_name if item.start < told.name.end]
    groups = listed_products(reading, in_first)
    if len(groups) < 2:
        modality = best_head(reading, told.heads, [item.head for item in told.in_name])
        if modality is None and is_cell_product(reading, told.name, ()):
            cells = unnamed_cells(reading, told.name)
            modality = cells if cells in CELL_MODALITIES else None
        return [_known(reading, told, _candidate(reading, told, modality, "name"))]
    return [_of_group(reading, told, items) for items in groups]


def _known(reading: Reading, told: _Told, whole: Candidate) -> Candidate:
    """Name a product that the list only calls by its kind and that its description names."""
    if whole.codes or told.in_name or whole.modality is None:
        return whole
    spots = [
        spot
        for passage in reading.passages((Zone.INTERVENTION_TEXT,), told.number)
        for spot in reading.within(passage.start, passage.end, PRODUCT)
        if reading.lexicon.products[spot.key].modality == whole.modality
    ]
    if len({spot.key for spot in spots}) != 1:
        return whole
    row = reading.lexicon.products[spots[0].key]
    return replace(whole, label=row.label, product=row.key, names=spots[:1])


def _of_head(reading: Reading, told: _Told, head: Spot) -> Candidate:
    kind = reading.modality(head)
    own = [item for item in told.own if item.head and reading.modality(item.head) == kind]
    whole = _candidate(reading, told, kind, "name")
    return replace(whole, label=head_words(reading, head), codes=(), names=[head], bindings=own)


def _of_group(reading: Reading, told: _Told, items: list[Binding]) -> Candidate:
    head = items[0].head
    if head is not None:
        modality: str | None = reading.modality(head)
    elif _EFFECTORS.intersection(items[0].keys):
        modality = "TCellEngager"
    else:
        modality = best_head(reading, told.heads, [])
    whole = _candidate(reading, told, modality, "name")
    names = list(items[0].spots[:1])
    return replace(whole, label=phrase(reading, items[0]), codes=(), names=names, bindings=items)


def _several_heads(reading: Reading, told: _Told) -> list[Spot]:
    """Return the modality cues of a name that lists products of several kinds, else nothing."""
    kinds: dict[str, Spot] = {}
    named = {reading.modality(head) for head in told.heads}
    counted = _COUNTED if named & _CAR_CELLS else _COUNTED | {"CAR"}
    for head in told.heads:
        if reading.modality(head) in counted and head.start < told.name.end:
            kinds.setdefault(reading.modality(head), head)
    words = reading.document.lower[told.name.start : told.name.end]
    return list(kinds.values()) if len(kinds) > 1 and _LISTING.search(words) else []


def _of_description(reading: Reading, told: _Told) -> list[Candidate]:
    """Where a name says no modality: its stem, its description, its code, or that it is cells."""
    words = reading.document.lower[told.name.start : told.name.end]
    stem = stem_modality(reading, words)
    if stem == "SmallMolecule":
        return []
    coded = codes(reading, told.name.start, told.name.end)
    heads = described_heads(reading, told.number)
    if stem == "CellProduct":
        stem = best_head(reading, heads, []) or said_modality(reading, coded) or "CAR"
    if stem:
        return [_candidate(reading, told, stem, "stem")]
    described = _described_modality(
        reading, told, heads, bool(coded) or bool(_CELLISH.search(words))
    )
    if described:
        return [_candidate(reading, told, described, "description")]
    kind = reading.trial.interventions[told.number].intervention_type
    said = said_modality(reading, coded) if coded and kind not in _NO_DRUG else None
    if said and not (said in CELL_MODALITIES and _names_cells_elsewhere(reading, told.number)):
        return [_candidate(reading, told, said, "code")]
    if is_cell_product(reading, told.name, coded):
        return [_candidate(reading, told, unnamed_cells(reading, told.name), "cells")]
    return []


def _names_cells_elsewhere(reading: Reading, number: int) -> bool:
    """Tell whether another intervention is the cell product that the titles speak of."""
    return any(
        _kind_named(reading, spot) in CELL_MODALITIES
        for passage in reading.passages((Zone.INTERVENTION,))
        if passage.number != number
        for spot in reading.within(passage.start, passage.end)
    )


def _kind_named(reading: Reading, spot: Spot) -> str | None:
    """Return the modality that a cue or a known product names."""
    if spot.kind == MODALITY:
        return reading.modality(spot)
    return reading.lexicon.products[spot.key].modality if spot.kind == PRODUCT else None


def _described_modality(
    reading: Reading, told: _Told, heads: list[Spot], product_like: bool
) -> str | None:
    """Return the modality that the description gives to a name that can be a product's."""
    kind = reading.trial.interventions[told.number].intervention_type or ""
    product_like = product_like or kind in {"BiologicalIntervention", "GeneticIntervention"}
    if heads:
        start, end = heads[0].start - 60, heads[0].end + 30
        given = kind in {"", "OtherIntervention"} and _GIVEN.search(
            reading.document.lower, max(start, 0), end
        )
        if product_like or given or _is_defined(reading, told):
            return best_head(reading, heads, [])
    bound = [item.head for item in told.own if item.head]
    said = best_head(reading, [], bound) if bound and product_like else None
    return said or defined_as(reading, told.number, told.name)


def _is_defined(reading: Reading, told: _Told) -> bool:
    """Tell whether the description says what the name is: "GCAR1 is a …"."""
    words = reading.document.lower[told.name.start : told.name.end].strip()
    return any(
        reading.document.lower.startswith(words, passage.start)
        for passage in reading.passages((Zone.INTERVENTION_TEXT,), told.number)
    )
