"""The HLA types that a receptor needs, in one notation where the words leave no doubt.

`HLA-A*0201`, `HLA-A0201` and `A*02:01` are HLA-A*02:01. A serotype whose alleles all bear its
number becomes that group (HLA-A2 is HLA-A*02); any other keeps its own name (HLA-DQ8).
"""

from __future__ import annotations

import re

from kg.extract.candidate import Bound
from kg.extract.findings import Claim, Evidence
from kg.extract.reading import Reading, claim
from kg.extract.zones import Zone

_LOCUS = r"(?:d(?:r|p|q)(?:[ab]\d?)?|[abc]w?|e)"
_HLA = re.compile(
    rf"\b(?:hla|human leu[ck]ocyte antigens?(?: \(hla\))?)(?:\s?class i{{1,2}})?[-\s:(]{{0,2}}"
    rf"(?P<locus>{_LOCUS})[-\s]?(?P<star>\*)?\s?(?P<group>\d{{1,2}})(?:[:-]?(?P<field>\d{{2,3}}))?"
    r"(?![\d])"
    rf"|\b(?P<bare>{_LOCUS})\*\s?(?P<bare_group>\d{{2}})(?::?(?P<bare_field>\d{{2,3}}))?(?!\d)"
)
_MORE = re.compile(r"\s?/\s?(?P<group>\d{2}):?(?P<field>\d{2})(?!\d)")
_DENIED = re.compile(
    r"(?:other than|except\w*(?: for)?|not|non|without|negative for|exclud\w+|instead of|"
    r"lack\w*(?: of)?|no)[\s-]+(?:\w+\s+){0,2}$"
)
_DENIED_AFTER = re.compile(r"^[\s)]*(?:[-\s]negative|(?:allele )?(?:is|are) excluded)")
_ALPHA_ONLY = {"dp": "dpb1", "dr": "drb1", "dq": "dqb1"}
_SEROTYPES = frozenset(
    [("a", n) for n in (1, 2, 3, 11, 23, 24, 25, 26, 29, 30, 31, 32, 33, 34, 36, 66, 68, 69, 74)]
    + [("b", n) for n in (7, 8, 13, 18, 27, 35, 37, 38, 39, 44, 45, 51, 52, 57, 58)]
)
_RECEPTORS = frozenset({"TCRTTherapy"})
_MOST = 3


def hla_restriction(reading: Reading, part: Bound, modality: Claim) -> tuple[Claim, ...]:
    """Return the HLA types that a T-cell receptor, or a binder of a peptide on HLA, needs."""
    kinds = {reading.lexicon.antigens[key].kind for key in part.targets}
    if modality.value not in _RECEPTORS and "PeptideMHC" not in kinds:
        return ()
    found: dict[str, list[Evidence]] = {}
    for passage in reading.document.passages:
        for match in _HLA.finditer(reading.document.lower, passage.start, passage.end):
            if not _is_meant(reading, match):
                continue
            for name, start, end in _names(reading, match):
                found.setdefault(name, []).append(reading.document.evidence(start, end))
    return tuple(
        claim(name, "Stated", "hla.allele", 0.85, evidence[:_MOST])
        for name, evidence in sorted(found.items())
    )


def _is_meant(reading: Reading, match: re.Match[str]) -> bool:
    """Leave alleles that must not be there."""
    if reading.document.zone_at(match.start()) is Zone.EXCLUSION:
        return False
    lower = reading.document.lower
    if _DENIED.search(lower[max(0, match.start() - 40) : match.start()]):
        return False
    return _DENIED_AFTER.match(lower[match.end() : match.end() + 25]) is None


def _names(reading: Reading, match: re.Match[str]) -> list[tuple[str, int, int]]:
    locus = match["locus"] or match["bare"]
    group = match["group"] or match["bare_group"]
    field = match["field"] or match["bare_field"]
    starred = bool(match["star"] or match["bare"])
    made = [(_notation(locus, group, field, starred=starred), match.start(), match.end())]
    end = match.end()
    while field and (more := _MORE.match(reading.document.lower, end)):
        name = _notation(locus, more["group"], more["field"], starred=starred)
        made.append((name, more.start("group"), more.end()))
        end = more.end()
    return made


def _notation(locus: str, group: str, field: str | None, *, starred: bool) -> str:
    """Return an allele or a group as the nomenclature writes it, else the serotype's own name."""
    gene = locus.removesuffix("w") if starred or field else locus
    if field or starred:
        gene = _ALPHA_ONLY.get(gene, gene)
        allele = f"HLA-{gene.upper()}*{int(group):02d}"
        return f"{allele}:{field}" if field else allele
    if (gene, int(group)) in _SEROTYPES:
        return f"HLA-{gene.upper()}*{int(group):02d}"
    return f"HLA-{'Cw' if gene == 'cw' else gene.upper()}{int(group)}"
