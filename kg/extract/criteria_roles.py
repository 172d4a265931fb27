"""Roles of antigens in the criteria: earlier treatment, required expression, or none."""

from __future__ import annotations

import re

from kg.extract.reading import Reading
from kg.extract.role import (
    BACKGROUND,
    LAB,
    LIGANDS,
    PHENOTYPE,
    PRIOR,
    REQUIRED,
    TARGET,
    Known,
    Role,
)
from kg.extract.spot import Spot
from kg.extract.zones import Zone

PHENOTYPES = frozenset(
    {
        "CD3",
        "CD4",
        "CD8",
        "CD34",
        "CD45",
        "CD45RA",
        "CD62L",
        "CD14",
        "CD16",
        "CD27",
        "CD25",
        "CCR7",
        "CD45RO",
    }
)
_EFFECTORS = frozenset({"CD3", "CD3E", "CD16"})
_SERUM = frozenset(
    {"PSA", "CA19-9", "AFP", "B2M", "IgE", "IgM", "Lpa", "TNF", "IL-6", "MUC16", "CEA"}
)
_TREATMENT = re.compile(
    r"\b(?:prior(?!\s+to\b)|previous\w*|receiv\w+|treat\w+|therap\w+|antibod\w+|inhibitor\w*|"
    r"car-?t?|exposure|agents?|immunotherapy|history of|"
    r"infus\w+|intoleran\w+|fail\w+|refractory)\b"
)
_EXPRESSION = re.compile(
    r"\b(?:express\w*|over-?express\w*|positiv\w*|immunohisto\w*|ihc|stain\w*|flow cytometry|"
    r"biops\w*|tumou?r cells|\d+\s?%|[123]\+|h-score)\b"
)
_TESTED = re.compile(
    r"\b(?:status|tested|testing|assess\w*|determin\w*|evaluat\w*|profil\w*|screen\w*)\b"
)
_BEFORE_ENTRY = re.compile(
    r"\b(?:prior|previous\w*|ever|histor\w+ of|other|earlier|already|failed|failure|progressed|"
    r"must have (?:received|been treated))\b"
    r"(?!\s+to\b)\s+(?:[\w-]+\s+){0,4}(?:anti-?\s*)?$"
)
_GIVEN_BEFORE = re.compile(
    r"\b(?:(?:received|treated|treatment|exposed|exposure|use)\b"
    r"(?!\s+to\s+(?:be|receive)\b)|"
    r"(?:poor|inadequate|insufficient|lack of|no) (?:efficacy|response)\b)"
    r"\s+(?:(?:[\w-]+|\(?e\.g\.,?|\(?such as|\(?including)[\s(]+){0,4}(?:anti-?\s*)?$"
)
_NOT_YET = re.compile(
    r"\b(?:dos\w+|administration|infusion|day) of\s+(?:\w+\s+)?$|"
    r"\breceipt of\s+(?:[\w-]+\s+){0,4}$"
)
_WITHIN = re.compile(
    r"^\W{0,4}(?:\(\w+\W{1,3})?(?:(?:treatment|therapy|use|administration)\s+(?:with)?in|"
    r"(?:taken|used|given|received)\s+(?:at any time\s+)?(?:with)?in)\s+(?:the\s+)?"
    r"(?:previous|past|last|prior|preceding|\d)"
)
_PRODUCT_AFTER = re.compile(
    r"^[\s)-]*(?:specific\s|targeted\s|directed\s)?[\s-]*(?:car\b|car-|cart|cd\d+|"
    r"[\w-]*\s*(?:car|cart|cells?|infusion)\b)"
)
_BINDER = re.compile(
    r"\banti-?\s*(?:\||$)|target|direct|antibod|\bcar\b|car-t|cart\b|inhibitor|agonist|"
    r"antagonist|therap|bispecific|express|"
    r"positive (?:tumou?r|cell|blast)|antigen"
)
_DIRECTED = re.compile(
    r"\banti-?\s*(?:\||$)|target|direct|antibod|\bcar\b|car-t|cart\b|inhibitor|agonist|therap|express"
)
_OPPOSED = re.compile(
    r"\banti-?\s*(?:\w+[\s-]*)?(?:\(\w+\)?-?)?(?:\||$)|\bα-?\||target|direct|antibod|inhibit|antagonist|block|neutrali|"
    r"monoclonal|mabs?\b"
)
_ALLERGY = re.compile(
    r"(?:\ballerg(?:y|ies|ic\s+(?:or\s+\w+\s+)?(?:reactions?|responses?))|hypersensitiv\w+|anaphyla\w+|"
    r"\bsensitivit(?:y|ies)|contra-?indicat\w+)[^.;\n]{0,60}?\s(?:to|against)\s(?P<to>[^.;\n]*)$"
)
_TAKEN = re.compile(r"\b(?:prior|previous\w*|received|exposure|exposed|treated)\b(?!\s+to\b)")
_CELL_WORDS = 25
_SENTENCE = 300
_NEAR = 60


