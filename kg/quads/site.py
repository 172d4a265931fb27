"""Where a trial runs, and whether one can join there."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.findings import Extraction, Place
from kg.extract.gazetteer import Gazetteer
from kg.iris import city_iri, country_iri, facility_iri
from kg.quads import tokens
from kg.quads.names import Names
from kg.quads.tokens import Token
from kg.quads.triples import Statement, coded, given
from kg.records import Site, Trial
from kg.vocab import GEO, RDF, TKG

_OPEN = "Recruiting"
_LOST = "UnknownStatus"


def site_triples(
    trial: Trial, extraction: Extraction, names: Names, gazetteer: Gazetteer
) -> Iterator[Statement]:
    """Yield one participation for each site, or for each country where only those are known.

    City and country stand as listed only where that is not the label of the node that is linked.
    """
    places = {place.position: place for place in extraction.places}
    sites = zip(trial.sites, names.sites, strict=True)
    for position, (site, (_, node)) in enumerate(sites):
        yield names.token, TKG.site, node
        yield node, RDF.type, TKG.SiteParticipation
        place = places.get(position)
        yield from _as_listed(site, node)
        yield from _respelled(site, place, node, gazetteer)
        yield from _place(place, node)
        yield from _status(trial, site, node)


def _as_listed(site: Site, node: Token) -> Iterator[Statement]:
    yield from given(node, TKG.asListed, tokens.text(site.facility))
    yield from given(node, TKG.stateOrProvince, tokens.text(site.state))
    if site.latitude is not None and site.longitude is not None:
        yield node, GEO.lat, tokens.decimal(site.latitude)
        yield node, GEO.long, tokens.decimal(site.longitude)


def _respelled(
    site: Site, place: Place | None, node: Token, gazetteer: Gazetteer
) -> Iterator[Statement]:
    code, city = (None, None) if place is None else (place.country, place.city)
    if code is None or city is None or site.city != gazetteer.city_label(code, city):
        yield from given(node, TKG.cityAsListed, tokens.text(site.city))
    if code is None or site.country != gazetteer.country_label(code):
        yield from given(node, TKG.countryAsListed, tokens.text(site.country))


def _place(place: Place | None, node: Token) -> Iterator[Statement]:
    if place is None or place.country is None:
        return
    yield node, TKG.country, country_iri(place.country)
    if place.city is None:
        return
    yield node, TKG.city, city_iri(place.country, place.city)
    if place.facility is not None:
        yield node, TKG.facility, facility_iri(place.country, place.city, place.facility)


def _status(trial: Trial, site: Site, node: Token) -> Iterator[Statement]:
    status, basis = site_status(trial, site)
    yield from given(node, TKG.siteStatus, coded(status))
    yield from given(node, TKG.siteStatusBasis, coded(basis))
    yield node, TKG.openForEnrolment, tokens.boolean(is_open(trial, site))


def is_open(trial: Trial, site: Site) -> bool:
    """Tell whether one can join there: the trial recruits, and so does the site by its own word."""
    status, basis = site_status(trial, site)
    return trial.recruitment_status == _OPEN == status and basis != "LastReported"


def site_status(trial: Trial, site: Site) -> tuple[str | None, str | None]:
    """Return the status of a site and where it comes from.

    A site keeps the status that was last reported when its trial's is no longer known.
    """
    if site.status is None:
        status = trial.recruitment_status
        return status, None if status is None else "FromTrialStatus"
    if trial.recruitment_status == _LOST:
        return site.status, "LastReported"
    return site.status, "Reported"
