"""Which interventions are constructs: candidates with their names, modality and binder expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.extract.binding import Binding
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.spot import AGENT, ANTIGEN, MODALITY, PRODUCT, Spot
from kg.extract.zones import NAMING, Passage, Zone

_NAME_ZONES = (Zone.INTERVENTION, Zone.OTHER_NAME)
_TITLES = (Zone.TITLE, Zone.ACRONYM)
_CODE = re.compile(
    r"(?<![\w-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z][A-Za-z0-9]*(?:[-_ ](?=\w*\d)[A-Za-z0-9]+|-[A-Z]+)*(?![\w])"
)
_AFFIX = re.compile(
    r"[-_]?(?:anti|car|cart|cars|car-t|t|nk|x|bi|mu|h|hu|s|specific|cells?|[-_ ])*[-_]?"
)
_NO_CODE = re.compile(
    r"^(?:phase|stage|part|day|week|cohort|dose|level|cd\d+|il-?\d+|arm|grade|type|version|v\d|group|"
    r"step|month|year|visit|covid|hla|h1n1|b-?cell|t-?cell|line|age|no\d|nct\d+|d\d+|dl\d|m\d|rp2d|"
    r"19-\d+z?|ph\d|s-1|vitamin|cycle|course|regimen|schedule)",
    re.IGNORECASE,
)
_WEAK = frozenset(
    {"Antibody", "Bispecific", "TherapeuticVaccine", "FusionProtein", "MonoclonalAntibody"}
)
_EFFECTORS = frozenset({"CD3", "CD3E", "CD16"})
_POPULATION = re.compile(
    r"(?:receiv\w+|after|undergo\w+|following|treated with|treated by|candidates for|eligible for|"
    r"prior to|before|post|of patients (?:on|with)|during|in recipients of|associated with|"
    r"complications? of|toxicit\w+ (?:of|after)|related to|induced by)\s+"
    r"(?:(?!with\b|and\b|by\b|plus\b|using\b)[\w-]+\s+){0,6}$"
)
_LONGEST_NAME = 80
_CELL_PRODUCT = re.compile(
    r"\b(?:engineered|modified|redirected|re-directed|transduced|targeted|specific)\b[\w\s-]{0,40}\b(?:t|nk|immune|myeloid)"
    r"[\s-]?(?:cells?|lymphocytes?)\b|\bcells?\s+(?:injection|preparation|products?|infusion|suspension)\b"
)
_NO_PRODUCT = re.compile(
    r"stem|blood|mesenchymal|stromal|transplant|marrow|red cell|islet|collection|apheresis|count|sampl|biops|"
    r"platelet|donor lymphocyte|dendritic"
)
_CELLS = re.compile(r"[\s-]*(?:T[\s-]+)?[Cc]ells?\b")
_GIVEN = re.compile(r"receiv\w+|infus\w+|administ\w+|inject\w+|cells?\b")
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
    }
)
_LISTING = re.compile(r"\band\b|combin|follow|plus|\+|/|;|,|\bor\b|with")


@dataclass
class Candidate:
    """A construct in the making."""

    label: str
    modality: str | None
    product: str | None = None
    interventions: tuple[int, ...] = ()
    arms: tuple[int, ...] = ()
    names: list[Spot] = field(default_factory=list)
    where: list[tuple[int, int]] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    bindings: list[Binding] = field(default_factory=list)
    rule: str = ""
    background: bool = False

    @property
    def is_cell(self) -> bool:
        """Tell whether the candidate is a cell product or an in vivo CAR."""
        return self.modality in CELL_MODALITIES


def candidates(reading: Reading) -> list[Candidate]:
    """Return the constructs that interventions name, else those that the title names."""
    found: list[Candidate] = []
    for number in range(len(reading.trial.interventions)):
        found.extend(_of_intervention(reading, number))
    if not any(candidate.modality for candidate in found):
        found = _of_titles(reading) or found or _of_codes(reading)
    elif not any(candidate.is_cell for candidate in found):
        found += [
            candidate
            for candidate in _of_titles(reading)
            if candidate.is_cell
            and candidate.rule == "construct.title"
            and not _is_setting(reading, candidate)
        ]
    if _tests_another(reading, found):
        for candidate in found:
            candidate.background = candidate.background or _is_setting(reading, candidate)
    return found


def _tests_another(reading: Reading, found: Sequence[Candidate]) -> bool:
    """Tell whether something is tested that is no construct and no part of giving one."""
    taken = {number for candidate in found for number in candidate.interventions}
    for passage in reading.passages((Zone.INTERVENTION,)):
        agents = reading.within(passage.start, passage.end, AGENT)
        beside = any(reading.lexicon.agents[spot.key].role != "PartnerRole" for spot in agents)
        if passage.number not in taken and not beside:
            return True
    return False


def _is_setting(reading: Reading, candidate: Candidate) -> bool:
    """Tell a treatment that only says whom the titles speak of: "after CAR-T therapy"."""
    told = [
        (passage, spot)
        for passage in reading.passages(_TITLES)
        for spot in reading.within(passage.start, passage.end)
        if (spot.kind == PRODUCT and spot.key == candidate.product)
        or (spot.kind == MODALITY and reading.modality(spot) in ENGINEERED and candidate.is_cell)
        or (
            spot.kind == PRODUCT
            and candidate.is_cell
            and reading.lexicon.products[spot.key].modality == candidate.modality
        )
    ]
    return bool(told) and all(_is_population(reading, passage, spot) for passage, spot in told)


def _of_codes(reading: Reading) -> list[Candidate]:
    """Where nothing else tells, a coded intervention is what the record's CAR words speak of."""
    heads = [
        spot
        for spot in reading.spots
        if spot.kind == MODALITY and reading.modality(spot) in CELL_MODALITIES
    ]
    if not heads:
        return []
    for passage in reading.passages((Zone.INTERVENTION,)):
        coded = codes(reading, passage.start, passage.end)
        agents = reading.within(passage.start, passage.end, AGENT)
        if coded and not agents:
            modality = _best_head(reading, heads, [])
            number = () if passage.number is None else (passage.number,)
            return [
                Candidate(
                    short_name(reading, passage),
                    modality,
                    interventions=number,
                    where=[(passage.start, passage.end)],
                    codes=coded,
                    names=heads[:1],
                    rule="construct.code-in-cell-trial",
                )
            ]
    return []


