"""Words of questions that no label says: what they choose, and which of them only connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# The continent, as its countries are coded; Russia and Turkey are of two.
_EUROPE = (
    *("AD", "AL", "AT", "BA", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI"),
    *("FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME"),
    *("MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "UA", "VA", "XK"),
)

# Phrase -> facet, and the values that it may mean.
PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    "car": ("modality", "CARTherapy"),
    "cars": ("modality", "CARTherapy"),
    "chimeric antigen receptor": ("modality", "CARTherapy"),
    "car t": ("modality", "CARTTherapy"),
    "car t cell": ("modality", "CARTTherapy"),
    "car t cells": ("modality", "CARTTherapy"),
    "cart": ("modality", "CARTTherapy"),
    "car nk": ("modality", "CARNKTherapy"),
    "car nk cell": ("modality", "CARNKTherapy"),
    "car nk cells": ("modality", "CARNKTherapy"),
    "car macrophage": ("modality", "CARMacrophageTherapy"),
    "car macrophages": ("modality", "CARMacrophageTherapy"),
    "car treg": ("modality", "CARTregTherapy"),
    "in vivo": ("modality", "InVivoCARTherapy"),
    "in vivo car": ("modality", "InVivoCARTherapy"),
    "in vivo car t": ("modality", "InVivoCARTherapy"),
    "tcr": ("modality", "TCRTTherapy"),
    "tcr t": ("modality", "TCRTTherapy"),
    "nk": ("modality", "NKCellTherapy"),
    "nk cell": ("modality", "NKCellTherapy"),
    "nk cells": ("modality", "NKCellTherapy"),
    "natural killer": ("modality", "NKCellTherapy"),
    "natural killer cell": ("modality", "NKCellTherapy"),
    "natural killer cells": ("modality", "NKCellTherapy"),
    "unmodified nk": ("modality", "UnmodifiedNKTherapy"),
    "nk engager": ("modality", "NKCellEngager"),
    "nk engagers": ("modality", "NKCellEngager"),
    "t cell": ("modality", "TCellTherapy"),
    "t cells": ("modality", "TCellTherapy"),
    "bispecific": ("modality", "BispecificAntibody", "TCellEngager", "NKCellEngager"),
    "bispecifics": ("modality", "BispecificAntibody", "TCellEngager", "NKCellEngager"),
    "bispecific antibody": ("modality", "BispecificAntibody", "TCellEngager", "NKCellEngager"),
    "bispecific antibodies": ("modality", "BispecificAntibody", "TCellEngager", "NKCellEngager"),
    "engager": ("modality", "TCellEngager"),
    "engagers": ("modality", "TCellEngager"),
    "bite": ("modality", "TCellEngager"),
    "antibody": ("modality", "AntibodyTherapy"),
    "antibodies": ("modality", "AntibodyTherapy"),
    "adcs": ("modality", "AntibodyDrugConjugate"),
    "radioligand": ("modality", "RadioligandTherapy"),
    "radioligands": ("modality", "RadioligandTherapy"),
    "radiopharmaceutical": ("modality", "RadioligandTherapy"),
    "radiopharmaceuticals": ("modality", "RadioligandTherapy"),
    "radionuclide therapy": ("modality", "RadioligandTherapy"),
    "tils": ("modality", "TILTherapy"),
    "tumor infiltrating lymphocytes": ("modality", "TILTherapy"),
    "tumour infiltrating lymphocytes": ("modality", "TILTherapy"),
    "vaccine": ("modality", "TherapeuticVaccine"),
    "vaccines": ("modality", "TherapeuticVaccine"),
    "cell therapy": ("modality", "CellTherapy"),
    "cell therapies": ("modality", "CellTherapy"),
    "cellular therapy": ("modality", "CellTherapy"),
    "cellular therapies": ("modality", "CellTherapy"),
    "off the shelf": ("trait", "OffTheShelfTherapy"),
    "ready made": ("trait", "OffTheShelfTherapy"),
    "dual target": ("trait", "MultiTargetConstruct"),
    "dual antigen": ("trait", "MultiTargetConstruct"),
    "dual targeting": ("trait", "MultiTargetConstruct"),
    "dual specific": ("trait", "MultiTargetConstruct"),
    "multi antigen": ("trait", "MultiTargetConstruct"),
    "multi target": ("trait", "MultiTargetConstruct"),
    "cord blood": ("source", "CordBlood"),
    "ipsc derived": ("source", "InducedPluripotentStemCell"),
    "nk 92": ("source", "CellLine"),
    "donor derived": ("donor", "Allogeneic"),
    "open": ("open", "true"),
    "enrolling": ("status", "Recruiting"),
    "taking patients": ("status", "Recruiting"),
    "accepting patients": ("status", "Recruiting"),
    "looking for patients": ("status", "Recruiting"),
    "finished": ("status", "Completed"),
    "stopped early": ("status", "Terminated"),
    "ended early": ("status", "Terminated"),
    "undisclosed target": ("disclosure", "TargetUndisclosed"),
    "undisclosed targets": ("disclosure", "TargetUndisclosed"),
    "undisclosed": ("disclosure", "TargetUndisclosed"),
    "with results": ("results", "true"),
    "posted results": ("results", "true"),
    "without results": ("results", "false"),
    "no results": ("results", "false"),
    "interventional": ("type", "InterventionalStudy"),
    "observational": ("type", "ObservationalStudy"),
    "expanded access": ("type", "ExpandedAccess"),
    "phase i": ("phase", "Phase1"),
    "phase ii": ("phase", "Phase2"),
    "phase iii": ("phase", "Phase3"),
    "phase iv": ("phase", "Phase4"),
    "phase one": ("phase", "Phase1"),
    "phase two": ("phase", "Phase2"),
    "phase three": ("phase", "Phase3"),
    "early phase": ("phase", "EarlyPhase1"),
    "first in human": ("design", "FirstInHuman"),
    "first in humans": ("design", "FirstInHuman"),
    "first in man": ("design", "FirstInHuman"),
    "first time in humans": ("design", "FirstInHuman"),
    "fih": ("design", "FirstInHuman"),
    "long term follow up": ("design", "LongTermFollowUp"),
    "children": ("age", "Child"),
    "child": ("age", "Child"),
    "kids": ("age", "Child"),
    "minors": ("age", "Child"),
    "paediatric": ("age", "Child"),
    "pediatric": ("age", "Child"),
    "under 18": ("age", "Child"),
    "under 18s": ("age", "Child"),
    "adaptive design": ("design", "Adaptive"),
    "adaptive trial": ("design", "Adaptive"),
    "adaptive trials": ("design", "Adaptive"),
    "platform trial": ("design", "Platform"),
    "platform trials": ("design", "Platform"),
    "platform study": ("design", "Platform"),
    "platform studies": ("design", "Platform"),
    "uk": ("country", "GB"),
    "u.k": ("country", "GB"),
    "u.s": ("country", "US"),
    "europe": ("country", *_EUROPE),
    "european": ("country", *_EUROPE),
    "america": ("country", "US"),
    "the states": ("country", "US"),
    "the us": ("country", "US"),
    "in us": ("country", "US"),
    "mainland china": ("country", "CN"),
    "chinese": ("country", "CN"),
    "american": ("country", "US"),
    "industry sponsored": ("sponsor_class", "IndustrySponsor"),
    "sponsored by industry": ("sponsor_class", "IndustrySponsor"),
    "招募": ("status", "Recruiting"),
    "招募中": ("status", "Recruiting"),
    "中国": ("country", "CN"),
    "美国": ("country", "US"),
    "nk细胞": ("modality", "NKCellTherapy"),
    "自然杀伤细胞": ("modality", "NKCellTherapy"),
    "双特异性抗体": ("modality", "BispecificAntibody", "TCellEngager", "NKCellEngager"),
    "possible duplicates": ("flag", "PossibleDuplicate"),
}

# Words that carry no choice of their own, whatever stands around them.
_CONNECTING = """
a about against agent agents all also an and anti any are as at based be being by cell cells
center centers centre centres clinical companies construct constructs currently develop developed
developing develops directed do does drug drugs find for from give given has have having hospital
hospitals how i in into investigate investigated investigates investigating involving is it its
list look looking many me my now number of on or our pair pairing pairs patient patients people
please product products program programme programmes programs record records registered run running
search see show site sites some sponsored start started starting studied studies study target
targeted targeting targets tell test tested testing tests that the their them therapeutic
therapeutics therapies therapy there these they this those to today treat treated treating
treatment treatments trial trials us use used uses using what when where which who whose with
靶向 的 在 和 或 细胞 治疗 疗法 临床 试验 临床试验 研究 患者 有 哪些 针对 正在
"""
CONNECTING: Final = frozenset(_CONNECTING.split())

# Words that turn the choice behind them round, or compare with it: they are never passed over.
_TURNING = """
after apart before besides best better beyond cheapest compared except exclude excluding fewer
least less more neither never no non nor not older other outside previous prior than until versus vs
without younger
"""
TURNING: Final = frozenset(_TURNING.split())

# Words that pick of what is chosen, as no facet can.
_PICKING = "most largest smallest nearest closest first last only"
UNHONOURED: Final = TURNING | frozenset(_PICKING.split())

# Words that say another thing of an antigen than that a construct targets it.
_OTHERWISE = """
secrete secretes secreting block blocks blocking knock knocks knocked knockout express expresses
expressing require requires requiring name names naming mention mentions mentioning measure
measures detect detects deliver delivers delivering lack lacks lacking previously spare spares
sparing
"""
OTHERWISE: Final = frozenset(_OTHERWISE.split())
