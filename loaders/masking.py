"""E-mail addresses, telephone numbers and names of people inside texts.

Each is replaced by as many marks as it has code points, so that positions in the text stay what
they were. Masked text is not masked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MARK = "█"
SHORTEST_PHONE = 7

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
# A number that goes on with letters, or a run of the signs that numbers are written with: every
# pattern here asks for one of these, and for a run with a plus or a cue before it or such digits.
_SPELT_SIGN = re.compile(r"8(?:00|33|44|55|66|77|88)-")
_RUN = re.compile(r"\d[\d ().-]{6,}")
_RUN_IN_ASCII = re.compile(r"[0-9][0-9 ().-]{6,}")
_FORM = re.compile(r"(?:\) ?|[-.])[2-9]\d{2}[-.]\d{4}|1[3-9]\d{9}")
# Parts of the cues, without the letters that are found in other forms where case does not count.
_CUE_WORDS = (
    *("tel", "phone", "mob", "fax", "hotl", "hatsapp", "hatſapp", "wechat", "call"),
    *("电话", "手机", "联系方式", "传真"),
)
# How far before a number they stand, in JSON too, where a blank may be written as six signs.
_PLUS_REACH = 8
_SHORTEST_FORM = 11
# What stands before the dates, counts and identifiers of a record in JSON; neither a cue nor a
# plus goes on to a number over a quote or a letter.
_APART = ('"', '":', '":-', "T")
_CUE_REACH = 48
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
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
    if not _may_hold_phone(text):
        return text
    for pattern in (_CUED, _CUED_CHINESE):
        text = pattern.sub(_cued, text)
    for pattern in _PHONES:
        text = pattern.sub(_marks, text)
    return text


def may_need_masking(written: str, names: Iterable[str]) -> bool:
    """Tell whether any text of a record in JSON may change by masking; most records have none.

    A name that JSON writes otherwise is not looked for, and so may stand there.
    """
    if "@" in written or any(name in written or _ESCAPED.search(name) for name in names):
        return True
    return _may_hold_phone(written)


def _may_hold_phone(text: str) -> bool:
    """Tell whether any pattern can match: most texts hold only dates and counts, or no digits."""
    for run in (_RUN_IN_ASCII if text.isascii() else _RUN).finditer(text):
        start, end = run.span()
        if end - start >= _SHORTEST_FORM and _FORM.search(text, start, end) is not None:
            return True
        if text.endswith(_APART, 0, start):
            continue
        before = text[max(0, start - _CUE_REACH) : start].lower()
        if "+" in before[-_PLUS_REACH:] or any(word in before for word in _CUE_WORDS):
            return True
    return _SPELT_SIGN.search(text) is not None


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
