"""Expressions that say what something binds: "anti-CD19/CD22 CAR-T", "CAR directed against DLL3".

An expression is a list of antigens with a binder word before or after it. Which product it speaks
of, and whether that product is given in the trial, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.extract.sought import sought
from kg.extract.spot import ANTIGEN, COMPONENT, MODALITY, Spot
from kg.extract.zones import CRITERIA, Document, Zone

_JOINT = re.compile(
    r"^(?P<join>\s*(?:/|,|;|&|\+|x|×|\\|-|and\s?/\s?or|or/and|and|or|plus|as well as)\s*"
    r"(?:and/or|and|or)?|\s+)\s*(?:the\s+)?(?:human\s+)?(?:anti[- ]*|α)?$"
)
# An item that no table knows does not end a list: "CD38/CD900/CD20", "ROR1, GD1, or B7-H3".
_UNKNOWN_ITEM = re.compile(
    r"\s*(?P<join>[/,+])\s*(?:CD)?(?=[\w.-]*[A-Z\d])[A-Z\d][\w.-]{1,9}\s*"
    r"(?P=join)\s*(?:and|or)?\s*$"
)
_PARENTHESES = re.compile(r"(?<=[\s(])(?:\d|i{1,3}|iv|v|[a-d])\)|[()\[\]\"'*]")
_LEADING = (
    r"(?:the|a|an|both|human|cells?|that|which|tumou?r|surface|antigens?|proteins?|receptors?|\
expressing|expresses|express|called|of|cancer|target|targets|molecules?|novel|extracellular|domain|either|\
biomarker|specifically|marker|known|as|or|and|leuk\w+|lymphoma|b|biomarkers|alternative|epitopes?|located|in|"
    r"site|extra|cellular|cleaved|forms?|mutated|variant|glycosylated|aberrant\w*|truncated|"
    r"human's|these|this|their|modified|to|cluster|differentiation|cd|kill(?:s|ing)?|"
    r"attack(?:s|ing)?|destroy(?:s|ing)?|eliminat(?:e|es|ing)|"
    r"highly|conserved|immuno-?\w+|transmembrane|lineage|checkpoint)"
)
_BINDS_BEFORE = sought(
    r"(?:\banti[-\s]*(?:human[-\s]+)?|α-?|(?:\btarget(?:s|ing|ed)?(?:\s+(?:to|at|against|of|towards?))?|"
    r"directed\s+(?:against|to|at|towards?)|directs?\s+\w*\s*(?:against|to|at)|\bagainst|"
    r"recogni[sz]\w*|specific(?:ity)?\s+(?:for|to|towards?|against)|specificity|"
    r"bind(?:s|ing)?(?:\s+(?:to|of))?|redirected\s+(?:to|against)|reactive\s+(?:to|against)|"
    r"target(?:ing|s)?:|inhibit(?:s|ing)?|block(?:s|ing)|neutrali[sz]\w+|to target)"
    rf"[\s(:]+(?:{_LEADING}[\s():-]+){{0,8}})$".replace("\\\n", ""),
    *("anti", "α", "target", "direct", "against", "recogni", "specific", "bind", "reactive"),
    *("inhibit", "block", "neutrali"),
)
_BY_EXPRESSION = sought(
    r"based on (?:the |their |each )?(?:[\w']+ )?expression of (?:[\w/-]+ ){0,4}antigens?\s?\($|"
    r"\b(?:undergo|receive|have) (?:tumou?r )?(?:antigen|target) profiling (?:for|of) $",
    "expression of",
    "profiling",
)
_BINDS_AFTER = re.compile(
    r"^[\s)\"]*(?:\(\w+\)\s*)?[-\s]*(?:specific|targeted|targeting|directed|redirected|reactive|"
    r"binding|redirecting|recogni[sz]ing|blocking)"
)
_AS_TARGETS = re.compile(r"^[\s)]+as\s+(?:the |a )?(?:[\w-]+ ){0,4}targets?\b")
_ANTIBODY_AFTER = re.compile(
    r"^[\s)]*[-\s]*(?:humani[sz]ed\s+|human\s+|chimeric\s+|fully human\s+|bispecific\s+)*"
    r"(?:monoclonal|antibod|mabs?\b|adc\b|scfv|nanobod|inhibitor|blocker|blockade|tcrs?\b|"
    r"t[- ]cell receptor|bispecific|vhh|antagonist|immunotoxin|chimeric|bites?\b)"
)
_INHIBITOR_AFTER = re.compile(r"^[\s)]*[-\s]*(?:inhibitor|blocker|blockade|antagonist)")
_TO_CAR = re.compile(
    r"^(?!.*\b(?:after|and|prior|post|than|then|until|when|who|plus|with)\b)[\s)\]\-/.,(*]*(?:(?:dual|bi-?specific|tri-?specific|tandem|compound|target|targeted|"
    r"targeting|"
    r"specific|directed|redirected|chimeric|humani[sz]ed|human|fully|autologous|allogeneic|"
    r"universal|"
    r"armou?red|engineered|modified|gene|genetically|second|third|fourth|1st|2nd|3rd|4th|"
    r"generation|"
    r"secreting|expressing|cord|blood|derived|novel|loop|based|transduced|cistronic|bicistronic|"
    r"hs|fast|next|enhanced|double|triple|multi|off-the-shelf|ultra|immuno|innovative|new|"
    r"il-?\d+\w?|safety|switch|receptor|antigen|surface|t|nk|cells?|the|fresh|rapid|selective|"
    r"like|type|[a-z]|memory|stem|tcr|cd28|cd8|cd4|41bb|4-1bb|a2|dual-target|cocktail|combined)"
    r"[\s\-/.,()]*){0,6}$"
)
_FROM_CAR = re.compile(r"^(?:s?[-./]?|[-\s.]*\()$")
_NOT_OWN = re.compile(
    r"(?:\b(?:after|following|fail\w*|failure of|failure to|refractory to|relaps\w+ (?:after|"
    r"from|post)|"
    r"previous(?:ly)?|prior|resistant to|received|post|unlike|history of|treated with|"
    r"progressed on|"
    r"such as|e\.g\.?,?|including|commercial(?:ly available)?|approved|exposed to|"
    r"progress\w* (?:after|on))"
    r"\s+(?:[\w/]+[\s-]){0,5}|\((?:e\.g\.|for example|such as)[^()]{0,80})$"
)
# "X in combination with an anti-PD-1 antibody": what X is given with, not what it binds.
_COMPANION = re.compile(
    r"(?:in combination with|combined with|combination therapy with|added to)\s+(?:an?\s+)?"
    r"anti-?\s*$"
)
_TELLS_COMPANY = frozenset({Zone.TITLE, Zone.SUMMARY, Zone.ARM})
_LIGAND = re.compile(
    r"^(?:IL-\d+\w?|TNF|TGF-beta|CGRP|IFN-\w+|CCL\d+|CXCL\d+|GM-CSF|EGF|NGF|"
    r"HGF)$"
)
_RECEPTOR = re.compile(r"[\s)]*(?:\(\w+\)\s*)?receptor\b")
_SECRETED = sought(
    r"(?:secret\w+|releas\w+)\s+(?:\w+\s+){0,2}(?:anti-?\s*|against\s+)?$", "secret", "releas"
)
_DECOY = re.compile(r"^[\s)-]*(?:ig\b|fc\b|fusion protein)")
_ANTI_ADDED = re.compile(r"\b(?:plus|and|with)\s+anti-?\s*$|\+\s*anti-?\s*$")
_ALTERED = sought(
    r"\b(?:truncated|constitutive(?:ly active)?|dominant[- ]negative|membrane[- ](?:bound|"
    r"anchored))\s+(?:human\s+)?$",
    "truncated",
    "constitutive",
    "dominant",
    "membrane",
)
_ARMING = re.compile(r"^[\s)]*(?:antibod\w*|nanobod\w*|scfv)[\s-]*(?:express|secret)")
# "TIGIT, an inhibitory receptor that binds to CD155": what another molecule binds by nature.
_BY_ANOTHER = sought(
    r"\b(?:inhibitory|checkpoint|co-?stimulatory|immune|activating)\s+(?:immune\s+|checkpoint\s+)?"
    r"(?:receptors?|ligands?|molecules?|proteins?|checkpoints?),?\s+(?:that|which)\s+"
    r"(?:binds?|interacts?|recogni[sz]es?|engages?)\s+(?:[\w-]+\s+){0,3}$",
    "that",
    "which",
)
_ACTS_ON_CELLS = re.compile(
    r"\b(?:efficacy|activity|cytotoxicity|potency|response|effect\w*)\s+(?:against|on|towards?)\s+$"
)
_SIGNALLING = re.compile(
    r"^[\s)-]*(?:signal(?:l?ing)?|intracellular|cytoplasmic|co-?stimulatory)[\s-]+"
    r"(?:[\w-]+[\s-]+)?(?:domains?|motifs?|tails?|moiet\w+)\b|^[\s)-]*endodomain"
)
_FORMATS = frozenset({"bispecific", "bi-specific", "trispecific"})
_EXPRESSED = re.compile(r"^\)?\s?\+?[\s-]*(?:positiv|negativ|express|over-?express|\+\s)")
_REACH = 90
_CAR_REACH = 70
_SIGNAL_REACH = 50


class Binding(NamedTuple):
    """One binder expression: antigens, how they are joined, and the modality it is said of.

    `enumerated` marks an element of a list of pairs; `own` is False where the words before speak
    of other or earlier treatments.
    """

    keys: tuple[str, ...]
    spots: tuple[Spot, ...]
    joint: str
    rule: str
    head: Spot | None
    zone: Zone
    number: int | None
    own: bool
    enumerated: bool

    @property
    def start(self) -> int:
        """Return where the first antigen begins."""
        return self.spots[0].start

    @property
    def end(self) -> int:
        """Return where the last antigen ends."""
        return self.spots[-1].end


class _Element(NamedTuple):
    spots: tuple[Spot, ...]
    joint: str


def bindings(document: Document, spots: Sequence[Spot]) -> list[Binding]:
    """Return the binder expressions outside the criteria, in reading order."""
    components = [spot for spot in spots if spot.kind == COMPONENT]
    signalling = _signalling(document, spots)
    antigens = [
        spot
        for spot in spots
        if spot.kind == ANTIGEN
        and spot.key not in signalling
        and not _hidden(spot, components)
        and not (_LIGAND.match(spot.key) and _RECEPTOR.match(document.lower, spot.end))
    ]
    heads = [spot for spot in spots if spot.kind == MODALITY and spot.key not in _FORMATS]
    found: list[Binding] = []
    for run in _runs(document, antigens):
        zone = document.zone_at(run[0][0].start)
        if zone in CRITERIA or zone is Zone.CONDITION:
            continue
        found.extend(_of_run(document, run, heads, zone))
    return found


def _signalling(document: Document, spots: Sequence[Spot]) -> frozenset[str]:
    """Return the receptors that lend a CAR a signalling part: "IL-7 receptor signaling domain"."""
    if "domain" not in document.lower:
        return frozenset()
    return frozenset(
        spot.key
        for spot in spots
        if spot.kind == ANTIGEN
        and _SIGNALLING.match(document.lower[spot.end : spot.end + _SIGNAL_REACH])
    )


def _hidden(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Tell an antigen inside a component's name, which says more."""
    return any(other.start <= spot.start and spot.end <= other.end for other in spots)


