"""Products named in the criteria, or as a failed treatment: against what was treated before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.candidate import Bound
from kg.extract.criteria_roles import is_own
from kg.extract.reading import Reading
from kg.extract.role import PRIOR, Role
from kg.extract.spot import PRODUCT, Spot
from kg.extract.zones import CRITERIA, TITLES, Zone

_GIVEN_HERE = re.compile(
    r"(?:dos(?:e|es|ing)|completion|administration|infusion|start|initiation|day|receipt|ingredients?|"
    r"components?) of\s+(?:\w+\s+)?$|(?:contraindication\w*|reaction\w*|prior) to\s+(?:\w+\s+)?$"
)
_FAILED = re.compile(
    r"(?:failure (?:of|to|on)|fail(?:ed|ing)|refractory to|resistan\w+ to|relaps\w+ (?:after|on|"
    r"from|following)|progress\w+ (?:after|on|following)|previously treated with|"
    r"prior treatment with)\s+(?:[\w,-]+\s+){0,3}$"
)
_NEAR = 90
_EARLY = frozenset({*TITLES, Zone.SUMMARY, Zone.CONDITION})


def product_roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """Read the products of earlier treatments; each speaks for the antigens that it binds."""
    own = {part.candidate.product for part in parts if part.candidate.product}
    found: list[Role] = []
    for spot in reading.spots:
        if spot.kind != PRODUCT or not _is_earlier(reading, spot, spot.key in own):
            continue
        row = reading.lexicon.products[spot.key]
        found.extend(
            Role(key, PRIOR, "mention.product-before", spot, row.key) for key in row.targets
        )
    return found


def _is_earlier(reading: Reading, spot: Spot, own: bool) -> bool:
    zone = reading.document.zone_at(spot.start)
    first, _ = reading.document.sentence_at(spot.start, spot.end)
    before = reading.document.lower[max(first, spot.start - _NEAR) : spot.start]
    if zone not in CRITERIA:
        return zone in _EARLY and not own and bool(_FAILED.search(before))
    return not (own and is_own(reading, spot)) and not _GIVEN_HERE.search(before)
