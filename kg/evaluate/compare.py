"""One trial's extraction against its labels, measure by measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.evaluate.counts import Count, share
from kg.evaluate.gold import (
    DONOR,
    EFFECTOR,
    GOLD_ROLES,
    LOGIC,
    MODALITY,
    ROLE_GROUPS,
    TESTED,
    GoldConstruct,
    GoldTrial,
)
from kg.extract.findings import Construct, Evidence, Extraction
from kg.extract.lexicon import Lexicon

_FEATURED = frozenset(
    {"EGFRvIII", "CLDN18.2", "mIgE", "CD44v6", "KRAS-G12D", "KRAS-G12V", "KRAS-G12C"}
)
_INVESTIGATED = frozenset({"ExperimentalRole", "PreviouslyGivenRole"})


class Confusion(NamedTuple):
    """One wrong or missed answer, with the words that it rests on."""

    trial: str
    measure: str
    kind: str
    value: str
    quote: str


class Comparison(NamedTuple):
    """All measures of one trial."""

    id: str
    klass: str
    counts: Mapping[str, Count]
    confusions: tuple[Confusion, ...]


class Antigens:
    """Says when two keys mean one antigen: by identifier where both have one, else by key."""

    def __init__(self, lexicon: Lexicon, gold: GoldTrial) -> None:
        self._ids = {key: row.hgnc.lower() for key, row in lexicon.antigens.items() if row.hgnc}
        self._gold = {row.key: row.id for row in gold.antigens if row.id}

    def system(self, key: str) -> str:
        """Return the identity of an antigen that extraction found."""
        return self.gold(key) if key not in self._ids else _identity(key, self._ids[key])

    def gold(self, key: str) -> str:
        """Return the identity of a labelled antigen."""
        labelled = self._gold.get(key)
        if labelled is not None and not labelled.startswith("hgnc:"):
            labelled = None
        return _identity(key, labelled or self._ids.get(key))


def _identity(key: str, identifier: str | None) -> str:
    if key in _FEATURED or identifier is None:
        return key
    return identifier


def compare(gold: GoldTrial, found: Extraction, lexicon: Lexicon) -> Comparison:
    """Compare one trial; the confusions carry quotes of the record."""
    antigens = Antigens(lexicon, gold)
    counts: dict[str, Count] = {}
    confusions: list[Confusion] = []
    _targets(gold, found, antigens, counts, confusions)
    _roles(gold, found, antigens, counts, confusions)
    _constructs(gold, found, antigens, counts, confusions)
    _conditions(gold, found, lexicon, counts, confusions)
    return Comparison(gold.id, gold.klass, counts, tuple(confusions))


def tested(found: Extraction) -> list[int]:
    """Return the positions of the constructs that are under study."""
    roles: dict[int, set[str]] = {}
    for use in found.uses:
        if use.construct is not None:
            roles.setdefault(use.construct, set()).add(use.role.value)
    return [n for n in range(len(found.constructs)) if roles.get(n, set()) & _INVESTIGATED]


def _targets(
    gold: GoldTrial,
    found: Extraction,
    antigens: Antigens,
    counts: dict[str, Count],
    confusions: list[Confusion],
) -> None:
    said, known = _gold_targets(gold, antigens)
    system, quotes, looked_up = _system_targets(found, antigens)
    judged = system - known
    right, wrong, missed = judged & said, judged - said, said - judged
    counts["targets"] = Count(len(right), len(wrong), len(missed))
    counts["known products"] = Count(
        len(known & system), len(looked_up - said - known), len(known - system)
    )
    counts["trials with a wrong target"] = share(not wrong)
    if said or judged:
        counts["target set exact"] = share(not wrong and not missed)
    if len(said | known) > 1:
        counts["target set exact, several targets"] = share(not wrong and not missed)
    _note(confusions, gold.id, "targets", "wrong", wrong, quotes)
    _note(confusions, gold.id, "targets", "missed", missed, _gold_quotes(gold, antigens))
    _note(confusions, gold.id, "known products", "missed", known - system, {})
    _all_targets(gold, found, antigens, counts, confusions)
    _undisclosed(gold, found, counts, confusions)


def _gold_targets(gold: GoldTrial, antigens: Antigens) -> tuple[set[str], set[str]]:
    """Return the targets that the record says, and those that only the product tells."""
    said = {
        antigens.gold(key)
        for construct in gold.constructs
        if construct.role in TESTED and not construct.kb
        for key in construct.targets
    }
    rows = {antigens.gold(row.key) for row in gold.antigens if row.role == "target"}
    known = {
        antigens.gold(key)
        for construct in gold.constructs
        if construct.role in TESTED and construct.kb
        for key in construct.targets
    }
    return said | (rows - known), known - said


def _system_targets(
    found: Extraction, antigens: Antigens
) -> tuple[set[str], dict[str, str], set[str]]:
    quotes: dict[str, str] = {}
    looked_up: set[str] = set()
    for number in tested(found):
        for target in found.constructs[number].targets:
            key = antigens.system(target.value)
            quotes.setdefault(key, f"{target.rule}: {_quote(target.evidence)}")
            if target.basis == "FromLexicon":
                looked_up.add(key)
    return set(quotes), quotes, looked_up


def _all_targets(
    gold: GoldTrial,
    found: Extraction,
    antigens: Antigens,
    counts: dict[str, Count],
    confusions: list[Confusion],
) -> None:
    """Targets of all constructs in any role: close readings of one text in antibody trials."""
    said = {
        antigens.gold(row.key)
        for row in gold.antigens
        if row.role in {"target", "partner-target", "comparator-target"}
    }
    system = {antigens.system(target.value) for made in found.constructs for target in made.targets}
    counts["targets and partners"] = Count(
        len(said & system), len(system - said), len(said - system)
    )
    if gold.klass in {"antibody", "none"}:
        _note(confusions, gold.id, "targets and partners", "wrong", system - said, {})
        _note(confusions, gold.id, "targets and partners", "missed", said - system, {})


def _undisclosed(
    gold: GoldTrial, found: Extraction, counts: dict[str, Count], confusions: list[Confusion]
) -> None:
    said = any(c.logic == "undisclosed" for c in gold.constructs if c.role in TESTED)
    kept = any(c.kb and c.targets for c in gold.constructs if c.role in TESTED)
    system = any(
        found.constructs[number].target_logic.value == "UnknownLogic" for number in tested(found)
    )
    if kept and not said:
        return
    counts["undisclosed"] = Count(said and system, system and not said, said and not system)
    if said != system:
        _note(confusions, gold.id, "undisclosed", "wrong" if system else "missed", {"trial"}, {})


def _roles(
    gold: GoldTrial,
    found: Extraction,
    antigens: Antigens,
    counts: dict[str, Count],
    confusions: list[Confusion],
) -> None:
    total = Count()
    for group, names in ROLE_GROUPS.items():
        said = {antigens.gold(r.key) for r in gold.antigens if r.role in GOLD_ROLES[group]}
        quotes = {
            antigens.system(m.antigen): f"{m.role}: {_quote(m.evidence)}"
            for m in found.mentions
            if m.role in names
        }
        system = set(quotes)
        count = Count(len(said & system), len(system - said), len(said - system))
        counts[f"role: {group}"] = count
        total = Count(*(a + b for a, b in zip(total, count, strict=True)))
        _note(confusions, gold.id, group, "wrong", system - said, quotes)
        _note(
            confusions, gold.id, group, "missed", said - system, _gold_quotes(gold, antigens, group)
        )
    counts["other roles"] = total


def _constructs(
    gold: GoldTrial,
    found: Extraction,
    antigens: Antigens,
    counts: dict[str, Count],
    confusions: list[Confusion],
) -> None:
    labelled = [c for c in gold.constructs if c.role in TESTED and c.logic != "menu"]
    system = _without_menus(gold, [found.constructs[n] for n in tested(found)], labelled, antigens)
    pairs = _matched(labelled, system, antigens)
    counts["constructs"] = Count(len(pairs), len(system) - len(pairs), len(labelled) - len(pairs))
    if len(labelled) != len(pairs) or len(system) != len(pairs):
        value = f"{len(labelled)} labelled, {len(system)} found: {[c.label for c in system]}"
        confusions.append(Confusion(gold.id, "constructs", "number", value, ""))
    if len(labelled) > 1 or len(system) > 1:
        counts["construct-target pairs"] = _pair_count(labelled, system, pairs, antigens)
    measures: dict[str, list[bool]] = {}
    for one, other in pairs:
        for name, expected, answer in _facets(one, other):
            measures.setdefault(name, []).append(expected == answer)
            if expected != answer:
                value = f"{one.name}: {answer} instead of {expected}"
                confusions.append(Confusion(gold.id, name, "wrong", value, ""))
    for name, answers in measures.items():
        right = sum(answers)
        counts[name] = Count(right, len(answers) - right, len(answers) - right)


def _without_menus(
    gold: GoldTrial, system: list[Construct], labelled: list[GoldConstruct], antigens: Antigens
) -> list[Construct]:
    """Leave out what answers a labelled menu, as the menu itself is left out.

    A construct answers it if all its antigens are offered and no other label asks for just these.
    The antigens of a menu still count among the targets of the trial.
    """
    menus = [c for c in gold.constructs if c.role in TESTED and c.logic == "menu"]
    offered = {antigens.gold(key) for menu in menus for key in menu.targets}
    asked = [{antigens.gold(key) for key in one.targets} for one in labelled]
    sets = [(made, _set_of(made, antigens)) for made in system]
    return [made for made, keys in sets if not keys or not keys <= offered or keys in asked]


def _facets(one: GoldConstruct, other: Construct) -> Iterable[tuple[str, str, str]]:
    yield "modality", MODALITY.get(one.modality, one.modality), other.modality.value
    if one.effector:
        yield "effector cell", EFFECTOR[one.effector], other.effector_cell.value
    if one.donor_stated:
        yield "donor, stated", DONOR[one.donor], other.donor.value
    yield "logic", LOGIC[one.logic], other.target_logic.value


def _matched(
    labelled: list[GoldConstruct], system: list[Construct], antigens: Antigens
) -> list[tuple[GoldConstruct, Construct]]:
    """Match by target sets, then by name, then by what is left over in order."""
    free, pairs = list(system), []
    left = []
    for one in sorted(labelled, key=lambda item: not item.targets):
        keys = {antigens.gold(key) for key in one.targets}
        same = [c for c in free if _set_of(c, antigens) == keys and _same_kind(one, c)] or [
            c for c in free if _set_of(c, antigens) == keys
        ]
        best = next((c for c in same if _named(one, c)), same[0] if same else None)
        if best is None:
            left.append(one)
        else:
            free.remove(best)
            pairs.append((one, best))
    for one in left:
        best = next((c for c in free if _named(one, c)), None)
        best = best or next((c for c in free if _same_kind(one, c)), None)
        if best is not None:
            free.remove(best)
            pairs.append((one, best))
    return pairs


def _same_kind(one: GoldConstruct, other: Construct) -> bool:
    return MODALITY.get(one.modality) == other.modality.value


def _named(one: GoldConstruct, other: Construct) -> bool:
    names = (other.label, *other.alternative_labels, *other.code_names)
    return any(
        one.name.lower() in name.lower() or name.lower() in one.name.lower() for name in names
    )


def _set_of(construct: Construct, antigens: Antigens) -> set[str]:
    return {antigens.system(target.value) for target in construct.targets}


def _pair_count(
    labelled: list[GoldConstruct],
    system: list[Construct],
    pairs: list[tuple[GoldConstruct, Construct]],
    antigens: Antigens,
) -> Count:
    right = sum(
        len({antigens.gold(key) for key in one.targets} & _set_of(other, antigens))
        for one, other in pairs
    )
    said = sum(len(one.targets) for one in labelled)
    answered = sum(len(other.targets) for other in system)
    return Count(right, answered - right, said - right)


def _conditions(
    gold: GoldTrial,
    found: Extraction,
    lexicon: Lexicon,
    counts: dict[str, Count],
    confusions: list[Confusion],
) -> None:
    by_position = {term.position: term for term in found.conditions}
    mapped, right = [], []
    for position, row in enumerate(gold.conditions):
        if row.mondo is None:
            continue
        term = by_position.get(position)
        concept = term.concept.value if term and term.concept else None
        mapped.append(concept is not None)
        if concept is None:
            value = f"{row.as_listed} is not mapped, {row.mondo}"
        else:
            credit = _credit(lexicon, row.mondo, concept)
            right.append(credit)
            value = f"{row.as_listed}: {concept} instead of {row.mondo}" if credit < 1 else ""
        if value:
            confusions.append(Confusion(gold.id, "conditions", "wrong", value, ""))
    if mapped:
        hits = sum(mapped)
        counts["conditions mapped"] = Count(hits, len(mapped) - hits, len(mapped) - hits)
    if right:
        credit = sum(right)
        counts["conditions right"] = Count(credit, len(right) - credit, len(right) - credit)


def _credit(lexicon: Lexicon, expected: str, answer: str) -> float:
    """Count a parent one step up half."""
    if expected == answer:
        return 1.0
    concept = lexicon.concepts.get(expected)
    return 0.5 if concept is not None and answer in concept.parents else 0.0


def _quote(evidence: Iterable[Evidence]) -> str:
    first = next(iter(evidence), None)
    return f"{first.exact[:80]} ({first.field} {first.start})" if first else ""


def _gold_quotes(gold: GoldTrial, antigens: Antigens, group: str = "") -> dict[str, str]:
    wanted = GOLD_ROLES[group] if group else ("target",)
    return {antigens.gold(r.key): f"{r.key}: {r.quote}" for r in gold.antigens if r.role in wanted}


def _note(
    confusions: list[Confusion],
    trial: str,
    measure: str,
    kind: str,
    values: Iterable[str],
    quotes: Mapping[str, str],
) -> None:
    confusions.extend(
        Confusion(trial, measure, kind, value, quotes.get(value, "")) for value in sorted(values)
    )
