"""The registry's codes and the individuals of the ontology that they mean; keys are folded.

A value that is not in its table drops the field; one that means nothing definite has an empty
meaning.
"""

from __future__ import annotations

from typing import Final

from loaders.values import Codes

# The registry states a status only where it departs from the dates.
STATUS: Final[Codes] = {
    "recruiting": "Recruiting",
    "not yet recruiting": "NotYetRecruiting",
    "no longer recruiting": "ActiveNotRecruiting",
    "ongoing": "ActiveNotRecruiting",
    "completed": "Completed",
    "stopped": "Terminated",
    "suspended": "Suspended",
    "abandoned": "Withdrawn",
}

PHASE: Final[Codes] = {
    "phase 0": "EarlyPhase1",
    "phase i": "Phase1",
    "phase i/ii": "Phase1 Phase2",
    "phase ii": "Phase2",
    "phase ii/iii": "Phase2 Phase3",
    "phase iii": "Phase3",
    "phase iii/iv": "Phase3 Phase4",
    "phase iv": "Phase4",
    "not applicable": "PhaseNotApplicable",
    "not specified": "",
}

STUDY_TYPE: Final[Codes] = {
    "interventional": "InterventionalStudy",
    "observational": "ObservationalStudy",
    "other": "",
}

PURPOSE: Final[Codes] = {
    "treatment": "TreatmentPurpose",
    "prevention": "PreventionPurpose",
    "diagnostic": "DiagnosticPurpose",
    "screening": "ScreeningPurpose",
    "other": "OtherPurpose",
    "quality of life": "SupportiveCarePurpose",
    "not specified": "",
    "efficacy": "",
    "safety": "",
}

# What the secondary design says of the allocation.
ALLOCATION: Final[Codes] = {
    "randomised controlled trial": "RandomizedAllocation",
    "randomised cross over trial": "RandomizedAllocation",
    "randomised parallel trial": "RandomizedAllocation",
    "non randomised study": "NonRandomizedAllocation",
    "non randomised controlled trial": "NonRandomizedAllocation",
}

MODEL: Final[Codes] = {
    "randomised cross over trial": "CrossoverAssignment",
    "randomised parallel trial": "ParallelAssignment",
}

SEX: Final[Codes] = {
    "all": "AllSexes",
    "both": "AllSexes",
    "female": "FemaleOnly",
    "male": "MaleOnly",
    "not specified": "",
}

AGE_RANGE: Final[Codes] = {
    "neonate": "Child",
    "child": "Child",
    "adult": "Adult",
    "senior": "OlderAdult",
    "all": "Child Adult OlderAdult",
    "mixed": "",
    "other": "",
    "healthy volunteer": "",
    "not specified": "",
}

SPONSOR_CLASS: Final[Codes] = {
    "commercial": "IndustrySponsor",
    "non-commercial": "OtherSponsor",
    "non commercial": "OtherSponsor",
}

INTERVENTION_TYPE: Final[Codes] = {
    "drug": "DrugIntervention",
    "biological/vaccine": "BiologicalIntervention",
    "device": "DeviceIntervention",
    "behavioural": "BehavioralIntervention",
    "genetic": "GeneticIntervention",
    "supplement": "DietarySupplementIntervention",
    "procedure/surgery": "ProcedureIntervention",
    "mixed": "CombinationProductIntervention",
    "other": "OtherIntervention",
    "not specified": "",
}

NO_AGE_LIMIT: Final = frozenset({"none", "no limit", "n/a"})
NO_NUMBER: Final = frozenset({"nil known", "none", "n/a", "not provided at time of registration"})
