"""Finds the names of the tables in a text: antigens, products, components, agents, cues.

One Aho-Corasick automaton over all spellings; each hit is then checked for case, for what stands
around it, and against longer names.

Context classes that a row of a table can need or be blocked by (columns `needs`, `blocks`):
car, cell, binder, lab, disease, gene, imaging, vaccine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.extract.spellings import slips, spellings, squeezed
from kg.extract.zones import Document

ANTIGEN = "antigen"
PRODUCT = "product"
COMPONENT = "component"
AGENT = "agent"
MODALITY = "modality"
ORIGIN = "origin"
CELL = "cell"

_LAYERS = {COMPONENT: ANTIGEN, AGENT: PRODUCT}
_WINDOW = 60

CONTEXTS: Mapping[str, re.Pattern[str]] = {
    "car": re.compile(r"chimeric|\bcar\b|car-|cart\b|\bcars\b"),
    "cell": re.compile(r"\bcells?\b|lymphocyte|macrophage|cart\b|car-t"),
    "binder": re.compile(
        r"\banti|antibod|target|direct|specific|\bcar\b|cart\b|chimeric|antigen|express|positiv|"
        r"bispecific|conjugate|ligand|receptor|immunohisto|\bihc\b|\+"
    ),
    "lab": re.compile(r"serum|level|\bng/|\bu/ml|μg/|mg/|\buln\b|blood test|tumou?r marker|assay"),
    "disease": re.compile(r"polyposis|adenomatous|carcinoma of goblet|goblet|leuk|lymphocytic"),
    "gene": re.compile(r"mutation|mutant|rearrange|fusion|gene\b|translocation|wild|amplif|exon"),
    "imaging": re.compile(r"\bpet\b|pet-|pet/|scan|scinti|tomograph|imaging"),
    "vaccine": re.compile(r"vaccin|peptide|immuni[sz]"),
}

_GLUE_BEFORE = re.compile(
    r"(?:^|[^a-z0-9])(?:anti|auto|allo|dual|hu|h|tm|car|cart|ucart|ucar|hcart|hucart|scar|4scar|"
    r"hscar|icar|lcar|sjcar|ic9car|nk|tcr|x|α|a)$"
)
_GLUE_AFTER = re.compile(
    r"(?:x(?=[a-z])|car(?![a-z])|cars?\b|cart(?![a-z])|car-|cart-|scfv|bb|28z|bbz|ct\b|bite|"
    r"cik|adc|-?tcr|ko\b|ecto\b|r(?=[-.]?car))"
)


_CUE_PREFIX = re.compile(r"(?:[\da-zα]|4S|\bU|\bS|\bP|\bi)$")
_CAR_NUMBERS = re.compile(
    r"CAR(?P<link>T-?|-T-|-|)"
    r"(?P<numbers>\d{2,4}[ab]?(?:[/.x]\d{2,3}[ab]?)*|(?<=CART)[57](?!\w))(?![\d.]?\d)"
)
_CELLS_FOLLOW = re.compile(r"-?(?:NK|T)\b| T\b| NK\b")
_SHARED_STEM = re.compile(r"(?<=\d)(?:\s?/\s?\d{1,2}(?![\w.]))+")
_OTHER_CAR = re.compile(r"(?i:\bc)(?!himeric)[\w-]+ (?i:a)(?!ntigen)[\w-]+ (?i:r)[\w-]+ \($")
_OPENED = ("(", "(\n")
_CD_NUMBERS = re.compile(
    r"CD\d{2,3}[ab]?(?: ?/ ?|[+.]|-(?=(?:19|20|22)\b))"
    r"(?P<numbers>\d{2,3}[ab]?(?:[/.]\d{2,3}[ab]?)*)(?![\d.]?\d)"
)
_NUMBER = re.compile(r"\d{2,3}[ab]?|(?<=CART)[57]")
_PAIR_LENGTH = 4
_PAIR = re.compile(r"\d{2}")


class Name(NamedTuple):
    """What one spelling can mean; `surfaces` are the squeezed forms allowed, None for any case."""

    kind: str
    key: str
    surfaces: frozenset[str] | None = None
    glued: bool = False
    needs: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


class Spot(NamedTuple):
    """A name found in a document."""

    start: int
    end: int
    kind: str
    key: str


class _Halves(NamedTuple):
    """Names that begin or end inside a word, by the place where another may go on: "CD19BCMA"."""

    opening: dict[int, Spot]
    closing: dict[int, Spot]


class Spotter:
    """The automaton over all spellings of all names."""

    def __init__(
        self, names: Iterable[tuple[str, Name]], long_names: Iterable[tuple[str, Name]]
    ) -> None:
        self._meanings: dict[str, list[Name]] = {}
        for spelling, name in names:
            for form in spellings(spelling):
                self._add(form.lower(), name)
        for spelling, name in long_names:
            for form in slips(spelling.lower()):
                if form not in self._meanings:
                    self._add(form, name)
        self._forms = sorted(self._meanings)
        self._names = [self._meanings[form] for form in self._forms]
        self._inside_words = [
            any(name.kind == ANTIGEN or name.glued for name in names) for names in self._names
        ]
        self._automaton = AhoCorasick(self._forms, matchkind=MatchKind.Standard)

    def _add(self, form: str, name: Name) -> None:
        known = self._meanings.setdefault(form, [])
        if name not in known:
            known.append(name)

    def spots(self, document: Document) -> list[Spot]:
        """Return the names in a document in reading order; of two that overlap, the longer.

        Cues of different kinds may overlap: "CAR-T" and the "T cells" in "CAR-T cells".
        """
        found: dict[str, list[Spot]] = {}
        halves = _Halves({}, {})
        lower, length = document.lower, len(document.lower)
        hits = self._automaton.find_matches_as_indexes(lower, overlapping=True)
        for number, start, end in hits:
            alone = not (
                (start and lower[start - 1].isalnum()) or (end < length and lower[end].isalnum())
            )
            if not (alone or self._inside_words[number]):
                continue
            for name in self._names[number]:
                stands = alone or _is_joined(lower, start, end, name)
                stands = stands or (name.glued and _is_glued(document, start, end, name.kind))
                if stands and _means(document, start, end, name):
                    layer = _LAYERS.get(name.kind, name.kind)
                    found.setdefault(layer, []).append(Spot(start, end, name.kind, name.key))
                elif name.glued and name.kind == ANTIGEN:
                    _note_half(document, Spot(start, end, ANTIGEN, name.key), name, halves)
        found.setdefault(ANTIGEN, []).extend(self._numbered(document))
        for middle, spot in halves.opening.items():
            if middle in halves.closing:
                found[ANTIGEN] += (spot, halves.closing[middle])
        found[ANTIGEN].extend(self._sharing_a_stem(document, found[ANTIGEN]))
        return sorted(
            spot
            for layer, spots in found.items()
            for spot in (_leftmost(spots) if layer == MODALITY else _longest(spots))
        )

    def _numbered(self, document: Document) -> list[Spot]:
        """Find CD antigens by number alone: "CART-19", "UCART22", "CD19/22"."""
        text = document.text
        found: list[Spot] = []
        spans = [
            (*match.span("numbers"), _is_pair(match))
            for match in _CAR_NUMBERS.finditer(text)
            if _numbers_antigens(match)
        ]
        spans += [(*match.span("numbers"), False) for match in _CD_NUMBERS.finditer(text)]
        for start, end, pair in spans:
            for number in (_PAIR if pair else _NUMBER).finditer(text, start, end):
                names = self._meanings.get(f"cd{number[0].lower()}", ())
                keys = [name.key for name in names if name.kind == ANTIGEN]
                found.extend(Spot(number.start(), number.end(), ANTIGEN, key) for key in keys[:1])
        return found

    def _sharing_a_stem(self, document: Document, antigens: Iterable[Spot]) -> list[Spot]:
        """Find antigens of which only the last number is said: "Claudin18.2/6", "TRBC1/2"."""
        found: list[Spot] = []
        for spot in antigens:
            if spot.kind != ANTIGEN or not document.lower[spot.end - 1].isdigit():
                continue
            tail = _SHARED_STEM.match(document.lower, spot.end)
            if tail is None:
                continue
            stem = document.lower[spot.start : spot.end].rstrip("0123456789.")
            for number in re.finditer(r"\d+", tail[0]):
                for name in self._meanings.get(stem + number[0], ())[:1]:
                    if name.kind == ANTIGEN:
                        start = tail.start() + number.start()
                        found.append(Spot(start, tail.start() + number.end(), ANTIGEN, name.key))
        return found


def _is_pair(match: re.Match[str]) -> bool:
    """Tell two antigens written as one number: "CART2019"."""
    return len(match["numbers"]) == _PAIR_LENGTH and match["numbers"].isdigit()


def _numbers_antigens(match: re.Match[str]) -> bool:
    """Tell whether the numbers behind CAR or CART are those of antigens, not of a code."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    if before[-1:].isupper() and before[-1:] not in {"U", "S"} and before != "CT":
        return False
    if "T" in match["link"] or _is_pair(match) or before == "4S":
        return True
    if match["link"] != "-":
        return bool(re.match(r"-(?:NK|T)\b|/", match.string[match.end() : match.end() + 4]))
    joined = "/" in match["numbers"] or match.string[match.end() : match.end() + 1] in {"-", "/"}
    return joined or bool(_CELLS_FOLLOW.match(match.string, match.end()))