def _runs(document: Document, antigens: Sequence[Spot]) -> Iterator[list[tuple[Spot, str]]]:
    """Yield antigens that stand in one list, each with the words that join it to the one before."""
    run: list[tuple[Spot, str]] = []
    for spot in antigens:
        joint = _joint(document, run[-1][0], spot) if run else None
        if joint is None:
            if run:
                yield run
            run = [(spot, "")]
        else:
            run.append((spot, joint))
    if run:
        yield run


def _joint(document: Document, before: Spot, after: Spot) -> str | None:
    if after.start - before.end > 40 or after.start < before.end:
        return None
    gap = document.lower[before.end : after.start]
    if "\n" in gap or (_LIGAND.match(before.key) and _ANTI_ADDED.search(gap)):
        return None
    plain = _PARENTHESES.sub(" ", gap)
    if gap in {"", "."}:
        return "/"
    if before.key == after.key and (not plain.strip() or len(plain.strip()) < 3):
        return "alias"
    words = (
        re.sub(r"\b(?:ca[\s-]?125|also known as|aka|or|antigens?|targets?)\b", " ", plain)
        if (before.key == after.key)
        else plain
    )
    if before.key == after.key and not words.strip(" ,/;-"):
        return "alias"
    unknown = _UNKNOWN_ITEM.match(document.text, before.end, after.start)
    if unknown is not None:
        return unknown["join"]
    match = _JOINT.match(plain)
    if match is None:
        return None
    joined = match["join"].strip()
    if not joined:
        return "alias" if "(" in gap and before.key == after.key else "space"
    return joined


