"""A version's content as a trial: a pure function."""

from __future__ import annotations

from typing import Any, Final

from kg.records import Dropped, Trial
from loaders.clinicaltrials import modules, study
from loaders.clinicaltrials.arms import arms_and_interventions
from loaders.clinicaltrials.sites import sites
from loaders.clinicaltrials.versions import REGISTRY
from loaders.typed import typed

_ID_AT: Final = ("protocolSection", "identificationModule", "nctId")


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes.

    What cannot be read (a code outside its table, a value of the wrong type, a date that is none)
    is left out, kept verbatim in `dropped`, and nothing else is lost with it.
    """
    dropped: list[Dropped] = []
    record = typed(content, study.Study, dropped, registry=REGISTRY, id_at=_ID_AT)
    protocol = record.protocol_section or study.Protocol()
    locations = protocol.contacts_locations_module or study.ContactsLocations()
    # The keys are those of Trial, which refuses others; each module function names its own.
    fields: dict[str, Any] = {
        **modules.identification(protocol.identification_module, dropped),
        **modules.status(protocol.status_module, dropped),
        **modules.sponsors(protocol.sponsor_collaborators_module, dropped),
        **modules.oversight(protocol.oversight_module),
        **modules.descriptions(protocol.description_module),
        **modules.conditions(protocol.conditions_module),
        **modules.design(protocol.design_module, dropped),
        **modules.eligibility(protocol.eligibility_module, dropped),
        **modules.derived(record.derived_section),
    }
    arms, interventions = arms_and_interventions(protocol.arms_interventions_module, dropped)
    return Trial(
        registry=REGISTRY,
        arms=arms,
        interventions=interventions,
        outcomes=modules.outcomes(protocol.outcomes_module, dropped),
        references=modules.references(protocol.references_module, dropped),
        sites=sites(locations.locations, dropped),
        has_results=record.has_results,
        abridged=record.trialkg_abridged is True,
        **fields,
        dropped=tuple(dropped),
    )
