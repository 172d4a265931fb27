"""Words of a record that want explaining: abbreviations of trials, and names of antigens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import msgspec

from kg.find.labels import Labels
from kg.records import Record
from kg.resources import WEB

_WORD = re.compile(r"[^\W_][\w.-]*[^\W_]")
_LONGEST = 120
_SHORTEST = 3

Pieces = list[tuple[str, str | None]]


class Terms(Record, frozen=True):
    """Abbreviations, each with its meaning and the key of a source, and what sources are."""

    sources: dict[str, str]
    terms: dict[str, tuple[str, str]]


@lru_cache(maxsize=1)
def terms() -> Terms:
    """Return the abbreviations that are explained."""
    return msgspec.json.decode((WEB / "terms.json").read_bytes(), type=Terms)


def explaining(labels: Labels | None) -> Callable[[str], Pieces]:
    """Return what divides a text into pieces, each with what it means where that is known."""
    known = _known(labels)
    return lambda text: list(_pieces(text, known))


@lru_cache(maxsize=2)
def _known(labels: Labels | None) -> Mapping[str, str]:
    found = dict(_antigens(labels)) if labels is not None else {}
    told = terms()
    return found | {
        term: f"{meaning} ({told.sources[source]})"
        for term, (meaning, source) in told.terms.items()
    }


def _antigens(labels: Labels) -> Iterator[tuple[str, str]]:
    for key in labels.keys("antigen"):
        label = labels.label("antigen", key)
        names = [name for name in labels.names["antigen", key] if " " in name]
        full = min(names, key=lambda name: (-len(name), name), default="")[:_LONGEST]
        if len(label) >= _SHORTEST and label != label.lower():
            yield label, f"antigen: {full}" if full else "an antigen"


def _pieces(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    done = 0
    for match in _WORD.finditer(text):
        meaning = known.get(match.group())
        if meaning is not None:
            if match.start() > done:
                yield text[done : match.start()], None
            yield match.group(), meaning
            done = match.end()
    if done < len(text):
        yield text[done:], None
