"""Inhibitory gates: the antigen whose presence holds a construct back, as the words say.

Words on a gate count only where the record says that its product is gated: an inhibitory CAR, a
NOT gate, a Tmod product. Who lost an HLA type may have such a product, and is then not its target.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.sought import has_any
from kg.extract.spot import ANTIGEN, Spot
from kg.extract.zones import CRITERIA, Document

_WORDS = ("tmod", "not gat", "not-gat", "logic gat", "logic-gat", "inhibitory ", "blocker recep")
_GATED = re.compile(
    r"\btmod\b|\bnot[- ]gat(?:e|ed|ing)\b|\blogic[- ]gat(?:e|es|ed|ing)\b|\bblocker receptor|"
    r"\binhibitory (?:car|chimeric (?:antigen )?receptor)s?\b|\bgated inhibitory\b"
)
_INHIBITOR = (
    r"(?:inhibitory (?:car|chimeric (?:antigen )?receptor)s?(?:\s*\(\w+\))?|\bicars?|"
    r"not[- ]gat(?:e|ed|ing)|blocker(?: receptor)?)"
)
_TO = (
    r"(?:\s+(?:that|which|is|are|be|directed|targeted|specific|activated|triggered|the|a|an|to|"
    r"for|by|on|against|via|through|with|based|healthy|normal|antigen|antigens|protein|marker|"
    r"target(?:s|ing)?|recogni[sz](?:es|ing)|bind(?:s|ing)|sens(?:es|ing)|anti|human)\b)*"
)
_GATE_BEFORE = re.compile(rf"{_INHIBITOR}{_TO}[\s(:-]*(?:anti-?\s*)?$|\band[- ]not\s+$")
_GATE_AFTER = re.compile(
    rf"^[\s)-]*(?:(?:specific|targeted|targeting|directed|binding|based)[\s-]+)?{_INHIBITOR}|"
    r"^[\s)-]*gated (?:inhibitory|blocker)|^[\s)-]*(?:\w+[\s-]){0,2}protected\b"
)
_SPARED_BEFORE = re.compile(
    r"\b(?:spar(?:e|es|ed|ing)|protect(?:s|ed|ing)?|preserv(?:e|es|ed|ing))\s+(?:\w+\s+){0,4}?"
    r"(?:cells?|tissues?|hscs?)\s+(?:that\s+|which\s+)?(?:express(?:es|ing)?|bear(?:s|ing)?|with)\s+$"
)
_HLA_GATED = re.compile(r"^[\s)-]*gated\b")
_LOST_BEFORE = re.compile(
    r"\b(?:lost|los[st]|loss|losing|lack|lacks|lacking|absence|loh|deletion|heterozygosity)\b"
    r"(?:\s+(?:of|at|the|in|for|expression|heterozygosity|allele|locus))*[\s(]*$"
)
_LOST_AFTER = re.compile(
    r"^[\s)-]*(?:alleles?\s+|expression\s+|locus\s+|type\s+)*(?:loss|lost|loh\b|negative|deletion)"
)
_AROUND = 90


def gate_spots(document: Document, spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """Return the antigens that the words call the gate of a product."""
    if not has_any(document.lower, _WORDS) or not _GATED.search(document.lower):
        return ()
    return tuple(spot for spot in spots if spot.kind == ANTIGEN and _is_gate(document, spot))


def _is_gate(document: Document, spot: Spot) -> bool:
    passage = document.passage_at(spot.start)
    before = document.lower[max(passage.start, spot.start - _AROUND) : spot.start]
    after = document.lower[spot.end : min(passage.end, spot.end + _AROUND)]
    if spot.key.startswith("HLA-"):
        lost = is_lost(document, spot)
        return bool(lost or _HLA_GATED.match(after)) or _is_named(before, after)
    if document.zone_at(spot.start) in CRITERIA:
        return False
    return _is_named(before, after)


def is_lost(document: Document, spot: Spot) -> bool:
    """Tell an antigen that the words call lost, as the tumour that a gated product spares not."""
    passage = document.passage_at(spot.start)
    before = document.lower[max(passage.start, spot.start - _AROUND) : spot.start]
    after = document.lower[spot.end : min(passage.end, spot.end + _AROUND)]
    return _LOST_BEFORE.search(before) is not None or _LOST_AFTER.match(after) is not None


def _is_named(before: str, after: str) -> bool:
    if _GATE_BEFORE.search(before) or _SPARED_BEFORE.search(before):
        return True
    return _GATE_AFTER.match(after) is not None