def _note_half(document: Document, spot: Spot, name: Name, halves: _Halves) -> None:
    text, start, end = document.lower, spot.start, spot.end
    opens = (
        not start
        or not text[start - 1].isalnum()
        or _GLUE_BEFORE.search(text[max(0, start - 12) : start])
    )
    closes = end == len(text) or not text[end].isalnum()
    if bool(opens) == closes or not _means(document, start, end, name):
        return
    if opens:
        halves.opening[end] = spot
    else:
        halves.closing[start] = spot


def _is_joined(text: str, start: int, end: int, name: Name) -> bool:
    """Tell a member of "BCMAxCD3": antigens joined by a cross."""
    if name.kind != ANTIGEN:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    opens = not before or not before[-1].isalnum() or (before[-1] in "x×" and before[0].isalnum())
    closes = not after or not after[0].isalnum() or (after[0] in "x×" and after[1:].isalnum())
    return opens and closes


def _is_glued(document: Document, start: int, end: int, kind: str) -> bool:
    text = document.lower
    if kind == MODALITY:
        return _is_glued_cue(document.text, start, end)
    if end < len(text) and text[end].isalnum() and not _GLUE_AFTER.match(text, end):
        return False
    before = text[max(0, start - 12) : start]
    return not (before and before[-1].isalnum()) or bool(_GLUE_BEFORE.search(before))


