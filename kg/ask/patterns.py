"""Parts of questions that hold a number: phases, years, dates, distances."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from kg.ask.meanings import Meanings
from kg.find.selection import Place
from kg.records import Record

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
# What a part chooses that is about countries, and narrows others down.
OUTSIDE: Final = "outside"
_KILOMETRES = 50.0
_MOST_NAMED = 3
_MORE = re.compile(
    r"\.?(?:\s*[,/&]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)(?:outside (?:of )?)?(?:the )?",
    re.IGNORECASE,
)
_MOST_WORDS = 4
_AGAINST = re.compile(
    r"\b(?:anti|against|target\w*|(?:specific|directed|reactive) (?:to|for|at|against)|"
    r"bind\w*(?: to)?|recogni[sz]\w*)[\s-]+$",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:\d[./-]\s*|\b(?:\d{1,2}\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b[\s.,/-]*"
    r"(?:\d{1,2}[\s.,]+)?)$",
    re.IGNORECASE,
)


class Part(Record, frozen=True):
    """What a part of a question chooses, and where it ends."""

    end: int
    facet: str
    values: tuple[str, ...] = ()
    meaning: str = ""
    near: Place | None = None
    since: str = ""


def _phases(match: re.Match[str], _: Meanings) -> Part:
    numbers = [_ROMAN.get(one.lower(), one) for one in match.groups() if one]
    return Part(match.end(), "phase", tuple(f"Phase{number}" for number in sorted(numbers)))


def _year(match: re.Match[str], _: Meanings) -> Part:
    return Part(match.end(), "year", (match["year"],))


def _year_alone(match: re.Match[str], meanings: Meanings) -> Part | None:
    """Read a year that stands alone; the one of a day is no choice."""
    return None if _DAY.search(match.string[: match.start()]) else _year(match, meanings)


def _years_between(match: re.Match[str], meanings: Meanings) -> Part:
    first, last = sorted((int(match["year"]), int(match["last"])))
    wanted = tuple(y for y in meanings.catalogue.values("year") if first <= int(y) <= last)
    return Part(match.end(), "year", wanted or (str(first),), f"Start year: {first} to {last}")


def _years_since(match: re.Match[str], meanings: Meanings) -> Part:
    known = meanings.catalogue.values("year")
    later = match["word"].lower() == "after"
    wanted = tuple(y for y in known if int(y) >= int(match["year"]) + later)
    said = f"Start year: {int(match['year']) + later} or later"
    return Part(match.end(), "year", wanted or (match["year"],), said)


def _updated(match: re.Match[str], _: Meanings) -> Part:
    return Part(match.end(), "since", (), f"Updated since: {match['day']}", since=match["day"])


def _near(match: re.Match[str], meanings: Meanings) -> Part | None:
    """Read the city behind "near" or "within 50 km of"; of equal names the one with most sites."""
    behind = match.string[match.end() :]
    kilometres = float(match["km"] or _KILOMETRES)
    words = list(re.finditer(r"\w+", behind))[:_MOST_WORDS]
    for last in reversed(words):
        for meaning in meanings.of(behind[: last.end()].strip()):
            if meaning.facet == "city":
                key, place = meanings.catalogue.middle(meaning.values)
                if place is not None:
                    near = Place(*place, kilometres)
                    label = meanings.labels("city", (key,))
                    said = f"Site within {kilometres:g} km of {label} ({key})"
                    return Part(match.end() + last.end(), "near", (), said, near=near)
    return None


def _outside(match: re.Match[str], meanings: Meanings) -> Part | None:
    """Read the countries behind "outside": what is chosen are all others that sites are in."""
    left: list[str] = []
    end = start = match.end()
    while place := _country(match.string, start, meanings):
        end, keys = place
        left += keys
        more = _MORE.match(match.string, end)
        if more is None:
            break
        start = more.end()
    if not left:
        return None
    others = tuple(one for one in meanings.catalogue.values("country") if one not in left)
    named = " or ".join(meanings.labels("country", (one,)) for one in left[:_MOST_NAMED])
    said = f"At least one site in a country other than {named}{' …' if left[_MOST_NAMED:] else ''}"
    return Part(end, OUTSIDE, others, said)


def _country(text: str, start: int, meanings: Meanings) -> tuple[int, tuple[str, ...]] | None:
    """Return where a country ends whose name begins here, and what it may mean.

    The longest name counts: outside Mexico City is not outside Mexico.
    """
    words = list(re.finditer(r"\w+", text[start:]))[:_MOST_WORDS]
    for last in reversed(words):
        end = start + last.end()
        said = text[start:end].strip()
        if found := meanings.of("US" if said.lower() == "us" else said):
            return next(((end, one.values) for one in found if one.facet == "country"), None)
    return None


def _hla(match: re.Match[str], meanings: Meanings) -> Part | None:
    """Read an HLA type as a restriction, with every finer type of it that is known.

    One that something is directed against is an antigen; "HLA-B27" may be part of a diagnosis.
    """
    if not match["said"] and _AGAINST.search(match.string[: match.start()]):
        return None
    wanted = f"HLA-{match['gene'].upper()}*{int(match['group']):02d}"
    if match["protein"]:
        wanted += f":{match['protein']}"
    known = meanings.catalogue.values("hla")
    found = tuple(one for one in known if one == wanted or one.startswith(f"{wanted}:"))
    sure = found or match["star"] or match["said"]
    return Part(match.end(), "hla", found or (wanted,)) if sure else None


_NUMBER = r"([1-4]|i{1,3}|iv)[ab]?"


def _expression(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


Reader = Callable[[re.Match[str], Meanings], Part | None]

# Expression -> how it is read; the first that reads something has it.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_expression(rf"phases?[\s-]*{_NUMBER}\s*(?:/|-|and|or)\s*(?:phase\s*)?{_NUMBER}\b"), _phases),
    (_expression(r"phases?[\s-]*([1-4])[ab]?\b"), _phases),
    (_expression(r"(?:updated|changed|modified) since (?P<day>\d{4}-\d\d-\d\d)\b"), _updated),
    (_expression(r"outside (?:of )?(?:the )?"), _outside),
    (
        _expression(
            r"HLA[ -]?(?P<gene>A|B|C|DRB1|DQB1|DPB1)(?P<star>\*?)(?P<group>\d{1,2})"
            r"(?::?(?P<protein>\d{2,3})(?::\d{2,3})*)?(?!:?\d)"
            r"(?![ -](?:target|direct|specific|CAR\b|negative|loss|null|(?:mis)?match))"
            r"(?P<said>[ -](?:restricted|positive)\b)?"
        ),
        _hla,
    ),
    (
        _expression(
            r"(?:within (?P<km>\d{1,5}) ?(?:km|kilomet(?:re|er)s?) (?:of|from|around)"
            r"|near|around|close to) "
        ),
        _near,
    ),
    (
        _expression(
            r"(?:between|from) (?P<year>(?:19|20)\d\d)"
            r" (?:and|to|until|till) (?P<last>(?:19|20)\d\d)\b"
        ),
        _years_between,
    ),
    (_expression(r"(?P<word>since|from|after) (?P<year>(?:19|20)\d\d)\b"), _years_since),
    (_expression(r"(?:in|during|of) (?P<year>(?:19|20)\d\d)\b"), _year),
    (_expression(r"(?P<year>(?:19|20)\d\d)\b(?!-\d)"), _year_alone),
)