def _of_intervention(reading: Reading, number: int) -> list[Candidate]:
    names = reading.passages(_NAME_ZONES, number)
    if not names:
        return []
    spots = [spot for passage in names for spot in reading.within(passage.start, passage.end)]
    own = [item for item in reading.bindings if _speaks_of(item, number)]
    in_name = [item for item in own if item.zone in _NAME_ZONES]
    products = _without_synonyms(
        reading, _distinct(spot for spot in spots if spot.kind == PRODUCT), names[0]
    )
    heads = [
        spot for spot in spots if spot.kind == MODALITY and _names_construct(reading, spot, number)
    ]
    agents = [spot for spot in spots if spot.kind == AGENT and spot.start < names[0].end]
    strong = [spot for spot in heads if reading.modality(spot) not in _WEAK]
    if agents and not strong and not in_name and not _true_products(reading, products, agents):
        return []
    if products:
        made = _of_products(reading, number, products, own, names[0], strong)
        cells = [spot for spot in strong if reading.modality(spot) in CELL_MODALITIES]
        if cells and not any(candidate.is_cell for candidate in made):
            made += _of_name(reading, number, names, in_name, cells, own)
        return made
    if in_name or heads:
        return _of_name(reading, number, names, in_name, heads, own)
    return _of_description(reading, number, names[0], own)


def _names_construct(reading: Reading, spot: Spot, number: int) -> bool:
    """A bare "antibody" names none, nor does a vaccine whose antigen is not told."""
    modality = reading.modality(spot)
    if modality != "TherapeuticVaccine":
        return modality != "Antibody"
    return any(
        reading.within(passage.start, passage.end, ANTIGEN)
        for passage in reading.passages((*_NAME_ZONES, Zone.INTERVENTION_TEXT), number)
    )


