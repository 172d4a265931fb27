"""What the registers write where ICTRP passes their words on, and what they mean; keys are folded.

A value that is not in its table drops the field: "not recruiting" may be any state but one, and
"retrospective study" is no phase.
"""

from __future__ import annotations

from typing import Final

from loaders.values import Codes

STATUS: Final[Codes] = {
    "recruiting": "Recruiting",
    "open to recruitment": "Recruiting",
    "pending": "NotYetRecruiting",
    "not yet recruiting": "NotYetRecruiting",
    "enrolling by invitation": "EnrollingByInvitation",
    "active, not recruiting": "ActiveNotRecruiting",
    "recruitment completed": "ActiveNotRecruiting",
    "complete": "Completed",
    "completed": "Completed",
    "suspended": "Suspended",
    "temporary halt": "Suspended",
    "temporarily halted": "Suspended",
    "stopped": "Terminated",
    "terminated": "Terminated",
    "withdrawn": "Withdrawn",
    "unknown": "UnknownStatus",
    "available": "Available",
    "no longer available": "NoLongerAvailable",
    "temporarily not available": "TemporarilyNotAvailable",
    "approved for marketing": "ApprovedForMarketing",
}

# ChiCTR numbers its phases, and 0 is its exploratory research.
PHASE: Final[Codes] = {
    "0": "EarlyPhase1",
    "phase 0": "EarlyPhase1",
    "early phase 1": "EarlyPhase1",
    "1": "Phase1",
    "i": "Phase1",
    "phase 1": "Phase1",
    "phase i": "Phase1",
    "phase-1": "Phase1",
    "1-2": "Phase1 Phase2",
    "1/2": "Phase1 Phase2",
    "i/ii": "Phase1 Phase2",
    "phase 1/phase 2": "Phase1 Phase2",
    "phase 1 / phase 2": "Phase1 Phase2",
    "phase 1/2": "Phase1 Phase2",
    "2": "Phase2",
    "ii": "Phase2",
    "phase 2": "Phase2",
    "phase ii": "Phase2",
    "phase-2": "Phase2",
    "2-3": "Phase2 Phase3",
    "2/3": "Phase2 Phase3",
    "ii/iii": "Phase2 Phase3",
    "phase ii/iii": "Phase2 Phase3",
    "phase i/ii": "Phase1 Phase2",
    "phase 2/phase 3": "Phase2 Phase3",
    "phase 2 / phase 3": "Phase2 Phase3",
    "phase 2/3": "Phase2 Phase3",
    "3": "Phase3",
    "iii": "Phase3",
    "phase 3": "Phase3",
    "phase iii": "Phase3",
    "phase-3": "Phase3",
    "3-4": "Phase3 Phase4",
    "phase 3/phase 4": "Phase3 Phase4",
    "4": "Phase4",
    "iv": "Phase4",
    "phase 4": "Phase4",
    "phase iv": "Phase4",
    "n/a": "PhaseNotApplicable",
    "na": "PhaseNotApplicable",
    "not applicable": "PhaseNotApplicable",
}

# The form of EU CTR: a line for each phase, which says yes or no.
EU_PHASE: Final[Codes] = {
    "phase i": "Phase1",
    "phase ii": "Phase2",
    "phase iii": "Phase3",
    "phase iv": "Phase4",
}

STUDY_TYPE: Final[Codes] = {
    "interventional": "InterventionalStudy",
    "interventional study": "InterventionalStudy",
    "interventional clinical trial of medicinal product": "InterventionalStudy",
    "treatment study": "InterventionalStudy",
    "observational": "ObservationalStudy",
    "observational study": "ObservationalStudy",
    "observational [patient registry]": "ObservationalStudy",
    "observational non invasive": "ObservationalStudy",
    "observational invasive": "ObservationalStudy",
    "epidemiological research": "ObservationalStudy",
    "epidemilogical research": "ObservationalStudy",
    "cause": "ObservationalStudy",
    "cause/relative factors study": "ObservationalStudy",
    "prognosis study": "ObservationalStudy",
    "expanded access": "ExpandedAccess",
}

# ChiCTR gives some purposes as types of study.
PURPOSE: Final[Codes] = {
    "treatment study": "TreatmentPurpose",
    "prevention": "PreventionPurpose",
    "diagnostic test": "DiagnosticPurpose",
    "screening": "ScreeningPurpose",
    "basic science": "BasicSciencePurpose",
    "health services research": "HealthServicesResearchPurpose",
    "health services reaserch": "HealthServicesResearchPurpose",
    "supportive care": "SupportiveCarePurpose",
}

SEX: Final[Codes] = {
    "both": "AllSexes",
    "all": "AllSexes",
    "both males and females": "AllSexes",
    "male and female": "AllSexes",
    "male/female": "AllSexes",
    "both, male and female": "AllSexes",
    "female: yes male: yes": "AllSexes",
    "male": "MaleOnly",
    "males": "MaleOnly",
    "m": "MaleOnly",
    "female: no male: yes": "MaleOnly",
    "female": "FemaleOnly",
    "females": "FemaleOnly",
    "f": "FemaleOnly",
    "female: yes male: no": "FemaleOnly",
}

NO_AGE_LIMIT: Final = frozenset(
    {
        "n/a",
        "na",
        "none",
        "no limit",
        "nolimit",
        "no maximum age",
        "no minimum age",
        "not applicable",
        "not specified",
        "no maximum",
        "no minimum",
        "-",
        "0",
    }
)

INTERVENTION_TYPE: Final[Codes] = {
    "behavioral": "BehavioralIntervention",
    "behavioural": "BehavioralIntervention",
    "biological": "BiologicalIntervention",
    "combination product": "CombinationProductIntervention",
    "device": "DeviceIntervention",
    "diagnostic test": "DiagnosticTestIntervention",
    "dietary supplement": "DietarySupplementIntervention",
    "drug": "DrugIntervention",
    "genetic": "GeneticIntervention",
    "procedure": "ProcedureIntervention",
    "radiation": "RadiationIntervention",
    "other": "OtherIntervention",
}
