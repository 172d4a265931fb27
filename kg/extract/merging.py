"""Joins candidates that are one product under several names."""

from __future__ import annotations

from dataclasses import replace

from kg.extract.candidate import Bound, Candidate


def merged(made: list[Bound]) -> list[Bound]:
    """Join candidates that are one product under several interventions."""
    kept: list[Bound] = []
    for part in made:
        twin = next((other for other in kept if _is_same(other, part)), None)
        if twin is None:
            kept.append(part)
            continue
        a, b = twin.candidate, part.candidate
        twin.candidate = replace(
            a,
            interventions=tuple(dict.fromkeys((*a.interventions, *b.interventions))),
            codes=tuple(dict.fromkeys((*a.codes, *b.codes))),
            product=a.product or b.product,
            where=[*a.where, *b.where],
            label=_better_label(a, b),
            modality=a.modality if a.modality != "CAR" else b.modality,
        )
        for key, spots in part.targets.items():
            if not part.from_table or twin.from_table or not twin.targets:
                twin.targets.setdefault(key, []).extend(spots)
        if twin.from_table and not part.from_table and part.targets:
            twin.from_table = False
    return kept


def _better_label(a: Candidate, b: Candidate) -> str:
    """Return the label with a code or a row behind it, else the shorter."""
    for one, other in ((a, b), (b, a)):
        if (one.codes or one.product) and not (other.codes or other.product):
            return one.label
    return min((a.label, b.label), key=len)


def _is_same(one: Bound, other: Bound) -> bool:
    a, b = one.candidate, other.candidate
    if a.product and a.product == b.product:
        return True
    if a.product and b.product:
        return False
    shared = {code.lower() for code in a.codes} & {code.lower() for code in b.codes}
    if shared and (one.keys == other.keys or not one.keys or not other.keys):
        return True
    if a.codes and b.codes:
        return False
    kinds = {a.modality, b.modality}
    if len(kinds) > 1 and ("CAR" not in kinds or "TCRTTherapy" in kinds):
        return False
    if not a.is_cell or not b.is_cell:
        return a.label.lower() == b.label.lower()
    bare = not (a.codes or a.product)
    return one.keys == other.keys or not other.keys or (bare and not one.keys)
