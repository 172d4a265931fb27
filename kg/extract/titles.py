"""What the titles name: products, modalities, and treatments that are only a setting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.binding import Binding
from kg.extract.candidate import Candidate
from kg.extract.grouping import distinct, listed_products
from kg.extract.modality import UNMODIFIED, WEAK, best_head
from kg.extract.naming import STEM, codes, head_words, phrase, stem_modality
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.spot import AGENT, MODALITY, PRODUCT, Spot
from kg.extract.zones import TITLES, Passage, Zone

_POPULATION = re.compile(
    r"(?:receiv\w+|after|undergo\w+|following|treated with|treated by|"
    r"candidates for(?: treatment with)?|eligible for|"
    r"prior to|before|post|of patients (?:on|with)|during|in recipients of|associated with|"
    r"complications? of|toxicit\w+ (?:of|after)|related to|induced by)\s+"
    r"(?:(?!with\b|and\b|by\b|plus\b|using\b)[\w-]+[\s(]+){0,6}(?:(?<=therapy )with\s+)?$"
)
_GIVING = re.compile(
    r"\b(?:therap\w*|immunotherap\w*|infus\w+|inject\w+|transfer\w*|transplant\w*|vaccin\w*|"
    r"treat\w*|administ\w+|safety|efficacy|combin\w+|adoptive|donor|expanded|autologous|"
    r"allogeneic|specific)\b"
)
ANTI_DRUG = re.compile(r"\banti[\s-]$")
CAUSE = re.compile(
    r"(?:[\s-]?cells?)?(?:\s(?:therapy|treatment))?"
    r"\s?-?\s?(?:induced|associated|related|specific ige|resistan\w+|refractory|naive|"
    r"experienced|hypersensitivity|failure)\b"
)


def of_titles(reading: Reading) -> list[Candidate]:
    """Return the constructs that the first telling title names."""
    for passage in reading.passages(TITLES):
        made = _products_of(reading, passage) or _modalities_of(reading, passage)
        if made:
            return made
    return []


def title_products(reading: Reading) -> list[Candidate]:
    """Return the known products that any title names."""
    made: dict[str | None, Candidate] = {}
    for passage in reading.passages(TITLES):
        for candidate in _products_of(reading, passage):
            made.setdefault(candidate.product, candidate)
    return list(made.values())


def _products_of(reading: Reading, passage: Passage) -> list[Candidate]:
    made = []
    for spot in distinct(reading.within(passage.start, passage.end, PRODUCT)):
        row = reading.lexicon.products[spot.key]
        where = [(spot.start, spot.end)]
        rule = "construct.title-product"
        made.append(
            Candidate(row.label, row.modality, spot.key, names=[spot], where=where, rule=rule)
        )
    return made


def _modalities_of(reading: Reading, passage: Passage) -> list[Candidate]:
    heads = [
        spot
        for spot in reading.within(passage.start, passage.end, MODALITY)
        if reading.modality(spot) not in WEAK
    ]
    if not heads:
        return _of_stem(reading, passage)
    if not _gives_cells(reading, passage, heads):
        return []
    items = [
        item for item in reading.bindings if passage.start <= item.start < passage.end and item.own
    ]
    whole = Candidate(
        _title_label(reading, passage, heads[0], items),
        best_head(reading, _of_cells(reading, heads) or heads, []),
        bindings=items,
        where=[(passage.start, passage.end)],
        codes=codes(reading, passage.start, passage.end)[:1],
        names=heads[:1],
        rule="construct.title",
    )
    groups = listed_products(reading, items)
    if len(groups) < 2:
        return [whole, *_viruses_beside(reading, whole, heads)]
    return [
        replace(
            whole,
            label=phrase(reading, group[0]),
            modality=best_head(reading, [], [group[0].head]) or whole.modality,
            bindings=group,
            codes=(),
        )
        for group in groups
    ]


def _of_cells(reading: Reading, heads: Sequence[Spot]) -> list[Spot]:
    return [head for head in heads if reading.modality(head) in CELL_MODALITIES]


def _viruses_beside(
    reading: Reading, whole: Candidate, heads: Sequence[Spot]
) -> Iterator[Candidate]:
    """Yield the virus that a title gives together with cells."""
    for head in heads[: len(heads) if whole.is_cell else 0]:
        if reading.modality(head) == "OncolyticVirus":
            label = head_words(reading, head)
            where = [(head.start, head.end)]
            yield Candidate(label, "OncolyticVirus", names=[head], where=where, rule=whole.rule)
            return


def _gives_cells(reading: Reading, passage: Passage, heads: Sequence[Spot]) -> bool:
    """Tell cells that are given from cells that are measured: "Airway Dendritic Cells in …"."""
    if any(reading.modality(spot) not in UNMODIFIED for spot in heads):
        return True
    return bool(_GIVING.search(reading.document.lower, passage.start, passage.end))


def _title_label(reading: Reading, passage: Passage, head: Spot, items: list[Binding]) -> str:
    coded = codes(reading, passage.start, passage.end)
    if coded:
        return coded[0]
    return phrase(reading, items[0]) if items else head_words(reading, head)


def _of_stem(reading: Reading, passage: Passage) -> list[Candidate]:
    """Take an antibody's name in the title for what a record without interventions studies."""
    if reading.trial.interventions:
        return []
    for match in STEM.finditer(reading.document.lower, passage.start, passage.end):
        modality = stem_modality(reading, match[0])
        if modality not in {None, "SmallMolecule", "CellProduct"}:
            label = reading.document.text[match.start() : match.end()]
            where = [(match.start(), match.end())]
            return [Candidate(label, modality, where=where, rule="construct.title-stem")]
    return []


def is_population(reading: Reading, passage: Passage, spot: Spot) -> bool:
    """Tell whether the words before a name make it a treatment that people had or have."""
    before = reading.document.lower[max(passage.start, spot.start - 80) : spot.start]
    after = reading.document.lower[spot.end : passage.end]
    if ANTI_DRUG.search(before) and spot.kind == PRODUCT:
        return True
    return bool(_POPULATION.search(before) or CAUSE.match(after))


def tests_another(reading: Reading, found: Sequence[Candidate]) -> bool:
    """Tell whether something is tested that is no construct and no part of giving one."""
    taken = {number for candidate in found for number in candidate.interventions}
    for passage in reading.passages((Zone.INTERVENTION,)):
        agents = reading.within(passage.start, passage.end, AGENT)
        beside = any(reading.lexicon.agents[spot.key].role != "PartnerRole" for spot in agents)
        if passage.number not in taken and not beside:
            return True
    return False


def is_setting(reading: Reading, candidate: Candidate) -> bool:
    """Tell a treatment that only says whom the titles speak of: "after CAR-T therapy"."""
    told = [
        (passage, spot)
        for passage in reading.passages(TITLES)
        for spot in reading.within(passage.start, passage.end)
        if (spot.kind == PRODUCT and spot.key == candidate.product)
        or (spot.kind == MODALITY and reading.modality(spot) in ENGINEERED and candidate.is_cell)
        or (
            spot.kind == PRODUCT
            and candidate.is_cell
            and reading.lexicon.products[spot.key].modality == candidate.modality
        )
    ]
    return bool(told) and all(is_population(reading, passage, spot) for passage, spot in told)
