"""E-mail addresses, telephone numbers and names of people inside texts.

Each is replaced by as many marks as it has code points, so that positions in the text stay what
they were. Masked text is not masked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MARK = "█"

# The registry escapes some characters of an address in marked-up text: "a\_b@c.org".
_MAIL = re.compile(r"(?:[\w.+%'-]|\\[_.+-])+@[\w-]+(?:\\?\.[\w-]+)+")

_SPELT = re.compile(r"(?<![\w-])(?:\+?1[-. ])?8(?:00|33|44|55|66|77|88)-[A-Z\d-]*[A-Z][A-Z\d-]{2,}")
# Three doses in a row look like a number, but for the unit behind them.
_UNIT = r"(?!\s*(?:[mµun]?g|mcg|kg|[mµ]?l|[ci]?u|c?gy|cells?|%|days?|weeks?|months?)\b)"
_NORTH_AMERICAN = re.compile(
    r"(?<![\w.,/-])(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([-.]))[2-9]\d{2}[-.]\d{4}(?![\w-])"
    + _UNIT,
    re.IGNORECASE,
)
_INTERNATIONAL = re.compile(
    r"(?<![\w)\]^])\+\s?[1-9]\d{0,2}[ .()-]{0,2}(?:\d[ .()-]{0,2}){6,11}\d\b"
)
_CHINESE_MOBILE = re.compile(r"(?<![\w.,-])(?:86[- ]?)?1[3-9]\d{9}(?![\w.,]\d|\d)(?<!0{5})")
_CUED = re.compile(
    r"\b(?:tele?(?:phone)?|phone|mobile|fax|hotline|whatsapp|wechat|call(?: us)?(?: at)?)"
    r"(?: (?:number|no|num))?\b[\s.:#(]{0,4}(?P<number>[+(]?\d(?:[\d ().-]{5,20})\d)",
    re.IGNORECASE,
)
_CUED_CHINESE = re.compile(
    r"(?:电话|手机|联系方式|传真)[\s:：]{0,3}(?P<number>[+(]?\d[\d ().-]{5,20}\d)"
)
# Seven signs that numbers are written with, or a number that goes on with letters: every pattern
# here asks for one of these, and most texts have neither.
_PERHAPS = re.compile(r"\d(?:[\d ().-]{6}|(?<=8)(?:00|33|44|55|66|77|88)-)")
_PHONES = (_SPELT, _NORTH_AMERICAN, _INTERNATIONAL, _CHINESE_MOBILE)
_DIGITS_IN_A_PHONE = range(7, 16)


def mask_addresses(text: str) -> str:
    """Return the text with its e-mail addresses masked."""
    return _MAIL.sub(_marks, text) if "@" in text else text


def mask_phones(text: str) -> str:
    """Return the text with its telephone numbers masked.

    Only what has the form of a number in use, or stands behind a word such as "phone": doses,
    dates, counts and identifiers stay.
    """
    if _PERHAPS.search(text) is None:
        return text
    for pattern in (_CUED, _CUED_CHINESE):
        text = pattern.sub(_cued, text)
    for pattern in _PHONES:
        text = pattern.sub(_marks, text)
    return text


def mask_names(text: str, names: Iterable[str]) -> str:
    """Return the text with these names masked where they stand as whole words."""
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _marks, text)
    return text


def _marks(found: re.Match[str]) -> str:
    return MARK * len(found[0])


def _cued(found: re.Match[str]) -> str:
    number = found["number"]
    if sum(map(str.isdigit, number)) not in _DIGITS_IN_A_PHONE:
        return found[0]
    return found[0].replace(number, MARK * len(number))
