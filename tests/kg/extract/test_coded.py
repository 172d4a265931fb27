"""Codes, shorthands and lists as registries write products that say little of themselves."""

import pytest

from tests.kg.extract.told import only, said, targets


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UCART20x22 cells", {"CD20", "CD22"}),
        ("CAR-37 T cells", {"CD37"}),
        ("NovaGen CART7 cells", {"CD7"}),
        ("CART 5 cells", set()),
        ("EB-CAR30-NK cells", {"CD30"}),
        ("CAR-T cells targeting Claudin18.2/6", {"CLDN18.2", "CLDN6"}),
        ("CAR-T cells targeting TRBC1/2", {"TRBC1", "TRBC2"}),
        ("CD38\\CS1 CAR-T cells", {"CD38", "SLAMF7"}),
        ("CD22/CD999/CD20 CAR-T cells", {"CD22", "CD20"}),
    ],
)
def test_shorthands_and_unknown_items_do_not_cut_a_list(name, expected):
    assert set().union(*targets(said("A study", name))) == expected


def test_a_lone_code_beside_signs_of_cells_is_an_undisclosed_construct():
    found = said(
        "UTA017 Injection in Myeloma",
        "UTA017 Injection",
        summary="Subjects receive the infusion of UTA017 injection after pretreatment.",
    )
    construct = only(found)
    assert construct.label == "UTA017"
    assert construct.target_disclosure.value == "TargetUndisclosed"


def test_a_lone_code_without_signs_of_cells_is_no_construct():
    assert not said("ABC1234 in Lung Cancer", "ABC1234", summary="ABC1234 is tested.").constructs


def test_a_capsule_is_no_cell_product():
    found = said(
        "XYZ100 in Leukemia",
        "XYZ100 capsule",
        summary="XYZ100 is given.",
        criteria="Exclusion Criteria:\n* Prior CAR-T therapy",
    )
    assert not found.constructs


def test_another_expansion_of_car_is_no_receptor():
    assert not said("A study", "Compression Anastomosis Ring (CAR)").constructs


def test_cells_that_are_only_measured_are_no_construct():
    assert not said("Airway Dendritic Cells in Allergic Asthma", "Allergen").constructs


def test_sequential_products_of_one_phrase_are_two():
    found = said("Sequential CD19/CD22 CAR-T Cell Therapy After ASCT", "CAR-T Cell Administration")
    assert sorted(map(sorted, targets(found))) == [["CD19"], ["CD22"]]


def test_antigens_by_whose_expression_a_product_is_made_are_a_menu():
    summary = (
        "Personalized CAR-T cells based on the expression of tumor associated antigens "
        "(EGFRvIII, IL13Ra2, HER2, EphA2, CD133, GD2)."
    )
    construct = only(
        said("CAR-T for Gliomas", "chimeric antigen receptor T cells", summary=summary)
    )
    assert len(construct.targets) == 6
    assert construct.target_logic.value == "Menu"


def test_a_known_product_keeps_its_antigens_beside_others():
    text = "UB-221 neutralizes soluble human IgE and CD23-bound IgE."
    (construct,) = said("UB-221 in Urticaria", ("UB-221", text)).constructs
    assert {claim.value for claim in construct.targets} == {"IgE"}


def test_codes_and_other_names_stay_with_their_product():
    found = said("Combined", "Ociperlimab and AZD5305", "Tislelizumab")
    codes = {construct.label: construct.code_names for construct in found.constructs}
    assert all("AZD5305" not in coded for coded in codes.values())


def test_versions_known_by_codes_alone_bind_what_the_title_says():
    found = said("CD19-specific CAR T Cells for Leukemia", "SCRI-hu777v1", "SCRI-hu777v2")
    assert targets(found) == [{"CD19"}, {"CD19"}]


