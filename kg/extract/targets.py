"""What each construct is designed to bind: binder expressions divided among the candidates.

Words are trusted in tiers: the intervention itself, then titles and arms, then the summary, then
the description and keywords. A lower tier only speaks where the higher ones are silent, or where
it lists pairs of antigens as products. The product table comes last and never overrides a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.extract.binding import Binding
from kg.extract.candidate import Bound, Candidate
from kg.extract.grouping import ARMS, bound_keys, product_sets
from kg.extract.merging import merged
from kg.extract.modality import UNMODIFIED
from kg.extract.naming import codes, label_of
from kg.extract.owners import fits, identity, owners_of
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.spot import MODALITY, PRODUCT, Spot
from kg.extract.zones import NAME_ZONES, TITLES, Zone

_TIERS = (
    frozenset({Zone.INTERVENTION, Zone.OTHER_NAME, Zone.INTERVENTION_TEXT}),
    frozenset({Zone.TITLE, Zone.ACRONYM, Zone.ARM, Zone.ARM_TEXT}),
    frozenset({Zone.SUMMARY}),
    frozenset({Zone.DETAIL, Zone.KEYWORD, Zone.OUTCOME}),
)
_TARGET_EFFECTORS = frozenset(
    {"CD3", "CD3D", "CD3E", "CD3G", "CD3Z", "CD16", "NKp46", "NKp30", "CD64", "TCR"}
)
_APPOSED = re.compile(
    r"[\s,(:]*(?:is |an? |the |(?!and |or |plus |with |versus |vs )[\w-]+ ){0,5}(?:anti-?\s?)?"
)
_TEACHING = frozenset({"TherapeuticVaccine", "OncolyticVirus"})
# What brings a payload to its antigen is never called an inhibitor of it.
_CARRIERS = frozenset({"AntibodyDrugConjugate", "RadioligandTherapy"})
_BESIDE = 25
_AGONISTS = frozenset({"CD137", "CD28", "CD2", "NKG2D"})
_MULTISPECIFIC = frozenset({"TCellEngager", "NKCellEngager", "BispecificAntibody"})


def bound_constructs(reading: Reading, found: Sequence[Candidate]) -> list[Bound]:
    """Divide the binder expressions of a trial among its constructs, splitting and merging them."""
    made: list[Bound] = []
    cells = {identity(candidate) for candidate in found if candidate.is_cell}
    distinct = {identity(candidate) for candidate in found}
    owners = owners_of(reading, found)
    versions = _are_versions(reading, found)
    for number, candidate in enumerate(found):
        alone = (candidate.is_cell and (len(cells) == 1 or versions)) or len(distinct) == 1
        made.extend(_bind(reading, candidate, number, owners, alone))
    made = _with_listed(reading, made)
    return _unmixed(reading, _plain_beside_engineered(merged(made)))


def _plain_beside_engineered(made: list[Bound]) -> list[Bound]:
    """Leave the antigens of "TILs and CAR-TILs against A and B" to the cells that have the CAR."""
    engineered = [part.keys for part in made if part.candidate.modality in ENGINEERED]
    for part in made:
        plain = part.candidate.modality in UNMODIFIED and not part.candidate.bindings
        if plain and not part.from_table and any(part.keys <= keys for keys in engineered):
            part.targets = {}
    return made


def _unmixed(reading: Reading, made: list[Bound]) -> list[Bound]:
    """Take a fixed mixture apart: a plain antibody binds one antigen, so a row of two is two."""
    kept: list[Bound] = []
    for part in made:
        row = reading.lexicon.products.get(part.candidate.product or "")
        mixed = row is not None and row.modality == "MonoclonalAntibody" and len(row.targets) > 1
        if not mixed or row is None or part.keys != frozenset(row.targets):
            kept.append(part)
            continue
        for key in row.targets:
            one = replace(part.candidate, label=f"{part.candidate.label} (anti-{key})")
            kept.append(replace(part, candidate=one, targets={key: part.targets[key]}))
    return kept


def _are_versions(reading: Reading, found: Sequence[Candidate]) -> bool:
    """Tell cell products, all known by codes alone, of which the titles say one set of antigens."""
    cells = [candidate for candidate in found if candidate.is_cell]
    if not cells or any(one.product or one.bindings or not one.codes for one in cells):
        return False
    sets = {
        frozenset(bound_keys(cells[0], item.keys))
        for item in reading.bindings
        if item.zone in TITLES and item.own
    }
    return len(sets) == 1


def _bind(
    reading: Reading,
    candidate: Candidate,
    number: int,
    owners: Mapping[Binding, frozenset[int]],
    alone: bool,
) -> list[Bound]:
    if candidate.modality in _TEACHING:
        return [Bound(candidate)]
    own = [
        item
        for item in candidate.bindings
        if _relevant(candidate, item) and not _is_of_partner(reading, candidate, item)
    ]
    if not own:
        own = _shared(reading, candidate, number, owners, alone)
    own = [item for item in own if not _is_of_both(reading, candidate, item)]
    sets = product_sets(reading, candidate, _as_known(reading, candidate, own))
    if not sets:
        return [_from_table(reading, candidate)]
    made = [_bound(reading, candidate, items) for items in sets]
    if len(made) == 1:
        _complete(reading, made[0])
    if len(made) > 1:
        for part, items in zip(made, sets, strict=True):
            part.candidate = _split(reading, candidate, items[0], part.keys)
    return made


def _as_known(
    reading: Reading, candidate: Candidate, items: Sequence[Binding]
) -> Sequence[Binding]:
    """Leave of the words on a known product, outside its own name, what its row says too.

    What else stands in such a sentence is what the drug acts on, or what it is given with.
    """
    row = reading.lexicon.products.get(candidate.product or "")
    if row is None or not row.targets:
        return items
    known = {*row.targets, *row.recruits, *_TARGET_EFFECTORS}
    kept = []
    for item in items:
        keys = tuple(key for key in item.keys if key in known)
        if keys == item.keys or item.zone in NAME_ZONES or _is_said_of(reading, candidate, item):
            kept.append(item)
        elif keys:
            spots = tuple(spot for spot in item.spots if spot.key in known)
            kept.append(item._replace(keys=keys, spots=spots))
    return kept


def _is_of_both(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """Tell words on two known products together: "A plus B (anti-PD-1 and anti-TIGIT)"."""
    row = reading.lexicon.products.get(candidate.product or "")
    if row is None or not row.targets or frozenset(item.keys) <= {*row.targets, *row.recruits}:
        return False
    first, last = reading.document.sentence_at(item.start, item.end)
    others = {
        key
        for spot in reading.within(first, last, PRODUCT)
        if spot.key != candidate.product
        for key in reading.lexicon.products[spot.key].targets
    }
    return bool(others - set(row.targets)) and frozenset(item.keys) <= others | set(row.targets)


def _is_said_of(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """Tell words that say outright what a product is: "Tarlatamab is a GD2-targeting antibody"."""
    first, _ = reading.document.sentence_at(item.start, item.end)
    return item.enumerated or any(
        spot.key == candidate.product
        and _APPOSED.fullmatch(reading.document.lower, spot.end, item.start)
        for spot in reading.within(first, item.start, PRODUCT)
    )


def _complete(reading: Reading, made: Bound) -> None:
    """Add what the row of a known product binds besides the antigens that the record states."""
    row = reading.lexicon.products.get(made.candidate.product or "")
    if row is not None and made.keys < frozenset(row.targets) and made.candidate.names:
        for key in row.targets:
            made.targets.setdefault(key, list(made.candidate.names[:1]))


def _split(
    reading: Reading, candidate: Candidate, item: Binding, keys: frozenset[str]
) -> Candidate:
    """Return a candidate for one of several products under one name."""
    row = reading.lexicon.products.get(candidate.product or "")
    if row is not None and frozenset(row.targets) == keys:
        return candidate
    label = label_of(reading, candidate, item)
    if item.zone in ARMS and item.number is not None:
        label = reading.trial.arms[item.number].label.plain
        coded = codes(reading, *_span_of_arm(reading, item.number))
        return replace(
            candidate,
            label=label,
            codes=coded,
            product=None,
            names=_kind_words(reading, candidate, item),
            arms=(item.number,),
        )
    names = _kind_words(reading, candidate, item)
    return replace(candidate, label=label, codes=(), product=None, names=names)


def _kind_words(reading: Reading, candidate: Candidate, item: Binding) -> list[Spot]:
    """Return the words that say what kind of product an expression speaks of, else its antigen."""
    if item.head is not None:
        return [item.head]
    first, last = reading.document.sentence_at(item.start, item.end)
    near = [*reading.within(first, last, MODALITY), *reading.spots]
    heads = [
        spot
        for spot in near
        if spot.kind == MODALITY and reading.modality(spot) == candidate.modality
    ]
    return heads[:1] or list(item.spots[:1])


def _span_of_arm(reading: Reading, number: int) -> tuple[int, int]:
    passage = reading.passages((Zone.ARM,), number)[0]
    return passage.start, passage.end


def _is_of_partner(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """Tell words on a known product that is named beside: "… with nivolumab (anti-PD-1)"."""
    first, last = reading.document.sentence_at(item.start, item.end)
    return any(
        spot.key != candidate.product
        and frozenset(item.keys) <= frozenset(reading.lexicon.products[spot.key].targets)
        and abs(spot.end - item.start) < _BESIDE
        for spot in reading.within(first, last, PRODUCT)
    )


def _relevant(candidate: Candidate, item: Binding) -> bool:
    if item.rule == "binding.acts-on" and candidate.modality in UNMODIFIED:
        return False
    if item.rule == "binding.inhibitor-after" and candidate.modality in _CARRIERS:
        return False
    return item.own and bool(bound_keys(candidate, item.keys))


def _shared(
    reading: Reading,
    candidate: Candidate,
    number: int,
    owners: Mapping[Binding, frozenset[int]],
    alone: bool,
) -> list[Binding]:
    """Return expressions of titles, arms, prose that speak of this candidate."""
    for tier in _TIERS:
        items = [
            item
            for item in reading.bindings
            if item.zone in tier
            and _relevant(candidate, item)
            and _agrees(reading, candidate, item)
            and fits(reading, candidate, item)
            and (
                number in owners[item]
                if item in owners
                else alone and _same_kind(reading, candidate, item)
            )
        ]
        if items:
            return items
    return _of_setting(reading, candidate) if alone else []


def _agrees(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """Leave words that only stand near a known product and name none of its antigens."""
    row = reading.lexicon.products.get(candidate.product or "")
    return row is None or not row.targets or bool(set(row.targets) & set(item.keys))


def _of_setting(reading: Reading, candidate: Candidate) -> list[Binding]:
    """Read what a treatment given before binds: "treated with CD19 CAR-T"."""
    if not candidate.background and candidate.rule != "construct.title":
        return []
    return [
        item
        for item in reading.bindings
        if item.zone in _TIERS[1]
        and bound_keys(candidate, item.keys)
        and fits(reading, candidate, item)
    ]


def _same_kind(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    if item.head is None:
        return item.zone not in _TIERS[3] or candidate.is_cell
    said = reading.modality(item.head)
    if said == candidate.modality or "CAR" in (said, candidate.modality):
        return True
    return candidate.is_cell == (said in CELL_MODALITIES)


def _bound(reading: Reading, candidate: Candidate, items: Sequence[Binding]) -> Bound:
    made = Bound(
        candidate,
        joint=items[0].joint,
        rule=items[0].rule,
        enumerated=any(item.enumerated for item in items),
    )
    for item in items:
        kept = bound_keys(candidate, item.keys)
        for spot in item.spots:
            if spot.key in kept:
                for key in _receptors(reading, candidate, spot.key):
                    made.targets.setdefault(key, []).append(spot)
    _split_effectors(made)
    return made


def _receptors(reading: Reading, candidate: Candidate, key: str) -> tuple[str, ...]:
    """Return the receptors that a ligand as binder means, else the antigen."""
    if candidate.is_cell and key in reading.lexicon.ligands:
        return reading.lexicon.ligands[key]
    return (key,)


def _split_effectors(made: Bound) -> None:
    if made.candidate.is_cell:
        return
    others = [key for key in made.targets if key not in _TARGET_EFFECTORS]
    engaging = made.candidate.modality in _MULTISPECIFIC or len(made.targets) > 1
    for key in list(made.targets):
        effector = key in _TARGET_EFFECTORS or (key in _AGONISTS and len(others) > 1)
        if effector and others and engaging:
            made.recruits[key] = made.targets.pop(key)


def _from_table(reading: Reading, candidate: Candidate) -> Bound:
    made = Bound(candidate, rule="targets.product-table")
    row = reading.lexicon.products.get(candidate.product or "")
    if row is not None and row.targets:
        made.from_table = True
        made.targets = {key: list(candidate.names) for key in row.targets}
        made.recruits = {key: list(candidate.names) for key in row.recruits}
    return made


def _with_listed(reading: Reading, made: list[Bound]) -> list[Bound]:
    """Add the products that a sentence lists as pairs beside a pair that is a construct here."""
    cells = [part for part in made if part.candidate.is_cell]
    if not cells:
        return made
    listed = [item for item in reading.bindings if item.enumerated and item.own]
    known = {part.keys for part in made}
    model = next((part for part in cells if not part.from_table), cells[0])
    sets = {frozenset(item.keys) for item in listed}
    if not sets or (model.keys and not sets & known):
        return made
    if not model.keys or (model.keys not in sets and model.keys == frozenset().union(*sets)):
        made = [part for part in made if part is not model]
    for item in listed:
        keys = frozenset(bound_keys(model.candidate, item.keys))
        if keys not in known and len(keys) > 1:
            known.add(keys)
            label = label_of(reading, model.candidate, item)
            names = _kind_words(reading, model.candidate, item)
            copy = replace(model.candidate, label=label, codes=(), product=None, names=names)
            made.append(_bound(reading, copy, [item]))
    return made
