"""The constructs of a record, from its interventions, else from its titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.alternatives import of_alternatives
from kg.extract.candidate import Candidate
from kg.extract.coded import of_codes
from kg.extract.interventions import of_intervention
from kg.extract.naming import codes
from kg.extract.pairs import paired
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import PRODUCT, Spot
from kg.extract.titles import is_population, is_setting, of_titles, tests_another, title_products
from kg.extract.zones import TITLES, Zone

_TO_COME = re.compile(r"\b(?:will|to) (?:receive|undergo|be treated with)\s+(?:[\w-]+\s+){0,2}$")
_REACH = 60
_DOSED = re.compile(r"\d\s?[x×*]\s?10|\b(?i:dose|cohort|level)\b")


def candidates(reading: Reading) -> list[Candidate]:
    """Return the constructs that interventions name, else those that the title names."""
    found: list[Candidate] = []
    for number in range(len(reading.trial.interventions)):
        found.extend(paired(reading, of_intervention(reading, number)))
    if not any(candidate.modality for candidate in found):
        found = of_titles(reading) or found or of_codes(reading)
    elif not any(candidate.is_cell for candidate in found):
        found += [
            candidate
            for candidate in of_titles(reading)
            if candidate.is_cell
            and candidate.rule == "construct.title"
            and not is_setting(reading, candidate)
        ]
    found = of_alternatives(reading, found)
    _name_generic(reading, found)
    if any(candidate.is_cell for candidate in found):
        found += _partners_in_titles(reading, found)
    another = tests_another(reading, found)
    for candidate in found:
        if another or not candidate.interventions:
            candidate.background = candidate.background or is_setting(reading, candidate)
    return found


def _name_generic(reading: Reading, found: Sequence[Candidate]) -> None:
    """Give the only cell product, listed as "CAR-T cells", the name that titles or summary give.

    It may be listed once for each dose: "Cohort A: 1x10^6 CAR-T cells/kg".
    """
    cells = [candidate for candidate in found if candidate.is_cell]
    if not cells or any(cell.product or cell.codes or cell.bindings for cell in cells):
        return
    if len(cells) > 1 and not all(_DOSED.search(cell.label) for cell in cells):
        return
    for zones in (TITLES, (Zone.SUMMARY,)):
        spots = [
            spot
            for passage in reading.passages(zones)
            for spot in reading.within(passage.start, passage.end, PRODUCT)
            if reading.lexicon.products[spot.key].modality in CELL_MODALITIES
            and (_is_to_come(reading, spot) or not is_population(reading, passage, spot))
        ]
        if len({spot.key for spot in spots}) == 1:
            row = reading.lexicon.products[spots[0].key]
            for cell in cells:
                cell.product, cell.label = row.key, row.label
                cell.names = spots[:1]
            return
        coded = {
            code
            for passage in reading.passages(zones)
            for code in codes(reading, passage.start, passage.end)
        }
        if zones == TITLES and len(coded) == 1:
            for cell in cells:
                cell.codes = tuple(coded)


def _is_to_come(reading: Reading, spot: Spot) -> bool:
    """Tell what people are to be given: "adults who will receive X"."""
    first = max(0, spot.start - _REACH)
    return _TO_COME.search(reading.document.lower, first, spot.start) is not None


def _partners_in_titles(reading: Reading, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the drugs that titles give with a cell product and interventions leave out."""
    known = {candidate.product for candidate in found}
    return [
        candidate
        for candidate in title_products(reading)
        if candidate.product not in known
        and not candidate.is_cell
        and not is_setting(reading, candidate)
    ]
