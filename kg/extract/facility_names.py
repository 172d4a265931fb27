"""The name of a facility without what sponsors add to it: site numbers, notes, departments.

Only what is certain goes. A campus, a second institution after a dash and an unknown word in
parentheses stay, because they may be another place.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES_KEPT = 20_000

_PLACEHOLDER = re.compile(
    r"(?:local institution|(?:clinical |investigational |investigative |investigator |study |"
    r"research |trial |novartis |gsk )*(?:site|center|centre|investigator|facility|office)"
    r"(?: reference id)?(?:/investigator)?(?: location)?)"
    r"[\s#:,.()-]*(?:(?:no|number|ref|id)\b\.?)?[\s#:,.()-]*(?:[\w-]{0,12}\d[\w-]*)?[\s#:,.()-]*\d*",
    re.IGNORECASE,
)
_SITE_NUMBER = re.compile(
    r"\s*(?:/\s*ID\s*#\s*\d+|\(\s*Site\s*[#:]?\s*\d+\s*\)|-?\s*\(?\bSite\s*[#:]\s*\d+\)?)\s*$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:\((?:[^()]*\b(?:protocol activit|consent only|data collection)[^()]*)\)"
    r"|-\s*accepting\s[\w\s]+patients)\s*$",
    re.IGNORECASE,
)
_SHORT_FORM = re.compile(r"\s*\(\s*[A-Z][A-Z0-9&-]{1,9}\s*\)\s*$")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_FIELD = (
    r"(?:(?:medical|clinical|pediatric|surgical|radiation|gynecologic|internal)\s+)?"
    r"(?:oncology|hematology|haematology|rheumatology|dermatology|neurology|urology|cardiology|"
    r"immunology|allergology|allergy|pulmonology|neurosurgery|infectious diseases?|medicine|"
    r"pediatrics|paediatrics|surgery|orthop(?:a)?edics|gastroenterology|nephrology)"
)
_FIELDS = rf"{_FIELD}(?:\s*(?:&|and|/|,)\s*{_FIELD})*"
_DEPARTMENT = (
    rf"(?:(?:department|dept\.?|division|section)\s+of\s+(?:the\s+)?[^,;]{{3,60}}"
    rf"|{_FIELDS}\s+department)"
)
_HOUSE = r"(?=[^,;]*\b(?:hospital|medical cent|cancer cent|universit|institut|klinik|clinic\b))"
_LEADING = re.compile(
    rf"^(?:{_DEPARTMENT}\s*[,;]\s*{_HOUSE}"
    rf"|(?:\w+\s+department\s+(?:and\s+)?)+of\s+{_HOUSE}"
    rf"|department\s+of\s+\w+\s+of\s+{_HOUSE})",
    re.IGNORECASE,
)
_TRAILING = re.compile(rf"\s*(?:(?:[,;]|\s-)\s*{_DEPARTMENT}|\s-\s*{_FIELDS})\s*$", re.IGNORECASE)


@lru_cache(maxsize=_NAMES_KEPT)
def is_placeholder(name: str) -> bool:
    """Tell whether a name stands for a site that the sponsor does not name."""
    return _PLACEHOLDER.fullmatch(name.strip()) is not None


@lru_cache(maxsize=_NAMES_KEPT)
def facility_name(listed: str) -> str:
    """Return the name of the facility itself."""
    name = listed.strip()
    for noise in (_SITE_NUMBER, _NOTE, _SHORT_FORM, _TRAILING, _SHORT_FORM, _LEADING, _ARTICLE):
        name = noise.sub("", name).strip(" ,;-") or name
    return name
