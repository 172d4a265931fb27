"""The conditions of a trial: the registrant's string, the concept and what qualifies it.

A name that is found as it stands is an exact mapping. Else qualifiers (stage, line, site, …) are
split off and what is left is a broader mapping. A string that lists several diseases, or of which
anything is left over, stays unmapped: a wrong concept is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.extract.concepts import Concepts
from kg.extract.condition_text import normal_name
from kg.extract.findings import Claim, ConditionTerm, Evidence, Qualifier
from kg.records import Text, Trial

if TYPE_CHECKING:
    from kg.extract.lexicon import Lexicon

_PARENTHESIS = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]*)[)\]）】]\s*")
_ABBREVIATION = re.compile(r"[A-Z0-9][A-Za-z0-9/+.&-]{0,14}s?")

_CONFIDENCE = {"exact": 0.99, "inverted": 0.97, "abbreviation": 0.95, "qualified": 0.95}


def condition_terms(trial: Trial, lexicon: Lexicon) -> tuple[ConditionTerm, ...]:
    """Return one term for each condition that the registrant listed, in order."""
    concepts = lexicon.concepts
    return tuple(_term(number, text, concepts) for number, text in enumerate(trial.conditions))


def _term(number: int, text: Text, concepts: Concepts) -> ConditionTerm:
    if concepts.modifiers.is_no_disease(normal_name(text.plain)):
        return ConditionTerm(number, "NotADisease")
    for rule, name, qualifiers in _readings(text.plain, concepts):
        curie = concepts.names.get(name)
        if curie is None:
            continue
        mapping = "BroaderMapping" if qualifiers else "ExactMapping"
        evidence = (Evidence(text.field, text.raw, 0, len(text.raw)),)
        claim = Claim(
            curie,
            "Stated",
            f"condition.{rule}",
            _CONFIDENCE[rule],
            evidence,
            (f"concepts/{curie}",),
        )
        return ConditionTerm(number, mapping, claim, qualifiers)
    core, qualifiers = concepts.modifiers.split(normal_name(text.plain))
    if not core:
        return ConditionTerm(number, "NotADisease", None, qualifiers)
    return ConditionTerm(number, "Unmapped", None, qualifiers)


def _readings(plain: str, concepts: Concepts) -> Iterator[tuple[str, str, tuple[Qualifier, ...]]]:
    """Yield the ways to read a string, the most literal first."""
    yield "exact", normal_name(plain), ()
    base, inner = _without_parentheses(plain)
    if inner:
        yield "abbreviation", normal_name(base), ()
        if _ABBREVIATION.fullmatch(inner):
            yield "abbreviation", normal_name(inner), ()
    if "," in base:
        yield "inverted", normal_name(_upright(base)), ()
    for rule, candidate in (("qualified", base), ("qualified", _upright(base))):
        core, qualifiers = concepts.modifiers.split(normal_name(candidate))
        if qualifiers and core:
            yield rule, core, qualifiers


def _without_parentheses(plain: str) -> tuple[str, str]:
    found = _PARENTHESIS.findall(plain)
    return _PARENTHESIS.sub(" ", plain).strip(), found[-1].strip() if found else ""


def _upright(name: str) -> str:
    """Return an inverted heading in reading order ("Lymphoma, Non-Hodgkin")."""
    parts = [part.strip() for part in name.split(",")]
    return " ".join(reversed(parts))
