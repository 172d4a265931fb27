"""Which of several drugs a trial tests: what the arms compare, then what the titles say."""

from tests.kg.extract.told import said
from tests.kg.extract.trials import text

EXPERIMENTAL, COMPARATOR = "ExperimentalArm", "ActiveComparatorArm"


def standing(found) -> dict[str, str]:
    """Return the role of each construct by its label."""
    return {
        found.constructs[use.construct].label: use.role.value.removesuffix("Role")
        for use in found.uses
        if use.construct is not None
    }


def test_a_drug_of_the_compared_arm_too_is_the_backbone():
    arms = [
        ("Both", EXPERIMENTAL, "Atezolizumab and tiragolumab"),
        ("One", COMPARATOR, "Atezolizumab"),
    ]
    found = said(
        "Atezolizumab With or Without Tiragolumab in Lung Cancer",
        "Atezolizumab",
        "Tiragolumab",
        arms=arms,
    )
    assert standing(found) == {"Atezolizumab": "Partner", "Tiragolumab": "Experimental"}


def test_a_drug_that_only_tested_arms_have_is_tested_though_no_title_names_it():
    arms = [
        ("A", EXPERIMENTAL, "Pembrolizumab plus vibostolimab"),
        ("B", COMPARATOR, "Pembrolizumab"),
    ]
    found = said(
        "Pembrolizumab in Combination With Investigational Agents or Pembrolizumab Alone",
        "Pembrolizumab",
        "Vibostolimab",
        arms=arms,
    )
    assert standing(found) == {"Pembrolizumab": "Partner", "Vibostolimab": "Experimental"}


def test_what_is_only_added_to_a_lead_given_alone_is_a_partner():
    arms = [
        ("Alone", EXPERIMENTAL, "Volrustomig"),
        ("Combined", EXPERIMENTAL, "Volrustomig, bevacizumab"),
    ]
    found = said(
        "Novel Immunomodulators as Monotherapy and in Combination With Anticancer Agents",
        "Volrustomig",
        "Bevacizumab",
        arms=arms,
    )
    assert standing(found) == {"Volrustomig": "Experimental", "Bevacizumab": "Partner"}


def test_an_antibody_beside_a_small_molecule_lead_is_a_partner():
    found = said("Trial of Zolmatinib Dosing in Renal Cell Carcinoma", "Zolmatinib", "Nivolumab")
    assert standing(found) == {"Nivolumab": "Partner"}


def test_two_coded_products_that_every_arm_gives_are_tested_together():
    arms = [("Cohort 1", EXPERIMENTAL, "Vobramitamab duocarmazine and lorigerlimab")]
    found = said(
        "A Study of MGC018 in Combination With MGD019 in Solid Tumors",
        ("vobramitamab duocarmazine", None, ("MGC018",)),
        ("lorigerlimab", None, ("MGD019",)),
        arms=arms,
    )
    assert set(standing(found).values()) == {"Experimental"}


def test_a_known_antibody_combined_with_a_named_lead_stays_a_partner():
    found = said("COM701 in Combination With Nivolumab", "COM701", "Nivolumab")
    assert standing(found)["Nivolumab"] == "Partner"


def test_a_disease_that_was_treated_before_makes_no_follow_up_study():
    found = said(
        "Autologous B7-H3 CAR T Cells in Previously Treated Small Cell Lung Cancer",
        "Autologous B7-H3 CAR T",
    )
    assert set(standing(found).values()) == {"Experimental"}


def test_a_product_that_patients_were_treated_with_was_given_before():
    found = said("Outcomes of Patients Previously Treated With BCMA CAR-T Cells", "BCMA CAR-T")
    assert set(standing(found).values()) == {"PreviouslyGiven"}


def test_another_car_that_patients_received_does_not_make_the_tested_one_old():
    found = said(
        "Study of CD20-directed CAR-T in Subjects Who Received CD19 CAR-T Therapy",
        "CD20-directed CAR-T cells",
    )
    assert set(standing(found).values()) == {"Experimental"}


def test_what_a_title_gives_with_or_without_the_lead_is_tested():
    found = said(
        "LAG-3 and PD-1 With or Without TIGIT; Tobemstomig Alone or in Combination With "
        "Tiragolumab",
        "Tobemstomig",
        "Tiragolumab",
    )
    assert standing(found)["Tiragolumab"] == "Experimental"


def test_alternatives_that_arms_of_their_own_give_are_tested():
    arms = [
        ("A", EXPERIMENTAL, "Enoblituzumab and retifanlimab"),
        ("B", EXPERIMENTAL, "Enoblituzumab and tebotelimab"),
    ]
    found = said(
        "Enoblituzumab in Combination With Retifanlimab or Tebotelimab in Head and Neck Cancer",
        "Enoblituzumab",
        "Retifanlimab",
        "Tebotelimab",
        arms=arms,
    )
    assert set(standing(found).values()) == {"Experimental"}