def _true_products(reading: Reading, products: Sequence[Spot], agents: Sequence[Spot]) -> bool:
    """A product that the table of agents lists too (tocilizumab) is no construct beside cells."""
    covered = {(spot.start, spot.end) for spot in agents}
    return any((spot.start, spot.end) not in covered for spot in products)


def _speaks_of(item: Binding, number: int) -> bool:
    return (
        item.number == number and item.own and item.zone in (*_NAME_ZONES, Zone.INTERVENTION_TEXT)
    )


def _distinct(spots: Iterable[Spot]) -> list[Spot]:
    seen: dict[str, Spot] = {}
    for spot in spots:
        seen.setdefault(spot.key, spot)
    return list(seen.values())


def _without_synonyms(reading: Reading, products: list[Spot], name: Passage) -> list[Spot]:
    """Leave out other names that bind the same: they are names of one product, not more products."""
    kept: list[Spot] = []
    bound: set[tuple[str, ...]] = set()
    for spot in products:
        row = reading.lexicon.products[spot.key]
        if spot.start < name.end or not row.targets or tuple(sorted(row.targets)) not in bound:
            kept.append(spot)
        bound.add(tuple(sorted(row.targets)))
    return kept


def _of_products(
    reading: Reading,
    number: int,
    products: list[Spot],
    own: list[Binding],
    name: Passage,
    heads: list[Spot],
) -> list[Candidate]:
    made = []
    for spot in products:
        row = reading.lexicon.products[spot.key]
        modality = row.modality or (reading.modality(heads[0]) if heads else None)
        named = len(products) == 1 and spot.start < name.end
        label = short_name(reading, name) if named else row.label
        bound = own if len(products) == 1 else _nearest(own, spot, products)
        made.append(
            Candidate(
                label,
                modality,
                spot.key,
                (number,),
                names=[spot],
                where=[(name.start, name.end)],
                codes=codes(reading, name.start, name.end),
                bindings=list(bound),
                rule="construct.product",
            )
        )
    return made


def _nearest(own: list[Binding], spot: Spot, products: list[Spot]) -> list[Binding]:
    def distance(item: Binding, other: Spot) -> int:
        return abs(item.start - other.start)

    return [item for item in own if min(products, key=lambda other: distance(item, other)) == spot]


def _of_name(
    reading: Reading,
    number: int,
    names: list[Passage],
    in_name: list[Binding],
    heads: list[Spot],
    own: list[Binding],
) -> list[Candidate]:
    first = names[0]
    several = _several_heads(reading, first, heads)
    if several:
        return [
            Candidate(
                _head_words(reading, head),
                reading.modality(head),
                bindings=[
                    item for item in own if item.head and reading.modality(item.head) == kind
                ],
                names=[head],
                interventions=(number,),
                where=[(first.start, first.end)],
                rule="construct.name",
            )
            for kind, head in several.items()
        ]
    groups = _groups(reading, [item for item in in_name if item.start < first.end])
    base = {
        "interventions": (number,),
        "where": [(first.start, first.end)],
        "rule": "construct.name",
    }
    if len(groups) < 2:
        chosen = _best_head(reading, heads, [item.head for item in in_name])
        return [
            Candidate(
                short_name(reading, first),
                chosen,
                codes=codes(reading, first.start, first.end),
                bindings=own,
                names=heads[:1],
                **base,  # type: ignore[arg-type]
            )
        ]
    made = []
    for items in groups:
        head = items[0].head
        modality = reading.modality(head) if head else _best_head(reading, heads, [])
        if head is None and _EFFECTORS.intersection(items[0].keys):
            modality = "TCellEngager"
        made.append(
            Candidate(
                phrase(reading, items[0]),
                modality,
                bindings=items,
                names=[*items[0].spots[:1]],
                **base,  # type: ignore[arg-type]
            )
        )
    return made


def _several_heads(reading: Reading, name: Passage, heads: Sequence[Spot]) -> dict[str, Spot]:
    """Return the modalities of a name that lists products of several kinds, else nothing."""
    kinds: dict[str, Spot] = {}
    for head in heads:
        kind = reading.modality(head)
        if kind in _COUNTED and name.start <= head.start < name.end:
            kinds.setdefault(kind, head)
    between = reading.document.lower[name.start : name.end]
    return kinds if len(kinds) > 1 and _LISTING.search(between) else {}


