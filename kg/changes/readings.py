"""Changes of what is read from words: constructs, their targets, and conditions.

Both versions are read with the same tables, so that a better table is never a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from pyoxigraph import NamedNode

from kg.changes.parts import About, come_and_gone
from kg.changes.side import Change, Side
from kg.changes.values import set_changes
from kg.changes.wording import folded
from kg.extract.findings import Construct
from kg.iris import antigen_iri, concept_iri
from kg.quads import literals
from kg.quads.names import slug_key
from kg.vocab import TKG

_Named = tuple[Construct, NamedNode]


def reading_changes(earlier: Side, later: Side) -> Iterator[Change]:
    """Yield the changes of constructs and conditions."""
    yield from _constructs(earlier, later)
    yield from _conditions(earlier, later)


def _constructs(earlier: Side, later: Side) -> Iterator[Change]:
    gone, new = _named(earlier), _named(later)
    pairs = []
    for alike in (_same_name, _any_name, _same_make):
        for one in list(gone):
            found = [other for other in new if alike(one[0], other[0])]
            if len(found) == 1:
                pairs.append((one, found[0]))
                gone.remove(one)
                new.remove(found[0])
    yield from come_and_gone(
        ("ConstructAdded", "ConstructRemoved"),
        [(node, one.label, _antigens(one)) for one, node in gone],
        [(node, one.label, _antigens(one)) for one, node in new],
    )
    for (old, _), (now, node) in pairs:
        listed = literals.text(now.label)
        about: About = (*(((TKG.asListed, listed),) if listed else ()), *_antigens(old, now))
        targets = [[antigen_iri(one.value) for one in made.targets] for made in (old, now)]
        yield from _targets(targets, node, about)


def _targets(
    targets: Sequence[Sequence[NamedNode]], node: NamedNode, about: About
) -> Iterator[Change]:
    """Yield what a construct came to target or targets no more.

    No target is what the words of that version say, and no silence of the file.
    """
    if targets[0] and targets[1]:
        yield from set_changes("TargetsChanged", TKG.targets, targets, node, about)
        return
    for before, after in [*((one, None) for one in targets[0]), *((None, o) for o in targets[1])]:
        yield Change(
            change_type="TargetsChanged",
            subject=node,
            property=TKG.targets,
            before=before,
            after=after,
            about=about,
        )


def _named(side: Side) -> list[_Named]:
    parts = (part.node for part in side.names.constructs)
    return list(zip(side.extraction.constructs, parts, strict=True))


def _same_name(one: Construct, other: Construct) -> bool:
    return slug_key(one.label) == slug_key(other.label)


def _any_name(one: Construct, other: Construct) -> bool:
    return bool(_names(one) & _names(other)) or _row(one) == _row(other) is not None


def _row(construct: Construct) -> str | None:
    return construct.product.value if construct.product else None


def _names(construct: Construct) -> set[str]:
    known = (construct.label, *construct.alternative_labels, *construct.code_names)
    return {slug_key(name) for name in known}


def _same_make(one: Construct, other: Construct) -> bool:
    """Tell whether two constructs under different names differ in the name only."""
    return _make(one) == _make(other)


def _make(construct: Construct) -> tuple[object, ...]:
    kinds = (construct.modality, construct.effector_cell, construct.target_logic)
    targets = frozenset(one.value for one in construct.targets)
    return (*(claim.value for claim in kinds), targets)


def _antigens(*constructs: Construct) -> About:
    keys = {claim.value for one in constructs for claim in one.targets}
    return tuple((TKG.concerns, antigen_iri(key)) for key in sorted(keys))


class _Condition(msgspec.Struct, frozen=True):
    node: NamedNode
    words: str


def _conditions(earlier: Side, later: Side) -> Iterator[Change]:
    if not earlier.trial.conditions or not later.trial.conditions:
        return
    before, after = _listed(earlier), _listed(later)
    yield from come_and_gone(
        ("ConditionAdded", "ConditionRemoved"),
        [(one.node, one.words, ()) for key, one in before.items() if key not in after],
        [(one.node, one.words, ()) for key, one in after.items() if key not in before],
    )


def _listed(side: Side) -> dict[str, _Condition]:
    """Return the conditions by concept, and by the registrant's words where there is none."""
    found: dict[str, _Condition] = {}
    for term, part in zip(side.extraction.conditions, side.names.condition_terms, strict=True):
        words = side.trial.conditions[term.position].plain
        if term.concept is not None:
            key, node = term.concept.value, concept_iri(term.concept.value)
        else:
            key, node = folded(words).casefold(), part.node
        found.setdefault(key, _Condition(node, words))
    return found