def _of_run(
    document: Document, run: list[tuple[Spot, str]], heads: Sequence[Spot], zone: Zone
) -> Iterator[Binding]:
    start, end = run[0][0].start, run[-1][0].end
    rule, head = _binder(document, start, end, heads)
    elements = _elements(run)
    pairs = [element for element in elements if len({spot.key for spot in element.spots}) > 1]
    if len(elements) > 1 and len(pairs) > 1 and len(pairs) == len(elements):
        for element in elements:
            own_rule = rule or "binding.enumerated"
            yield _binding(document, element.spots, element.joint, own_rule, head, zone, True)
        return
    if rule is None:
        yield from _parts(document, run, heads, zone)
        return
    joint = next((part for _, part in run if part and part != "alias"), "")
    yield _binding(document, tuple(spot for spot, _ in run), joint, rule, head, zone, False)


def _parts(
    document: Document, run: list[tuple[Spot, str]], heads: Sequence[Spot], zone: Zone
) -> Iterator[Binding]:
    """Of a list that no binder governs as a whole, yield the antigens that have their own."""
    if len(run) == 1:
        return
    for spot, _ in run:
        rule, head = _binder(document, spot.start, spot.end, heads)
        if rule is not None:
            yield _binding(document, (spot,), "", rule, head, zone, False)


