"""Who sponsors a trial, by key."""

from __future__ import annotations

from kg.extract.gazetteer import Gazetteer
from kg.records import Trial


def organization_keys(trial: Trial, gazetteer: Gazetteer) -> tuple[str | None, ...]:
    """Return the keys of the lead sponsor and of each collaborator.

    None stands for a person, for a missing lead sponsor and for a name without letters.
    """
    return tuple(
        None if sponsor is None or sponsor.person else gazetteer.organization_key(sponsor.name)
        for sponsor in (trial.lead_sponsor, *trial.collaborators)
    )
