"""Whether a product is made before its recipient is known, where the record says so."""

from __future__ import annotations

import re

from kg.extract.findings import Claim
from kg.extract.reading import Reading, claim
from kg.extract.spot import ORIGIN
from kg.extract.zones import CRITERIA

# A donor who is chosen for one recipient makes no product for the shelf.
_CHOSEN_DONOR = re.compile(r"sibling|haplo|hla[- ]?(?:matched|identical)|transplant|family|related")
_AROUND = 60


def preparation(reading: Reading, donor: Claim) -> Claim | None:
    """Return ReadyMade for allogeneic cells that the record calls so, outside its criteria."""
    if donor.value != "Allogeneic":
        return None
    for spot in reading.spots:
        if spot.kind != ORIGIN:
            continue
        stated = reading.lexicon.origin_cues[spot.key].preparation
        if not stated or reading.document.zone_at(spot.start) in CRITERIA:
            continue
        around = reading.document.lower[max(0, spot.start - _AROUND) : spot.end + _AROUND]
        if not _CHOSEN_DONOR.search(around):
            return claim(stated, "Stated", "preparation.cue", 0.9, [reading.evidence(spot)])
    return None
