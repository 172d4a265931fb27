"""Products that a record gives no kind and no antigen of, only a code, and signs of cells."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.extract.candidate import Candidate
from kg.extract.modality import best_head
from kg.extract.naming import codes, stem_modality
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import AGENT, MODALITY
from kg.extract.zones import CRITERIA, TITLES, Passage, Zone

_SHORT_CODE = re.compile(r"(?<![\w-])[A-Z]{1,6}-?\d{2,}[A-Z]*(?![\w-])")
_CODED_CELLS = re.compile(
    r"(?<![\w-])([A-Z]{1,6}-?\d{2,}[A-Z]*)(?= (?:T |NK )?(?:[Cc]ells?|[Cc]ell [Ii]njection)\b)"
)
_NO_CELLS = re.compile(
    r"\b(?:capsules?|tablets?|oral(?:ly)?|vaccin\w*|antibod\w*|inhibitors?|cream|ointment|"
    r"eye drops?|spray)\b"
)
# What is only said of cells, or of vectors that make cells in the body.
_OF_CELLS = re.compile(
    r"\bcell(?:s|ular)? (?:re)?-?infusion|\breinfus\w+|\bcellular (?:\w+ )?(?:pharmaco)?kinetics|"
    r"\bmetabolic kinetics|"
    r"\blympho-?deplet\w+|"
    r"\bleuk[ao]pheresis|\bapheresis|\bpre-?(?:conditioning|treatment) (?:with|of) (?:flu|cyclo)|"
    r"\binfusions? [^.\n]{0,40}after (?:pre-?treatment|pre-?conditioning|lympho)|"
    r"\btu/(?:kg|subject|patient|dose)|\btransduc\w+ units|\bcell injection|"
    r"\bbridging (?:chemo)?therapy|\bt[- ]cells? modified"
)
_CAR = re.compile(r"\bcar\b|\bcar-|\bcart\b|chimeric antigen")
_NO_DRUG = frozenset(
    {
        "DeviceIntervention",
        "ProcedureIntervention",
        "BehavioralIntervention",
        "DiagnosticTestIntervention",
        "DietarySupplementIntervention",
    }
)


def of_codes(reading: Reading) -> list[Candidate]:
    """Return the one product that a record names only by a code, where it speaks of cells."""
    return _in_cell_trial(reading) or _only_code(reading)


def _in_cell_trial(reading: Reading) -> list[Candidate]:
    """Where nothing else tells, a coded intervention is what the record's CAR words speak of."""
    heads = [
        spot
        for spot in reading.spots
        if spot.kind == MODALITY
        and reading.modality(spot) in CELL_MODALITIES
        and reading.document.zone_at(spot.start) not in (*CRITERIA, Zone.CONDITION, Zone.OUTCOME)
    ]
    for passage in reading.passages((Zone.INTERVENTION,)) if heads else ():
        coded = codes(reading, passage.start, passage.end)
        if coded and _can_be_cells(reading, passage):
            made = _candidate(passage, coded[0], best_head(reading, heads, []))
            return [replace(made, names=heads[:1], rule="construct.code-in-cell-trial")]
    return []


def _only_code(reading: Reading) -> list[Candidate]:
    """Take the only code among interventions and titles for a product of undisclosed kind."""
    passages = [p for p in reading.passages((Zone.INTERVENTION,)) if _can_be_cells(reading, p)]
    told = {p.number for p in reading.passages((Zone.INTERVENTION,)) if _is_drug(reading, p)}
    found: dict[str, Passage] = {}
    for passage in passages:
        for match in _SHORT_CODE.finditer(reading.document.text, passage.start, passage.end):
            found.setdefault(match[0], passage)
    if not found:
        return _of_title(reading)
    if len(found) != 1 or len(told) > 1 or not _speaks_of_cells(reading):
        return []
    ((code, passage),) = found.items()
    titles = reading.passages(TITLES)
    if not any(code.lower() in reading.document.lower[t.start : t.end] for t in titles):
        return []
    modality = "CAR" if reading.search(_CAR, _own_texts(reading)) else "CellProduct"
    return [_candidate(passage, code, modality)]


def _of_title(reading: Reading) -> list[Candidate]:
    """Take the code that a title gives cells, where the interventions only list doses."""
    for passage in reading.passages(TITLES):
        found = {match[1]: match for match in _CODED_CELLS.finditer(*_span(reading, passage))}
        if len(found) == 1:
            ((code, match),) = found.items()
            modality = "CAR" if reading.search(_CAR, _own_texts(reading)) else "CellProduct"
            made = _candidate(passage, code, modality)
            return [replace(made, interventions=(), where=[match.span(1)])]
    return []


def _span(reading: Reading, passage: Passage) -> tuple[str, int, int]:
    return reading.document.text, passage.start, passage.end


def _candidate(passage: Passage, code: str, modality: str | None) -> Candidate:
    return Candidate(
        code,
        modality,
        interventions=() if passage.number is None else (passage.number,),
        where=[(passage.start, passage.end)],
        codes=(code,),
        rule="construct.only-code",
    )


def _is_drug(reading: Reading, passage: Passage) -> bool:
    number = passage.number
    if number is None or reading.trial.interventions[number].intervention_type in _NO_DRUG:
        return False
    agents = reading.within(passage.start, passage.end, AGENT)
    coded = _SHORT_CODE.search(reading.document.text, passage.start, passage.end)
    return coded is not None or not agents


def _can_be_cells(reading: Reading, passage: Passage) -> bool:
    words = reading.document.lower[passage.start : passage.end]
    described = reading.passages((Zone.INTERVENTION_TEXT,), passage.number)
    return (
        _is_drug(reading, passage)
        and stem_modality(reading, words) is None
        and not _NO_CELLS.search(words)
        and not reading.search(_NO_CELLS, described)
    )


def _own_texts(reading: Reading) -> list[Passage]:
    zones = frozenset(Zone) - CRITERIA - {Zone.CONDITION, Zone.OUTCOME}
    return reading.passages(zones)


def _speaks_of_cells(reading: Reading) -> bool:
    texts = [*_own_texts(reading), *reading.passages((Zone.INCLUSION, Zone.OUTCOME))]
    return reading.search(_OF_CELLS, texts) is not None
