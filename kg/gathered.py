"""What other graphs gather from those of records, noted where a record is made.

Gathered from the store afterwards, each of these would be a few reads from disk for every record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

import msgspec

from kg.vocab import GEO, PROV, TKG

Described = Mapping[str, Mapping[str, Sequence[str]]]
Pair = tuple[Decimal, Decimal]

_PAGE: Final = str(PROV.wasDerivedFrom)
_DATES: Final = (str(TKG.firstSeen), str(TKG.lastChanged))
_CITY, _LATITUDE, _LONGITUDE = str(TKG.city), str(GEO.lat), str(GEO.long)
_ORGANIZATION, _CLASS = str(TKG.organization), str(TKG.sponsorClass)


class Gathered(msgspec.Struct):
    """What some records state of organisations, cities and where they come from, as tokens.

    `sources` are sites of registries by part, `latest` the last day by property, `classes` pairs of
    an organisation and its class, `cities` the smallest latitude and longitude of a site there.
    """

    sources: set[tuple[str, str]] = msgspec.field(default_factory=set)
    latest: dict[str, str] = msgspec.field(default_factory=dict)
    classes: set[tuple[str, str]] = msgspec.field(default_factory=set)
    cities: dict[str, Pair] = msgspec.field(default_factory=dict)

    def add(self, part: str, described: Described) -> None:
        """Take what is wanted of a record of a part."""
        for said in described.values():
            for page in said.get(_PAGE, ()):
                url = urlsplit(page[1:-1])
                self.sources.add((part, f"{url.scheme}://{url.netloc}/"))
            for name in _DATES:
                for day in said.get(name, ()):
                    self._see(name, _value(day))
            if _ORGANIZATION in said and _CLASS in said:
                self.classes.update((o, c) for o in said[_ORGANIZATION] for c in said[_CLASS])
            if _LATITUDE in said and _LONGITUDE in said:
                pair = _number(said[_LATITUDE]), _number(said[_LONGITUDE])
                for city in said.get(_CITY, ()):
                    self._place(city, pair)

    def update(self, other: Gathered) -> None:
        """Add what was taken of other records."""
        self.sources |= other.sources
        self.classes |= other.classes
        for name, day in other.latest.items():
            self._see(name, day)
        for city, pair in other.cities.items():
            self._place(city, pair)

    def _see(self, name: str, day: str) -> None:
        self.latest[name] = max(day, self.latest.get(name, day))

    def _place(self, city: str, pair: Pair) -> None:
        self.cities[city] = min(pair, self.cities.get(city, pair))


def _number(values: Sequence[str]) -> Decimal:
    return Decimal(_value(values[0]))


def _value(literal: str) -> str:
    return literal[1 : literal.rindex('"')]
