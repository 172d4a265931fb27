"""Antigens named in the record, one mention for each role, with all its quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.extract.candidate import Bound
from kg.extract.findings import Claim, Evidence, Mention
from kg.extract.reading import Reading
from kg.extract.roles import Role
from kg.extract.spot import Spot

_BY_USE = {
    "ExperimentalRole": "TargetMention",
    "PreviouslyGivenRole": "TargetMention",
    "PartnerRole": "PartnerMention",
    "BackgroundRole": "PartnerMention",
    "BridgingRole": "PartnerMention",
    "ComparatorRole": "ComparatorMention",
    "ConditioningRole": "ConditioningMention",
}
_MOST_QUOTES = 12


def mentions(
    reading: Reading, roles: Sequence[Role], parts: Sequence[Bound], uses: Sequence[Claim]
) -> tuple[Mention, ...]:
    """Return the mentions, in the order of their first quotes."""
    found: dict[tuple[str, str, int | None], list[Evidence]] = {}
    for antigen, role, construct, spot in _all(reading, roles, parts, uses):
        if antigen in reading.lexicon.antigens:
            found.setdefault((antigen, role, construct), []).append(reading.evidence(spot))
    return tuple(
        Mention(antigen, role, tuple(dict.fromkeys(evidence))[:_MOST_QUOTES], construct)
        for (antigen, role, construct), evidence in found.items()
    )


def _all(
    reading: Reading, roles: Sequence[Role], parts: Sequence[Bound], uses: Sequence[Claim]
) -> Iterator[tuple[str, str, int | None, Spot]]:
    followed = _followed(parts, uses)
    for role in roles:
        name = role.role
        if role.construct is not None and name == "TargetMention":
            name = _BY_USE.get(uses[role.construct].value, "TargetMention")
        if name == "PriorTherapyMention" and role.antigen in followed:
            continue
        if role.antigen:
            yield role.antigen, name, role.construct, role.spot
    for number, part in enumerate(parts):
        row = reading.lexicon.products.get(part.candidate.product or "")
        for key in row.spares if row is not None and not reading.gates else ():
            for spot in part.candidate.names[:1]:
                yield key, "GateMention", number, spot
        if not part.from_table:
            continue
        name = _BY_USE.get(uses[number].value, "TargetMention")
        for key in part.targets:
            for spot in part.candidate.names[:2]:
                yield key, name, number, spot
        for key in part.recruits:
            for spot in part.candidate.names[:1]:
                yield key, "EngagerArmMention", number, spot


def _followed(parts: Sequence[Bound], uses: Sequence[Claim]) -> frozenset[str]:
    """Return the antigens of products given before the study: such treatment is what it follows."""
    return frozenset(
        key
        for part, use in zip(parts, uses, strict=True)
        if use.value == "PreviouslyGivenRole"
        for key in part.keys
    )
