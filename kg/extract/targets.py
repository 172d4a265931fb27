"""What each construct is designed to bind: binder expressions divided among the candidates.

Words are trusted in tiers: the intervention itself, then titles and arms, then the summary, then
the description and keywords. A lower tier only speaks where the higher ones are silent, or where
it lists pairs of antigens as products. The product table comes last and never overrides a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.extract.binding import Binding
from kg.extract.candidates import Candidate, codes
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.spot import PRODUCT, Spot
from kg.extract.zones import Zone

_TIERS = (
    frozenset({Zone.INTERVENTION, Zone.OTHER_NAME, Zone.INTERVENTION_TEXT}),
    frozenset({Zone.TITLE, Zone.ACRONYM, Zone.ARM, Zone.ARM_TEXT}),
    frozenset({Zone.SUMMARY}),
    frozenset({Zone.DETAIL, Zone.KEYWORD, Zone.OUTCOME}),
)
_NEVER = frozenset(
    {
        "TCR",
        "CD3",
        "CD3D",
        "CD3E",
        "CD3G",
        "CD3Z",
        "CD8",
        "HLA-A-02-01",
        "CD45",
        "CD28",
        "CD137",
        "OX40",
        "ICOS",
        "CD27",
        "DAP10",
        "DAP12",
        "iCasp9",
        "myc-tag",
        "B2M",
        "TRAC",
        "4-1BBL",
        "CD40L",
        "CD34",
        "CD62L",
        "HSV-TK",
        "LNGFR",
        "CD4",
    }
)
_CHECKPOINTS = frozenset(
    {"PD-1", "CTLA-4", "TIGIT", "LAG-3", "TIM-3", "TGFBR2", "CISH", "CBLB", "HPK1"}
)
_EFFECTORS = frozenset(
    {"CD3", "CD3D", "CD3E", "CD3G", "CD3Z", "CD16", "NKp46", "NKp30", "CD64", "TCR"}
)
_AGONISTS = frozenset({"CD137", "CD28", "CD2", "NKG2D"})
_CYTOKINE = re.compile(r"^(?:IL-\d+|CCL\d+|CXCL\d+|IFN-\w+|GM-CSF)")
_MULTISPECIFIC = frozenset({"TCellEngager", "NKCellEngager", "BispecificAntibody"})
_ARMS = (Zone.ARM, Zone.ARM_TEXT)
_LIGAND_KEYS = frozenset({"IL-3", "IL-5", "IL-13", "CD27"})
_AS_NEAR = 3
_DUAL = re.compile(
    r"\b(?:dual|bi-?specific|bi-?valent|tandem|tan-?car|compound|ccar|loop|tri-?specific|both|"
    r"simultaneous\w*|double|two antigens|multi-?specific|bi-?cistronic|triple|multi-?target\w*)\b"
)
_SEVERAL = re.compile(
    r"\b(?:and/or|or/and|cocktail|sequential\w*|combin\w+|respectively|separately|followed by|co-?infus\w+|mix\w*|"
    r"multiple|different|each|either|several|cars\b|car-ts\b|one or more)\b"
)


@dataclass
class Bound:
    """A candidate with what it binds."""

    candidate: Candidate
    targets: dict[str, list[Spot]] = field(default_factory=dict)
    recruits: dict[str, list[Spot]] = field(default_factory=dict)
    from_table: bool = False
    joint: str = ""
    enumerated: bool = False
    rule: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Return the antigens of the construct as a set."""
        return frozenset(self.targets)


def bound_constructs(reading: Reading, found: Sequence[Candidate]) -> list[Bound]:
    """Divide the binder expressions of a trial among its constructs, splitting and merging them."""
    made: list[Bound] = []
    cells = {_identity(candidate) for candidate in found if candidate.is_cell}
    distinct = {_identity(candidate) for candidate in found}
    owners = _owners(reading, found)
    for number, candidate in enumerate(found):
        alone = (candidate.is_cell and len(cells) == 1) or len(distinct) == 1
        made.extend(_bind(reading, candidate, number, owners, alone))
    made = _with_listed(reading, made)
    return _merged(made)


def _identity(candidate: Candidate) -> str:
    """Return what tells products apart before their antigens are known."""
    if candidate.product or candidate.codes:
        return candidate.product or candidate.codes[0].lower()
    generic = candidate.is_cell and not candidate.bindings
    return f"any {candidate.modality}" if generic else candidate.label.lower()


