"""How many products a set of binder expressions tells of: one with two antigens, or two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.extract.binding import Binding
from kg.extract.candidate import Candidate
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.spot import Spot
from kg.extract.zones import Zone

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
        "CD16",
        "CD4",
    }
)
_ALSO_BOUND = frozenset({"CD4", "CD45"})
_HOMING = frozenset({"CXCR1", "CXCR2", "CXCR3", "CXCR4", "CXCR5", "CX3CR1", "CCR2"})
_CHECKPOINTS = frozenset({"PD-1", "CTLA-4", "TIGIT", "LAG-3", "TGFBR2", "CISH", "CBLB", "HPK1"})
_CYTOKINE = re.compile(r"^(?:IL-\d+|CCL\d+|CXCL\d+|IFN-\w+|GM-CSF)")
_LIGAND_KEYS = frozenset({"IL-3", "IL-5", "IL-13", "CD27"})
ARMS = (Zone.ARM, Zone.ARM_TEXT)
_ONE_BY_ONE = re.compile(r"\bsequential\w*|cocktail|co-?infus\w+|and/or|or/and")
_MIXTURE = re.compile(r"\bmixtures? of\b|\b1:1\b|\bmixed\b|\bcocktail\b|\bpooled\b")
_SEQUENCE = re.compile(
    r"\b(?:sequential(?:ly)?|successive)\s+(?:(?:infusions?|therapy|treatment|administration|"
    r"targeting|cells?|car-?t|of|with|the|at|infused|combination)[\s-]+){0,5}(?:anti-?\s*)?$"
)
_DUAL = re.compile(
    r"\b(?:dual|bi-?specific|bi-?valent|tandem|tan-?car|compound|ccar|loop|tri-?specific|both|"
    r"simultaneous\w*|double|two antigens|multi-?specific|bi-?cistronic|triple|multi-?target\w*)\b"
)
_EACH_ITS_OWN = re.compile(r"\brespectively\b|\bseparately\b")
_SEVERAL = re.compile(
    r"\b(?:and/or|or/and|cocktail|sequential\w*|combin\w+|respectively|separately|followed by|"
    r"co-?infus\w+|mix\w*|"
    r"multiple|different|each|either|several|cars\b|car-ts\b|one or more)\b"
)


def bound_keys(candidate: Candidate, keys: Iterable[str]) -> tuple[str, ...]:
    """Leave out of a list what such a product does not bind by design."""
    listed = tuple(keys)
    if candidate.modality in CELL_MODALITIES:
        kept = tuple(
            key
            for key in listed
            if key not in _NEVER | _CHECKPOINTS | _HOMING and not _CYTOKINE.match(key)
        )
        if (
            not kept
            and len(listed) == 1
            and (listed[0] in _ALSO_BOUND or listed[0] in _LIGAND_KEYS)
        ):
            return listed
        return kept
    return listed


def distinct(spots: Iterable[Spot]) -> list[Spot]:
    """Return one spot a name, in reading order."""
    seen: dict[str, Spot] = {}
    for spot in spots:
        seen.setdefault(spot.key, spot)
    return list(seen.values())


def listed_products(reading: Reading, items: list[Binding]) -> list[list[Binding]]:
    """Group the binder expressions of one name: several, if it lists several products."""
    if is_induced(items):
        return [items]
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


def is_induced(items: Iterable[Binding]) -> bool:
    """Tell the receptors of one cell: a synNotch receptor switches on the CAR beside it."""
    return any(item.head is not None and item.head.key == "synNotch" for item in items)


def product_sets(
    reading: Reading, candidate: Candidate, items: Sequence[Binding]
) -> list[list[Binding]]:
    """Group expressions into one list a construct."""
    if is_induced(items):
        return [list(items)]
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
        if item.zone in ARMS and item.number is not None:
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
    mixed = _mixed(reading, keys) if candidate.modality in ENGINEERED else []
    if mixed:
        return mixed
    if (
        len(keys) < 2
        or candidate.modality not in ENGINEERED
        or candidate.codes
        or candidate.product
    ):
        return [widest]
    first = widest[0]
    if first.rule == "binding.by-expression":
        return [widest]
    named_dual = any(_DUAL.search(reading.document.lower, *span) for span in candidate.where)
    same = [item for item in reading.bindings if keys <= set(item.keys)]
    if not named_dual and any(_in_turn(reading, item) for item in same):
        return [[_only(first, key)] for key in dict.fromkeys(first.keys) if key in keys]
    if first.joint in {"/", "x", "×", "-", "space"}:
        return [widest]
    singles = {
        next(iter(_keys(candidate, group))) for group in groups if len(_keys(candidate, group)) == 1
    }
    sentence = reading.document.lower[slice(*reading.document.sentence_at(first.start, first.end))]
    each = singles >= keys and _EACH_ITS_OWN.search(sentence) is not None
    if not each and _is_dual(reading, candidate):
        return [widest]
    titles = " ".join(
        reading.document.lower[passage.start : passage.end]
        for passage in reading.passages((Zone.TITLE,))
    )
    several = _SEVERAL.search(sentence) or _ONE_BY_ONE.search(titles)
    if len(keys) > 2 or singles >= keys or several or _are_named(reading, first):
        return [[_only(first, key)] for key in dict.fromkeys(first.keys) if key in keys]
    return [widest]


def _are_named(reading: Reading, item: Binding) -> bool:
    """Tell the names of two products, "A and B CAR-T", from what one is targeted at."""
    if item.joint != "and" or item.head is None or item.head.start < item.end:
        return False
    return not reading.document.lower[item.end : item.head.start].strip(" -")


def _mixed(reading: Reading, keys: frozenset[str]) -> list[list[Binding]]:
    """Return the parts of "a 1:1 mixture of HER2-CAR-NK and CEACAM5-CAR-NK", one list each."""
    sentences: dict[tuple[int, int], dict[str, Binding]] = {}
    for item in reading.bindings if len(keys) > 1 else ():
        if len(item.keys) == 1 and item.keys[0] in keys and item.own and item.head is not None:
            span = reading.document.sentence_at(item.start, item.end)
            sentences.setdefault(span, {}).setdefault(item.keys[0], item)
    for span, parts in sentences.items():
        if parts.keys() == keys and _MIXTURE.search(reading.document.lower, *span):
            return [[item] for item in parts.values()]
    return []


def _in_turn(reading: Reading, item: Binding) -> bool:
    """Tell "sequential CD19/CD22 CAR-T": two products, unless the phrase calls them one."""
    sentence, end = reading.document.sentence_at(item.start, item.end)
    before = reading.document.lower[max(sentence, item.start - 60) : item.start]
    around = reading.document.lower[max(sentence, item.start - 40) : min(end, item.end + 40)]
    return bool(_SEQUENCE.search(before)) and not _DUAL.search(around)


def _only(item: Binding, key: str) -> Binding:
    spots = tuple(spot for spot in item.spots if spot.key == key)
    return item._replace(keys=(key,), spots=spots)


def _is_dual(reading: Reading, candidate: Candidate) -> bool:
    spans = [*candidate.where]
    spans += [(p.start, p.end) for p in reading.passages((Zone.TITLE, Zone.SUMMARY))]
    return any(_DUAL.search(reading.document.lower, start, end) for start, end in spans)


def _keys(candidate: Candidate, group: Sequence[Binding]) -> frozenset[str]:
    return frozenset(key for item in group for key in bound_keys(candidate, item.keys))


def _by_keys(candidate: Candidate, items: Iterable[Binding]) -> list[list[Binding]]:
    groups: dict[frozenset[str], list[Binding]] = {}
    for item in items:
        groups.setdefault(frozenset(bound_keys(candidate, item.keys)), []).append(item)
    return list(groups.values())
