"""Sites of a trial."""

from __future__ import annotations

from typing import Final

from kg.records import Dropped, Site
from loaders.clinicaltrials import codes, study
from loaders.clinicaltrials.values import code, words
from loaders.masking import MARK
from loaders.people import names_organisation

_FIELD: Final = "/protocolSection/contactsLocationsModule/locations"
_NORTHERNMOST: Final = 90.0
_EASTERNMOST: Final = 180.0


def sites(
    listed: tuple[study.Location | None, ...] | None, dropped: list[Dropped]
) -> tuple[Site, ...]:
    """Return the sites that have a country, in the registry's order."""
    made = (
        _site(each or study.Location(), f"{_FIELD}/{position}", dropped)
        for position, each in enumerate(listed or ())
    )
    return tuple(each for each in made if each is not None)


def _site(stated: study.Location, field: str, dropped: list[Dropped]) -> Site | None:
    country = words(stated.country)
    if country is None:
        value = words(stated.facility) or words(stated.city) or ""
        dropped.append(Dropped(field=field, value=value, reason="a site without a country"))
        return None
    latitude, longitude = _point(stated.geo_point, f"{field}/geoPoint", dropped)
    return Site(
        field=field,
        country=country,
        facility=_facility(stated.facility, f"{field}/facility", dropped),
        city=words(stated.city),
        state=words(stated.state),
        status=code(stated.status, codes.STATUS, f"{field}/status", dropped),
        latitude=latitude,
        longitude=longitude,
    )


def _facility(stated: str | None, field: str, dropped: list[Dropped]) -> str | None:
    """Return the facility, unless what is left beside a masked person names none."""
    name = words(stated)
    if name is None or MARK not in name:
        return name
    left = name.replace(MARK, "")
    if names_organisation(left):
        return " ".join(left.split())
    dropped.append(Dropped(field=field, value=name, reason="a person, not a facility"))
    return None


def _point(
    point: study.GeoPoint | None, field: str, dropped: list[Dropped]
) -> tuple[float, float] | tuple[None, None]:
    if point is None or point.lat is None or point.lon is None:
        return None, None
    if abs(point.lat) <= _NORTHERNMOST and abs(point.lon) <= _EASTERNMOST:
        return point.lat, point.lon
    value = f"{point.lat} {point.lon}"
    dropped.append(Dropped(field=field, value=value, reason="no point of the globe"))
    return None, None