@pytest.mark.parametrize(
    ("summary", "donor"),
    [
        ("T cells obtained directly from the patient are engineered.", "Autologous"),
        ("Cells are changed in a lab and given back to the person.", "Autologous"),
        ("CAR99 (allogeneic CAR-T targeting CD19) in Auto-CAR T relapsed lymphoma.", "Allogeneic"),
        ("Adults who did not respond receive allogeneic CAR-T cells.", "Allogeneic"),
    ],
)
def test_the_donor_is_that_of_the_product_in_plain_words_too(summary, donor):
    construct = only(said("CD19 CAR-T in Lymphoma", "CD19 CAR-T cells", summary=summary))
    assert construct.donor.value == donor


def test_a_homing_receptor_is_no_target():
    name = "CXCR5 modified EGFR Chimeric Antigen Receptor T cells"
    assert targets(said("A study", name)) == [{"EGFR"}]


def test_coded_cells_of_the_title_are_the_construct_where_only_doses_are_listed():
    found = said("BGT007H Cells for Gastrointestinal Tumors", "First dose", "Second dose")
    assert only(found).code_names == ("BGT007H",)
    assert only(found).target_logic.value == "UnknownLogic"


def test_coded_cells_after_lymphodepletion_are_taken_for_what_is_usual_and_say_so():
    found = said(
        "UTA017 Injection in Myeloma",
        "UTA017 Injection",
        summary="After lymphodepletion subjects receive the infusion of UTA017 injection.",
    )
    modality = only(found).modality
    assert (modality.value, modality.basis) == ("CARTTherapy", "Customary")


def test_virus_specific_cells_that_carry_a_car_are_car_t_cells():
    found = said(
        "CD19 CAR T Cells After Transplant", "allogeneic cytomegalovirus-specific T lymphocytes"
    )
    assert only(found).modality.value == "CARTTherapy"


def test_what_a_drug_is_combined_with_in_a_title_is_not_what_it_binds():
    title = "A Study of LM-999, a Monoclonal Antibody, in Combination With an Anti-PD-1 Antibody"
    found = said(title, ("LM-999", "LM-999 is a monoclonal antibody."))
    assert "PD-1" not in set().union(*targets(found), set())
    alone = said("A Study of LM-999, an Anti-PD-1 Antibody", ("LM-999", "A monoclonal antibody."))
    assert targets(alone) == [{"PD-1"}]


def test_a_code_that_a_summary_calls_an_antibody_is_one_though_another_sentence_tells_its_antigen():
    found = said(
        "Safety of QZA117 Injection",
        "QZA117 Injection",
        summary="QZA117is a humanized monoclonal IgG1 antibody. "
        "QZA117 specifically blocks interleukin-25 from binding to its receptors.",
    )
    assert only(found).modality.value == "MonoclonalAntibody"
    assert targets(found) == [{"IL-25"}]


def test_virus_specific_cells_that_express_chimeric_t_cell_receptors_are_car_t_cells():
    found = said("EBV Specific CTLs Expressing GD2 Specific Chimeric T Cell Receptors", "EBV CTLs")
    assert only(found).modality.value == "CARTTherapy"


def test_cells_that_are_listed_once_for_each_dose_get_the_name_of_the_title():
    doses = ("Cohort A: 3x10^6 CAR-T cells/kg", "Cohort B: 9x10^6 CAR-T cells/kg")
    found = said("A Phase 1 Study of BRG01 in Nasopharyngeal Carcinoma", *doses)
    assert only(found).label == "BRG01"
    assert targets(found) == [{"EBV-GP350"}]


def test_a_vaccine_of_rna_lipoplexes_and_an_edited_graft_are_products_that_bind_nothing():
    found = said("CLDN6 CAR-T With CLDN6 RNA-LPX", "CLDN6 CAR-T", "CLDN6 RNA-LPX", "CD45BE-HSPC")
    kinds = {made.label: (made.modality.value, len(made.targets)) for made in found.constructs}
    assert kinds["CLDN6 RNA-LPX"] == ("TherapeuticVaccine", 0)
    assert kinds["CD45BE-HSPC"] == ("HematopoieticStemCellTherapy", 0)
