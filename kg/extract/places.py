"""Where the sites of a trial are: country, city and facility by key."""

from __future__ import annotations

import re

from kg.extract.facility_names import facility_name, is_placeholder
from kg.extract.findings import Place
from kg.extract.gazetteer import City, CountryCities, Gazetteer, distance, fold_place
from kg.iris import slug
from kg.records import Site, Trial

_SAME_KM = 50.0
_TYPO_KM = 30.0
_NO_NAME = re.compile(
    r"\bcedex\b(?:\s*\d+)?|\b\d[\d-]*\b(?:\s*[A-Z]{2}\b)?|\bcity\b|[- ](?:shi|si)\b"
    r"|\bmunicipality\b|\bD\.?\s?C\.?(?!\w)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:,|/|\s-\s|\()\s*")


def places(trial: Trial, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return one place a site: coordinates decide on the city first, its name second."""
    return tuple(_place(number, site, gazetteer) for number, site in enumerate(trial.sites))


def _place(number: int, site: Site, gazetteer: Gazetteer) -> Place:
    code = gazetteer.country_code(site.country)
    if code is None:
        return Place(number)
    return Place(
        number,
        code,
        _city_key(site, gazetteer.country_cities(code)),
        _facility(site, code, gazetteer),
    )


def _facility(site: Site, code: str, gazetteer: Gazetteer) -> str | None:
    if not site.facility or not site.city or is_placeholder(site.facility):
        return None
    return gazetteer.facility_key(code, facility_name(site.facility))


def _city_key(site: Site, cities: CountryCities) -> str | None:
    stated = (site.city, site.state, site.latitude, site.longitude)
    if stated not in cities.known:
        cities.known[stated] = _read_city(site, cities)
    return cities.known[stated]


def _read_city(site: Site, cities: CountryCities) -> str | None:
    forms = _forms(site.city or "")
    if not forms:
        return None
    if site.latitude is not None and site.longitude is not None:
        return _by_coordinates(site, forms, site.latitude, site.longitude, cities)
    return _by_name(forms, cities) or slug(site.city or "")


def _forms(name: str) -> list[str]:
    """Return the folded ways to read a name: whole, without what is no name, its parts."""
    bare = _NO_NAME.sub(" ", name)
    spelled = dict.fromkeys([name, bare, *_PARTS.split(bare)])
    folded = dict.fromkeys(fold_place(form) for form in spelled)
    return [form for form in folded if len(form) > 1]


def _by_name(forms: list[str], cities: CountryCities) -> str | None:
    for form in forms:
        named = cities.by_name.get(form)
        if named:
            return max(named, key=_size).key
    alike = {
        city.key
        for city in cities.large
        if any(_alike(forms[0], name) for name in cities.names[city.key])
    }
    return alike.pop() if len(alike) == 1 else None


def _by_coordinates(
    site: Site, forms: list[str], latitude: float, longitude: float, cities: CountryCities
) -> str:
    for form in forms:
        named = [
            (away, city.key)
            for city in cities.by_name.get(form, ())
            if (away := distance(latitude, longitude, city.latitude, city.longitude)) <= _SAME_KM
        ]
        if named:
            return min(named)[1]
    for city in cities.near(latitude, longitude, _TYPO_KM):
        if any(_alike(forms[0], name) for name in cities.names[city.key]):
            return city.key
    return _own_key(site, cities)


def _own_key(site: Site, cities: CountryCities) -> str:
    key = slug(site.city or "")
    if key not in cities.by_key or not site.state:
        return key
    return f"{key}-{slug(site.state)}"


def _alike(name: str, other: str) -> bool:
    """Tell whether two folded names are one name with at most one letter wrong."""
    if abs(len(name) - len(other)) > 1 or min(len(name), len(other)) < 6:
        return False
    start = 0
    while start < min(len(name), len(other)) and name[start] == other[start]:
        start += 1
    rest, other_rest = name[start:], other[start:]
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


def _size(city: City) -> tuple[int, str]:
    return city.population, city.key
