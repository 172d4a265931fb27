"""The registry's words and the individuals of the ontology that they mean; keys are folded."""

from __future__ import annotations

from typing import Final

from loaders.values import Codes

STATUS: Final[Codes] = {
    "not yet recruiting": "NotYetRecruiting",
    "尚未开始": "NotYetRecruiting",
    "pending": "NotYetRecruiting",
    "recruiting": "Recruiting",
    "正在进行": "Recruiting",
    "suspending": "Suspended",
    "suspended": "Suspended",
    "暂停或中断": "Suspended",
    "completed": "Completed",
    "结束": "Completed",
    "已完成": "Completed",
    "terminated": "Terminated",
    "终止": "Terminated",
}

# The registry numbers its phases, and 0 is its exploratory research.
PHASE: Final[Codes] = {
    "0": "EarlyPhase1",
    "探索性研究/预试验": "EarlyPhase1",
    "1": "Phase1",
    "i期临床试验": "Phase1",
    "1-2": "Phase1 Phase2",
    "i+ii期": "Phase1 Phase2",
    "2": "Phase2",
    "ii期临床试验": "Phase2",
    "2-3": "Phase2 Phase3",
    "ii+iii期": "Phase2 Phase3",
    "3": "Phase3",
    "iii期临床试验": "Phase3",
    "4": "Phase4",
    "iv期临床试验": "Phase4",
    "上市后药物": "Phase4",
    "n/a": "PhaseNotApplicable",
    "其它": "PhaseNotApplicable",
}

STUDY_TYPE: Final[Codes] = {
    "interventional study": "InterventionalStudy",
    "干预性研究": "InterventionalStudy",
    "observational study": "ObservationalStudy",
    "观察性研究": "ObservationalStudy",
    "epidemiological research": "ObservationalStudy",
    "epidemilogical research": "ObservationalStudy",
    "流行病学研究": "ObservationalStudy",
    "cause/relative factors study": "ObservationalStudy",
    "prognosis study": "ObservationalStudy",
    "预后研究": "ObservationalStudy",
}

PURPOSE: Final[Codes] = {
    "prevention": "PreventionPurpose",
    "预防性研究": "PreventionPurpose",
    "diagnostic test": "DiagnosticPurpose",
    "诊断试验": "DiagnosticPurpose",
    "screening": "ScreeningPurpose",
    "筛查": "ScreeningPurpose",
    "basic science": "BasicSciencePurpose",
    "基础科学研究": "BasicSciencePurpose",
    "health services research": "HealthServicesResearchPurpose",
    "health services reaserch": "HealthServicesResearchPurpose",
    "supportive care": "SupportiveCarePurpose",
}

MODEL: Final[Codes] = {
    "parallel": "ParallelAssignment",
    "randomized parallel controlled trial": "ParallelAssignment",
    "随机平行对照": "ParallelAssignment",
    "single arm": "SingleGroupAssignment",
    "单臂": "SingleGroupAssignment",
    "cross-over": "CrossoverAssignment",
    "随机交叉对照": "CrossoverAssignment",
    "factorial": "FactorialAssignment",
    "析因分组": "FactorialAssignment",
}

ALLOCATION: Final[Codes] = {
    "randomized parallel controlled trial": "RandomizedAllocation",
    "随机平行对照": "RandomizedAllocation",
    "随机交叉对照": "RandomizedAllocation",
    "non randomized control": "NonRandomizedAllocation",
    "非随机对照试验": "NonRandomizedAllocation",
}

MASKING: Final[Codes] = {
    "open label": "OpenLabel",
    "open": "OpenLabel",
    "开放": "OpenLabel",
    "single blinded": "SingleMasking",
    "单盲": "SingleMasking",
    "double blinded": "DoubleMasking",
    "双盲": "DoubleMasking",
    "triple blinded": "TripleMasking",
    "三盲": "TripleMasking",
}

SEX: Final[Codes] = {
    "both": "AllSexes",
    "男女均可": "AllSexes",
    "male": "MaleOnly",
    "男性": "MaleOnly",
    "female": "FemaleOnly",
    "女性": "FemaleOnly",
}

OUTCOME: Final[Codes] = {
    "primary indicator": "primary",
    "secondary indicator": "secondary",
    "additional indicator": "other",
    "adverse events": "other",
}

NOTHING: Final = frozenset({"", "na", "n/a", "nil", "none", "无", "/", "-"})