def _groups(reading: Reading, items: list[Binding]) -> list[list[Binding]]:
    """Group the binder expressions of one name: several, if it lists several products."""
    made: dict[tuple[frozenset[str], str], list[Binding]] = {}
    for item in items:
        head = reading.modality(item.head) if item.head else ""
        made.setdefault((frozenset(item.keys), head), []).append(item)
    groups = list(made.items())
    kept = []
    for (keys, head), members in groups:
        wider = [
            other
            for (other, other_head), others in groups
            if keys < other and other_head == head and members[0].head == others[0].head
        ]
        if not wider:
            kept.append(members)
    return kept


def _best_head(reading: Reading, heads: Sequence[Spot], more: Iterable[Spot | None]) -> str | None:
    """Return the modality that says most: a named cell over a bare CAR, a class over "antibody"."""
    found = [reading.modality(spot) for spot in (*heads, *(spot for spot in more if spot))]
    for wanted in (_specific, _any_car, _any):
        for modality in found:
            if wanted(modality):
                return modality
    return None


def _specific(modality: str) -> bool:
    return modality not in _WEAK and modality != "CAR"


def _any_car(modality: str) -> bool:
    return modality == "CAR"


def _any(modality: str) -> bool:
    return bool(modality)


_STEM = re.compile(r"\b(?!concept|accept|except|intercept|precept)[a-z]{6,}\b")


def stem_modality(reading: Reading, text: str) -> str | None:
    """Return the modality that the stem of an international nonproprietary name tells."""
    for word in _STEM.findall(text.lower()):
        for stem, modality in reading.lexicon.inn_stems:
            if word.endswith(stem) and len(word) > len(stem) + 2:
                return modality
    return None


def _of_description(
    reading: Reading, number: int, name: Passage, own: list[Binding]
) -> list[Candidate]:
    stem = stem_modality(reading, reading.document.lower[name.start : name.end])
    if stem == "SmallMolecule":
        return []
    coded = codes(reading, name.start, name.end)
    base = {
        "interventions": (number,),
        "where": [(name.start, name.end)],
        "codes": coded,
        "bindings": own,
    }
    if stem == "CellProduct":
        said = _best_head(reading, _described_heads(reading, number), [])
        stem = said or _said_of(reading, coded) or "CAR"
    if stem:
        return [Candidate(short_name(reading, name), stem, rule="construct.stem", **base)]  # type: ignore[arg-type]
    heads = _described_heads(reading, number)
    cellish = re.search(
        r"\bcells?\b|injection|infusion", reading.document.lower[name.start : name.end]
    )
    kind = reading.trial.interventions[number].intervention_type or ""
    biological = any(word in kind for word in ("Biological", "Genetic"))
    given = (
        heads
        and kind in {"", "OtherIntervention"}
        and _GIVEN.search(reading.document.lower, heads[0].start - 60, heads[0].end + 30)
    )
    if heads and (coded or biological or cellish or given or _is_defined(reading, number, name)):
        modality = _best_head(reading, heads, [])
        return [
            Candidate(short_name(reading, name), modality, rule="construct.description", **base)
        ]  # type: ignore[arg-type]
    bound = [item.head for item in own if item.head]
    if bound and (coded or biological or cellish):
        modality = _best_head(reading, [], bound)
        return [
            Candidate(short_name(reading, name), modality, rule="construct.description", **base)
        ]  # type: ignore[arg-type]
    if coded and kind not in {
        "DeviceIntervention",
        "ProcedureIntervention",
        "BehavioralIntervention",
    }:
        modality = _said_of(reading, coded)
        if modality:
            return [Candidate(short_name(reading, name), modality, rule="construct.code", **base)]  # type: ignore[arg-type]
    if _is_cell_product(reading, name, coded):
        modality = _unnamed_cells(reading)
        return [Candidate(short_name(reading, name), modality, rule="construct.cells", **base)]  # type: ignore[arg-type]
    return []