def _is_glued_cue(text: str, start: int, end: int) -> bool:
    """Let a modality follow a number or a lower-case letter ("CD22CART", "hsCAR-T")."""
    if end < len(text) and text[end].isalnum() and not text[end].isdigit():
        return False
    return not (start and text[start - 1].isalnum()) or bool(
        _CUE_PREFIX.search(text[max(0, start - 6) : start])
    )


def _means(document: Document, start: int, end: int, name: Name) -> bool:
    if name.surfaces is not None and squeezed(document.text[start:end]) not in name.surfaces:
        return False
    if name.kind == MODALITY and _is_short_for_another(document.text, start):
        return False
    if not name.needs and not name.blocks:
        return True
    around = document.lower[max(0, start - _WINDOW) : end + _WINDOW]
    if any(CONTEXTS[context].search(around) for context in name.blocks):
        return False
    return not name.needs or any(CONTEXTS[context].search(around) for context in name.needs)


def _is_short_for_another(text: str, start: int) -> bool:
    """Tell other words with the letters of CAR: "controlled attenuated response (CAR)"."""
    if not text.endswith(_OPENED, 0, start):
        return False
    return _OTHER_CAR.search(text[max(0, start - 60) : start]) is not None


def _longest(spots: list[Spot]) -> list[Spot]:
    """Keep, of overlapping spots, the longer; of two kinds of one span, both."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=_first_and_longest):
        if kept and spot.start < kept[-1].end:
            same = (spot.start, spot.end) == (kept[-1].start, kept[-1].end)
            if same and spot not in kept[-4:]:
                kept.append(spot)
            elif spot.end - spot.start > kept[-1].end - kept[-1].start:
                kept = [old for old in kept if old.end <= spot.start]
                kept.append(spot)
            continue
        kept.append(spot)
    return kept


def _leftmost(spots: list[Spot]) -> list[Spot]:
    """Keep, of overlapping cues, the one that begins first: "CAR-NK" before "NK cells"."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=_first_and_longest):
        if not kept or spot.start >= kept[-1].end:
            kept.append(spot)
    return kept


def _first_and_longest(spot: Spot) -> tuple[int, int, str, str]:
    return spot.start, -spot.end, spot.kind, spot.key
