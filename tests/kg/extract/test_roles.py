"""Sentences that give an antigen a role beside that of target, and their near misses."""

import pytest

from tests.kg.extract.told import only, roles, said, targets
from tests.kg.extract.trials import text

INCLUSION = "Inclusion Criteria:\n\n* "
EXCLUSION = "Exclusion Criteria:\n\n* "


def beside(criteria):
    return said("A study of CD7 CAR-T cells", "CD7 CAR-T cells", criteria=criteria)


@pytest.mark.parametrize(
    ("criterion", "antigens"),
    [
        ("Prior anti-PD(L)1 treatment", {"PD-1", "PD-L1"}),
        ("Prior anti-PD-1/L1 inhibitor", {"PD-1", "PD-L1"}),
        ("Prior anti-PD-1/PD-L1/2 antibody", {"PD-1", "PD-L1", "PD-L2"}),
        ("Treatment with anti-IL4/13 antibodies", {"IL-4", "IL-13"}),
        ("Treatment with anti-interleukin (IL)-4 or IL13 agents", {"IL-4", "IL-13"}),
        ("Prior cluster of differentiation (CD) 137 agonists", {"CD137"}),
        ("Current or former use of biologics for allergic disorders such as dupilumab", {"IL4RA"}),
        ("Prior exposure to an anti-CCR8 antibody or hypersensitivity to the study drug", {"CCR8"}),
        ("Omalizumab treatment within the previous 12 months", {"IgE"}),
    ],
)
def test_every_member_of_a_list_of_earlier_treatments_is_one(criterion, antigens):
    found = beside(EXCLUSION + criterion)
    prior = {m.antigen for m in found.mentions if m.role == "PriorTherapyMention"}
    assert prior == antigens


@pytest.mark.parametrize(
    ("criterion", "antigen"),
    [
        ("Contraindication to bevacizumab", "VEGF-A"),
        ("Known sensitivity to any of the agents, tocilizumab included", "IL6R"),
        ("Severe hypersensitivity (grade 3) to pembrolizumab", "PD-1"),
        ("Immunosuppressants (cyclosporine, biologic TNF inhibitors) within 2 weeks", "TNF"),
        ("Growth factors (G-CSF, TPO agonists, IL-11) within 14 days before testing", "IL-11"),
        ("Contraception until 365 days after the tisagenlecleucel infusion", "CD19"),
        ("Systemic treatment with FLT3 inhibitors", "FLT3"),
        ("Progression on therapy for EGFR/ALK/ROS-1/MET mutations", "MET"),
        ("Genomic mutations (e.g., EGFR, ALK, MET) with approved therapies", "EGFR"),
        ("eGFR < 30 mL/min after prior chemotherapy", "EGFR"),
        ("HLA-A*11:01 positive tumour", "HLA-A-02-01"),
        ("Active infection, that is IgM antibody-positive", "IgM"),
        ("Samples within 10 days, except to verify CD19 transduction of received cells", "CD19"),
        ("Treatment with known inhibitors of UGT1A1, 1A9 and 2B4", "2B4"),
    ],
)
def test_what_was_not_given_is_no_earlier_treatment(criterion, antigen):
    assert not roles(beside(EXCLUSION + criterion), antigen) & {
        "PriorTherapyMention",
        "ExcludedMention",
        "RequiredMention",
    }


@pytest.mark.parametrize(
    "criterion",
    [
        "The first three subjects treated with CD7 CAR-T cells must be adults",
        "Patients will receive CD7 CAR-T therapy",
        "Planned to start anti-CD7 therapy",
        "Before the receipt of lymphodepletion chemotherapy and CD7 CAR-T cells",
    ],
)
def test_the_own_treatment_of_those_included_is_no_earlier_one(criterion):
    assert "PriorTherapyMention" not in roles(beside(INCLUSION + criterion), "CD7")


@pytest.mark.parametrize(
    "title",
    [
        "CD7 CAR-T After CD19 CAR-T Failure",
        "CD7 CAR-T Following Commercial CD19 CAR-T Therapy",
        "CD7 CAR-T in Patients Treated by CD19-targeted CAR-T",
        "CD7 CAR-T for Disease Relapsed After Anti-CD19 Immunotherapy",
    ],
)
def test_a_title_names_the_treatment_that_came_before(title):
    found = said(title, "CD7 CAR-T cells")
    assert targets(found) == [{"CD7"}]
    assert roles(found, "CD19") == {"PriorTherapyMention"}


