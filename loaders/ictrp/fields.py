"""The fields in which ICTRP passes on what each register writes in its own way."""

from __future__ import annotations

import re
from typing import Any, Final

from kg.records import Age, Arm, Intervention, Text
from loaders import values
from loaders.ictrp import codes
from loaders.parts import pieces
from loaders.values import Drops, code, folded

NOTHING: Final = frozenset({"nil", "nil known", "none", "no", "na", "n/a", "not applicable", "-"})
EUDRACT: Final = re.compile(r"(\d{4}-\d{6}-\d{2})-(?:[A-Z]{2}|3rd|Outside)")

_EU_PHASE = re.compile(r"\((Phase [IV]+)\): *yes", re.IGNORECASE)
_LIMIT = re.compile(r"^(?:[<>]=?|=[<>]|[≥≤])\s*|\s*-?(?:age )?old$", re.IGNORECASE)
_IN_ARMS = re.compile(r"[:：]\s*(\d{1,7})\s*$")
_ARM = re.compile(r"(?P<label>[^:：;]{1,120})[:：](?P<given>.+)", re.DOTALL)
_NUMBERED = re.compile(r"(?:^|\s)Intervention \d{1,2}: ")
_TYPED = re.compile(r"(?P<type>[A-Za-z ]{4,20}): (?P<name>.+)", re.DOTALL)
_EU_NAME = re.compile(r"(Trade Name|Product Name|Product Code|INN or Proposed INN): *(\S[^\n]*)")
_EU_PRODUCT = re.compile(r"\n\s*\n")
_EU_MEASURE = re.compile(
    r"(?:Primary|Secondary) end point\(s\): *(.*?)(?=;?\s*(?:Timepoint|Main Objective|Secondary"
    r" Objective|Primary end point|Secondary end point)|$)",
    re.DOTALL,
)
# Field of a trial, the words that say so, and what they mean; the first of a field holds.
_DESIGN: Final = tuple(
    (name, re.compile(words, re.IGNORECASE), meant)
    for name, words, meant in (
        (
            "allocation",
            r"non[- ]?random\w+|not randomi[sz]ed|randomi[sz]ed: no\b",
            "NonRandomizedAllocation",
        ),
        (
            "allocation",
            r"(?:allocation|randomi[sz]ation): randomi[sz]ed|randomi[sz]ed: yes",
            "RandomizedAllocation",
        ),
        (
            "intervention_model",
            r"parallel (?:group: yes|assignment)|^parallel$",
            "ParallelAssignment",
        ),
        ("intervention_model", r"assignment: parallel", "ParallelAssignment"),
        ("intervention_model", r"cross[ -]?over: yes|crossover assignment", "CrossoverAssignment"),
        (
            "intervention_model",
            r"assignment: single|single (?:group )?assignment",
            "SingleGroupAssignment",
        ),
        ("masking", r"double blind: yes|(?:blinding|masking): double", "DoubleMasking"),
        ("masking", r"single blind: yes|(?:blinding|masking): single", "SingleMasking"),
        ("masking", r"masking: triple", "TripleMasking"),
        ("masking", r"masking: quadruple", "QuadrupleMasking"),
        (
            "masking",
            r"\bopen: yes|not blinded|masking not used|masking: (?:none|open)",
            "OpenLabel",
        ),
    )
)


def phases(stated: str | None, dropped: Drops) -> tuple[str, ...]:
    """Return the phases, from a code or from the lines of EU CTR."""
    if stated and "(phase i): " in stated.lower():
        found = [one.lower() for one in _EU_PHASE.findall(stated)]
        return tuple(codes.EU_PHASE[one] for one in found if one in codes.EU_PHASE)
    meant = code(stated, codes.PHASE, "/Phase", dropped)
    return tuple(meant.split()) if meant else ()


def age(stated: str | None, field: str, dropped: Drops) -> Age | None:
    """Return an age limit; years are meant where no unit stands."""
    bare = _LIMIT.sub("", _LIMIT.sub("", (stated or "").strip()))
    made = values.age(bare, "year", field, dropped, codes.NO_AGE_LIMIT)
    if made is None or stated is None:
        return made
    return Age(as_listed=stated, duration=made.duration, years=made.years)