def _bind(
    reading: Reading,
    candidate: Candidate,
    number: int,
    owners: Mapping[Binding, frozenset[int]],
    alone: bool,
) -> list[Bound]:
    own = [item for item in candidate.bindings if _relevant(candidate, item)]
    if not own:
        own = _shared(reading, candidate, number, owners, alone)
    sets = _sets(reading, candidate, own)
    if not sets:
        return [_from_table(reading, candidate)]
    made = [_bound(reading, candidate, items) for items in sets]
    if len(made) > 1:
        for part, items in zip(made, sets, strict=True):
            part.candidate = _split(reading, candidate, items[0], part.keys)
    return made


def _split(
    reading: Reading, candidate: Candidate, item: Binding, keys: frozenset[str]
) -> Candidate:
    """Return a candidate for one of several products under one name."""
    row = reading.lexicon.products.get(candidate.product or "")
    if row is not None and frozenset(row.targets) == keys:
        return candidate
    label = label_of(reading, candidate, item)
    if item.zone in _ARMS and item.number is not None:
        label = reading.trial.arms[item.number].label.plain
        coded = codes(reading, *_span_of_arm(reading, item.number))
        return replace(
            candidate,
            label=label,
            codes=coded,
            product=None,
            names=list(item.spots[:1]),
            arms=(item.number,),
        )
    return replace(candidate, label=label, codes=(), product=None, names=list(item.spots[:1]))


def _span_of_arm(reading: Reading, number: int) -> tuple[int, int]:
    passage = reading.passages((Zone.ARM,), number)[0]
    return passage.start, passage.end


def _owners(reading: Reading, found: Sequence[Candidate]) -> dict[Binding, frozenset[int]]:
    """Say which candidates a sentence with a binder expression names next to it."""
    named = _names(reading, found)
    owners: dict[Binding, frozenset[int]] = {}
    for item in reading.bindings:
        first, last = reading.document.sentence_at(item.start, item.end)
        near = [
            (_distance(item, start, end), n)
            for start, end, n in named
            if first <= start < last and _fits(reading, found[n], item)
        ]
        if near:
            least = min(distance for distance, _ in near)
            owners[item] = frozenset(n for distance, n in near if distance <= least + _AS_NEAR)
    return owners


def _distance(item: Binding, start: int, end: int) -> int:
    return max(item.start - end, 0) + 2 * max(start - item.end, 0)


def _names(reading: Reading, found: Sequence[Candidate]) -> list[tuple[int, int, int]]:
    """Return where each candidate is named in the document."""
    places = []
    for number, candidate in enumerate(found):
        for spot in reading.spots:
            if spot.kind == PRODUCT and spot.key == candidate.product:
                places.append((spot.start, spot.end, number))
        for name in _called(candidate):
            at = reading.document.lower.find(name)
            while at >= 0:
                places.append((at, at + len(name), number))
                at = reading.document.lower.find(name, at + len(name))
    return places


def _relevant(candidate: Candidate, item: Binding) -> bool:
    return item.own and bool(_kept(candidate, item.keys))


def _kept(candidate: Candidate, keys: Iterable[str]) -> tuple[str, ...]:
    """Leave out of a list what such a product does not bind by design."""
    listed = tuple(keys)
    if candidate.modality in CELL_MODALITIES:
        kept = tuple(
            key
            for key in listed
            if key not in _NEVER and key not in _CHECKPOINTS and not _CYTOKINE.match(key)
        )
        if not kept and len(listed) == 1 and (listed[0] == "CD4" or listed[0] in _LIGAND_KEYS):
            return listed
        return kept
    return listed


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
            and _fits(reading, candidate, item)
            and (
                number in owners[item]
                if item in owners
                else alone and _same_kind(reading, candidate, item)
            )
        ]
        if items:
            return items
    return _of_setting(reading, candidate) if alone else []


def _of_setting(reading: Reading, candidate: Candidate) -> list[Binding]:
    """A treatment given before is only told by such words: "treated with CD19 CAR-T"."""
    if not candidate.background and candidate.rule != "construct.title":
        return []
    return [
        item
        for item in reading.bindings
        if item.zone in _TIERS[1]
        and _kept(candidate, item.keys)
        and _fits(reading, candidate, item)
    ]