def _is_defined(reading: Reading, number: int, name: Passage) -> bool:
    """Tell whether the description says what the name is: "GCAR1 is a …"."""
    words = reading.document.lower[name.start : name.end].strip()
    return any(
        reading.document.lower.startswith(words, passage.start)
        for passage in reading.passages((Zone.INTERVENTION_TEXT,), number)
    )


def _is_cell_product(reading: Reading, name: Passage, coded: Sequence[str]) -> bool:
    """Tell whether a name without a modality is a cell product, by its words or the titles'."""
    text = reading.document.lower[name.start : name.end]
    if _NO_PRODUCT.search(text):
        return False
    if _CELL_PRODUCT.search(text):
        return True
    return any(
        _CELL_PRODUCT.search(reading.document.lower, passage.start, passage.end)
        and any(
            code.lower() in reading.document.lower[passage.start : passage.end] for code in coded
        )
        for passage in reading.passages((*_TITLES, Zone.SUMMARY))
    )


def _unnamed_cells(reading: Reading) -> str:
    """Cells that bind an antigen, or a record that speaks of CARs, make it a CAR product."""
    for passage in reading.passages((*_TITLES, Zone.SUMMARY, Zone.DETAIL, Zone.ARM, Zone.ARM_TEXT)):
        for head in reading.within(passage.start, passage.end, MODALITY):
            if reading.modality(head) in ENGINEERED:
                return reading.modality(head)
    own = [item for item in reading.bindings if item.own and item.zone in (*_TITLES, Zone.SUMMARY)]
    return "CAR" if own else "OtherProduct"


def _described_heads(reading: Reading, number: int) -> list[Spot]:
    return [
        spot
        for passage in reading.passages([Zone.INTERVENTION_TEXT], number)
        for spot in reading.within(passage.start, min(passage.end, passage.start + 400), MODALITY)
        if reading.modality(spot) not in _WEAK
    ]


def _said_of(reading: Reading, coded: Sequence[str]) -> str | None:
    """Return the modality of sentences of titles, arms and prose that name a code."""
    zones = {*NAMING, Zone.ARM_TEXT, Zone.SUMMARY, Zone.DETAIL}
    for passage in reading.passages(zones):
        for code in coded:
            at = reading.document.lower.find(code.lower(), passage.start, passage.end)
            if at < 0:
                continue
            first, last = reading.document.sentence_at(at, at + len(code))
            heads = reading.within(first, last, MODALITY)
            chosen = _best_head(reading, heads, [])
            if chosen and (chosen not in _WEAK or _binds_in(reading, passage, first, last)):
                return "MonoclonalAntibody" if chosen == "Antibody" else chosen
    for passage in reading.passages((*_TITLES, Zone.KEYWORD)):
        chosen = _best_head(reading, reading.within(passage.start, passage.end, MODALITY), [])
        if chosen in CELL_MODALITIES:
            return chosen
    return None


def _binds_in(reading: Reading, passage: Passage, first: int, last: int) -> bool:
    return passage.zone in (*_TITLES, Zone.SUMMARY) and any(
        item.own and first <= item.start < last for item in reading.bindings
    )


def _of_titles(reading: Reading) -> list[Candidate]:
    for passage in reading.passages(_TITLES):
        made = _of_title(reading, passage)
        if made:
            return made
    return []


def _of_title(reading: Reading, passage: Passage) -> list[Candidate]:
    where = [(passage.start, passage.end)]
    made: list[Candidate] = []
    for spot in _distinct(reading.within(passage.start, passage.end, PRODUCT)):
        row = reading.lexicon.products[spot.key]
        made.append(
            Candidate(
                row.label,
                row.modality,
                spot.key,
                names=[spot],
                where=where,
                rule="construct.title-product",
            )
        )
    if made:
        return made
    heads = [
        spot
        for spot in reading.within(passage.start, passage.end, MODALITY)
        if reading.modality(spot) not in _WEAK
    ]
    if not heads:
        return _of_stem(reading, passage)
    items = [
        item for item in reading.bindings if passage.start <= item.start < passage.end and item.own
    ]
    groups = _groups(reading, items)
    coded = codes(reading, passage.start, passage.end)
    if len(groups) > 1:
        return [
            Candidate(
                phrase(reading, group[0]),
                _best_head(reading, [], [group[0].head]) or _best_head(reading, heads, []),
                bindings=group,
                where=where,
                rule="construct.title",
            )
            for group in groups
        ]
    label = (
        coded[0]
        if coded
        else (phrase(reading, items[0]) if items else _head_words(reading, heads[0]))
    )
    return [
        Candidate(
            label,
            _best_head(reading, heads, []),
            bindings=items,
            where=where,
            codes=coded[:1],
            names=heads[:1],
            rule="construct.title",
        )
    ]