def enrollment(stated: str | None, dropped: Drops) -> int | None:
    """Return how many take part: a number, or the sum of the numbers of all arms."""
    listed = [part for part in (stated or "").split(";") if part.strip()]
    numbers = [_IN_ARMS.search(part) for part in listed]
    if len(listed) > 1 or any(numbers):
        found = [int(number[1]) for number in numbers if number]
        if len(found) == len(listed):
            return sum(found)
    return values.count((stated or "").strip(" ;") or None, "/Target_size", dropped)


def design(study_type: str | None, stated: str | None, dropped: Drops) -> dict[str, Any]:
    """Return study type, purpose and the codes of the design that the words name."""
    made: dict[str, Any] = {}
    if study_type and (purpose := codes.PURPOSE.get(folded(study_type))):
        made["primary_purpose"] = purpose
    if study_type and ("primary_purpose" not in made or folded(study_type) in codes.STUDY_TYPE):
        made["study_type"] = code(study_type, codes.STUDY_TYPE, "/Study_type", dropped)
    for name, words, meant in _DESIGN:
        if stated and name not in made and words.search(stated.strip()):
            made[name] = meant
    return made


def measures(stated: str | None, field: str) -> tuple[Text, ...]:
    """Return what is measured; EU CTR has its objectives in the same field."""
    if stated and "end point(s):" in stated:
        found = [one.strip(" ;\n") for one in _EU_MEASURE.findall(stated)]
        return tuple(
            Text(field=f"{field}/{position}", raw=one, plain=one)
            for position, one in enumerate(one for one in found if one)
        )
    return pieces(stated, field, r"(?<=\S);(?=\S|$)|\n")


def between_countries(registry: str) -> str:
    """Return what divides countries: the Japanese registries have commas."""
    return r";|\n|,(?=\S)" if registry in {"jrct", "umin"} else r";|\n"


def arms_and_interventions(
    stated: str | None, registry: str
) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Return what is given, with its arms where the register writes them before it."""
    field = "/Intervention"
    if stated is None:
        return (), ()
    if registry in {"chictr", "itmctr"}:
        return _in_arms(pieces(stated, field, ";"))
    if registry == "euclinicaltrials":
        return (), tuple(_eu_product(one) for one in pieces(stated, field, _EU_PRODUCT.pattern))
    mark = r";" if registry == "clinicaltrials" else _NUMBERED.pattern
    return (), tuple(_typed(one) for one in pieces(stated, field, mark))


def _in_arms(listed: tuple[Text, ...]) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Read "label:what is given", the form of ChiCTR."""
    arms: list[Arm] = []
    interventions: list[Intervention] = []
    for one in listed:
        found = _ARM.fullmatch(one.raw)
        given = found["given"].strip() if found else one.raw
        if found and folded(given) in NOTHING:
            continue
        name = Text(field=one.field, raw=given, plain=given)
        arm: tuple[int, ...] = ()
        if found:
            label = found["label"].strip()
            arm = (len(arms),)
            arms.append(
                Arm(
                    label=Text(field=one.field, raw=label, plain=label),
                    interventions=(len(interventions),),
                )
            )
        interventions.append(Intervention(name=name, arms=arm))
    return tuple(arms), tuple(interventions)


def _typed(one: Text) -> Intervention:
    """Read "Drug: name", the form of ClinicalTrials.gov; anything else is a name."""
    found = _TYPED.fullmatch(one.raw)
    kind = codes.INTERVENTION_TYPE.get(found["type"].strip().casefold()) if found else None
    if found is None or kind is None:
        return Intervention(name=one)
    name = found["name"].strip()
    return Intervention(name=Text(field=one.field, raw=name, plain=name), intervention_type=kind)


def _eu_product(one: Text) -> Intervention:
    """Read a product of EU CTR, whose names stand on lines of their own."""
    names = [
        Text(field=one.field, raw=found[2].strip(), plain=found[2].strip())
        for found in _EU_NAME.finditer(one.raw)
    ]
    if not names:
        return Intervention(name=one)
    return Intervention(name=names[0], description=one, other_names=tuple(names[1:]))
