"""Telling people from organisations, by the form of a name.

The registry has no field for it: a sponsor that is a person mostly has the class OTHER. What is a
person by these tables loses its name; what is not keeps it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DEGREES = (
    r"M\.?\s?D|Ph\.?\s?D|D\.?O|D\.?C|D\.?D\.?S|D\.?M\.?D|D\.?Sc|Sc\.?D|Pharm\.?\s?D|Dr\.?P\.?H"
    r"|M\.?B\.?B\.?S|MBBCh|MB|MS|M\.?Sc|M\.?P\.?H|M\.?A|MBA|R\.?N|N\.?P|P\.?A|PA-C|F\.?A\.?C\.?P"
    r"|FRCP\w?|FRCS|FACS|FAAAAI|FAHA|Prof"
)
_DEGREE = re.compile(rf"(?:[\s,，;(]+(?:{_DEGREES})\.?\)?)+$", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:(?:prof(?:essor)?|dr|doctor|priv|doz|pd|univ|assoc|assist|med|mr|mrs|ms|pi)\b[.\s-]*)+",
    re.IGNORECASE,
)
_PERSONAL_TITLE = re.compile(r"(?:prof(?:essor)?|dr|doctor)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_ACRONYM = re.compile(r"[A-Z]{3,}")
_WORDS_IN_A_NAME = range(2, 6)

# Stems that stand in names of organisations and of desks, in the languages of the records.
_ORGANISATION_WORDS = (
    r"hospi[tc]|hosp\b|h[oô]pit|klini|clini|cliniq|o?spedal|ziekenhui|gasthui|krankenhau|sykehus"
    r"|sjukhus|universi|univ\b|institut|istitut|college|school|facult|academ|hochschul|campus"
    r"|cent(?:er|re|ro|rum)\b|centr|department|division|unit\b|office|service|system|program|project"
    r"|foundation|fondation|fondazione|stiftung|fundaci|fundaç|\bfunds?\b|fonds|trust|charit"
    r"|societ|socied|asocia|associa|council|ministr|commission|agency|government|county|municipal"
    r"|region|national|international|european|american|veteran|command|army|navy|defen[cs]e|board"
    r"|union|initiative|alliance|consort|network|group|grupo|gruppo|cooperative|azienda|casa\b"
    r"|compan|corp|inc\b|ltd|limited|llc|\blp\b|gmbh|\bag\b|\bsa\b|sas\b|\bplc|\bkgaa|\bab\b|\bas\b"
    r"|\bav\b|\bnv\b|\bbv\b|s\.?p\.?a\b|s\.?l\.?$|a/s|d\.?o\.?o\b|s\.?r\.?[lo]\b|holding|ventur"
    r"|pharma|farmac|therap|bio|medic|medis|health|saglik|sant[eé]|sanit|salud|helse|care\b|cancer"
    r"|oncolog|tumou?r|cell|gene\b|general|genet|genom|immun|vaccin|vacc\b|technolog|scienc|laborato"
    r"|labs?\b|research|ressearch|recherche|diagnos|analytic|nutrition|allerg|surg|spine|spinal"
    r"|orthop|dental|pediatr|neuro|cardio|praxis|practi[cs]|site\b|solution|engine|development"
    r"|worldwide|global|partner|parent|trial|stud(?:y|ies)|contact|information|call\b|desk|team"
    r"|coordinator|director|manager|monitor|investigator|recruit|enroll|referral|sponsor|patient"
    r"|lead\b|physician|transparency|disclosure|permanente|leuven|\bku\b|kinder|child|women"
    r"|\bst\.|saint\b|sint\b|hopkins|memorial|mayo|squibb|kettering|brigham|roussy|sinai|deaconess"
    r"|methodist|baptist|lutheran|adventist|presbyterian|royal|imperial|nationwide|verzekeraar"
    r"|anses|organi[sz]|assist|sector|regulat|affair|\bcity\b|\bstate\b|beijing|shanghai|peking"
    r"|\bchina|chinese|korea|japan|taiwan|hong kong|\bparis\b|london|\byork\b|\blyon\b"
)
_ORGANISATION = re.compile(_ORGANISATION_WORDS, re.IGNORECASE)
# The same for names in ASCII and lower case, which is several times as fast.
_ORGANISATION_IN_ASCII = re.compile(_ORGANISATION_WORDS)

# Classes by which the registry itself says that the sponsor is no person.
ORGANISATION_CLASSES = frozenset({"INDUSTRY", "NIH", "FED", "NETWORK"})


def bare_name(name: str) -> str:
    """Return a person's name without titles before it and degrees and functions after it."""
    first = re.split(r"[,，;(]| - ", _TITLE.sub("", name.strip()), maxsplit=1)[0]
    return _DEGREE.sub("", first).strip(" .")


@lru_cache(maxsize=1 << 12)
def names_organisation(name: str) -> bool:
    """Tell whether a word of the name is one that organisations and desks have."""
    if name.isascii():
        return _ORGANISATION_IN_ASCII.search(name.lower()) is not None
    return _ORGANISATION.search(name) is not None


def looks_personal(name: str) -> bool:
    """Tell whether a name has the form of a person's: a few words, none of an organisation."""
    if names_organisation(name):
        return False
    words = name.split()
    if len(words) not in _WORDS_IN_A_NAME or not all(map(_WORD.fullmatch, words)):
        return False
    shouted = [word for word in words if _ACRONYM.search(word)]
    return not shouted or name.isupper()


def is_person(name: str, sponsor_class: str | None, investigator: str | None) -> bool:
    """Tell whether a sponsor is a person.

    `investigator` is the name of whoever the record says is sponsor and investigator in one. Where
    the registry gives no class, only a degree, a title or that name decides.
    """
    name = name.strip()
    if sponsor_class == "INDIV":
        return True
    if names_organisation(name):
        return False
    if _DEGREE.search(name) or (investigator and bare_name(investigator) == bare_name(name)):
        return True
    if sponsor_class in ORGANISATION_CLASSES:
        return False
    if _PERSONAL_TITLE.match(name):
        return True
    return sponsor_class is not None and all(map(looks_personal, re.split(r"\s*[;；]\s*", name)))
