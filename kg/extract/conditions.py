"""The conditions of a trial: the registrant's string, the concept and what qualifies it.

A name that is found as it stands is an exact mapping. Else qualifiers (stage, line, site, …) are
split off and what is left is a broader mapping. A string that lists several diseases, or of which
anything is left over, stays unmapped: a wrong concept is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg.extract.concepts import Concepts
from kg.extract.condition_modifiers import ALL_BUT_WEAK, LEVELS
from kg.extract.condition_text import normal_name
from kg.extract.findings import Claim, ConditionTerm, Evidence, Qualifier
from kg.records import Text, Trial

if TYPE_CHECKING:
    from kg.extract.lexicon import Lexicon

_AMPERSAND = re.compile(r"&amp;", re.IGNORECASE)
_QUOTE = re.compile(r"&#39;|&apos;")
_ENUMERATED = re.compile(r"^\s*(?:[A-Ha-h]|\d{1,2})[.)]\s+")
_PARENTHESIS = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]*)[)\]）】]\s*")
_ABBREVIATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9/+.&-]{1,9}")
_OF = re.compile(r"^(?P<what>.+?) (?:of|in) (?:the )?(?P<where>.+)$")
_SITE = re.compile(
    r"^(?P<what>.+?),? (?:of|in) (?:the )?"
    r"(?P<detail>head and neck|head|neck|face|skin|scalp|trunk|abdomen|chest wall|orbit|eyelid|"
    r"spine|stomach|intestine|colon|liver|lung|bladder|breast|brain|bone)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^(?P<what>.{2,}?)"
    r"(?P<link>,? with (?!or without\b)|,? (?:due|secondary) to | ?[-–—] )(?P<detail>.+)$",
    re.IGNORECASE,
)
_UNSPECIFIED = re.compile(r",? ?\b(?:unspecified|nos|not otherwise specified)$", re.IGNORECASE)
_LEADING_KIND = re.compile(
    r"(?P<kind>lymphoma|leukemia|carcinoma|cancer|melanoma|sarcoma|mesothelioma|allergy) "
    r"(?P<what>.+)"
)
_GENERIC = frozenset({"cancer", "malignancy", "malignant neoplasm", "neoplasm", "tumor"})
_PARTS = re.compile(r"\s*(?:[,;/]|\s[-–—]\s|-\s|\band\b|\bor\b|&|\+)\s*", re.IGNORECASE)

_CONFIDENCE = {"exact": 0.99, "synonym": 0.97, "qualified": 0.95, "weak": 0.9, "parts": 0.9}
_UNCITED_CONFIDENCE = 0.85


class Reading(NamedTuple):
    """One way to read a condition: the rule, the concept and what was split off."""

    rule: str
    curie: str
    qualifiers: tuple[Qualifier, ...]
    name: str


def condition_terms(trial: Trial, lexicon: Lexicon) -> tuple[ConditionTerm, ...]:
    """Return one term for each condition that the registrant listed, in order."""
    concepts = lexicon.concepts
    return tuple(
        _term(number, text, concepts.glossary.plain(text.plain), concepts)
        for number, text in enumerate(trial.conditions)
    )


def _term(number: int, text: Text, plain: str, concepts: Concepts) -> ConditionTerm:
    mapping, reading = concepts.memo(plain, _reading)
    if not reading.curie:
        return ConditionTerm(number, mapping, None, reading.qualifiers)
    return ConditionTerm(number, mapping, _claim(text, reading, concepts), reading.qualifiers)


def _reading(listed: str, concepts: Concepts) -> tuple[str, Reading]:
    plain = _readable(listed)
    name = normal_name(plain)
    if concepts.is_no_disease(name):
        return "NotADisease", Reading("none", "", (), name)
    found = _read(plain, name, concepts)
    if found is not None:
        return ("BroaderMapping" if found.qualifiers else "ExactMapping"), found
    core, qualifiers = concepts.modifiers.split(name)
    mapping = "Unmapped" if core and not concepts.is_no_disease(core) else "NotADisease"
    return mapping, Reading("none", "", qualifiers, name)


def _claim(text: Text, reading: Reading, concepts: Concepts) -> Claim:
    confidence = _CONFIDENCE[reading.rule]
    if reading.name in concepts.uncited:
        confidence = min(confidence, _UNCITED_CONFIDENCE)
    return Claim(
        reading.curie,
        "Stated",
        f"condition.{reading.rule}",
        confidence,
        (Evidence(text.field, text.raw, 0, len(text.raw)),),
        (f"concepts/{reading.curie}",),
    )


def _readable(plain: str) -> str:
    text = _QUOTE.sub("'", _AMPERSAND.sub("&", unicodedata.normalize("NFKC", plain)))
    return _ENUMERATED.sub("", text)


def _read(plain: str, name: str, concepts: Concepts) -> Reading | None:
    base, inner = _without_parentheses(plain)
    found = _whole(plain, base, inner, concepts)
    if found is not None:
        return _milder(found, concepts)
    found = _qualified(base, inner, name, concepts) or _from_parts(base, concepts)
    return found or _without_tail(base, concepts)


def _whole(plain: str, base: str, inner: tuple[str, ...], concepts: Concepts) -> Reading | None:
    """Look the string up as it stands, then in other orders of its words, then abbreviated."""
    rest: tuple[Qualifier, ...] = ()
    hits = []
    for rule, name in _spellings(plain, base, inner, concepts):
        curie = concepts.names.get(name)
        if curie is not None:
            hits.append(Reading(rule, curie, rest, name))
    if not hits:
        return None
    best = next((hit for hit in hits if hit.curie.startswith("MONDO:")), hits[0])
    closer = _closer(best, inner, concepts)
    return closer._replace(qualifiers=_asides(closer, inner, concepts))


def _spellings(
    plain: str, base: str, inner: tuple[str, ...], concepts: Concepts
) -> Iterator[tuple[str, str]]:
    yield "exact", normal_name(plain)
    if inner:
        yield "synonym", normal_name(base)
    yield "synonym", normal_name(_upright(base))
    yield "synonym", _turned(normal_name(base))
    yield "synonym", _led(normal_name(base))
    for aside in inner:
        if _ABBREVIATION.fullmatch(aside) and not concepts.modifiers.split(normal_name(base))[0]:
            yield "synonym", normal_name(aside)


def _closer(hit: Reading, inner: tuple[str, ...], concepts: Concepts) -> Reading:
    """Prefer what the parentheses name where it is narrower ("Lymphoma (DLBCL)")."""
    for aside in inner:
        name = normal_name(aside)
        curie = concepts.names.get(name)
        if curie is not None and hit.curie in concepts.ancestors(curie):
            return Reading("synonym", curie, (), name)
    return hit


def _asides(hit: Reading, inner: tuple[str, ...], concepts: Concepts) -> tuple[Qualifier, ...]:
    """Return what the parentheses say beside the disease and its abbreviation."""
    found: list[Qualifier] = []
    for aside in inner:
        name = normal_name(aside)
        core, qualifiers = concepts.modifiers.split(name)
        if hit.name == normal_name(aside) or concepts.names.get(name) == hit.curie:
            continue
        if not core:
            found.extend(qualifiers)
        elif " " in aside.strip() and concepts.names.get(core) != hit.curie:
            found.append(Qualifier("detail", aside.strip()))
    return tuple(found)


def _milder(hit: Reading, concepts: Concepts) -> Reading:
    """Prefer the disease itself over its form of an age, a line or a stage.

    Not where the word belongs to the name: adult T-cell leukaemia is no T-cell leukaemia of adults.
    """
    core, qualifiers = concepts.modifiers.split(hit.name, LEVELS[0])
    curie = concepts.names.get(core) if qualifiers and not _only_spread(core, qualifiers) else None
    if curie is None or curie == hit.curie or curie not in concepts.ancestors(hit.curie):
        return hit
    label_core, _ = concepts.modifiers.split(normal_name(concepts[hit.curie].label), LEVELS[0])
    if concepts.names.get(label_core) != curie:
        return hit
    return Reading("qualified", curie, qualifiers + hit.qualifiers, core)


def _only_spread(core: str, qualifiers: tuple[Qualifier, ...]) -> bool:
    """Tell whether nothing but its status names the disease ("metastatic cancer")."""
    return core in _GENERIC and all(qualifier.axis == "status" for qualifier in qualifiers)


def _qualified(base: str, inner: tuple[str, ...], name: str, concepts: Concepts) -> Reading | None:
    candidates = dict.fromkeys((normal_name(base), normal_name(_upright(base)), name))
    for level in LEVELS:
        # What has nothing to split off is the same at every level.
        if level == LEVELS[1]:
            candidates = {one: None for one in candidates if concepts.modifiers.has_any(one)}
        for candidate in candidates:
            core, qualifiers = concepts.modifiers.split(candidate, level)
            for spelled in (core, _turned(core), _led(core), _once(core)):
                curie = concepts.names.get(spelled)
                if curie is not None:
                    rule = "weak" if level > ALL_BUT_WEAK else "qualified"
                    hit = Reading(rule, curie, qualifiers, spelled)
                    every = (*qualifiers, *_asides(hit, inner, concepts))
                    return hit._replace(qualifiers=tuple(dict.fromkeys(every)))
    return None


def _from_parts(base: str, concepts: Concepts) -> Reading | None:
    """Read "TNBC, Triple Negative Breast Cancer": several names of one disease."""
    parts = [part for part in _PARTS.split(base) if part.strip()]
    if len(parts) < 2:
        return None
    found: list[tuple[str, tuple[Qualifier, ...]]] = []
    for part in parts:
        name = normal_name(part)
        core, qualifiers = concepts.modifiers.split(name)
        if name in concepts.names:
            found.append((concepts.names[name], ()))
        elif not core or core in concepts.names:
            found.append((concepts.names.get(core, ""), qualifiers))
        else:
            return None
    curies = {curie for curie, _ in found if curie}
    if len(curies) != 1:
        return None
    qualifiers = tuple(qualifier for _, part in found for qualifier in part)
    return Reading("parts", curies.pop(), qualifiers, "")


def _without_tail(base: str, concepts: Concepts) -> Reading | None:
    """Read the disease before "of the head and neck", "with dry eyes" or "- 2013 criteria".

    A dash may also stand between two diseases, and then none of them is the condition.
    """
    named = _UNSPECIFIED.sub("", base)
    if named != base:
        return _read(named, normal_name(named), concepts)
    for axis, pattern in (("detail", _ASIDE), ("site", _SITE)):
        match = pattern.fullmatch(base)
        if match is None or (axis == "detail" and _is_pair(match, concepts)):
            continue
        name = normal_name(match["what"])
        found = None if name in _GENERIC else _read(match["what"], name, concepts)
        if found is not None:
            qualifier = Qualifier(axis, match["detail"].strip())
            return found._replace(rule="qualified", qualifiers=(*found.qualifiers, qualifier))
    return None


def _is_pair(match: re.Match[str], concepts: Concepts) -> bool:
    if match["link"].strip(" ,-–—"):
        return False
    detail = normal_name(match["detail"])
    return bool({detail, concepts.modifiers.split(detail)[0]} & concepts.names.keys())


def _without_parentheses(plain: str) -> tuple[str, tuple[str, ...]]:
    found = tuple(inner.strip() for inner in _PARENTHESIS.findall(plain) if inner.strip())
    return _PARENTHESIS.sub(" ", plain).strip(), found


def _upright(name: str) -> str:
    """Return an inverted heading in reading order ("Lymphoma, Non-Hodgkin")."""
    return " ".join(reversed([part.strip() for part in name.split(",")]))


def _turned(name: str) -> str:
    """Return "carcinoma of the lung" as "lung carcinoma"."""
    match = _OF.fullmatch(name)
    return f"{match['where']} {match['what']}" if match else name


def _once(name: str) -> str:
    """Return "prostate cancer prostate cancer" as "prostate cancer"."""
    words = [word for word, _ in groupby(name.split())]
    half = len(words) // 2
    return " ".join(words[half:] if words[:half] == words[half:] else words)


def _led(name: str) -> str:
    """Return "lymphoma non Hodgkin" as "non Hodgkin lymphoma"."""
    match = _LEADING_KIND.fullmatch(name)
    return f"{match['what']} {match['kind']}" if match else name
