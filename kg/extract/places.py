"""Where the sites of a trial are: country, city and facility by key."""

from __future__ import annotations

import re

from kg.extract.findings import Place
from kg.extract.gazetteer import City, CountryCities, Gazetteer, distance, fold_place
from kg.iris import slug
from kg.records import Site, Trial

_SAME_CITY_KM = 50.0
_TYPO_KM = 30.0
_PLACEHOLDER = re.compile(
    r"(?:local institution|(?:clinical |investigational |investigative |investigator |study |"
    r"research |trial )*(?:site|center|centre|investigator)(?: reference id)?(?:/investigator)?"
    r"(?: location)?)[\s#:,.()-]*(?:(?:no|number|ref)\b\.?)?[\s#:,.()-]*[\w-]{0,12}[\s#:,.()-]*\d*",
    re.IGNORECASE,
)


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
    if not site.facility or not site.city or _PLACEHOLDER.fullmatch(site.facility.strip()):
        return None
    return gazetteer.facility_key(code, site.facility)


def _city_key(site: Site, cities: CountryCities) -> str | None:
    if not site.city:
        return None
    folded = fold_place(site.city)
    if not folded:
        return None
    if site.latitude is not None and site.longitude is not None:
        return _by_coordinates(site, folded, site.latitude, site.longitude, cities)
    named = cities.by_name.get(folded)
    return max(named, key=_size).key if named else slug(site.city)


def _by_coordinates(
    site: Site, folded: str, latitude: float, longitude: float, cities: CountryCities
) -> str:
    named = [
        (away, city.key)
        for city in cities.by_name.get(folded, ())
        if (away := distance(latitude, longitude, city.latitude, city.longitude)) <= _SAME_CITY_KM
    ]
    if named:
        return min(named)[1]
    for city in cities.near(latitude, longitude, _TYPO_KM):
        if any(_alike(folded, name) for name in cities.names[city.key]):
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
