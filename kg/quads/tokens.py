"""Literals of a record as N-Triples write them: their text is made at once, without a term.

Each function gives the token of the literal that `kg.quads.literals` makes under the same name.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from kg.quads import literals
from kg.vocab import XSD

Token = str

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_RARE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HALVES = range(0xD800, 0xE000)
_RARE_ESCAPES = {"\b": "\\b", "\f": "\\f"}
_INTEGER, _DECIMAL, _DATE, _MOMENT, _DURATION = (
    f'"^^{one}' for one in (XSD.integer, XSD.decimal, XSD.date, XSD.dateTime, XSD.duration)
)
_BOOLEANS = {False: f'"false"^^{XSD.boolean}', True: f'"true"^^{XSD.boolean}'}


def plain(value: str) -> Token:
    """Return a string as it is; raises ValueError for half of a character."""
    for sign, escape in _ESCAPES:
        if sign in value:
            value = value.replace(sign, escape)
    return f'"{value}"' if value.isprintable() else f'"{_RARE.sub(_escaped, value)}"'


def text(value: str | None) -> Token | None:
    """Return the text without characters that XML cannot hold, None where nothing is left."""
    cleaned = literals.cleaned(value) if value else ""
    return plain(cleaned) if cleaned else None


def quote(value: str) -> Token:
    """Return a quote unaltered, but for halves of characters, which no encoding can hold."""
    return plain(literals.encodable(value))


def integer(value: int) -> Token:
    """Return an xsd:integer."""
    return f'"{value}{_INTEGER}'


def boolean(value: bool) -> Token:
    """Return an xsd:boolean."""
    return _BOOLEANS[value]


def decimal(value: Decimal | float) -> Token:
    """Return an xsd:decimal without exponent and trailing zeros."""
    return f'"{literals.digits(value)}{_DECIMAL}'


def day(value: dt.date) -> Token:
    """Return an xsd:date."""
    return f'"{value.isoformat()}{_DATE}'


def start_of_day(value: dt.date) -> Token:
    """Return the first moment of a date, UTC, as xsd:dateTime."""
    return f'"{value.isoformat()}T00:00:00Z{_MOMENT}'


def duration(value: str) -> Token:
    """Return an ISO 8601 duration as canonical xsd:duration; weeks become days."""
    return f'"{literals.canonical(value)}{_DURATION}'


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    if ord(sign) in _HALVES:
        raise ValueError(f"half of a character, {sign!r}, in {found.string[:40]!r}")
    return _RARE_ESCAPES.get(sign) or f"\\u{ord(sign):04X}"