def test_a_product_that_failed_is_an_earlier_treatment():
    found = said("CD7 CAR-T After Failure of Rituximab", "CD7 CAR-T cells")
    assert roles(found, "CD20") == {"PriorTherapyMention"}


@pytest.mark.parametrize(
    ("title", "antigen", "role"),
    [
        ("CD7 CAR-T for GPNMB-Expressing Solid Tumours", "GPNMB", "RequiredMention"),
        ("CD7 CAR-T for CD30+ Lymphoma", "CD30", "RequiredMention"),
        ("CD7 CAR-T for CD19 Negative ALL", "CD19", "ExcludedMention"),
    ],
)
def test_a_title_says_what_the_tumour_bears(title, antigen, role):
    assert roles(said(title, "CD7 CAR-T cells"), antigen) == {role}


@pytest.mark.parametrize(
    ("summary", "required"),
    [
        ("Patients with CD30+ lymphoma are treated.", True),
        ("CAR T cells had great success in CD30+ lymphoma.", False),
        ("CAR T cells have been effective in treating CD30 positive lymphoma.", False),
        ("A study to evaluate the safety of XY1 in CD30 positive lymphoma.", True),
        ("The therapy depletes CD30+ cells of patients.", False),
    ],
)
def test_a_summary_requires_only_what_it_asks_of_patients(summary, required):
    found = said("A study", "CD7 CAR-T cells", summary=summary)
    assert ("RequiredMention" in roles(found, "CD30")) is required


@pytest.mark.parametrize(
    ("criterion", "antigen", "role"),
    [
        ("PD-L1 TPS <1% in the tumour", "PD-L1", "RequiredMention"),
        ("Tumours expressing GD2 at any level", "GD2", "RequiredMention"),
        ("CD4+ cell count of 200 after prior therapy", "CD4", "PhenotypeMention"),
        ("Positive peanut-specific IgE (sIgE)", "IgE", "LabAnalyteMention"),
        ("HER2 mutation or EGFR positive tumour", "HER2", "LabAnalyteMention"),
    ],
)
def test_required_is_expression_and_neither_mutation_count_nor_level(criterion, antigen, role):
    assert roles(beside(INCLUSION + criterion), antigen) == {role}


@pytest.mark.parametrize(
    ("words", "kind", "antigen"),
    [
        ("Anti-PD1 armored CD7 CAR-T cells", "Armour", "PD-1"),
        ("CD7 CAR-T cells that secrete scFvs against PD1/CTLA4", "Armour", "CTLA-4"),
        ("PD-1 silent CD7 CAR-T cells", "EditedGene", "PD-1"),
        ("CD7 CAR-T cells in which CD5 is knocked out", "EditedGene", "CD5"),
    ],
)
def test_what_the_cells_make_or_lack_is_a_component(words, kind, antigen):
    found = said("A study", ("CD7 CAR-T cells", words))
    assert {(p.kind.value, p.antigen) for p in only(found).components} >= {(kind, antigen)}


@pytest.mark.parametrize(
    "words",
    [
        "CD7 CAR-T cells for CD19 deficient leukemia",
        "CD7 CAR-T cells eliminate CD19-expressing malignancies",
        "CD7 CAR-T cells stimulated with IL-15 ex vivo",
        "CD7 CAR-T cells followed by subcutaneous IL-15",
        "High-affinity CD7 CAR-T cells",
    ],
)
def test_words_on_the_tumour_or_the_culture_are_no_components(words):
    found = said("A study", ("CD7 CAR-T cells", words))
    assert only(found).components == ()


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("CD7 CAR-T With Chidamide and a PD-1 Inhibitor", "PartnerMention"),
        ("CD7 CAR-T in Lymphoma Refractory to PD-1 Inhibitors", "PriorTherapyMention"),
    ],
)
def test_an_antibody_named_by_its_kind_is_a_partner_unless_it_failed(title, role):
    assert roles(said(title, "CD7 CAR-T cells"), "PD-1") == {role}


@pytest.mark.parametrize(
    "title",
    [
        "CAR-T Cells in CD19 and / or CD20 Positive Lymphoma",
        "CAR-T Therapy for the CD19- and CD20-positive Lymphoma",
    ],
)
def test_what_is_said_of_the_last_of_a_list_is_said_of_all(title):
    found = said(title, "CAR-T cells")
    assert "RequiredMention" in roles(found, "CD19") & roles(found, "CD20")


