"""Single values of the registry: texts with markup, partial dates, ages, codes."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal

from kg.records import Age, Dropped, PartialDate, Text
from loaders.clinicaltrials.codes import DATE_TYPE, Codes
from loaders.clinicaltrials.study import DateStruct

# The registry gives Markdown (CommonMark 0.28): a backslash before ASCII punctuation is no part of
# the text. Some registrants pasted HTML, which the registry escaped once or twice more:
# "\&gt;", "&Amp;#39;", "\&amp;lt;".
_ESCAPE = re.compile(
    r"\\?&(?:amp;)*(?P<entity>#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});"
    r"|\\(?P<mark>[!-/:-@\[-`{-~])"
    r"|(?P<line>\r\n?)",
    re.IGNORECASE,
)

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_AGE = re.compile(r"(\d{1,6}) *(year|month|week|day|hour|minute)s?", re.ASCII | re.IGNORECASE)
_NO_LIMIT = re.compile(r"n/?a\b.*|none|no limit", re.IGNORECASE)

# ISO 8601 in XML Schema has no weeks, so a week is seven days.
_DURATION = {
    "year": "P{}Y",
    "month": "P{}M",
    "week": "P{}D",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
}
_DAYS_IN_WEEK = 7
_YEAR_IN_DAYS = Decimal("365.25")
_YEARS = {
    "year": Decimal(1),
    "month": Decimal(1) / 12,
    "week": _DAYS_IN_WEEK / _YEAR_IN_DAYS,
    "day": 1 / _YEAR_IN_DAYS,
    "hour": 1 / (24 * _YEAR_IN_DAYS),
    "minute": 1 / (24 * 60 * _YEAR_IN_DAYS),
}
_FRACTION = Decimal("0.00000001")


def plain_text(raw: str) -> str:
    """Return the text as people read it: without escapes, with one kind of line end."""
    if "\\" not in raw and "&" not in raw and "\r" not in raw:
        return raw
    return _ESCAPE.sub(_unescaped, raw)


def _unescaped(found: re.Match[str]) -> str:
    if found["line"]:
        return "\n"
    if found["mark"]:
        return found["mark"]
    entity = f"&{found['entity']};"
    meant = html.unescape(entity)
    if meant == entity:
        meant = html.unescape(entity.lower())
    return found[0] if meant == entity.lower() else meant


def text(raw: str | None, field: str) -> Text | None:
    """Return a free text with its place, None for one that says nothing."""
    if raw is None or not raw.strip():
        return None
    return Text(field=field, raw=raw, plain=plain_text(raw))


def texts(raws: tuple[str | None, ...] | None, field: str) -> tuple[Text, ...]:
    """Return the texts of a list, each with its own place."""
    made = (text(raw, f"{field}/{position}") for position, raw in enumerate(raws or ()))
    return tuple(each for each in made if each is not None)


def words(raw: str | None) -> str | None:
    """Return a short string without escapes and outer space, None for an empty one."""
    return (plain_text(raw).strip() or None) if raw is not None else None


def code(value: str | None, codes: Codes, field: str, dropped: list[Dropped]) -> str | None:
    """Return the individual that a code means; an unknown code is dropped and named."""
    if value is None:
        return None
    meant = codes.get(value)
    if meant is None:
        dropped.append(Dropped(field=field, value=value, reason="a code that is not in the table"))
    return meant


def coded(
    values: tuple[str | None, ...] | None, codes: Codes, field: str, dropped: list[Dropped]
) -> tuple[str, ...]:
    """Return the individuals of a list of codes, each once, in the registry's order."""
    made = (
        code(value, codes, f"{field}/{position}", dropped)
        for position, value in enumerate(values or ())
    )
    return tuple(dict.fromkeys(each for each in made if each is not None))


def day_of(value: str) -> tuple[dt.date, str] | None:
    """Return the first day of a partial date and its precision, None for what is no date."""
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    year, month, day = found.groups()
    precision = "Day" if day else "Month" if month else "Year"
    try:
        return dt.date(int(year), int(month or 1), int(day or 1)), precision
    except ValueError:
        return None


def date(value: str | None, field: str, dropped: list[Dropped]) -> PartialDate | None:
    """Return a partial date that says nothing of whether it has come."""
    if value is None:
        return None
    found = day_of(value)
    if found is None:
        reason = "not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"
        dropped.append(Dropped(field=field, value=value, reason=reason))
        return None
    return PartialDate(day=found[0], precision=found[1])


def typed_date(struct: DateStruct | None, field: str, dropped: list[Dropped]) -> PartialDate | None:
    """Return a partial date and, where the registry says so, whether it has come."""
    if struct is None:
        return None
    made = date(struct.date, f"{field}/date", dropped)
    kind = code(struct.type, DATE_TYPE, f"{field}/type", dropped)
    if made is None:
        return None
    return PartialDate(day=made.day, precision=made.precision, date_type=kind)


def age(value: str | None, field: str, dropped: list[Dropped]) -> Age | None:
    """Return an age limit; "N/A" is the registry's word for no limit.

    In years a month is 1/12, a week 7 days, and a year 365.25 days; rounded to eight decimals.
    """
    if value is None or _NO_LIMIT.fullmatch(value.strip()):
        return None
    found = _AGE.fullmatch(value.strip())
    if found is None:
        reason = "not an age of the form '18 Years'"
        dropped.append(Dropped(field=field, value=value, reason=reason))
        return None
    number, unit = int(found[1]), found[2].lower()
    shown = number * _DAYS_IN_WEEK if unit == "week" else number
    years = (number * _YEARS[unit]).quantize(_FRACTION)
    return Age(as_listed=value, duration=_DURATION[unit].format(shown), years=_trimmed(years))


def _trimmed(number: Decimal) -> Decimal:
    shown = format(number, "f").rstrip("0").rstrip(".")
    return Decimal(shown)
