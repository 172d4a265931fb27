"""The register's words and the individuals of the ontology that they mean; keys are folded."""

from __future__ import annotations

from typing import Final

from loaders.values import Codes

# "Ongoing" is any state from authorisation to the end, so that it means none of them.
STATUS: Final[Codes] = {
    "completed": "Completed",
    "prematurely ended": "Terminated",
    "temporarily halted": "Suspended",
    "restarted": "Recruiting",
    "not authorised": "Withdrawn",
    "prohibited by ca": "Withdrawn",
    "ongoing": "",
}

SPONSOR_CLASS: Final[Codes] = {
    "commercial": "IndustrySponsor",
    "non-commercial": "OtherSponsor",
    "non commercial": "OtherSponsor",
}

# What a member state is called before its authority, and the code behind a trial's number.
STATES: Final[Codes] = {
    "austria": "AT",
    "belgium": "BE",
    "bulgaria": "BG",
    "croatia": "HR",
    "cyprus": "CY",
    "czech republic": "CZ",
    "czechia": "CZ",
    "denmark": "DK",
    "estonia": "EE",
    "finland": "FI",
    "france": "FR",
    "germany": "DE",
    "greece": "GR",
    "hungary": "HU",
    "iceland": "IS",
    "ireland": "IE",
    "italy": "IT",
    "latvia": "LV",
    "liechtenstein": "LI",
    "lithuania": "LT",
    "luxembourg": "LU",
    "malta": "MT",
    "netherlands": "NL",
    "norway": "NO",
    "outside eu/eea": "3RD",
    "poland": "PL",
    "portugal": "PT",
    "romania": "RO",
    "slovakia": "SK",
    "slovenia": "SI",
    "spain": "ES",
    "sweden": "SE",
    "uk": "GB",
    "united kingdom": "GB",
}
