"""Countries, cities, facilities and organisations by name.

The cities of a country are only taken apart when a site of that country is asked for, so that
start-up stays short and a record costs a look into a grid.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.facility_names import facility_name
from kg.extract.long_tables import table_lines
from kg.extract.slug_label import readable_label
from kg.extract.tables import read_table, split_list
from kg.iris import slug
from kg.records import Record

_CELLS_PER_DEGREE = 2
_LARGE = 100_000
# Registries write the same countries, hospitals and sponsors again and again.
_NAMES_KEPT = 20_000
_CITY_COLUMNS = (
    "country",
    "key",
    "label",
    "latitude",
    "longitude",
    "geonames",
    "population",
    "source",
    "as_of",
)
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


_SHORTENED = re.compile(r"\b(st|ste|mt|ft)\b\.?(?=[\s-]\s*\w)")
_LONG = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}

Stated = tuple[str | None, str | None, float | None, float | None]


class City(Record, frozen=True):
    """One city of the gazetteer; `geonames` is its GeoNames id."""

    country: str
    key: str
    label: str
    latitude: float
    longitude: float
    geonames: str
    population: int


class Organization(Record, frozen=True):
    """One organisation that has a row; `part_of` is the key of what it belongs to."""

    key: str
    label: str
    part_of: str | None = None


class CountryCities:
    """The cities of one country by key, by folded name and by place.

    `known` remembers what was made of a city as listed: registries repeat theirs.
    """

    def __init__(self, lines: Sequence[str], aliases: Sequence[str]) -> None:
        self.by_key: dict[str, City] = {}
        self.by_name: dict[str, list[City]] = {}
        self.names: dict[str, set[str]] = {}
        self._grid: dict[tuple[int, int], list[City]] = {}
        for line in lines:
            self._add(_city(line))
        for line in aliases:
            _, alias, key, _, _ = line.split("\t")
            if key in self.by_key:
                self._name(fold_place(alias), self.by_key[key])
        self.known: dict[Stated, str | None] = {}
        self.large = [city for city in self.by_key.values() if city.population >= _LARGE]

    def _add(self, city: City) -> None:
        self.by_key[city.key] = city
        self._grid.setdefault(_cell(city.latitude, city.longitude), []).append(city)
        self._name(fold_place(city.label), city)

    def _name(self, folded: str, city: City) -> None:
        self.by_name.setdefault(folded, []).append(city)
        self.names.setdefault(city.key, set()).add(folded)

    def near(self, latitude: float, longitude: float, kilometres: float) -> list[City]:
        """Return the cities within a distance of at most 50 km, the nearest first."""
        row, column = _cell(latitude, longitude)
        reach = 1 + int(1 / max(0.1, math.cos(math.radians(latitude))))
        found = [
            (distance(latitude, longitude, city.latitude, city.longitude), city.key, city)
            for y in range(row - 1, row + 2)
            for x in range(column - reach, column + reach + 1)
            for city in self._grid.get((y, x), ())
        ]
        return [city for away, _, city in sorted(found, key=_by_distance) if away <= kilometres]


class Gazetteer:
    """Everything that is known of places and organisations by name."""

    def __init__(
        self,
        countries: Mapping[str, str],
        country_names: Mapping[str, str],
        country_spellings: Mapping[str, Sequence[str]],
        city_lines: Mapping[str, Sequence[str]],
        city_aliases: Mapping[str, Sequence[str]],
        organizations: Mapping[str, Organization],
        organization_names: Mapping[str, str],
        facilities: Mapping[str, str],
        facility_names: Mapping[tuple[str, str], str],
    ) -> None:
        self.countries = countries
        self.country_spellings = country_spellings
        self.organizations = organizations
        self._country_names = country_names
        self._city_lines = city_lines
        self._city_aliases = city_aliases
        self._organization_names = organization_names
        self._facilities = facilities
        self._facility_names = facility_names
        self._read: dict[str, CountryCities] = {}
        self._codes: dict[str, str | None] = {}
        self.cities: Mapping[tuple[str, str], City] = _AllCities(self)

    def country_code(self, name: str) -> str | None:
        """Return the ISO 3166-1 alpha-2 code of a country as a registry writes it."""
        if name not in self._codes:
            code = self._country_names.get(fold_place(name))
            if len(self._codes) >= _NAMES_KEPT:
                return code
            self._codes[name] = code
        return self._codes[name]

    def country_cities(self, code: str) -> CountryCities:
        """Return the cities of one country."""
        if code not in self._read:
            lines = self._city_lines.get(code, ())
            self._read[code] = CountryCities(lines, self._city_aliases.get(code, ()))
        return self._read[code]

    def city_label(self, country: str, key: str) -> str:
        """Return the label of a city, from its row or from the key alone."""
        known = self.cities.get((country.upper(), key))
        return known.label if known else readable_label(key)

    def city_countries(self) -> tuple[str, ...]:
        """Return the codes of the countries that have cities."""
        return tuple(sorted(self._city_lines))

    def organization_key(self, name: str) -> str | None:
        """Return the slug of an organisation, None where the name has no letter or digit."""
        made = _slug(name)
        return self._organization_names.get(made, made) if made else None

    def organization_label(self, key: str) -> str:
        """Return the label of an organisation, from its row or from the key alone."""
        known = self.organizations.get(key)
        return known.label if known else readable_label(key)

    def part_of(self, key: str) -> str | None:
        """Return the key of the organisation that this one belongs to."""
        known = self.organizations.get(key)
        return known.part_of if known else None

    def facility_key(self, country: str, name: str) -> str | None:
        """Return the slug of a facility, equal for spellings known to be the same place."""
        made = _slug(name)
        return self._facility_names.get((country, made), made) if made else None

    def country_label(self, code: str) -> str:
        """Return the label of a country, from its row or the code itself."""
        return self.countries.get(code, code)

    def facility_label(self, key: str) -> str:
        """Return the label of a facility, from its row or from the key alone."""
        return self._facilities.get(key) or readable_label(key)


class _AllCities(Mapping[tuple[str, str], City]):
    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __getitem__(self, key: tuple[str, str]) -> City:
        return self._gazetteer.country_cities(key[0].upper()).by_key[key[1]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for code in self._gazetteer.city_countries():
            for key in self._gazetteer.country_cities(code).by_key:
                yield code, key

    def __len__(self) -> int:
        return sum(1 for _ in self)


def load_gazetteer(folders: Sequence[Path]) -> Gazetteer:
    """Read the tables of countries, cities, organisations and facilities."""
    countries, country_names, country_spellings = _countries(folders)
    organizations, organization_names = _organizations(folders)
    facilities, facility_names = _facilities(folders)
    return Gazetteer(
        countries,
        country_names,
        country_spellings,
        _by_country("cities", _CITY_COLUMNS, folders),
        _by_country("city_aliases", ("country", "alias", "key", "source", "as_of"), folders),
        organizations,
        organization_names,
        facilities,
        facility_names,
    )


def fold_place(name: str) -> str:
    """Return a name of a place without case, accents, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    spelled = _SHORTENED.sub(lambda match: _LONG[match[1]], folded)
    return "".join(c for c in spelled if c.isalnum())


