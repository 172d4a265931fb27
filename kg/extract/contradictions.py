"""A record that says one antigen here and another there of the same product.

Only plain slips count: one cell product, and two places that each say outright what it binds. Prose
may speak of other products, so it contradicts a name only where it never says what the name says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.extract.binding import Binding
from kg.extract.candidate import Bound
from kg.extract.findings import Claim, Evidence
from kg.extract.lexicon import Lexicon
from kg.extract.reading import ENGINEERED, Reading
from kg.extract.zones import NAME_ZONES, TITLES, Zone

_PLACES = (
    frozenset(TITLES),
    frozenset(NAME_ZONES),
    frozenset({Zone.ARM}),
    frozenset({Zone.INTERVENTION_TEXT, Zone.ARM_TEXT}),
    frozenset({Zone.SUMMARY}),
)
_NAMES = _PLACES[:3]
_NO_TARGET = frozenset({"TCR"})


class _Said(NamedTuple):
    zones: frozenset[Zone]
    keys: frozenset[str]
    bindings: tuple[Binding, ...]


def contradiction(reading: Reading, parts: Sequence[Bound]) -> Claim | None:
    """Return TextContradictsItself with a quote of either place, where two places disagree."""
    cells = [part for part in parts if part.candidate.is_cell]
    if len(cells) != 1 or cells[0].candidate.background or not cells[0].targets:
        return None
    for one, other in _pairs(list(_said(reading))):
        if _disagree(reading, one, other):
            first, second = (
                _quote(reading, said, against) for said, against in ((one, other), (other, one))
            )
            return Claim("TextContradictsItself", "Inferred", "flag.antigens", 0.8, (first, second))
    return None


def _said(reading: Reading) -> Iterator[_Said]:
    for zones in _PLACES:
        items = tuple(
            item
            for item in reading.bindings
            if item.zone in zones
            and item.own
            and item.head is not None
            and reading.modality(item.head) in ENGINEERED
            and not _NO_TARGET & set(item.keys)
        )
        if items:
            yield _Said(zones, frozenset(key for item in items for key in item.keys), items)


def _pairs(said: Sequence[_Said]) -> Iterator[tuple[_Said, _Said]]:
    for number, one in enumerate(said):
        for other in said[number + 1 :]:
            if one.zones in _NAMES:
                yield one, other


def _disagree(reading: Reading, one: _Said, other: _Said) -> bool:
    if other.zones in _NAMES:
        apart = len(one.keys) == len(other.keys) and one.keys != other.keys
    else:
        named = {
            spot.key
            for place in reading.passages(other.zones)
            for spot in reading.within(place.start, place.end)
        }
        apart = not one.keys & (other.keys | named)
    return apart and not any(
        _are_kin(reading.lexicon, a, b)
        for a in one.keys - other.keys
        for b in other.keys - one.keys
    )


def _are_kin(lexicon: Lexicon, one: str, other: str) -> bool:
    """Tell antigens of which one is a form, a member or the ligand of the other."""
    return any(
        b
        in {
            lexicon.antigens[a].variant_of,
            *lexicon.antigens[a].members,
            *lexicon.ligands.get(a, ()),
        }
        or (lexicon.antigens[a].hgnc != "" and lexicon.antigens[a].hgnc == lexicon.antigens[b].hgnc)
        for a, b in ((one, other), (other, one))
    )


def _quote(reading: Reading, said: _Said, against: _Said) -> Evidence:
    item = next(item for item in said.bindings if set(item.keys) - against.keys)
    return reading.document.evidence(item.start, item.end)
