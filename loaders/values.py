"""Single values as registries write them: texts, dates in several orders, ages, counts, codes."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Final

from kg.records import Age, Dropped, PartialDate, Text

Codes = Mapping[str, str]
Drops = list[Dropped]

_BREAK = re.compile(r"<\s*(?:br|/p|/li|/div)\s*/?\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:br|p|li|ul|ol|div|span|b|i|u|em|strong|sup|sub|table|tbody|tr|td|th|font|a|h[1-6]|hr"
    r"|img|pre)(?:\s+[\w-]+\s*=[^<>]{0,300})?\s*/?>",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[^\S\n]+")
_BLANK = re.compile(r"\n{3,}")

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_IN_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>[A-Za-z]{3,9})\.?"
    r"(?: (?P<later>\d{1,2})(?:st|nd|rd|th)?)?,? (?P<year>\d{4})",
    re.ASCII,
)

_AGE = re.compile(r"(\d{1,5}(?:\.\d{1,2})?)\s*([^\W\d]*)")
# What registries call the units of an age, and the years that one is.
UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("", "year", "years", "y", "yr", "yrs", "岁"), "year"),
    **dict.fromkeys(("month", "months", "m", "月"), "month"),
    **dict.fromkeys(("week", "weeks", "w", "wk", "周"), "week"),
    **dict.fromkeys(("day", "days", "d", "天"), "day"),
    **dict.fromkeys(("hour", "hours", "h"), "hour"),
    **dict.fromkeys(("minute", "minutes"), "minute"),
}
_DURATION: Final = {
    "year": "P{}Y",
    "month": "P{}M",
    "week": "P{}D",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
}
_YEAR_IN_DAYS = Decimal("365.25")
_YEARS: Final = {
    "year": Decimal(1),
    "month": Decimal(1) / 12,
    "week": 7 / _YEAR_IN_DAYS,
    "day": 1 / _YEAR_IN_DAYS,
    "hour": 1 / (24 * _YEAR_IN_DAYS),
    "minute": 1 / (24 * 60 * _YEAR_IN_DAYS),
}
_FRACTION = Decimal("0.00000001")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def cleaned(raw: str) -> str:
    """Return a text without HTML and padding: line breaks stay, other marks go.

    This is how content keeps a text, so that positions refer to what people read.
    """
    text = html.unescape(raw) if "&" in raw else raw
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK.sub("\n\n", "\n".join(lines)).strip()


def text(raw: str | None, field: str) -> Text | None:
    """Return a free text with its place, None for one that says nothing."""
    if raw is None or not raw.strip():
        return None
    return Text(field=field, raw=raw, plain=raw)


def texts(raws: Iterable[str | None] | None, field: str) -> tuple[Text, ...]:
    """Return the texts of a list, each with its own place."""
    made = (text(raw, f"{field}/{position}") for position, raw in enumerate(raws or ()))
    return tuple(each for each in made if each is not None)


def folded(value: str) -> str:
    """Return a code as tables spell it: lower case, single spaces, no end mark."""
    return " ".join(value.split()).strip(" .;:").casefold()


def code(value: str | None, codes: Codes, field: str, dropped: Drops) -> str | None:
    """Return the individual that a code means; a code outside its table is dropped and named.

    Tables are keyed by `folded` codes; a code that means nothing maps to the empty string.
    """
    if value is None or not value.strip():
        return None
    meant = codes.get(folded(value))
    if meant is None:
        drop(dropped, field, value, "a code that is not in the table")
    return meant or None


def drop(dropped: Drops, field: str, value: str, reason: str) -> None:
    """Keep a value that cannot be read, with the reason."""
    dropped.append(Dropped(field=field, value=value, reason=reason))


def day_of(value: str) -> tuple[dt.date, str] | None:
    """Return the first day of a date and its precision, None for what is no date.

    Read are 2020-02-15, 2020/2, 20200215, 15/02/2020 (the day first), "15 February 2020",
    "April 1, 2020" and "April 2020"; a time behind an ISO date is left out.
    """
    given = value.strip()
    if found := _COMPACT.fullmatch(given) or _ISO.fullmatch(given):
        parts = (found[1], found[2], found[3])
    elif found := _DAY_FIRST.fullmatch(given):
        parts = (found[3], found[2], found[1])
    elif found := _IN_WORDS.fullmatch(given):
        month = MONTHS.get(found["month"].lower())
        if month is None:
            return None
        parts = (found["year"], str(month), found["day"] or found["later"])
    else:
        return None
    precision = "Day" if parts[2] else "Month" if parts[1] else "Year"
    try:
        return dt.date(int(parts[0]), int(parts[1] or 1), int(parts[2] or 1)), precision
    except ValueError:
        return None


def date(
    value: str | None, field: str, dropped: Drops, date_type: str | None = None
) -> PartialDate | None:
    """Return a partial date; what is no date is dropped."""
    if value is None or not value.strip():
        return None
    found = day_of(value)
    if found is None:
        drop(dropped, field, value, "no date that can be read")
        return None
    return PartialDate(day=found[0], precision=found[1], date_type=date_type)


def age(
    value: str | None, unit: str, field: str, dropped: Drops, none: Collection[str] = ()
) -> Age | None:
    """Return an age limit; `unit` is the one that the registry means where none stands.

    `none` are the registry's words for no limit, folded.
    """
    if value is None or not value.strip() or folded(value) in none:
        return None
    found = _AGE.fullmatch(value.strip())
    kind = UNITS.get((found[2] or unit).lower()) if found else None
    if found is None or kind is None:
        drop(dropped, field, value, "no age that can be read")
        return None
    return _aged(value, Decimal(found[1]), kind, field, dropped)


def _aged(value: str, number: Decimal, kind: str, field: str, dropped: Drops) -> Age | None:
    shown = number * 7 if kind == "week" else number
    if shown != shown.to_integral_value():
        if kind != "year" or (shown * 12) != (shown * 12).to_integral_value():
            drop(dropped, field, value, "an age that is no whole number")
            return None
        duration = _DURATION["month"].format(int(shown * 12))
    else:
        duration = _DURATION[kind].format(int(shown))
    years = (number * _YEARS[kind]).quantize(_FRACTION)
    trimmed = format(years, "f").rstrip("0").rstrip(".")
    return Age(as_listed=value, duration=duration, years=Decimal(trimmed or "0"))


def count(value: str | int | None, field: str, dropped: Drops) -> int | None:
    """Return a count of at most nine digits; anything else is dropped."""
    if value is None or not str(value).strip():
        return None
    found = _NUMBER.fullmatch(str(value).strip())
    if found is None:
        drop(dropped, field, str(value), "no count")
        return None
    return int(found[0])


def yes_or_no(value: str | None, field: str, dropped: Drops) -> bool | None:
    """Return what yes, no, true and false mean."""
    meant = code(value, {"yes": "y", "true": "y", "no": "n", "false": "n"}, field, dropped)
    return None if meant is None else meant == "y"
