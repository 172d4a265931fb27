"""Values of a record that the graph cannot hold: each is named, kept verbatim and counted."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.findings import Extraction, Place
from kg.iris import slug
from kg.quads.names import sponsors
from kg.quads.registration import mesh
from kg.records import Dropped, Site, Trial

_NO_NAME = "no letter or digit in it, so it names no {}"
_NO_COUNTRY = "no country of that name is known: add a row to ontology/lexicon/countries.tsv"


def dropped_fields(trial: Trial, extraction: Extraction) -> tuple[Dropped, ...]:
    """Return what the loader could not read, and what cannot become a node of its own."""
    found = (*trial.dropped, *_sites(trial, extraction), *_sponsors(trial, extraction))
    return tuple(dict.fromkeys((*found, *_mesh(trial))))


def _sites(trial: Trial, extraction: Extraction) -> Iterator[Dropped]:
    places = {place.position: place for place in extraction.places}
    for position, site in enumerate(trial.sites):
        place = places.get(position)
        if place is None or place.country is None:
            yield Dropped(field=f"{site.field}/country", value=site.country, reason=_NO_COUNTRY)
        else:
            yield from _nameless(site, place)


def _nameless(site: Site, place: Place) -> Iterator[Dropped]:
    if site.facility and place.facility is None and not _has_name(site.facility):
        reason = _NO_NAME.format("facility")
        yield Dropped(field=f"{site.field}/facility", value=site.facility, reason=reason)
    if site.city and place.city is None and not _has_name(site.city):
        reason = _NO_NAME.format("city")
        yield Dropped(field=f"{site.field}/city", value=site.city, reason=reason)


def _sponsors(trial: Trial, extraction: Extraction) -> Iterator[Dropped]:
    for sponsor, role, key in sponsors(trial, extraction):
        if not sponsor.person and key is None:
            reason = _NO_NAME.format("organisation")
            yield Dropped(field=f"{role} sponsor", value=sponsor.name, reason=reason)


def _mesh(trial: Trial) -> Iterator[Dropped]:
    for descriptor in (*trial.registry_mesh, *trial.registry_mesh_ancestors):
        if mesh(descriptor) is None:
            reason = "no identifier of MeSH has this form"
            yield Dropped(field="registry MeSH term", value=descriptor.id, reason=reason)


def _has_name(text: str) -> bool:
    try:
        return bool(slug(text))
    except ValueError:
        return False
