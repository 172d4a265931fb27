"""The registry's codes and the individuals of the ontology that they mean; keys are folded."""

from __future__ import annotations

from typing import Final

from loaders.values import Codes

# The present layout gives numbers, the one before words.
STATUS: Final[Codes] = {
    "2": "NotYetRecruiting",
    "authorised, not started": "NotYetRecruiting",
    "authorised, recruitment pending": "NotYetRecruiting",
    "3": "Recruiting",
    "authorised, recruiting": "Recruiting",
    "4": "Recruiting",
    "ongoing, recruiting": "Recruiting",
    "5": "ActiveNotRecruiting",
    "ongoing, recruitment ended": "ActiveNotRecruiting",
    "6": "Suspended",
    "temporarily halted": "Suspended",
    "halted": "Suspended",
    "7": "Suspended",
    "suspended": "Suspended",
    "8": "Completed",
    "ended": "Completed",
    "12": "Withdrawn",
    "cancelled": "Withdrawn",
    "withdrawn": "Withdrawn",
}

# The phase stands in brackets behind what it is called: "Therapeutic use (Phase IV)".
PHASE: Final[Codes] = {"i": "Phase1", "ii": "Phase2", "iii": "Phase3", "iv": "Phase4"}

SEX: Final[Codes] = {
    "male, female": "AllSexes",
    "female, male": "AllSexes",
    "male": "MaleOnly",
    "female": "FemaleOnly",
}

AGE_GROUP: Final[Codes] = {
    "in utero": "Child",
    "0-17 years": "Child",
    "18-64 years": "Adult",
    "65+ years": "OlderAdult",
}
