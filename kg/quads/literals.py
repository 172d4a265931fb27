"""Literals in the form that the store gives back, so that a dump and a shape see what was written.

The store rewrites typed values: `PT90M` becomes `PT1H30M`, `1.10` becomes `1.1`.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal

from kg.vocab import GEOSPARQL, XSD

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


def text(value: str | None) -> Literal | None:
    """Return the text without characters that XML cannot hold, None where nothing is left."""
    words = cleaned(value) if value else ""
    return Literal(words) if words else None


def quote(value: str) -> Literal:
    """Return a quote unaltered, but for halves of characters, which no encoding can hold."""
    return Literal(encodable(value))


def integer(value: int) -> Literal:
    """Return an xsd:integer."""
    return Literal(str(value), datatype=XSD.integer)


def boolean(value: bool) -> Literal:
    """Return an xsd:boolean."""
    return Literal("true" if value else "false", datatype=XSD.boolean)


def decimal(value: Decimal | float) -> Literal:
    """Return an xsd:decimal without exponent and trailing zeros."""
    return Literal(digits(value), datatype=XSD.decimal)


def day(value: dt.date) -> Literal:
    """Return an xsd:date."""
    return Literal(value.isoformat(), datatype=XSD.date)


def start_of_day(value: dt.date) -> Literal:
    """Return the first moment of a date, UTC, as xsd:dateTime."""
    return Literal(f"{value.isoformat()}T00:00:00Z", datatype=XSD.dateTime)


def duration(value: str) -> Literal:
    """Return an ISO 8601 duration as canonical xsd:duration; weeks become days.

    Raises ValueError for what is no duration in whole units.
    """
    return Literal(canonical(value), datatype=XSD.duration)


def cleaned(value: str) -> str:
    """Return a text without outer space and characters that XML cannot hold."""
    return (value if value.isprintable() else _UNPRINTABLE.sub("", value)).strip()


def encodable(value: str) -> str:
    """Return a text with a sign in place of halves of characters."""
    return value if value.isascii() else _SURROGATES.sub("\ufffd", value)


def digits(value: Decimal | float) -> str:
    """Return a number without exponent and trailing zeros."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    shown = f"{exact:f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown


@lru_cache(maxsize=1 << 10)
def canonical(value: str) -> str:
    """Return an ISO 8601 duration with each unit below the size of the next, weeks as days.

    Raises ValueError for what is no duration in whole units.
    """
    found = _DURATION.fullmatch(value)
    if found is None or value.endswith(("P", "T")):
        raise ValueError(f"{value!r} is no ISO 8601 duration such as P18Y or PT30M")
    years, months, weeks, days, hours, minutes, seconds = (
        int(part or 0) for part in found.groups()
    )
    return _in_units(years * 12 + months, days + weeks * 7, hours * 3600 + minutes * 60 + seconds)


def _in_units(months: int, days: int, seconds: int) -> str:
    days, seconds = days + seconds // 86400, seconds % 86400
    date = _units((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    time = _units((seconds // 3600, "H"), (seconds % 3600 // 60, "M"), (seconds % 60, "S"))
    if not date and not time:
        return "PT0S"
    return f"P{date}T{time}" if time else f"P{date}"


def _units(*counted: tuple[int, str]) -> str:
    return "".join(f"{count}{unit}" for count, unit in counted if count)


def point(longitude: Decimal, latitude: Decimal) -> Literal:
    """Return a point as WKT in CRS84: longitude first."""
    pair = f"{decimal(longitude).value} {decimal(latitude).value}"
    return Literal(f"POINT({pair})", datatype=GEOSPARQL.wktLiteral)