def distance(latitude: float, longitude: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two points on the earth in kilometres."""
    a, b = math.radians(latitude), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    turn = math.sin(math.radians(other_lon - longitude) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(half + math.cos(a) * math.cos(b) * turn))


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return math.floor(latitude * _CELLS_PER_DEGREE), math.floor(longitude * _CELLS_PER_DEGREE)


def _by_distance(item: tuple[float, str, City]) -> tuple[float, str]:
    return item[0], item[1]


@lru_cache(maxsize=_NAMES_KEPT)
def _slug(name: str) -> str | None:
    try:
        return slug(name)
    except ValueError:
        return None


def _city(line: str) -> City:
    country, key, label, latitude, longitude, geonames, population, _, _ = line.split("\t")
    return City(
        country, key, label, float(latitude), float(longitude), geonames, int(population or 0)
    )


def _countries(
    folders: Sequence[Path],
) -> tuple[dict[str, str], dict[str, str], dict[str, Sequence[str]]]:
    """Return the label of each code, the code of each folded name, and the other spellings."""
    labels: dict[str, str] = {}
    names: dict[str, str] = {}
    spellings: dict[str, Sequence[str]] = {}
    for row in read_table("countries", ("code", "label", "aliases", "source", "as_of"), folders):
        labels[row["code"]] = row["label"]
        spellings[row["code"]] = split_list(row["aliases"])
        for name in (row["label"], row["code"], *spellings[row["code"]]):
            names[fold_place(name)] = row["code"]
    return labels, names, spellings


def _by_country(name: str, columns: Sequence[str], folders: Sequence[Path]) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for line in table_lines(name, columns, folders):
        lines.setdefault(line.partition("\t")[0], []).append(line)
    return lines


def _organizations(folders: Sequence[Path]) -> tuple[dict[str, Organization], dict[str, str]]:
    columns = ("name", "key", "label", "part_of", "source", "as_of")
    known: dict[str, Organization] = {}
    names: dict[str, str] = {}
    for row in read_table("organizations", columns, folders):
        key = row["key"]
        known[key] = Organization(key, row["label"], row["part_of"] or None)
        names[slug(row["name"])] = key
    for organization in known.values():
        if organization.part_of is not None and organization.part_of not in known:
            raise LexiconError(
                f"organizations.tsv: {organization.key} is part of {organization.part_of}, "
                "which has no row; add one"
            )
    return known, names


def _facilities(folders: Sequence[Path]) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    columns = ("country", "name", "key", "label", "source", "as_of")
    labels: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    for row in read_table("facilities", columns, folders):
        labels[row["key"]] = row["label"]
        names[row["country"], slug(facility_name(row["name"]))] = row["key"]
    return labels, names
