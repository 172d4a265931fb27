"""The registry's codes and the individuals of the ontology that they mean.

A code that is not in its table drops the field that holds it and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Codes = Mapping[str, str]

STATUS: Final[Codes] = {
    "NOT_YET_RECRUITING": "NotYetRecruiting",
    "RECRUITING": "Recruiting",
    "ENROLLING_BY_INVITATION": "EnrollingByInvitation",
    "ACTIVE_NOT_RECRUITING": "ActiveNotRecruiting",
    "SUSPENDED": "Suspended",
    "TERMINATED": "Terminated",
    "COMPLETED": "Completed",
    "WITHDRAWN": "Withdrawn",
    "UNKNOWN": "UnknownStatus",
    "AVAILABLE": "Available",
    "NO_LONGER_AVAILABLE": "NoLongerAvailable",
    "TEMPORARILY_NOT_AVAILABLE": "TemporarilyNotAvailable",
    "APPROVED_FOR_MARKETING": "ApprovedForMarketing",
    "WITHHELD": "Withheld",
}

PHASE: Final[Codes] = {
    "EARLY_PHASE1": "EarlyPhase1",
    "PHASE1": "Phase1",
    "PHASE2": "Phase2",
    "PHASE3": "Phase3",
    "PHASE4": "Phase4",
    "NA": "PhaseNotApplicable",
}

STUDY_TYPE: Final[Codes] = {
    "INTERVENTIONAL": "InterventionalStudy",
    "OBSERVATIONAL": "ObservationalStudy",
    "EXPANDED_ACCESS": "ExpandedAccess",
}

PRIMARY_PURPOSE: Final[Codes] = {
    "TREATMENT": "TreatmentPurpose",
    "PREVENTION": "PreventionPurpose",
    "DIAGNOSTIC": "DiagnosticPurpose",
    "ECT": "EctPurpose",
    "SUPPORTIVE_CARE": "SupportiveCarePurpose",
    "SCREENING": "ScreeningPurpose",
    "HEALTH_SERVICES_RESEARCH": "HealthServicesResearchPurpose",
    "BASIC_SCIENCE": "BasicSciencePurpose",
    "DEVICE_FEASIBILITY": "DeviceFeasibilityPurpose",
    "OTHER": "OtherPurpose",
}

ALLOCATION: Final[Codes] = {
    "RANDOMIZED": "RandomizedAllocation",
    "NON_RANDOMIZED": "NonRandomizedAllocation",
    "NA": "AllocationNotApplicable",
}

INTERVENTION_MODEL: Final[Codes] = {
    "SINGLE_GROUP": "SingleGroupAssignment",
    "PARALLEL": "ParallelAssignment",
    "CROSSOVER": "CrossoverAssignment",
    "FACTORIAL": "FactorialAssignment",
    "SEQUENTIAL": "SequentialAssignment",
}

OBSERVATIONAL_MODEL: Final[Codes] = {
    "COHORT": "CohortModel",
    "CASE_CONTROL": "CaseControlModel",
    "CASE_ONLY": "CaseOnlyModel",
    "CASE_CROSSOVER": "CaseCrossoverModel",
    "ECOLOGIC_OR_COMMUNITY": "EcologicOrCommunityModel",
    "FAMILY_BASED": "FamilyBasedModel",
    "DEFINED_POPULATION": "DefinedPopulationModel",
    "NATURAL_HISTORY": "NaturalHistoryModel",
    "OTHER": "OtherModel",
}

TIME_PERSPECTIVE: Final[Codes] = {
    "RETROSPECTIVE": "RetrospectivePerspective",
    "PROSPECTIVE": "ProspectivePerspective",
    "CROSS_SECTIONAL": "CrossSectionalPerspective",
    "OTHER": "OtherPerspective",
}

MASKING: Final[Codes] = {
    "NONE": "OpenLabel",
    "SINGLE": "SingleMasking",
    "DOUBLE": "DoubleMasking",
    "TRIPLE": "TripleMasking",
    "QUADRUPLE": "QuadrupleMasking",
}

ENROLLMENT_TYPE: Final[Codes] = {
    "ACTUAL": "ActualEnrollment",
    "ESTIMATED": "EstimatedEnrollment",
}

DATE_TYPE: Final[Codes] = {"ACTUAL": "ActualDate", "ESTIMATED": "EstimatedDate"}

SEX: Final[Codes] = {"ALL": "AllSexes", "FEMALE": "FemaleOnly", "MALE": "MaleOnly"}

STANDARD_AGE: Final[Codes] = {"CHILD": "Child", "ADULT": "Adult", "OLDER_ADULT": "OlderAdult"}

SPONSOR_CLASS: Final[Codes] = {
    "NIH": "NIHSponsor",
    "FED": "USFederalSponsor",
    "OTHER_GOV": "OtherGovernmentSponsor",
    "INDIV": "IndividualSponsor",
    "INDUSTRY": "IndustrySponsor",
    "NETWORK": "NetworkSponsor",
    "AMBIG": "AmbiguousSponsor",
    "OTHER": "OtherSponsor",
    "UNKNOWN": "UnknownSponsorClass",
}

ARM_TYPE: Final[Codes] = {
    "EXPERIMENTAL": "ExperimentalArm",
    "ACTIVE_COMPARATOR": "ActiveComparatorArm",
    "PLACEBO_COMPARATOR": "PlaceboComparatorArm",
    "SHAM_COMPARATOR": "ShamComparatorArm",
    "NO_INTERVENTION": "NoInterventionArm",
    "OTHER": "OtherArm",
}

INTERVENTION_TYPE: Final[Codes] = {
    "BEHAVIORAL": "BehavioralIntervention",
    "BIOLOGICAL": "BiologicalIntervention",
    "COMBINATION_PRODUCT": "CombinationProductIntervention",
    "DEVICE": "DeviceIntervention",
    "DIAGNOSTIC_TEST": "DiagnosticTestIntervention",
    "DIETARY_SUPPLEMENT": "DietarySupplementIntervention",
    "DRUG": "DrugIntervention",
    "GENETIC": "GeneticIntervention",
    "PROCEDURE": "ProcedureIntervention",
    "RADIATION": "RadiationIntervention",
    "OTHER": "OtherIntervention",
}
