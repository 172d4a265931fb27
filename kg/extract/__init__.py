"""From a trial's words to constructs, antigens, conditions and places, each with its evidence.

`extract` is a pure function of a trial and the lexicon: no state, no clock, no order of records.
"""

from __future__ import annotations

import datetime as dt

from kg.extract.candidates import candidates
from kg.extract.conditions import condition_terms
from kg.extract.constructs import constructs
from kg.extract.contradictions import contradiction
from kg.extract.criteria import criteria
from kg.extract.design import features_and_risks
from kg.extract.findings import Extraction
from kg.extract.flags import record_flags
from kg.extract.lexicon import Lexicon, load_lexicon
from kg.extract.mentions import mentions
from kg.extract.organizations import organization_keys
from kg.extract.places import places
from kg.extract.reading import read
from kg.extract.roles import roles
from kg.extract.standing import construct_roles
from kg.extract.targets import bound_constructs
from kg.extract.uses import uses
from kg.records import Trial

RELEASE = "3"
"""Raised whenever extraction changes an answer; records are then extracted anew."""


def extract(trial: Trial, lexicon: Lexicon, seen: dt.date | None = None) -> Extraction:
    """Return all that the record says; `seen` is when it was retrieved, for stale records."""
    reading = read(trial, lexicon)
    parts = bound_constructs(reading, candidates(reading))
    named = roles(reading, parts)
    given = construct_roles(reading, parts)
    features, risks = features_and_risks(trial, lexicon.design_cues)
    return Extraction(
        constructs=constructs(reading, parts, named),
        uses=uses(reading, parts, given),
        mentions=mentions(reading, named, parts, given),
        conditions=condition_terms(trial, lexicon),
        criteria=criteria(trial),
        places=places(trial, lexicon.gazetteer),
        organizations=organization_keys(trial, lexicon.gazetteer),
        record_flags=record_flags(trial, seen, contradiction(reading, parts)),
        design_features=features,
        monitored_risks=risks,
    )


__all__ = ["RELEASE", "Lexicon", "extract", "load_lexicon"]
