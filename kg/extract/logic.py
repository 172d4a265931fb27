"""How antigens work together: logic, disclosure, architecture, products given together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kg.extract.candidate import Bound
from kg.extract.findings import Claim
from kg.extract.lexicon import Product
from kg.extract.pairs import STEERING
from kg.extract.reading import ENGINEERED, Reading, claim
from kg.extract.zones import CRITERIA, DESCRIBING, PROSE, Zone

_NOT_DIRECTED = frozenset(
    {
        "UnmodifiedNKTherapy",
        "TILTherapy",
        "CIKTherapy",
        "DendriticCellTherapy",
        "HematopoieticStemCellTherapy",
        "OncolyticVirus",
        "TherapeuticVaccine",
        "OtherTCellTherapy",
        "OtherBiologic",
        "SmallMolecule",
    }
)
_SAYING = frozenset({*DESCRIBING, *PROSE, Zone.KEYWORD})
_ALL_OF = re.compile(
    r"\band[- ]gate\w*|syn-?notch|both antigens (?:are|must be)|requires? both|logic-gated|"
    r"priming antigen|co-?localiz\w+ of both"
)
_MENU = re.compile(
    r"antigen (?:library|menu|panel)|target (?:library|menu)|library of|selected from (?:a|"
    r"the) (?:panel|list)|"
    r"predefined (?:set|target|panel)"
)
_TANDEM = re.compile(
    r"tandem\s+(?:car|chimeric|dual|bispecific|cd\d+|scfv|anti)|tan-?car|\bin tandem\b|"
    r"(?:bispecific|dual|cd\d+[/-]\w+)[\w\s/-]{0,20}tandem|tandem[\w\s/-]{0,25}(?:bispecific|"
    r"car)|loop car"
)
_BICISTRONIC = re.compile(
    r"bi-?cistronic|two (?:distinct|separate|different|independent) (?:units?|cars?|chimeric|"
    r"receptors?)|"
    r"co-?express\w* two|two complete (?:units?|cars?)|dual expression of"
)
_ADAPTOR = re.compile(
    r"adaptor|adapter|unicar|rev-?car|switchable car|zipcar|targeting module|"
    r"universal car\b[^.\n]{0,40}(?:platform|module)|supra car"
)
_CO_INFUSED = re.compile(
    r"co-?infus\w+|cocktail|mixture of|mixed|simultaneous(?:ly)? (?:infus|administ|given)\w*|"
    r"combined (?:infusion|into|with)|combination (?:therapy|infusion|treatment|of)|"
    r"(?:infused|administered|given) together|administered with|co-?administ\w+"
)
_ONE_OF = re.compile(
    r"\b(?:one|either|any) of (?:the )?|\bindividual(?:ly)? or\b|\band/or\b|\bone or more\b|"
    r"\b(?:and|or),? or\b|(?:,|/)\s*or\s|\bselected\b|\bchosen\b|\bdepending on\b"
)
_SEQUENTIAL = re.compile(
    r"sequential\w*|followed by|then (?:infus|receiv|given)|after (?:the )?(?:first|cd\d+)|"
    r"one after"
)
_CHOSEN = re.compile(
    r"(?:according to|depend\w* (?:on|upon)|based on|match\w*|assigned to|selected|chosen|choice|"
    r"patients with (?:cd\d+|\w+)[- ]?positive|subjects will receive)[^.\n]{0,80}(?:express\w*|"
    r"antigen|target|positiv\w*|profile|status|receive)"
)
_MOST_OF_ONE = 5
_MULTISPECIFIC = frozenset({"TCellEngager", "NKCellEngager", "BispecificAntibody"})


def spared(reading: Reading, part: Bound, row: Product | None) -> tuple[Claim, ...]:
    """Return the antigens whose presence holds the construct back, as stated or as known."""
    made: dict[str, Claim] = {}
    if part.candidate.modality in ENGINEERED:
        for key in {spot.key for spot in reading.gates}:
            evidence = [reading.evidence(spot) for spot in reading.gates if spot.key == key]
            made[key] = claim(key, "Stated", "spares.gate", 0.85, evidence)
    evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
    if row is not None:
        for key in row.spares:
            sources = [f"products/{row.key}"]
            known = claim(key, "FromLexicon", "spares.product", 0.9, evidence, sources)
            made.setdefault(key, known)
    return tuple(made[key] for key in sorted(made))


def target_logic(
    reading: Reading,
    part: Bound,
    modality: Claim,
    targets: Sequence[Claim],
    spares: Sequence[Claim],
    row: Product | None,
) -> tuple[Claim, Claim]:
    """Return the logic and whether the targets are disclosed."""
    if not targets:
        return _without_targets(modality, part.candidate.rule == STEERING)
    evidence = [item for target in targets for item in target.evidence[:1]]
    basis = targets[0].basis
    disclosure = claim(
        "TargetFromLexicon" if part.from_table else "TargetStated",
        basis,
        "disclosure.targets",
        0.95,
        evidence,
    )
    if spares:
        return claim("AndNot", spares[0].basis, "logic.spares", 0.9, evidence), disclosure
    if len(targets) == 1:
        return claim("SingleTarget", "Inferred", "logic.one-target", 0.95, evidence), disclosure
    passages = reading.passages(_SAYING)
    for value, pattern in (("AllOf", _ALL_OF), ("Menu", _MENU)):
        quote = reading.search(pattern, passages)
        if quote is not None:
            return claim(value, "Stated", "logic.cue", 0.8, [quote, *evidence]), disclosure
    known = _known_logic(targets, row)
    if known is not None:
        return known, disclosure
    if len(targets) >= _MOST_OF_ONE and modality.value in ENGINEERED:
        return claim("Menu", "Inferred", "logic.many-targets", 0.6, evidence), disclosure
    return claim("AnyOf", "Inferred", "logic.several-targets", 0.8, evidence), disclosure


def _known_logic(targets: Sequence[Claim], row: Product | None) -> Claim | None:
    """Return the gate that the product table knows, where it knows these very targets."""
    if row is None or row.logic != "AllOf" or {item.value for item in targets} != {*row.targets}:
        return None
    evidence = [item for target in targets for item in target.evidence[:1]]
    sources = [f"products/{row.key}"]
    return claim("AllOf", "FromLexicon", "logic.product", 0.85, evidence, sources)


def _without_targets(modality: Claim, steers: bool) -> tuple[Claim, Claim]:
    if modality.value in _NOT_DIRECTED and not steers:
        return (
            claim("NotAntigenDirected", "Inferred", "logic.modality", 0.85, modality.evidence),
            claim("NoAntigen", "Inferred", "disclosure.modality", 0.85, modality.evidence),
        )
    return (
        claim("UnknownLogic", "Inferred", "logic.silent", 0.9),
        claim("TargetUndisclosed", "Inferred", "disclosure.silent", 0.9, modality.evidence),
    )


def architecture(
    reading: Reading, part: Bound, modality: Claim, row: Product | None
) -> Claim | None:
    """Return the architecture where the record or the product table states one."""
    if modality.value in _MULTISPECIFIC:
        return claim(
            "MultispecificProtein", "Inferred", "architecture.protein", 0.9, modality.evidence
        )
    if modality.value not in ENGINEERED:
        return None
    passages = reading.passages(_SAYING)
    if len(part.targets) > 1:
        for value, pattern in (("TandemReceptor", _TANDEM), ("BicistronicReceptors", _BICISTRONIC)):
            quote = reading.search(pattern, passages)
            if quote is not None:
                return claim(value, "Stated", "architecture.cue", 0.85, [quote])
    quote = reading.search(_ADAPTOR, passages)
    if quote is not None:
        return claim("AdaptorPlatform", "Stated", "architecture.cue", 0.85, [quote])
    if row is not None and row.architecture:
        evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
        return claim(
            row.architecture,
            "FromLexicon",
            "architecture.product",
            0.9,
            evidence,
            [f"products/{row.key}"],
        )
    return None


def combined_as(
    reading: Reading, parts: Sequence[Bound]
) -> Mapping[int, tuple[Claim, tuple[int, ...]]]:
    """Return, for cell products of one trial that belong together, how they are given."""
    cells = [
        number
        for number, part in enumerate(parts)
        if part.candidate.is_cell and not part.enumerated and not part.candidate.background
    ]
    if len(cells) < 2:
        return {}
    passages = [
        p for p in reading.passages(_SAYING) if p.zone not in CRITERIA and p.zone is not Zone.DETAIL
    ]
    for value, pattern in (
        ("Sequential", _SEQUENTIAL),
        ("ChosenPerParticipant", _CHOSEN),
        ("CoInfused", _CO_INFUSED),
        ("ChosenPerParticipant", _ONE_OF),
    ):
        quote = reading.search(pattern, passages)
        if quote is not None:
            said = claim(value, "Stated", "combined.cue", 0.7, [quote])
            return {
                number: (said, tuple(other for other in cells if other != number))
                for number in cells
            }
    return {}
