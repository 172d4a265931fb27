"""The scene that the role of every construct of a trial is judged by: titles, arms, other drugs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.naming import codes
from kg.extract.reading import Reading
from kg.extract.spot import AGENT, MODALITY, PRODUCT
from kg.extract.zones import Passage, Zone

COMPARATORS = frozenset(
    {
        "ActiveComparatorArm",
        "PlaceboComparatorArm",
        "ShamComparatorArm",
        "NoInterventionArm",
    }
)
_NAMED_BY_KIND = frozenset({"TherapeuticVaccine", "OncolyticVirus"})
_SHORTEST_NAME = 3
_LONG = 9
_GIVEN = frozenset({None, "DrugIntervention", "BiologicalIntervention"})
_KINDS = frozenset(
    {
        "injection",
        "injections",
        "treatment",
        "chemotherapy",
        "immunotherapy",
        "combination",
        "combined",
        "administration",
        "intravenous",
        "subcutaneous",
        "monoclonal",
        "antibodies",
        "inhibitor",
        "inhibitors",
        "radiotherapy",
        "radiation",
        "transplantation",
        "maintenance",
        "autologous",
        "allogeneic",
        "recombinant",
        "humanized",
        "supportive",
        "conventional",
        "vaccination",
    }
)


class Scene(NamedTuple):
    """What the roles of all constructs of a trial are judged by."""

    reading: Reading
    parts: Sequence[Bound]
    titled: list[list[tuple[int, int]]]
    arms: list[frozenset[int]]
    drugs: list[tuple[int, frozenset[int]]]
    """Drugs that are no constructs: where a title names them (-1: nowhere), and their arms."""
    added: list[frozenset[int]]
    """The arms of other anticancer drugs that are mostly, but not always, given beside another."""
    compared: frozenset[int]
    """The arms that the tested arms are compared with."""

    def titles(self) -> list[Passage]:
        """Return the titles."""
        return self.reading.passages((Zone.TITLE,))

    def has_cells(self) -> bool:
        """Tell whether any construct is a cell product."""
        return any(part.candidate.is_cell for part in self.parts)


def scene(reading: Reading, parts: Sequence[Bound]) -> Scene:
    """Return where the titles name each construct, its arms, and the other drugs of the trial."""
    return Scene(
        reading,
        parts,
        [_title_spots(reading, part) for part in parts],
        [_arms_of_part(reading, part) for part in parts],
        _drugs(reading, parts),
        _added(reading, parts),
        frozenset(n for n, arm in enumerate(reading.trial.arms) if arm.arm_type in COMPARATORS),
    )


def _title_spots(reading: Reading, part: Bound) -> list[tuple[int, int]]:
    """Return where the titles name a construct."""
    found: list[tuple[int, int]] = []
    names = [name.lower() for name in (part.candidate.label, *part.candidate.codes)]
    for passage in reading.passages((Zone.TITLE,)):
        found.extend(
            (spot.start, spot.end)
            for spot in reading.within(passage.start, passage.end, PRODUCT)
            if spot.key == part.candidate.product
        )
        if part.candidate.modality in _NAMED_BY_KIND:
            found.extend(
                (spot.start, spot.end)
                for spot in reading.within(passage.start, passage.end, MODALITY)
                if reading.modality(spot) == part.candidate.modality
            )
        for name in names:
            at = reading.document.lower.find(name, passage.start, passage.end)
            if at >= 0:
                found.append((at, at + len(name)))
    return found


def _drugs(reading: Reading, parts: Sequence[Bound]) -> list[tuple[int, frozenset[int]]]:
    """Return the interventions that are neither constructs nor supportive drugs."""
    taken = {number for part in parts for number in part.candidate.interventions}
    found = list(_unknown_leads(reading, parts))
    for passage in reading.passages((Zone.INTERVENTION,)):
        number = passage.number
        if number is None or number in taken or _is_supportive(reading, passage):
            continue
        at = _titled_at(reading, number)
        found.append((at, frozenset(arms_of(reading, number))))
    return found


def names_supportive(scene: Scene) -> bool:
    """Tell whether a title names a listed drug that mostly supports other treatment."""
    reading = scene.reading
    return any(
        passage.number is not None
        and _is_supportive(reading, passage)
        and _titled_at(reading, passage.number) >= 0
        for passage in reading.passages((Zone.INTERVENTION,))
    )


def _added(reading: Reading, parts: Sequence[Bound]) -> list[frozenset[int]]:
    """Return the arms of the known partner drugs, which arms may yet differ by."""
    taken = {number for part in parts for number in part.candidate.interventions}
    return [
        frozenset(arms_of(reading, passage.number))
        for passage in reading.passages((Zone.INTERVENTION,))
        if passage.number is not None
        and passage.number not in taken
        and any(
            reading.lexicon.agents[spot.key].role == "PartnerRole"
            for spot in reading.within(passage.start, passage.end, AGENT)
        )
    ]


def _unknown_leads(
    reading: Reading, parts: Sequence[Bound]
) -> Iterator[tuple[int, frozenset[int]]]:
    """Yield the codes of the titles that a name joins to known products: "SHR-1826; Avastin"."""
    known = {code for part in parts for code in part.candidate.codes}
    titles = reading.passages((Zone.TITLE,))
    for number in sorted({n for part in parts for n in part.candidate.interventions}):
        for passage in reading.passages((Zone.INTERVENTION,), number):
            if not reading.within(passage.start, passage.end, PRODUCT):
                continue
            for code in codes(reading, passage.start, passage.end):
                at = reading.document.text.index(code, passage.start)
                if code in known or reading.within(at, at + len(code), PRODUCT):
                    continue
                for title in titles:
                    told = reading.document.text.find(code, title.start, title.end)
                    if told >= 0:
                        yield told, frozenset(arms_of(reading, number))


def _is_supportive(reading: Reading, passage: Passage) -> bool:
    return bool(reading.within(passage.start, passage.end, AGENT))


def _titled_at(reading: Reading, number: int) -> int:
    """Return where a title names an intervention, by any of its names, else -1."""
    intervention = reading.trial.interventions[number]
    names = [text.plain.lower() for text in (intervention.name, *intervention.other_names)]
    if intervention.intervention_type in _GIVEN:
        names += [word for word in names[0].split() if _tells(word)]
    found = [
        at
        for passage in reading.passages((Zone.TITLE,))
        for name in names
        if len(name) > _SHORTEST_NAME
        and (at := reading.document.lower.find(name, passage.start, passage.end)) >= 0
    ]
    return min(found, default=-1)


def _tells(word: str) -> bool:
    """Tell a word that names a drug from the words for kinds and ways of treatment."""
    return len(word) >= _LONG and word.isalpha() and word not in _KINDS


def _arms_of_part(reading: Reading, part: Bound) -> frozenset[int]:
    return frozenset(
        arm for number in part.candidate.interventions for arm in arms_of(reading, number)
    )


def arms_of(reading: Reading, number: int) -> tuple[int, ...]:
    """Return the arms of an intervention: as linked, else those whose words name it."""
    linked = reading.trial.interventions[number].arms
    if linked:
        return linked
    name = reading.trial.interventions[number].name.plain.lower()
    found = [
        passage.number
        for passage in reading.passages((Zone.ARM, Zone.ARM_TEXT))
        if passage.number is not None
        and len(name) > _SHORTEST_NAME
        and name in reading.document.lower[passage.start : passage.end]
    ]
    return tuple(dict.fromkeys(found))