def criteria_role(
    reading: Reading, spot: Spot, known: Known, before: str, after: str
) -> Role | None:
    """Return the role that the antigen itself settles, whatever the words of the sentence."""
    kind = reading.lexicon.antigens[spot.key].kind
    own = spot.key in known.owners
    if spot.key in _EFFECTORS and (before.endswith(("x", "×")) or after.startswith(("x", "×"))):
        return Role(spot.key, BACKGROUND, "mention.effector-arm", spot)
    beside = before[-_CELL_WORDS:] + "|" + after[:25]
    if spot.key in PHENOTYPES and not own and not _BINDER.search(beside):
        return Role(spot.key, PHENOTYPE, "mention.phenotype", spot)
    if kind == "ViralAntigen" and not own:
        return Role(spot.key, LAB, "mention.serology", spot)
    beside = before[-12:] + "|" + after[:25]
    if spot.key in _SERUM and not own and not _DIRECTED.search(beside):
        return Role(spot.key, LAB, "mention.serum-marker", spot)
    beside = before[-_CELL_WORDS:] + "|" + after[:25]
    if LIGANDS.match(spot.key) and not _OPPOSED.search(beside):
        return Role(spot.key, BACKGROUND, "mention.ligand", spot)
    if own and _is_product(reading, spot, known, after) and is_own(reading, spot):
        number = known.owners[spot.key]
        return Role(spot.key, TARGET, "mention.own-product", spot, construct=number)
    return None


def sentence_role(reading: Reading, spot: Spot, zone: Zone) -> Role:
    """Return the role that the words of the sentence suggest where no cue stands nearby."""
    first, last = reading.document.sentence_at(spot.start, spot.end)
    sentence = reading.document.lower[max(first, spot.start - 250) : min(last, spot.end + 200)]
    if zone is Zone.EXCLUSION:
        if _TREATMENT.search(sentence):
            return Role(spot.key, PRIOR, "mention.exclusion-therapy", spot)
        if _EXPRESSION.search(sentence):
            return Role(spot.key, "ExcludedMention", "mention.exclusion-expression", spot)
    elif zone is Zone.INCLUSION:
        if _EXPRESSION.search(sentence):
            return Role(spot.key, REQUIRED, "mention.inclusion-expression", spot)
        if _TREATMENT.search(sentence):
            return Role(spot.key, PRIOR, "mention.inclusion-therapy", spot)
        if _TESTED.search(sentence):
            return Role(spot.key, "TestedMention", "mention.inclusion-tested", spot)
    return Role(spot.key, BACKGROUND, "mention.background", spot)


def is_own(reading: Reading, spot: Spot) -> bool:
    """Tell the study's own product in the criteria from an earlier treatment.

    An inclusion criterion speaks of those whom the study treats unless it says before.
    """
    first, _ = reading.document.sentence_at(spot.start, spot.end)
    before = reading.document.lower[max(first, spot.start - _NEAR) : spot.start]
    if _NOT_YET.search(before) and not _TAKEN.search(before):
        return True
    if _BEFORE_ENTRY.search(before):
        return False
    if reading.document.zone_at(spot.start) is not Zone.EXCLUSION:
        return True
    after = reading.document.lower[spot.end : spot.end + _NEAR]
    return not _GIVEN_BEFORE.search(before) and not _WITHIN.match(after)


def in_allergy(reading: Reading, spot: Spot) -> bool:
    """Tell a substance that one must not be allergic to from one that was given."""
    first, _ = reading.document.sentence_at(spot.start, spot.end)
    before = reading.document.lower[max(first, spot.start - _SENTENCE) : spot.start]
    allergy = _ALLERGY.search(before)
    return allergy is not None and not _TAKEN.search(allergy["to"])


def _is_product(reading: Reading, spot: Spot, known: Known, after: str) -> bool:
    word = _word(reading, spot)
    coded = len(word) > spot.end - spot.start and word in known.names
    return coded or bool(_PRODUCT_AFTER.match(after))


def _word(reading: Reading, spot: Spot) -> str:
    """Return the whole word, up to blanks, that an antigen's name is part of."""
    lower = reading.document.lower
    start, end = spot.start, spot.end
    while start and not lower[start - 1].isspace():
        start -= 1
    while end < len(lower) and not lower[end].isspace():
        end += 1
    return lower[start:end].strip("(),.;:")
