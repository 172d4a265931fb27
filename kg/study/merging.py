"""From evidence to studies: what is joined, what is not, and why.

Stated references come before likeness, the strong before the weak. A study holds no two
registrations of one registry unless the registry's own records say so, and never two that the
table of refusals or a record calls different studies. Nothing depends on the order of records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import LexiconError
from kg.extract.tables import read_table
from kg.records import Record
from kg.study.identifiers import ORDER, UTN, registration_key, registry_place
from kg.study.likeness import Likeness
from kg.study.references import SAME, Reference
from kg.study.registration import Registration

SAME_STUDY, UNDECIDED, REFUSED = "SameStudy", "UndecidedIdentity", "RefusedIdentity"

_BOTH, _ONE, _THIRD, _UNCLEAR = 0.99, 0.95, 0.9, 0.5
_COLUMNS = ("registry", "id", "other_registry", "other_id", "why", "source", "as_of")

Refusals = frozenset[frozenset[str]]
NONE: Final[Refusals] = frozenset()


class Evidence(Record, frozen=True):
    """Why two registrations, by position, may be of one study, and what was concluded."""

    first: int
    second: int
    score: float
    reasons: tuple[str, ...]
    stated: tuple[str, ...] = ()
    strong: bool = True
    same_registry: bool = False
    verdict: str = UNDECIDED


class Studies(NamedTuple):
    """The study of each registration, by the position of its first member, and the evidence."""

    first_members: list[int]
    evidence: list[Evidence]


def read_refusals(folders: Sequence[Path]) -> Refusals:
    """Read the table of pairs of registrations that are different studies, as keys.

    Raises LexiconError for a row that refuses nothing.
    """
    pairs = set()
    for row in read_table("identity_refusals", _COLUMNS, folders):
        pair = frozenset(
            (
                registration_key(row["registry"], row["id"]),
                registration_key(row["other_registry"], row["other_id"]),
            )
        )
        if len(pair) < 2:
            raise LexiconError(
                f"identity_refusals.tsv: {row['id']} is the same registration as "
                f"{row['other_id']}; name two"
            )
        pairs.add(pair)
    return frozenset(pairs)


def merge(
    known: Sequence[Registration], likely: Sequence[Likeness], refusals: Refusals = NONE
) -> Studies:
    """Join the registrations, which are in registry order, into studies."""
    different = refusals | frozenset(_linked(known))
    positions = {(one.registry, one.registry_id): number for number, one in enumerate(known)}
    found = _combined((*_stated(known), *_alike(likely, positions)))
    groups = _Groups(known, different)
    ranked = sorted(found, key=lambda one: (-one.score, one.first, one.second))
    judged = [_judged(one, groups, refusals, known) for one in ranked]
    return Studies(
        [groups.find(number) for number in range(len(known))],
        sorted(judged, key=lambda e: (e.first, e.second)),
    )


def _judged(
    one: Evidence, groups: _Groups, refusals: Refusals, known: Sequence[Registration]
) -> Evidence:
    verdict = UNDECIDED
    if frozenset((known[one.first].key, known[one.second].key)) in refusals:
        verdict = REFUSED
    elif one.strong and groups.join(one.first, one.second, same_registry=one.same_registry):
        verdict = SAME_STUDY
    return Evidence(
        first=one.first,
        second=one.second,
        score=one.score,
        reasons=one.reasons,
        stated=one.stated,
        strong=one.strong,
        same_registry=one.same_registry,
        verdict=verdict,
    )


class _Groups:
    """Sets of registrations that are one study; the first member in registry order names it."""

    def __init__(self, known: Sequence[Registration], different: Refusals) -> None:
        self._above = list(range(len(known)))
        self._known = known
        self._members: dict[int, list[int]] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for pair in different:
            one, other = sorted(pair)
            self._apart[one].add(other)
            self._apart[other].add(one)

    def find(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int, *, same_registry: bool) -> bool:
        """Join the sets of two registrations, and return whether they are one set now."""
        first, second = sorted((self.find(one), self.find(other)))
        if first == second:
            return True
        members, others = self._of(first), self._of(second)
        if not same_registry and self._crowded(members, others):
            return False
        if self._kept_apart(members, others):
            return False
        self._above[second] = first
        self._members[first] = [*members, *others]
        return True

    def _of(self, number: int) -> list[int]:
        return self._members.get(number, [number])

    def _crowded(self, members: Sequence[int], others: Sequence[int]) -> bool:
        """Tell whether one registry would have two different registrations in the set."""
        keys = {self._known[number].registry: self._known[number].key for number in members}
        return any(
            keys.get(self._known[number].registry, self._known[number].key)
            != self._known[number].key
            for number in others
        )

    def _kept_apart(self, members: Sequence[int], others: Sequence[int]) -> bool:
        keys = {self._known[number].key for number in others}
        return any(self._apart.get(self._known[number].key, set()) & keys for number in members)


def _linked(known: Sequence[Registration]) -> Iterator[frozenset[str]]:
    """Yield the pairs of which a record says that one follows, extends or is part of the other."""
    for one in known:
        for reference in one.references:
            if reference.kind != SAME and reference.key != one.key:
                yield frozenset((one.key, reference.key))


def _stated(known: Sequence[Registration]) -> Iterator[Evidence]:
    owners: dict[str, list[int]] = defaultdict(list)
    claims: dict[str, list[tuple[int, Reference]]] = defaultdict(list)
    for number, one in enumerate(known):
        owners[one.key].append(number)
        for reference in one.references:
            if reference.kind == SAME and reference.key != one.key:
                claims[reference.key].append((number, reference))
    for members in owners.values():
        for first, second in combinations(members, 2):
            yield _evidence(first, second, _BOTH, "one identifier in two records", known[first].key)
    for key, claimed in sorted(claims.items()):
        yield from _of_key(claimed, owners.get(key, []), known)


def _of_key(
    claimed: Sequence[tuple[int, Reference]],
    owners: Sequence[int],
    known: Sequence[Registration],
) -> Iterator[Evidence]:
    """Yield what follows from one identifier: who names it, and whose it is.

    Where two registrations of one registry name it, it is that of the one which its owner names.
    """
    rivals: dict[str, set[str]] = defaultdict(set)
    for number, _ in claimed:
        rivals[known[number].registry].add(known[number].key)
    for number, reference in claimed:
        one = known[number]
        clear = len(rivals[one.registry]) == 1
        for owner in owners:
            named = any(r.kind == SAME and r.key == one.key for r in known[owner].references)
            score = _BOTH if named else (_ONE if clear else _UNCLEAR)
            reason = f"{one.registry_id} gives {reference.stated} as its {reference.source}"
            yield _evidence(owner, number, score, reason, reference.stated, reference, one)
    if not owners:
        for (first, stated), (second, _) in combinations(claimed, 2):
            clear = known[first].registry != known[second].registry and all(
                len(rivals[known[number].registry]) == 1 for number in (first, second)
            )
            reason = f"both give {stated.written}"
            if known[first].key != known[second].key:
                score = _THIRD if clear else _UNCLEAR
                yield _evidence(first, second, score, reason, stated.stated)


def _evidence(
    one: int,
    other: int,
    score: float,
    reason: str,
    stated: str,
    reference: Reference | None = None,
    claimant: Registration | None = None,
) -> Evidence:
    first, second = sorted((one, other))
    same = (
        reference is not None and claimant is not None and (reference.registry == claimant.registry)
    )
    return Evidence(
        first=first,
        second=second,
        score=score,
        reasons=(reason,),
        stated=(stated,),
        strong=score > _UNCLEAR,
        same_registry=same,
    )


def _alike(
    likely: Sequence[Likeness], positions: Mapping[tuple[str, str], int]
) -> Iterator[Evidence]:
    for pair in likely:
        first, second = sorted(
            positions[one.registry, one.registry_id] for one in (pair.first, pair.second)
        )
        yield Evidence(
            first=first,
            second=second,
            score=pair.score,
            reasons=(pair.reason,),
            strong=pair.merge,
            same_registry=pair.flag,
        )


def _combined(found: Sequence[Evidence]) -> list[Evidence]:
    """Return one piece of evidence for each pair: all reasons, the strongest score."""
    pairs: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
    for one in found:
        pairs[one.first, one.second].append(one)
    made = []
    for (first, second), parts in pairs.items():
        ranked = sorted(parts, key=lambda e: (-e.score, e.reasons))
        made.append(
            Evidence(
                first=first,
                second=second,
                score=max(part.score for part in parts),
                reasons=tuple(dict.fromkeys(reason for part in ranked for reason in part.reasons)),
                stated=tuple(sorted({stated for part in parts for stated in part.stated})),
                strong=any(part.strong for part in parts),
                same_registry=any(part.same_registry for part in parts),
            )
        )
    return made


def in_registry_order(registrations: Iterable[Registration]) -> list[Registration]:
    """Return the registrations by registry order and id."""
    return sorted(registrations, key=lambda one: (registry_place(one.registry), one.registry_id))


def is_registry(registry: str) -> bool:
    """Tell whether identifiers of this kind are those of a registry's records."""
    return registry != UTN and registry in ORDER
