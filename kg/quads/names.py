"""What the parts of one trial are called: IRIs from content, never from a position."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from pyoxigraph import NamedNode

from kg.extract.findings import Extraction, Mention, Use
from kg.iris import content_key, distinct, part_tokens, slug, trial_iri
from kg.quads.tokens import Token
from kg.records import Dropped, Outcome, Reference, Site, Sponsor, Trial


class Part(NamedTuple):
    """A node below a trial as N-Triples write it, and the key that tells it from others."""

    key: str
    token: Token

    @property
    def node(self) -> NamedNode:
        """Return the node itself."""
        return NamedNode(self.token[1:-1])


class Names(msgspec.Struct, frozen=True):
    """The trial, as N-Triples write it too, and its nodes in the order of what they name."""

    trial: NamedNode
    token: Token
    arms: tuple[Part, ...]
    interventions: tuple[Part, ...]
    constructs: tuple[Part, ...]
    uses: tuple[Part, ...]
    sites: tuple[Part, ...]
    condition_terms: tuple[Part, ...]
    criteria: tuple[Part, ...]
    outcomes: tuple[Part, ...]
    references: tuple[Part, ...]
    secondary_ids: tuple[Part, ...]
    mentions: tuple[Part, ...]
    components: tuple[tuple[Part, ...], ...]
    qualifiers: tuple[tuple[Part, ...], ...]
    sponsorships: tuple[Part, ...]
    dropped_fields: tuple[Part, ...]


def name_parts(trial: Trial, extraction: Extraction, dropped: Sequence[Dropped] = ()) -> Names:
    """Name every part of a trial, and the fields of it that were dropped."""
    node = trial_iri(trial.registry, trial.registry_id)
    arms = parts(node, "arm", [slug_key(arm.label.plain) for arm in trial.arms])
    interventions = parts(
        node, "intervention", [slug_key(one.name.plain) for one in trial.interventions]
    )
    constructs = parts(node, "construct", [slug_key(one.label) for one in extraction.constructs])
    uses = [_use_key(use, arms, interventions, constructs) for use in extraction.uses]
    terms = _condition_terms(node, trial, extraction)
    return Names(
        trial=node,
        token=str(node),
        arms=arms,
        interventions=interventions,
        constructs=constructs,
        uses=parts(node, "use", uses),
        sites=_site_parts(node, trial, extraction),
        condition_terms=terms,
        criteria=parts(node, "criterion", [short_key(one.text) for one in extraction.criteria]),
        outcomes=parts(node, "outcome", [_outcome_key(one) for one in trial.outcomes]),
        references=parts(node, "reference", [_reference_key(one) for one in trial.references]),
        secondary_ids=parts(
            node, "secondary-id", [short_key(one.value) for one in trial.secondary_ids]
        ),
        mentions=parts(node, "mention", [_mention_key(one) for one in extraction.mentions]),
        components=_components(node, extraction, constructs),
        qualifiers=_qualifiers(node, extraction, terms),
        sponsorships=_sponsorships(node, trial, extraction),
        dropped_fields=parts(node, "dropped-field", [short_key(one.field) for one in dropped]),
    )


def parts(trial: NamedNode, kind: str, keys: Iterable[str]) -> tuple[Part, ...]:
    """Return a node for each key, in order; a repeated key counts: -2, -3 and so on."""
    named = distinct(keys)
    return tuple(map(Part, named, part_tokens(trial, kind, named)))


def nested_parts(
    trial: NamedNode, kind: str, groups: Sequence[Sequence[str]]
) -> tuple[tuple[Part, ...], ...]:
    """Return the nodes of several groups of keys, distinct over all of them."""
    named = iter(parts(trial, kind, [key for keys in groups for key in keys]))
    return tuple(tuple(next(named) for _ in keys) for keys in groups)


def slug_key(text: str) -> str:
    """Return the slug of a text, and for a text without letters and digits a digest of it."""
    try:
        return slug(text)
    except ValueError:
        return _digest(text)


def short_key(text: str) -> str:
    """Return the content key of a text, and for a text without letters and digits a digest."""
    try:
        return content_key(text)
    except ValueError:
        return _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]


def _use_key(
    use: Use,
    arms: Sequence[Part],
    interventions: Sequence[Part],
    constructs: Sequence[Part],
) -> str:
    if use.construct is not None:
        given = constructs[use.construct].key
    elif use.intervention is not None:
        given = interventions[use.intervention].key
    else:
        raise ValueError("a use needs an intervention or a construct")
    return given if use.arm is None else f"{arms[use.arm].key}-{given}"


def _mention_key(mention: Mention) -> str:
    return slug_key(f"{mention.antigen}-{mention.role}")


def _outcome_key(outcome: Outcome) -> str:
    return f"{slug_key(outcome.outcome_type)}-{short_key(outcome.measure.plain)}"


def _reference_key(reference: Reference) -> str:
    return short_key(reference.pmid or reference.citation)


def _condition_terms(node: NamedNode, trial: Trial, extraction: Extraction) -> tuple[Part, ...]:
    listed = [trial.conditions[term.position].plain for term in extraction.conditions]
    return parts(node, "condition-term", [slug_key(text) for text in listed])


def _components(
    node: NamedNode, extraction: Extraction, constructs: Sequence[Part]
) -> tuple[tuple[Part, ...], ...]:
    keys = [
        [f"{part.key}-{slug_key(one.label)}" for one in construct.components]
        for construct, part in zip(extraction.constructs, constructs, strict=True)
    ]
    return nested_parts(node, "component", keys)


def _qualifiers(
    node: NamedNode, extraction: Extraction, terms: Sequence[Part]
) -> tuple[tuple[Part, ...], ...]:
    keys = [
        [short_key(f"{part.key}-{one.axis}-{one.value}") for one in term.qualifiers]
        for term, part in zip(extraction.conditions, terms, strict=True)
    ]
    return nested_parts(node, "qualifier", keys)


def _sponsorships(node: NamedNode, trial: Trial, extraction: Extraction) -> tuple[Part, ...]:
    keys = []
    for sponsor, role, organization in sponsors(trial, extraction):
        name = "individual" if sponsor.person else organization or slug_key(sponsor.name)
        keys.append(f"{role}-{name}")
    return parts(node, "sponsorship", keys)


def sponsors(trial: Trial, extraction: Extraction) -> Iterator[tuple[Sponsor, str, str | None]]:
    """Yield each sponsor with its role and the key of its organisation."""
    listed = (trial.lead_sponsor, *trial.collaborators)
    keys = extraction.organizations or (None,) * len(listed)
    for position, (sponsor, key) in enumerate(zip(listed, keys, strict=True)):
        if sponsor is not None:
            yield sponsor, "collaborator" if position else "lead", key


def _site_parts(node: NamedNode, trial: Trial, extraction: Extraction) -> tuple[Part, ...]:
    """Name the sites, equal names counted in the order of their places.

    So a site that moves in the list, or one that is added elsewhere, renames no other.
    """
    facilities = {place.position: place.facility for place in extraction.places}
    keys = [_site_key(site, facilities.get(position)) for position, site in enumerate(trial.sites)]
    order = sorted(
        range(len(keys)),
        key=lambda position: (keys[position], *_whereabouts(trial.sites[position])),
    )
    named = parts(node, "site", [keys[position] for position in order])
    by_position = dict(zip(order, named, strict=True))
    return tuple(by_position[position] for position in range(len(keys)))


def _site_key(site: Site, facility: str | None) -> str:
    return slug_key(facility or site.facility or site.city or site.country)


def _whereabouts(site: Site) -> tuple[str, str, str, str]:
    return (site.country, site.state or "", site.city or "", site.facility or "")