def test_one_of_several_unnamed_agents_is_tested_with_the_lead_of_the_title():
    arms = [
        ("A", EXPERIMENTAL, "Sasanlimab and encorafenib"),
        ("B", EXPERIMENTAL, "Sasanlimab and tiragolumab"),
    ]
    found = said(
        "Sasanlimab in Combination With Targeted Therapies in Lung Cancer",
        "Sasanlimab",
        "Tiragolumab",
        arms=arms,
    )
    assert standing(found)["Tiragolumab"] == "Experimental"


def test_a_class_that_a_title_adds_to_a_lead_is_its_partner():
    found = said(
        "Sargramostim in Combination With Anti-PD1 Therapy in Melanoma",
        "Sargramostim",
        "Nivolumab",
    )
    assert standing(found) == {"Nivolumab": "Partner"}


def test_cells_that_only_cause_what_a_drug_prevents_are_the_setting():
    found = said(
        "Itacitinib for the Prevention of Cytokine Release Syndrome",
        "Itacitinib",
        "Yescarta",
    )
    assert standing(found) == {"Yescarta": "Background"}


def test_a_platform_of_new_agents_tests_them_all_but_the_backbone():
    found = said(
        "A Global Study of Novel Agents in B-cell Lymphoma",
        "CAR T-cells",
        "Odronextamab",
        "Rituximab",
    )
    assert standing(found)["Odronextamab"] == "Experimental"
    assert standing(found)["Rituximab"] == "Partner"


def test_what_a_long_list_is_combined_with_is_a_partner_to_its_end():
    found = said(
        "Relmacabtagene Autoleucel Combined With Autologous Stem Cell Transplantation, "
        "Orelabrutinib, and Sintilimab",
        "Relmacabtagene autoleucel",
    )
    assert standing(found)["sintilimab"] == "Partner"


def test_what_the_cells_of_the_title_follow_is_tested_with_them():
    found = said(
        "A Study of Talquetamab Bridging Therapy Followed by Ciltacabtagene Autoleucel",
        "Ciltacabtagene Autoleucel",
        "Talquetamab",
    )
    assert standing(found)["Talquetamab"] == "Experimental"


def test_a_code_of_the_title_leads_the_products_that_one_name_joins_to_it():
    found = said("A Study of ZZR-1826 in Lung Cancer", "ZZR-1826; Adebrelimab; Bevacizumab")
    assert standing(found) == {"adebrelimab": "Partner", "bevacizumab": "Partner"}


def test_a_lead_that_titles_name_by_its_own_word_makes_the_class_its_partner():
    found = said(
        "Aerosolized Sargramostim Added to Immunotherapy in Melanoma",
        "Aerosol Sargramostim",
        "Nivolumab",
        official_title=text("Sargramostim in Combination With Anti-PD1 Therapy", "/official"),
    )
    assert standing(found) == {"Nivolumab": "Partner"}


def test_a_drug_named_for_its_harm_is_the_background_of_the_study():
    found = said(
        "Prediction of Cetuximab-Induced Hypersensitivity Reactions",
        study_type="ObservationalStudy",
    )
    assert standing(found) == {"cetuximab": "Background"}


def test_cells_that_patients_were_treated_by_are_the_background_of_another_treatment():
    found = said(
        "Immunoglobulin Versus Antibiotics in Patients Treated by CD19-targeted Chimeric Antigen "
        "Receptor (CAR)T Cells",
        "Immunoglobulin",
        "antibiotics",
    )
    assert set(standing(found).values()) == {"Background"}


def test_drugs_joined_by_and_or_are_tested_each():
    arms = [
        ("A", COMPARATOR, "rituximab"),
        ("B", EXPERIMENTAL, "lenalidomide"),
        ("C", EXPERIMENTAL, "lenalidomide and rituximab"),
    ]
    given = ("Rituximab", "Lenalidomide")
    found = said("Rituximab and/or Lenalidomide in Lymphoma", *given, arms=arms)
    assert standing(found) == {"Rituximab": "Experimental"}


def test_cells_that_titles_name_only_as_past_are_the_setting_of_the_drugs_tested():
    found = said(
        "Testing Drug Treatments After CAR T-cell Therapy",
        "Mosunetuzumab",
        "Polatuzumab vedotin",
        "Tisagenlecleucel",
        summary="This trial tests whether mosunetuzumab and/or polatuzumab vedotin helps patients.",
    )
    assert standing(found) == {
        "Mosunetuzumab": "Experimental",
        "Polatuzumab vedotin": "Experimental",
        "Tisagenlecleucel": "Background",
    }


def test_what_is_listed_with_the_cells_themselves_is_tested_with_them():
    found = said(
        "ASCT Combined With BCMA CAR-T and GPRC5D/CD3 BiTEs for Myeloma",
        "BCMA CAR-T",
        "GPRC5D/CD3 BiTEs",
    )
    assert set(standing(found).values()) == {"Experimental"}


