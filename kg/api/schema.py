"""A trial in the words of schema.org, for search engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.query.trial import Trial
from kg.query.triples import Named
from kg.vocab import PREFIXES

# Statuses for which schema.org has a value of its own.
_STATUSES = frozenset(
    (
        "ActiveNotRecruiting",
        "Completed",
        "EnrollingByInvitation",
        "NotYetRecruiting",
        "Recruiting",
        "Suspended",
        "Terminated",
        "Withdrawn",
    )
)


def medical_trial(trial: Trial) -> Mapping[str, Any]:
    """Return the trial as a document of type MedicalTrial, without what is not known."""
    told = {
        "@context": PREFIXES["schema"],
        "@type": "MedicalTrial",
        "@id": trial.iri,
        "identifier": trial.registry_id,
        "name": trial.official_title or trial.brief_title,
        "alternateName": trial.brief_title if trial.official_title else None,
        "description": trial.brief_summary,
        "url": trial.registry_page,
        "status": _status(trial.recruitment_status),
        "phase": ", ".join(phase.label for phase in trial.phases),
        "sponsor": _things("Organization", (*trial.lead_sponsor, *trial.collaborators)),
        "healthCondition": _things(
            "MedicalCondition", (term.concept for term in trial.conditions if term.concept)
        ),
        "studyLocation": _places(trial),
    }
    return {name: value for name, value in told.items() if value}


def _status(status: Named | None) -> str | None:
    if status is None:
        return None
    name = status.curie.rpartition(":")[2]
    return f"{PREFIXES['schema']}{name}" if name in _STATUSES else status.label


def _things(kind: str, named: Iterable[Named]) -> list[dict[str, str]]:
    return [{"@type": kind, "@id": one.iri, "name": one.label} for one in dict.fromkeys(named)]


def _places(trial: Trial) -> list[dict[str, Any]]:
    made = []
    for site in trial.sites:
        place: dict[str, Any] = {
            "@type": "AdministrativeArea",
            "@id": site.iri,
            "name": site.as_listed or (site.city.label if site.city else None),
            "address": {
                "@type": "PostalAddress",
                "addressLocality": site.city.label if site.city else None,
                "addressCountry": site.country.label if site.country else None,
            },
        }
        if site.latitude is not None and site.longitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": site.latitude,
                "longitude": site.longitude,
            }
        made.append({name: value for name, value in place.items() if value})
    return made
