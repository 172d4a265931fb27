"""What carries the CAR gene of an in vivo product, and when a product is given."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.extract.findings import Claim, Evidence
from kg.extract.reading import Reading, claim
from kg.extract.zones import NAME_ZONES, TITLES, Passage, Zone

# Names say what the product is; a summary may speak of other vehicles too.
_TIERS = (NAME_ZONES, TITLES, (Zone.INTERVENTION_TEXT, Zone.ARM, Zone.ARM_TEXT), (Zone.SUMMARY,))

_COUNT = r"(?:\d{1,2}|two|three|four|six|eight|twelve)"
_DAYS = r"days? -?\d{1,3}(?:(?:, ?(?:and )?| and | ?& ?| to | ?- ?)(?:day )?-?\d{1,3})*\b"
_SCHEDULE = re.compile(
    rf"\b(?:(?:on )?{_DAYS}(?: of (?:each|every|a) (?:{_COUNT}[- ](?:day|week) )?cycle)?"
    rf"|every (?:other )?(?:{_COUNT} )?(?:days?|weeks?|months?)\b"
    r"|(?:once|twice|three times)[- ](?:daily|weekly|monthly|a (?:day|week|month))\b"
    r"|(?:once|one) every \w+ (?:days|weeks|months)\b"
    r"|q\d{1,2}[dwm]\b"
    r"|(?:as )?(?:a )?single (?:infusion|dose|injection|administration)\b)"
)


def delivery_vehicle(reading: Reading, modality: Claim) -> Claim | None:
    """Return the vehicle of an in vivo CAR, where the nearest text names just one."""
    if modality.value != "InVivoCARTherapy":
        return None
    for zones in _TIERS:
        found: dict[str, Evidence] = {}
        for passage in reading.passages(zones):
            for pattern, vehicle in reading.lexicon.vehicles:
                match = pattern.search(reading.document.lower, passage.start, passage.end)
                if match:
                    quote = reading.document.evidence(match.start(), match.end())
                    found.setdefault(vehicle, quote)
        if len(found) == 1:
            ((vehicle, quote),) = found.items()
            return claim(vehicle, "Stated", "vehicle.cue", 0.9, [quote])
    return None


def schedule(reading: Reading, passages: Iterable[Passage]) -> str | None:
    """Return the first words that say when something is given."""
    for passage in passages:
        match = _SCHEDULE.search(reading.document.lower, passage.start, passage.end)
        if match:
            return reading.document.text[match.start() : match.end()]
    return None
