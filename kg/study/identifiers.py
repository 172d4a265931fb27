"""Identifiers of registrations in words: which registry's, and by which key two of them compare.

One row a registry, in registry order: the first member of a study by this order names it. A key
holds what two spellings of one identifier share: JPRN-UMIN000003040 is UMIN000003040, and the
country behind a EudraCT number and the last two digits of an EU CT number, which count
resubmissions, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple


class Form(NamedTuple):
    """How a registry writes its identifiers.

    What the groups of `pattern` hold is the key; `written` is the identifier as the registry's
    records are named, of the same groups.
    """

    registry: str
    pattern: str
    written: str


UTN: Final = "utn"
FORMS: Final = (
    Form("clinicaltrials", r"NCT[\s:#-]{0,2}(0\d{7})(?!\d)", "NCT{}"),
    Form("isrctn", r"ISRCTN[\s:]?(\d{8})(?!\d)", "ISRCTN{}"),
    Form("euclinicaltrials", r"(?<![\d-])(20[0-2]\d-[0-4]\d{5}-\d\d)(?![\d])", "{}"),
    Form("ctis", r"(?<![\d-])(20[2-9]\d-5\d{5}-\d\d)(?:-\d\d)?(?!\d)", "{}-00"),
    Form("chictr", r"ChiCTR(?:[\s-]{0,2}[A-Z]{2,5}){0,2}[\s-]{0,2}(\d{8,10})(?!\d)", "ChiCTR{}"),
    Form("drks", r"DRKS[\s-]?(\d{8})(?!\d)", "DRKS{}"),
    Form("anzctr", r"ACTRN[\s-]?(\d{14})(?!\d)", "ACTRN{}"),
    Form("jrct", r"jRCT([a-z]?\d{9,11})(?!\d)", "jRCT{}"),
    Form("umin", r"UMIN[\s-]?(?:CTR)?[\s-]?(?:ID)?[\s:]?(\d{9})(?!\d)", "UMIN{}"),
    Form("japic", r"JapicCTI[\s-]?(\d{6})(?!\d)", "JapicCTI-{}"),
    Form("ctri", r"CTRI[/_-](\d{4})[/_-](\d{2,3})[/_-](\d{6})(?!\d)", "CTRI/{}/{}/{}"),
    Form("irct", r"IRCT[\s-]?(\d{8,}N\d{1,3})(?!\d)", "IRCT{}"),
    Form("cris", r"KCT[\s-]?(\d{7})(?!\d)", "KCT{}"),
    Form("ntr", r"NTR[\s-]?(\d{3,5})(?!\d)", "NTR{}"),
    Form("tctr", r"TCTR[\s-]?(\d{11})(?!\d)", "TCTR{}"),
    Form("pactr", r"PACTR[\s-]?(\d{15,16})(?!\d)", "PACTR{}"),
    Form("rebec", r"RBR-?([0-9a-z]{5,8})(?![0-9a-z])", "RBR-{}"),
    Form("rpcec", r"RPCEC[\s-]?(\d{8})(?!\d)", "RPCEC{}"),
    Form("slctr", r"SLCTR/(\d{4})/(\d{3})(?!\d)", "SLCTR/{}/{}"),
    Form("lbctr", r"LBCTR[\s-]?(\d{10})(?!\d)", "LBCTR{}"),
    Form("itmctr", r"ITMCTR[\s-]?(\d{10})(?!\d)", "ITMCTR{}"),
    Form(UTN, r"U(1111-\d{4}-\d{4})(?!\d)", "U{}"),
)
ORDER: Final = {form.registry: number for number, form in enumerate(FORMS)}

_PATTERNS = tuple((form, re.compile(form.pattern, re.IGNORECASE)) for form in FORMS)
# What every identifier holds that is looked for in running text, to look closer only there.
_HINT = re.compile(r"\d{6,}")
_BEFORE, _BEHIND = 24, 20


class Identifier(NamedTuple):
    """An identifier in a text: its registry, its key, how its record is named, and where it is."""

    registry: str
    key: str
    written: str
    start: int
    end: int


def identifiers(text: str) -> Iterator[Identifier]:
    """Yield the identifiers in a text in reading order."""
    found: dict[tuple[int, int], Identifier] = {}
    for hint in _HINT.finditer(text):
        low, high = max(0, hint.start() - _BEFORE), hint.end() + _BEHIND
        for one in _all(text, low, high):
            found.setdefault((one.start, one.end), one)
    yield from (found[span] for span in sorted(found))


@lru_cache(maxsize=1 << 10)
def listed_identifiers(value: str) -> tuple[Identifier, ...]:
    """Return the identifiers in a value that is an identifier or a list of some."""
    return tuple(sorted(_all(value, 0, len(value)), key=lambda one: one.start))


def registration_key(registry: str, registry_id: str) -> str:
    """Return the key of a registration, equal for all spellings of its identifier."""
    for form, pattern in _PATTERNS:
        if form.registry == registry:
            match = pattern.search(registry_id)
            if match:
                return _key(form, match)
    return f"{registry}:{registry_id.upper()}"


def registry_place(registry: str) -> tuple[int, str]:
    """Return where a registry stands in registry order; those without a row come last."""
    return ORDER.get(registry, len(ORDER)), registry


def _all(text: str, low: int, high: int) -> Iterator[Identifier]:
    for form, pattern in _PATTERNS:
        for match in pattern.finditer(text, low, high):
            written = form.written.format(*match.groups())
            yield Identifier(form.registry, _key(form, match), written, match.start(), match.end())


def _key(form: Form, match: re.Match[str]) -> str:
    return f"{form.registry}:{'/'.join(match.groups()).upper()}"