def _elements(run: list[tuple[Spot, str]]) -> list[_Element]:
    """Split a list at commas and words; what slashes and hyphens join stays together."""
    elements: list[_Element] = []
    for spot, joint in run:
        if not elements or (joint not in {"alias", "/", "-", "x", "×", "+", "space"}):
            elements.append(_Element((spot,), ""))
        else:
            last = elements[-1]
            kept = last.joint or (joint if joint != "alias" else "")
            elements[-1] = _Element((*last.spots, spot), kept)
    return elements


def _binding(
    document: Document,
    spots: tuple[Spot, ...],
    joint: str,
    rule: str,
    head: Spot | None,
    zone: Zone,
    enumerated: bool,
) -> Binding:
    keys = tuple(dict.fromkeys(spot.key for spot in spots))
    sentence, _ = document.sentence_at(spots[0].start, spots[-1].end)
    before = document.lower[max(sentence, spots[0].start - _REACH) : spots[0].start]
    own = not _NOT_OWN.search(re.sub(r"anti-?\s*$", "", before))
    own = own and not (zone in _TELLS_COMPANY and _COMPANION.search(before))
    number = document.passage_at(spots[0].start).number
    return Binding(keys, spots, joint, rule, head, zone, number, own, enumerated)


def _binder(
    document: Document, start: int, end: int, heads: Sequence[Spot]
) -> tuple[str | None, Spot | None]:
    """Return the rule that makes a list of antigens a binder expression, and its modality."""
    passage = document.passage_at(start)
    before = document.lower[max(passage.start, start - _REACH) : start]
    after = document.lower[end : min(passage.end, end + _REACH)]
    right = _head_after(document, end, heads)
    left = _head_before(document, start, heads)
    head = right or left or _head_near(document, start, end, heads)
    if _DECOY.match(after) or _ARMING.match(after) or _SECRETED.search(before):
        return None, None
    if _ALTERED.search(before) or _BY_ANOTHER.search(before):
        return None, None
    if _EXPRESSED.match(after):
        if _ACTS_ON_CELLS.search(before):
            return "binding.acts-on", head
        return (None, None) if not _BINDS_BEFORE.search(before) else ("binding.before", head)
    if _BY_EXPRESSION.search(before):
        return "binding.by-expression", None
    if right is not None:
        return "binding.car-after", right
    if left is not None:
        return "binding.car-before", left
    if _BINDS_AFTER.match(after) or _AS_TARGETS.match(after):
        return "binding.after", head
    if head is not None and _is_title_list(document, start, end):
        return "binding.title-list", head
    if _BINDS_BEFORE.search(before):
        return "binding.before", head
    if _ANTIBODY_AFTER.match(after):
        rule = "inhibitor-after" if _INHIBITOR_AFTER.match(after) else "antibody-after"
        return f"binding.{rule}", head
    return None, None


def _is_title_list(document: Document, start: int, end: int) -> bool:
    """Tell the antigens that a title of cells gives in brackets: "CAR-NK … (MSLN, FRα, MUC16)"."""
    titled = document.zone_at(start) is Zone.TITLE and document.text[start - 1 : start] == "("
    listed = document.text[end : end + 1] == ")" and "," in document.text[start:end]
    return titled and listed


def _head_after(document: Document, end: int, heads: Sequence[Spot]) -> Spot | None:
    for head in heads:
        if end <= head.start <= end + _CAR_REACH:
            gap = document.lower[end : head.start]
            if "\n" not in gap and _TO_CAR.match(gap):
                return head
        elif head.start > end + _CAR_REACH:
            return None
    return None


def _head_before(document: Document, start: int, heads: Sequence[Spot]) -> Spot | None:
    for head in heads:
        if head.end <= start <= head.end + 3 and _FROM_CAR.match(document.lower[head.end : start]):
            return head
    return None


def _head_near(document: Document, start: int, end: int, heads: Sequence[Spot]) -> Spot | None:
    if not heads:
        return None
    first, last = document.sentence_at(start, end)
    near = [head for head in heads if first <= head.start < last]
    return min(
        near, key=lambda head: min(abs(head.end - start), abs(head.start - end)), default=None
    )
