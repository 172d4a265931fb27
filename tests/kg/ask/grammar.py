"""Questions made from facets: what people would ask, and the selection that they mean by it."""

from __future__ import annotations

import random
from collections.abc import Iterator

FORMS = (
    "{antigen} {modality} trials in {country}",
    "Which {modality} trials target {antigen} in {country}?",
    "{modality} against {antigen} for {condition}",
    "show me {status} {modality} studies for {condition}",
    "{phase} trials of {modality} directed at {antigen}",
    "Are there any {antigen}-targeting {modality} studies in {city}?",
    "{condition} trials in {country} started in {year}",
    "trials sponsored by {sponsor} testing {modality}",
    "{donor} {modality} for {condition} in {country}",
    "Which trials of {product} are in {country}?",
    "find {phase} {condition} studies since {since}",
    "anti-{antigen} {modality}, {status}, in {country}",
    "{design} {antigen} trials for {age} in {country}",
    "{modality} against {antigen} outside {outside}",
    "{hla}-restricted {modality} for {condition}",
)
# Slot -> how it is said, and the value meant.
MODALITIES = {
    "CAR-T": "CARTTherapy",
    "CAR T-cell": "CARTTherapy",
    "CAR-NK": "CARNKTherapy",
    "NK-cell therapy": "NKCellTherapy",
    "TCR-T": "TCRTTherapy",
    "T-cell engager": "TCellEngager",
    "antibody-drug conjugate": "AntibodyDrugConjugate",
    "TIL": "TILTherapy",
    "in vivo CAR": "InVivoCARTherapy",
}
STATUSES = {"completed": "Completed", "terminated": "Terminated", "withdrawn": "Withdrawn"}
PHASES = {"phase 1": "Phase1", "Phase II": "Phase2", "phase 3": "Phase3"}
YEARS = range(2012, 2026)
AGES = {"children": "Child", "adults": "Adult", "minors": "Child"}
DESIGNS = {"first-in-human": "FirstInHuman", "dose escalation": "DoseEscalation"}
TYPES = ("HLA-A*02:01", "HLA-A*24:02", "HLA-C*08:02")
DONORS = {"allogeneic": "Allogeneic", "autologous": "Autologous"}


def questions(catalogue, number: int, seed: int) -> Iterator[tuple[str, dict[str, set[str]]]]:
    """Yield questions, each with the facets and values that it means."""
    chance = random.Random(seed)
    slots = {
        "antigen": _labels(catalogue, "antigen"),
        "condition": _labels(catalogue, "concept", "condition"),
        "country": _labels(catalogue, "country"),
        "city": _labels(catalogue, "city"),
        "sponsor": _labels(catalogue, "organization", "sponsor"),
        "product": _labels(catalogue, "product"),
        "modality": _said("modality", MODALITIES),
        "status": _said("status", STATUSES),
        "phase": _said("phase", PHASES),
        "donor": _said("donor", DONORS),
        "age": _said("age", AGES),
        "design": _said("design", DESIGNS),
        "hla": _said("hla", {one: one for one in TYPES}),
        "outside": _others(catalogue),
        "year": [(str(year), "year", str(year)) for year in YEARS],
        "since": [(str(year), "year", _since(catalogue, year)) for year in YEARS],
    }
    for _ in range(number):
        form = chance.choice(FORMS)
        chosen = {
            name: chance.choice(known) for name, known in slots.items() if f"{{{name}}}" in form
        }
        text = form.format(**{name: said for name, (said, _, _) in chosen.items()})
        yield text, {facet: _values(value) for _, facet, value in chosen.values()}


def _others(catalogue):
    known = catalogue.values("country")
    return [
        (label, "country", tuple(one for one in known if one != key))
        for label, _, key in _labels(catalogue, "country")
    ]


def _values(value):
    return {value} if isinstance(value, str) else set(value)


def _since(catalogue, year):
    return tuple(one for one in catalogue.values("year") if int(one) >= year)


def _labels(catalogue, kind, facet=None):
    return sorted(
        (catalogue.labels.label(kind, key), facet or kind, key)
        for key in catalogue.labels.keys(kind)
    )


def _said(facet, words):
    return [(said, facet, value) for said, value in words.items()]