def _of_stem(reading: Reading, passage: Passage) -> list[Candidate]:
    """Where a record lists no interventions, an antibody's name in the title is what it studies."""
    if reading.trial.interventions:
        return []
    for match in _STEM.finditer(reading.document.lower, passage.start, passage.end):
        modality = stem_modality(reading, match[0])
        if modality not in {None, "SmallMolecule", "CellProduct"}:
            label = reading.document.text[match.start() : match.end()]
            where = [(match.start(), match.end())]
            return [Candidate(label, modality, where=where, rule="construct.title-stem")]
    return []


def _is_population(reading: Reading, passage: Passage, spot: Spot) -> bool:
    before = reading.document.lower[max(passage.start, spot.start - 80) : spot.start]
    return bool(_POPULATION.search(before))


def _head_words(reading: Reading, head: Spot) -> str:
    text = reading.document.text
    return text[head.start : _tail(text, head.end)].strip()


def _tail(text: str, end: int) -> int:
    """Return where the word "cells" after a modality ends, if it stands there."""
    tail = _CELLS.match(text, end)
    return tail.end() if tail else end


def phrase(reading: Reading, item: Binding) -> str:
    """Return the words of a binder expression with its head, as a label."""
    text = reading.document.text
    start, end = item.start, item.end
    while start and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    if item.head is None or item.head.start - end >= 80:
        return text[start:end]
    start, end = min(start, item.head.start), max(end, item.head.end)
    return " ".join(text[start : _tail(text, end)].split())


def short_name(reading: Reading, name: Passage) -> str:
    """Return what people call it: the name, or where that is a description, the code for it."""
    text = re.sub(r"\s+", " ", name.normal.text).strip()
    text = re.sub(
        r"^(?:drug|biological|genetic|device|procedure|other|combination product):\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    if len(text) <= _LONGEST_NAME:
        return text
    coded = codes(reading, name.start, name.end)
    if coded:
        return coded[0]
    for passage in reading.passages((Zone.OTHER_NAME,), name.number):
        if len(passage.normal.text) <= 40:
            return passage.normal.text.strip()
    for passage in reading.passages((Zone.ACRONYM, Zone.TITLE, Zone.SUMMARY)):
        coded = codes(reading, passage.start, passage.end)
        if coded:
            return coded[0]
    for item in reading.bindings:
        if name.start <= item.start < name.end and item.head is not None:
            return phrase(reading, item)
    for head in reading.within(name.start, name.end, MODALITY):
        return _head_words(reading, head)
    return text


def codes(reading: Reading, start: int, end: int) -> tuple[str, ...]:
    """Return the code names in a span: words of letters and two digits or more."""
    found: dict[str, None] = {}
    text = reading.document.text
    taken = [
        spot
        for spot in reading.within(max(0, start - 40), end)
        if spot.kind in ("antigen", "agent", "component")
    ]
    for match in _CODE.finditer(text, start, end):
        word = match[0]
        if len(word) < 4 or sum(char.isdigit() for char in word) < 2 or _NO_CODE.match(word):
            continue
        if any(_only_antigen(match, spot) for spot in taken):
            continue
        found[word] = None
    return tuple(found)


def _only_antigen(match: re.Match[str], spot: Spot) -> bool:
    """Tell whether a word is but a name of the tables with a binder affix: "AntiCD19"."""
    if spot.start >= match.end() or spot.end <= match.start():
        return False
    rest = match.string[match.start() : max(match.start(), spot.start)]
    rest += match.string[min(match.end(), spot.end) : match.end()]
    return bool(_AFFIX.fullmatch(rest.lower()))