def test_what_an_arm_adds_is_tested_though_the_title_compares_with_it():
    arms = [
        ("Inhaled therapy", EXPERIMENTAL, None, (0,)),
        ("Inhaled therapy and omalizumab", EXPERIMENTAL, None, (0, 1)),
    ]
    found = said(
        "Inhaled Therapy Versus Addition of Omalizumab in Asthma",
        "Budesonide and formoterol",
        "Omalizumab",
        arms=arms,
    )
    assert standing(found) == {"Omalizumab": "Experimental"}


def test_a_backbone_stays_a_partner_where_arms_differ_by_a_usual_partner_drug():
    arms = [
        ("A", EXPERIMENTAL, "Daratumumab, venetoclax"),
        ("B", COMPARATOR, "Daratumumab"),
    ]
    found = said(
        "Daratumumab With or Without Venetoclax in Myeloma", "Daratumumab", "Venetoclax", arms=arms
    )
    assert standing(found) == {"Daratumumab": "Partner"}


def test_cells_that_all_groups_get_are_the_backbone_of_a_randomised_drug():
    found = said(
        "Zolmetrib Plus CD19 CAR-T Therapy in Lymphoma",
        "CD19 CAR-T Cell Therapy",
        "Zolmetrib",
        summary="Patients are randomized to receive CD19 CAR-T cells with or without zolmetrib.",
    )
    assert standing(found) == {"CD19 CAR-T Cell Therapy": "Partner"}


def test_cells_with_or_without_a_drug_are_tested_where_nobody_is_randomised():
    found = said(
        "CD19 CAR-T Therapy in Lymphoma",
        "CD19 CAR-T Cell Therapy",
        "Zolmetrib",
        summary="Patients receive CD19 CAR-T cells with or without zolmetrib.",
    )
    assert standing(found) == {"CD19 CAR-T Cell Therapy": "Experimental"}


def test_a_pair_that_titles_compare_with_another_drug_is_tested_together():
    arms = [
        ("A", EXPERIMENTAL, "ociperlimab and tislelizumab"),
        ("B", COMPARATOR, "pembrolizumab"),
        ("C", COMPARATOR, "tislelizumab"),
    ]
    found = said(
        "Ociperlimab Combined With Tislelizumab Versus Placebo Combined With Pembrolizumab",
        "Ociperlimab",
        "Tislelizumab",
        "Pembrolizumab",
        arms=arms,
    )
    roles = standing(found)
    assert roles.pop("Pembrolizumab") == "Comparator"
    assert set(roles.values()) == {"Experimental"}


def test_a_class_that_titles_add_to_a_lead_of_another_kind_is_a_partner():
    arms = [("Alone", EXPERIMENTAL, "XP-7"), ("Both", EXPERIMENTAL, "XP-7 and anti-PD-1")]
    found = said(
        "XP-7 Single Agent and With Anti-PD-1 Monoclonal Antibody",
        "XP-7 injection",
        "XP-7 plus Anti-PD-1 Monoclonal Antibody",
        arms=arms,
    )
    assert set(standing(found).values()) == {"Partner"}


def test_an_antibody_against_a_drug_does_not_make_the_drug_a_tested_product():
    found = said(
        "Value of Anti-cetuximab IgE in Candidates for Treatment With Cetuximab", "Blood sample"
    )
    assert "Experimental" not in standing(found).values()


def test_cells_whose_harm_a_drug_of_the_title_prevents_are_the_setting():
    found = said(
        "Anakinra in Preventing CAR T-Cell Related Encephalopathy in Lymphoma",
        "Anakinra",
        "Axicabtagene Ciloleucel",
    )
    assert standing(found) == {"Axicabtagene Ciloleucel": "Background"}


def test_cells_beside_the_studied_dosing_of_a_supportive_drug_are_the_setting_and_get_their_name():
    found = said(
        "A Study of Fludarabine Dosing in Adults With Lymphoma",
        "CAR-T",
        "Fludarabine",
        summary="Fludarabine is dosed for people who will receive tisagenlecleucel CAR-T cells.",
    )
    assert standing(found) == {"tisagenlecleucel": "Background"}


def test_a_treatment_by_therapy_with_a_product_only_says_whom_a_title_speaks_of():
    found = said("Irradiation Before Infusion in Patients Receiving Therapy With Yescarta", "TLI")
    assert set(standing(found).values()) == {"Background"}


def test_a_binder_given_by_plan_before_cells_that_are_not_listed_is_tested_with_them():
    title = "Bridging GPRC5D/CD3 Bispecific Antibody Treatment With BCMA CAR-T Cell Therapy"
    assert set(standing(said(title, "Talquetamab")).values()) == {"Experimental"}
    listed = said(title, "Talquetamab", "BCMA CAR-T cells")
    assert "Partner" in standing(listed).values()