def _fits(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """An antibody expression says nothing of a cell product, and the reverse."""
    if item.head is None:
        return True
    said = reading.modality(item.head)
    if candidate.is_cell:
        return said in CELL_MODALITIES or item.rule != "binding.antibody-after"
    return said not in CELL_MODALITIES


def _same_kind(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    if item.head is None:
        return item.zone not in _TIERS[3] or candidate.is_cell
    said = reading.modality(item.head)
    if said == candidate.modality or "CAR" in (said, candidate.modality):
        return True
    return candidate.is_cell == (said in CELL_MODALITIES)


def _called(candidate: Candidate) -> list[str]:
    names = [code.lower() for code in candidate.codes]
    label = candidate.label.lower()
    if 3 < len(label) < 50:
        names.append(label)
    return names


def _sets(reading: Reading, candidate: Candidate, items: Sequence[Binding]) -> list[list[Binding]]:
    """Group expressions into one list a construct."""
    listed = [item for item in items if item.enumerated]
    if len({frozenset(item.keys) for item in listed}) > 1:
        return _by_keys(candidate, listed)
    groups = _by_keys(candidate, items)
    if not groups:
        return []
    armed = _by_arm(candidate, items)
    if len(armed) > 1:
        return armed
    widest = [
        group
        for group in groups
        if not any(_keys(candidate, group) < _keys(candidate, other) for other in groups)
    ]
    if len(widest) == 1:
        return _apart(reading, candidate, widest[0], groups)
    if candidate.codes or candidate.product or _is_dual(reading, candidate):
        return [[item for group in _first_tier(widest) for item in group]]
    return widest


def _by_arm(candidate: Candidate, items: Sequence[Binding]) -> list[list[Binding]]:
    """Return one list an arm, where each of several arms tells another set of its own."""
    arms: dict[int, list[Binding]] = {}
    for item in items:
        if item.zone in _ARMS and item.number is not None:
            arms.setdefault(item.number, []).append(item)
    sets = [_keys(candidate, group) for group in arms.values()]
    apart = len(set(sets)) == len(sets) > 1
    crossing = all(not one < other for one in sets for other in sets)
    if not (apart and crossing) or candidate.codes or candidate.product:
        return []
    return list(arms.values())


def _first_tier(groups: list[list[Binding]]) -> list[list[Binding]]:
    named = [
        g
        for g in groups
        if any(item.zone in (Zone.INTERVENTION, Zone.OTHER_NAME, Zone.TITLE) for item in g)
    ]
    return named or groups


def _apart(
    reading: Reading, candidate: Candidate, widest: list[Binding], groups: list[list[Binding]]
) -> list[list[Binding]]:
    """Split a list such as "A, B and C CAR-T" into products, unless it is one product."""
    keys = _keys(candidate, widest)
    if (
        len(keys) < 2
        or candidate.modality not in ENGINEERED
        or candidate.codes
        or candidate.product
    ):
        return [widest]
    first = widest[0]
    if first.joint in {"/", "x", "×", "-", "space"} or _is_dual(reading, candidate):
        return [widest]
    singles = {
        next(iter(_keys(candidate, group))) for group in groups if len(_keys(candidate, group)) == 1
    }
    sentence = reading.document.lower[slice(*reading.document.sentence_at(first.start, first.end))]
    if len(keys) > 2 or singles >= keys or _SEVERAL.search(sentence):
        return [[_only(first, key)] for key in dict.fromkeys(first.keys) if key in keys]
    return [widest]


def _only(item: Binding, key: str) -> Binding:
    spots = tuple(spot for spot in item.spots if spot.key == key)
    return item._replace(keys=(key,), spots=spots)


def _is_dual(reading: Reading, candidate: Candidate) -> bool:
    spans = [*candidate.where]
    spans += [(p.start, p.end) for p in reading.passages((Zone.TITLE, Zone.SUMMARY))]
    return any(_DUAL.search(reading.document.lower, start, end) for start, end in spans)


def _keys(candidate: Candidate, group: Sequence[Binding]) -> frozenset[str]:
    return frozenset(key for item in group for key in _kept(candidate, item.keys))


def _by_keys(candidate: Candidate, items: Iterable[Binding]) -> list[list[Binding]]:
    groups: dict[frozenset[str], list[Binding]] = {}
    for item in items:
        groups.setdefault(frozenset(_kept(candidate, item.keys)), []).append(item)
    return list(groups.values())


def _bound(reading: Reading, candidate: Candidate, items: Sequence[Binding]) -> Bound:
    made = Bound(
        candidate,
        joint=items[0].joint,
        rule=items[0].rule,
        enumerated=any(item.enumerated for item in items),
    )
    for item in items:
        kept = _kept(candidate, item.keys)
        for spot in item.spots:
            if spot.key in kept:
                for key in _receptors(reading, candidate, item, spot.key):
                    made.targets.setdefault(key, []).append(spot)
    _split_effectors(made)
    return made


def _receptors(reading: Reading, candidate: Candidate, item: Binding, key: str) -> tuple[str, ...]:
    """A ligand as binder means its receptors on the tumour cell."""
    if candidate.is_cell and key in reading.lexicon.ligands:
        return reading.lexicon.ligands[key]
    return (key,)


def _split_effectors(made: Bound) -> None:
    if made.candidate.is_cell:
        return
    others = [key for key in made.targets if key not in _EFFECTORS]
    engaging = made.candidate.modality in _MULTISPECIFIC or len(made.targets) > 1
    for key in list(made.targets):
        effector = key in _EFFECTORS or (key in _AGONISTS and len(others) > 1)
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
        keys = frozenset(_kept(model.candidate, item.keys))
        if keys not in known and len(keys) > 1:
            known.add(keys)
            label = label_of(reading, model.candidate, item)
            copy = replace(
                model.candidate, label=label, codes=(), product=None, names=list(item.spots[:1])
            )
            made.append(_bound(reading, copy, [item]))
    return made


_HEADS = {
    "CARNKTherapy": "CAR-NK",
    "CARTTherapy": "CAR-T",
    "CARMacrophageTherapy": "CAR-M",
    "CARNKTTherapy": "CAR-NKT",
    "CAR": "CAR",
}


def label_of(reading: Reading, candidate: Candidate, item: Binding) -> str:
    """Return a label for a product that is only known by its antigens: "DLL3/GD2 CAR-NK"."""
    words = reading.document.text[item.start : item.end]
    return f"{words} {_HEADS.get(candidate.modality or '', '')}".strip()


def _merged(made: list[Bound]) -> list[Bound]:
    """Join candidates that are one product under several interventions."""
    kept: list[Bound] = []
    for part in made:
        twin = next((other for other in kept if _is_same(other, part)), None)
        if twin is None:
            kept.append(part)
            continue
        a, b = twin.candidate, part.candidate
        twin.candidate = replace(
            a,
            interventions=tuple(dict.fromkeys((*a.interventions, *b.interventions))),
            codes=tuple(dict.fromkeys((*a.codes, *b.codes))),
            product=a.product or b.product,
            where=[*a.where, *b.where],
            label=_better_label(a, b),
            modality=a.modality if a.modality != "CAR" else b.modality,
        )
        for key, spots in part.targets.items():
            if not part.from_table or twin.from_table or not twin.targets:
                twin.targets.setdefault(key, []).extend(spots)
        if twin.from_table and not part.from_table and part.targets:
            twin.from_table = False
    return kept


def _better_label(a: Candidate, b: Candidate) -> str:
    """A name with a code or a row says more than a description, and of two the shorter."""
    for one, other in ((a, b), (b, a)):
        if (one.codes or one.product) and not (other.codes or other.product):
            return one.label
    return min((a.label, b.label), key=len)


def _is_same(one: Bound, other: Bound) -> bool:
    a, b = one.candidate, other.candidate
    if a.product and a.product == b.product:
        return True
    if a.product and b.product:
        return False
    shared = {code.lower() for code in a.codes} & {code.lower() for code in b.codes}
    if shared and (one.keys == other.keys or not one.keys or not other.keys):
        return True
    if a.codes and b.codes:
        return False
    kinds = {a.modality, b.modality}
    if len(kinds) > 1 and "CAR" not in kinds:
        return False
    if not a.is_cell or not b.is_cell:
        return a.label.lower() == b.label.lower()
    bare = not (a.codes or a.product)
    return one.keys == other.keys or not other.keys or (bare and not one.keys)
