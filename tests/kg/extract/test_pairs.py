"""Names that join two products: versions of one kind, cells and their switch, known and coded."""

from tests.kg.extract.told import only, said, targets


def labels(found) -> list[str]:
    return [construct.label for construct in found.constructs]


def test_two_versions_of_one_code_are_two_products():
    found = said("CD19/CD20 Dual-targeted CAR-T", "LUCAR-E9D or LUCAR-E9K cells product")
    assert labels(found) == ["LUCAR-E9D", "LUCAR-E9K"]
    assert targets(found) == [{"CD19", "CD20"}, {"CD19", "CD20"}]


def test_a_cytokine_named_twice_is_no_second_product():
    assert len(said("A study", "ICG318, BCMA-CD19-IL-15/IL-15 Compound CAR-T").constructs) == 1


def test_switchable_cells_come_with_the_molecule_that_steers_them():
    found = said(
        "A study",
        "Two Component Product CLBR001 + ABBV-461",
        summary="ABBV-461 is the switch of the CLBR001 CAR-T cells.",
    )
    cells, switch = found.constructs
    assert (cells.modality.value, switch.modality.value) == ("CARTTherapy", "OtherBiologic")
    assert switch.label == "ABBV-461"
    assert switch.target_logic.value == "UnknownLogic"
    assert [use.role.value for use in found.uses] == ["ExperimentalRole"] * 2


def test_cells_that_a_name_joins_to_a_known_product_keep_their_own_antigen():
    found = said("A study", "BCMA CART + huCART19")
    assert targets(found) == [{"CD19"}, {"BCMA"}]


def test_a_fixed_mixture_of_two_antibodies_is_two_constructs():
    found = said("A study", "QL1706")
    assert sorted(map(sorted, targets(found))) == [["CTLA-4"], ["PD-1"]]
    assert {made.target_logic.value for made in found.constructs} == {"SingleTarget"}


def test_two_products_in_one_breath_keep_their_own_antigens():
    found = said(
        "Zimberelimab plus Domvanalimab",
        "Zimberelimab",
        "Domvanalimab",
        summary="As for Domvanalimab-Zimberelimab (anti-PD-1 and anti-TIGIT).",
    )
    assert targets(found) == [{"PD-1"}, {"TIGIT"}]


def test_a_title_s_cells_and_virus_are_two_constructs():
    found = said("Oncolytic Adenovirus in Combination With HER2-Specific CAR VST", "CAdVEC")
    assert [made.modality.value for made in found.constructs] == ["CARTTherapy", "OncolyticVirus"]
    assert targets(found) == [{"HER2"}, set()]


def test_the_registry_s_kind_of_intervention_is_no_vaccine():
    name = "Biological/Vaccine: NK Cell Therapy Product Engineered with Anti-DLL3 CAR Construct"
    product = only(said("A study", name))
    assert product.modality.value == "CARNKTherapy"
    assert all("Vaccine" not in quote.exact for quote in product.modality.evidence)


def test_the_title_s_rarer_cells_say_more_than_the_list_s_t_cells():
    found = said("CD19-targeting CAR-γδT Cells in Lupus", "anti-CD19 CAR T cell therapy")
    assert only(found).modality.value == "CARGammaDeltaTTherapy"


def test_targeted_t_cells_without_the_word_car_carry_one():
    product = only(said("Human CD19 Targeted T Cells", "Human CD19 targeted T Cells Injection"))
    assert product.modality.value == "CARTTherapy"


def test_antibodies_that_a_name_joins_to_a_known_one_are_products_of_their_own():
    found = said("A study", "IL5 Antagonist or anti-IL5R-antibody or Omalizumab")
    assert sorted(map(sorted, targets(found))) == [["IL-5"], ["IL-5RA"], ["IgE"]]


def test_a_mixture_under_one_code_is_taken_apart():
    found = said(
        "Dual-Target HER2/CEA CAR-NK Cells",
        "EB-HC01 dual-target CARNK cells",
        summary="EB-HC01 is a 1:1 mixture of HER2-CAR-NK and CEACAM5-CAR-NK cells.",
    )
    assert sorted(map(sorted, targets(found))) == [["CEA"], ["HER2"]]


def test_an_engager_that_cells_make_leaves_them_cells():
    product = only(said("Allogeneic CAR Gamma-Delta T Cells", "HLA-G-CAR.BiTE γδ T cells"))
    assert product.modality.value == "CARGammaDeltaTTherapy"


def test_a_bare_car_and_a_bare_tcr_are_two_products():
    given = [
        ("CAR", "Positive subjects will receive CAR-T cell therapy."),
        ("TCR", "Negative subjects will receive TCR-T cell therapy."),
    ]
    found = said("EBV CAR-T /TCR-T Cells in Nasopharyngeal Carcinoma", *given)
    assert [made.modality.value for made in found.constructs] == ["CARTTherapy", "TCRTTherapy"]


def test_a_product_that_only_a_list_names_has_its_kind_from_words_on_its_kind():
    found = said(
        "Dual-Target CAR-NK Cells",
        "EB-DART-NK01",
        summary="Three candidates, DLL3/CD56, DLL3/GD2 and CD56/GD2, enter dose escalation.",
    )
    quotes = [quote.exact for made in found.constructs[1:] for quote in made.modality.evidence]
    assert quotes == ["CAR-NK", "CAR-NK"]


def test_antigens_that_each_have_a_product_are_apart_where_the_text_says_respectively():
    summary = (
        "Both are highly expressed. CAR-T that target TM4SF1 or EpCAM were made{}. "
        "CART-TM4SF1 and CART-EpCAM cells will be examined."
    )
    apart, one = (
        said("CAR-T for cancer", "CAR-T cells", summary=summary.format(word))
        for word in (" respectively", "")
    )
    assert targets(apart) == [{"TM4SF1"}, {"EPCAM"}]
    assert targets(one) == [{"TM4SF1", "EPCAM"}]


def test_a_list_of_car_t_and_car_dendritic_cells_is_two_products():
    found = said("CD19-targeted CAR-T and CAR-DC", "CD19 CAR-T and CD19 CAR-DC")
    assert [one.modality.value for one in found.constructs] == [
        "CARTTherapy",
        "DendriticCellTherapy",
    ]
    assert targets(found) == [{"CD19"}, {"CD19"}]


def test_a_receptor_as_binder_means_its_ligands():
    found = said("Dual-target NKG2D-NKp44 CAR-T Cells", "CAR-T cells")
    assert targets(found) == [{"NKG2DL", "NKp44L"}]


def test_tim_3_listed_before_another_antigen_of_a_car_is_a_target():
    found = said("Anti Tim-3/CD123 CAR-T Cell Therapy", "anti Tim-3/CD123 CAR-T cells")
    assert targets(found) == [{"TIM-3", "CD123"}]