def test_a_study_in_relapsed_disease_asks_for_its_antigen_and_remissions_elsewhere_do_not():
    study = "This study is indicated for relapsed or refractory CD19+ B-line hematological cancer."
    elsewhere = "CAR-T cells mediate remissions in relapsed or refractory CD19+ B cell malignancy."
    asked, known = (
        said("CAR-T cells for cancer", "CAR-T cells", summary=summary)
        for summary in (study, elsewhere)
    )
    assert roles(asked, "CD19") == {"RequiredMention"}
    assert "RequiredMention" not in roles(known, "CD19")


def test_patients_assigned_by_expression_are_tested_for_every_antigen_of_the_list():
    summary = "Participants are assigned to one of three arms{}: CEA/HER2, CEA/MSLN or HER2/MSLN."
    asked, unasked = (
        said("Dual CAR-NK cells", "CAR-NK-CEA/HER2", summary=summary.format(by))
        for by in (" based on antigen co-expression", "")
    )
    for antigen in ("CEA", "HER2", "MSLN"):
        assert roles(asked, antigen) == {"TargetMention", "RequiredMention"}
        assert roles(unasked, antigen) == {"TargetMention"}


def test_whom_the_description_says_to_be_enrolled_must_bear_the_antigen():
    for said_of, role in (
        ("The study population consists of patients whose B7-H3 expression was positive.", True),
        ("In glioma B7-H3 expression was positive.", False),
    ):
        detail = text(said_of, "/detail")
        found = said("B7-H3 CAR-T cells", "B7-H3 CAR-T cells", detailed_description=detail)
        assert ("RequiredMention" in roles(found, "B7-H3")) is role


def test_reactivity_of_the_tumour_is_required():
    criterion = "Diagnosis of a tumor with histologic confirmation of CD7 reactivity"
    assert "RequiredMention" in roles(beside(INCLUSION + criterion), "CD7")


def test_a_drug_that_every_patient_must_have_had_is_earlier_treatment():
    had = "Patient must have been treated with rituximab"
    found = said("Rituximab for lymphoma", "Rituximab", criteria=INCLUSION + had)
    assert roles(found, "CD20") == {"TargetMention", "PriorTherapyMention"}


def test_inhibitors_abbreviated_by_a_letter_are_earlier_treatment():
    found = beside(INCLUSION + "Previous targeted therapy with VEGFi or EGFRi is allowed")
    assert roles(found, "VEGF-A") == roles(found, "EGFR") == {"PriorTherapyMention"}


@pytest.mark.parametrize(
    "criterion",
    [
        "Uncontrolled hypercalcemia requiring continued use of bisphosphonate or denosumab",
        "Epidermal growth factor receptor (EGFR) gene mutation treated before",
        "Allergic or intolerant reactions to tocilizumab",
    ],
)
def test_care_of_bones_mutations_and_intolerance_are_no_earlier_treatment(criterion):
    found = beside(EXCLUSION + criterion)
    assert not [m for m in found.mentions if m.role == "PriorTherapyMention"]


@pytest.mark.parametrize(
    "criterion",
    [
        "Omalizumab taken at any time within the past year",
        "Poor efficacy with omalizumab",
        "Treatment with monoclonal antibodies (e.g., omalizumab) for 6 months before screening",
    ],
)
def test_the_studied_antibody_given_before_is_earlier_treatment(criterion):
    found = said("Omalizumab in asthma", "Omalizumab", criteria=EXCLUSION + criterion)
    assert "PriorTherapyMention" in roles(found, "IgE")


def test_what_a_study_follows_is_no_earlier_treatment():
    found = said(
        "Real-world data on patients treated with durvalumab",
        study_type="ObservationalStudy",
        criteria=EXCLUSION + "Patients treated with durvalumab in clinical studies",
    )
    assert roles(found, "PD-L1") == {"TargetMention"}


def test_with_or_without_an_antigen_asks_for_no_loss_of_it():
    found = said("LAG-3 and PD-1 antibodies with or without TIGIT antibody", "Tiragolumab")
    assert "ExcludedMention" not in roles(found, "TIGIT")


def test_positive_before_a_marker_asks_for_its_expression():
    found = said(
        "PSMA CAR-T cells in cancers with positive PSMA marker",
        "PSMA CAR-T cells",
        summary="Patients had positive PSMA and PSCA expressions.",
    )
    assert "RequiredMention" in roles(found, "PSMA")
    assert roles(found, "PSCA") == {"RequiredMention"}


def test_what_cells_express_before_an_infusion_is_not_what_the_cells_bind():
    found = said(
        "CAR T cells in leukemia",
        "CAR T cells",
        summary="Blasts were positive (>95% CD22). After CAR T-cell infusion, they were counted.",
    )
    assert targets(found) == [set()]
