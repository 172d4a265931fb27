"""Sentences as registries write them, and what must and must not be read in them."""

import pytest

from tests.kg.extract.told import only, roles, said, targets, use_roles


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CD19 CAR-T cells", {"CD19"}),
        ("Anti-mesothelin CAR-T cells", {"MSLN"}),
        ("anti- MESO CAR-T cells", {"MSLN"}),
        ("CART-BCMA", {"BCMA"}),
        ("CD22CART infusion", {"CD22"}),
        ("CART-33 cells", {"CD33"}),
        ("UCART22", {"CD22"}),
        ("4SCAR19 cells", {"CD19"}),
        ("iC9-CAR.B7-H3 T cells", {"B7-H3"}),
        ("CAR T cells targeting Claudin18.2", {"CLDN18.2"}),
        ("CLD18A2-directed CAR-T", {"CLDN18.2"}),
        ("EGFRvIII CAR-T cells", {"EGFRvIII"}),
        ("IL13Ralpha2-specific chimeric antigen receptor T cells", {"IL13RA2"}),
        ("IL-13Rα2 CAR T cells", {"IL13RA2"}),
        ("GD2 CAR-NKT cells", {"GD2"}),
        ("LewisY CAR T cells", {"LeY"}),
        ("HER-2/neu CAR-T", {"HER2"}),
        ("PSMA CAR-T cells", {"PSMA"}),
        ("anti-B-cell maturation antigen CAR-T cells", {"BCMA"}),
        ("NKG2D CAR-T cells", {"NKG2DL"}),
        ("BAFF CAR-T cells", {"BAFF-R", "BCMA", "TACI"}),
        ("mesothlin CAR-T cells", {"MSLN"}),
        ("CD19/20 CAR-T cells", {"CD19", "CD20"}),
        ("CD19/CD22 dual CAR-T cells", {"CD19", "CD22"}),
        ("BCMA-CS1 compound CAR T cells", {"BCMA", "SLAMF7"}),
        ("CLL1+CD33 CAR-T", {"CLL1", "CD33"}),
        ("CD19CAR-28-zeta T cells", {"CD19"}),
    ],
)
def test_the_antigens_of_a_name_are_read(name, expected):
    assert targets(said("A study", name)) == [expected]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("CAR T cells that recognize CD19 and CD22", {"CD19", "CD22"}),
        ("a CAR directed against DLL3", {"DLL3"}),
        ("CAR-T cells specific for a cleaved form of MUC1", {"MUC1"}),
        ("a chimeric antigen receptor (CAR) targeting GPNMB", {"GPNMB"}),
        ("T cells transduced with an anti-BCMA CAR", {"BCMA"}),
    ],
)
def test_a_coded_product_is_bound_by_its_description(words, expected):
    found = said("A study of XY1234", ("XY1234", f"XY1234 consists of {words}."))
    assert targets(found) == [expected]
    assert only(found).code_names == ("XY1234",)


def test_a_slash_between_two_names_of_one_antigen_is_one_target():
    assert targets(said("A study", "CD56/NCAM1 CAR-T cells")) == [{"CD56"}]


def test_pairs_in_one_sentence_are_so_many_constructs():
    found = said(
        "Dual-Target CAR-NK Cells in Small Cell Lung Cancer",
        "XY-NK77 (DLL3/CD56 CAR-NK cells)",
        summary="Three candidate dual-target constructs (DLL3/CD56, DLL3/GD2, and CD56/GD2) "
        "will be assessed.",
    )
    assert targets(found) == [{"DLL3", "CD56"}, {"DLL3", "GD2"}, {"CD56", "GD2"}]
    labels = [construct.label for construct in found.constructs]
    assert labels == ["XY-NK77 (DLL3/CD56 CAR-NK cells)", "DLL3/GD2 CAR-NK", "CD56/GD2 CAR-NK"]
    assert {construct.target_logic.value for construct in found.constructs} == {"AnyOf"}


def test_products_of_a_list_that_are_chosen_by_the_tumour_are_apart():
    found = said(
        "CAR-T Therapy Targeting GD2, PSMA and CD276 for Neuroblastoma",
        "GD2, PSMA and CD276 CAR-T cells",
    )
    assert targets(found) == [{"GD2"}, {"PSMA"}, {"B7-H3"}]


def test_products_of_two_kinds_in_one_name_are_two_constructs():
    found = said("A study", "NKG2D CAR-NK and NKG2D CAR-T cells")
    kinds = [construct.modality.value for construct in found.constructs]
    assert kinds == ["CARNKTherapy", "CARTTherapy"]
    assert targets(found) == [{"NKG2DL"}, {"NKG2DL"}]


def test_doses_of_one_product_are_one_construct():
    found = said(
        "A study of XYZ3103, LGR5-targeted CAR-T cells",
        "XYZ3103: 1.5 x 10^8 cells",
        "XYZ3103: 5 x 10^7 cells",
    )
    assert targets(found) == [{"LGR5"}]
    assert {use.intervention for use in found.uses if use.construct == 0} == {0, 1}


def test_a_description_as_name_gives_way_to_the_code():
    name = (
        "NK Cell Therapy Product Derived from Induced Pluripotent Stem Cells Engineered to "
        "Express an Anti-DLL3 CAR Construct"
    )
    found = said("A study of XYNK203-13 in SCLC", name)
    assert only(found).label == "XYNK203-13"
    assert targets(found) == [{"DLL3"}]


@pytest.mark.parametrize(
    "name",
    [
        "IL13Rα2-CAR T cells with truncated CD19",
        "IL13Rα2 CAR-CD19t T cells",
        "IL13Rα2 CAR-EGFRt T cells",
    ],
)
def test_a_selection_marker_is_no_target(name):
    found = said("A study", name)
    assert targets(found) == [{"IL13RA2"}]
    (marker,) = [part for part in only(found).components if part.kind.value == "SelectionMarker"]
    assert marker.antigen in {"CD19", "EGFR"}


@pytest.mark.parametrize(
    ("words", "kind", "antigen"),
    [
        (
            "CD19 CAR-T cells containing the inducible caspase 9 safety switch",
            "SafetySwitch",
            "iCasp9",
        ),
        ("CD19 CAR T cells that also express IL-18", "Armour", "IL-18"),
        ("CD19 CAR-T cells secreting PD-1 nanobodies", "Armour", "PD-1"),
        ("CD19 CAR-T cells with dominant negative TGFβRII", "Armour", "TGFBR2"),
        ("CD19 CAR-T cells with PD-1 knockout", "EditedGene", "PD-1"),
        ("CD19 CAR-T cells with deletion of CD52", "EditedGene", "CD52"),
    ],
)
def test_what_arms_edits_or_stops_a_cell_is_a_component_and_no_target(words, kind, antigen):
    found = said("A study of CD19 CAR-T cells", ("CD19 CAR-T cells", words))
    assert targets(found) == [{"CD19"}]
    assert (kind, antigen) in {(p.kind.value, p.antigen) for p in only(found).components}


def test_costimulation_is_no_target():
    found = said(
        "GFRα4 CAR T Cells",
        ("CART-GFRa4 cells", "T cells with a scFv to GFRa4 and 4-1BB and CD28 signaling domains"),
    )
    assert targets(found) == [{"GFRA4"}]


@pytest.mark.parametrize(
    "criterion",
    [
        "Prior CD19-directed therapy",
        "Previous treatment with anti-CD19 CAR-T cells",
        "Patients who received blinatumomab",
        "Treatment with any therapy targeting CD19",
    ],
)
def test_an_earlier_treatment_is_no_target(criterion):
    found = said(
        "A study of CD22 CAR-T cells",
        "CD22 CAR-T cells",
        criteria=f"Exclusion Criteria:\n* {criterion}",
    )
    assert targets(found) == [{"CD22"}]
    assert roles(found, "CD19") == {"PriorTherapyMention"}


@pytest.mark.parametrize(
    ("criteria", "antigen", "role"),
    [
        ("Inclusion Criteria:\n* DLL3-positive tumour", "DLL3", "RequiredMention"),
        ("Inclusion Criteria:\n* CD19 expression confirmed by IHC", "CD19", "RequiredMention"),
        ("Inclusion Criteria:\n* CD30+ lymphoma", "CD30", "RequiredMention"),
        ("Inclusion Criteria:\n* CD19-negative relapse", "CD19", "ExcludedMention"),
        ("Inclusion Criteria:\n* CD4+ cell count above 200", "CD4", "PhenotypeMention"),
        ("Inclusion Criteria:\n* serum AFP above 400", "AFP", "LabAnalyteMention"),
        ("Exclusion Criteria:\n* HBsAg positive", "HBsAg", "LabAnalyteMention"),
        ("Inclusion Criteria:\n* EGFR mutation positive", "EGFR", "LabAnalyteMention"),
        ("Inclusion Criteria:\n* lesions on PSMA PET imaging", "PSMA", "BackgroundMention"),
        ("Exclusion Criteria:\n* allergy to anti-EGFR antibodies", "EGFR", "BackgroundMention"),
        (
            "Exclusion Criteria:\n* Prior anti-PD-1, PD-L1 or CTLA-4 antibody",
            "PD-L1",
            "PriorTherapyMention",
        ),
    ],
)
def test_a_mention_in_the_criteria_has_its_role_and_makes_no_construct(criteria, antigen, role):
    found = said("A study", "CD7 CAR-T cells", criteria=criteria)
    assert roles(found, antigen) == {role}
    assert targets(found) == [{"CD7"}]


def test_a_trial_that_gives_no_such_product_has_neither_earlier_nor_required_ones():
    criteria = "Inclusion Criteria:\n* CD30+ lymphoma\nExclusion Criteria:\n* prior rituximab"
    found = said("A study of a drug", "Some drug", criteria=criteria)
    assert roles(found, "CD30") == roles(found, "CD20") == {"BackgroundMention"}


def test_the_own_product_in_the_criteria_is_no_earlier_treatment():
    found = said(
        "B7-H3 CAR-T for Glioblastoma",
        "B7-H3 CAR-T",
        criteria="Inclusion Criteria:\n* contraception for one year after B7-H3 CAR-T infusion",
    )
    assert "PriorTherapyMention" not in roles(found, "B7-H3")


@pytest.mark.parametrize("word", ["criteria are met", "CLL patients", "PD after therapy", "mets"])
def test_common_words_are_no_antigens(word):
    found = said("A study", "Some drug", criteria=f"Inclusion Criteria:\n* {word}")
    assert found.mentions == ()


def test_the_effector_arm_of_an_engager_is_recruited():
    found = said("A study of XYZ757", ("XYZ757", "XYZ757 is a DLL3xCD3 bispecific antibody"))
    construct = only(found)
    assert [claim.value for claim in construct.targets] == ["DLL3"]
    assert [claim.value for claim in construct.recruits] == ["CD3"]
    assert construct.modality.value == "TCellEngager"
    assert "EngagerArmMention" in roles(found, "CD3")


def test_a_known_product_is_bound_by_its_row_and_says_so():
    construct = only(said("A study of tarlatamab in SCLC", "Tarlatamab"))
    assert [claim.value for claim in construct.targets] == ["DLL3"]
    assert construct.target_disclosure.value == "TargetFromLexicon"
    assert construct.targets[0].basis == "FromLexicon"
    assert construct.targets[0].sources


def test_words_override_the_row_of_a_product():
    construct = only(said("A study", ("Tarlatamab", "Tarlatamab is a GD2-targeting antibody")))
    assert [(claim.value, claim.basis) for claim in construct.targets] == [("GD2", "Stated")]


@pytest.mark.parametrize(
    "name", ["anti-EX02 CAR-T cells", "U87 CAR T cells", "CAR-T cells against a tumor antigen"]
)
def test_a_masked_antigen_is_undisclosed(name):
    construct = only(said("A study", name))
    assert construct.targets == ()
    assert construct.target_logic.value == "UnknownLogic"
    assert construct.target_disclosure.value == "TargetUndisclosed"


def test_unmodified_cells_bind_no_antigen():
    construct = only(said("NK cells for leukemia", "Expanded natural killer cells"))
    assert construct.modality.value == "UnmodifiedNKTherapy"
    assert construct.target_logic.value == "NotAntigenDirected"
    assert construct.target_disclosure.value == "NoAntigen"


@pytest.mark.parametrize(
    ("name", "modality", "effector"),
    [
        ("CD19 CAR-NK cells", "CARNKTherapy", "NKCell"),
        ("anti-CD5 CAR-NKT cells", "CARNKTTherapy", "NKTCell"),
        ("anti-HER2 CAR macrophages", "CARMacrophageTherapy", "Macrophage"),
        ("CD20 CAR gamma delta T cells", "CARGammaDeltaTTherapy", "GammaDeltaTCell"),
        ("in vivo CD19 CAR-T", "InVivoCARTherapy", "TCell"),
        ("NY-ESO-1 TCR-T cells", "TCRTTherapy", "TCell"),
        ("tumor infiltrating lymphocytes", "TILTherapy", "TCell"),
        ("chimeric antigen receptor modified T cells", "CARTTherapy", "TCell"),
        ("CD56 CAR-T cells", "CARTTherapy", "TCell"),
        ("anti-GPC3 antibody-drug conjugate", "AntibodyDrugConjugate", "NotApplicable"),
    ],
)
def test_modality_and_effector_cell_follow_the_name(name, modality, effector):
    construct = only(said("A study", name))
    assert (construct.modality.value, construct.effector_cell.value) == (modality, effector)


@pytest.mark.parametrize(
    ("words", "donor", "basis"),
    [
        ("Autologous CD19 CAR-T cells", "Autologous", "Stated"),
        ("made from the patient's own T cells", "Autologous", "Stated"),
        ("Allogeneic CD19 CAR-T cells", "Allogeneic", "Stated"),
        ("made from a healthy donor", "Allogeneic", "Stated"),
        ("off-the-shelf CAR-NK cells", "Allogeneic", "Implied"),
        ("NK-92 derived CAR-NK cells", "Allogeneic", "Implied"),
        ("cord blood-derived CAR-NK cells", "Allogeneic", "Implied"),
        ("Patients undergo leukapheresis", "Autologous", "Implied"),
        ("CD19 CAR-T after autologous stem cell transplantation", "NotStated", "Inferred"),
        ("iPSC-derived CAR-NK cells", "NotStated", "Inferred"),
        ("venous access for apheresis", "NotStated", "Inferred"),
    ],
)
def test_the_donor_is_stated_implied_or_not(words, donor, basis):
    name = "CAR-NK cells" if "NK" in words else "CAR-T cells"
    construct = only(said("A study", (f"CD19 {name}", words)))
    assert (construct.donor.value, construct.donor.basis) == (donor, basis)


def test_what_is_only_customary_is_kept_apart():
    construct = only(said("A study", "CD19 CAR-T cells"))
    assert construct.donor.value == "NotStated"
    assert construct.usual_donor is not None
    assert (construct.usual_donor.value, construct.usual_donor.basis) == ("Autologous", "Customary")


def test_an_in_vivo_car_has_no_donor_and_no_cell_source():
    construct = only(said("A study", "in vivo CAR-T targeting BCMA"))
    assert construct.donor.value == construct.cell_source.value == "NotApplicable"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("tandem CD19/CD22 CAR-T cells", "TandemReceptor"),
        ("BCMA/CD19 CAR-T cells that express two distinct units of CAR", "BicistronicReceptors"),
        ("CD19/CD22 dual CAR-T cells", None),
    ],
)
def test_an_architecture_is_only_what_the_record_states(words, value):
    name = words.split(" that ")[0]
    architecture = only(said("A study", (name, words))).architecture
    assert (architecture.value if architecture else None) == value


def test_tandem_signalling_is_no_tandem_receptor():
    construct = only(said("A study", ("BCMA CAR-T", "with tandem TCRζ and 4-1BB domains")))
    assert construct.architecture is None


def test_lymphodepletion_support_and_biopsies_are_no_constructs():
    found = said(
        "CD19 CAR-T",
        "CD19 CAR-T cells",
        "Fludarabine",
        "Tocilizumab",
        "Leukapheresis",
        "Lenalidomide",
    )
    assert len(found.constructs) == 1
    assert use_roles(found) == {
        0: "ExperimentalRole",
        1: "ConditioningRole",
        2: "SupportiveRole",
        3: "DiagnosticRole",
        4: "PartnerRole",
    }


def test_a_checkpoint_antibody_beside_a_new_product_is_its_partner():
    found = said(
        "XYZ3375968 Alone or in Combination With Pembrolizumab",
        ("XYZ3375968", "XYZ3375968 is an anti-CCR8 antibody"),
        "Pembrolizumab",
    )
    assert use_roles(found) == {0: "ExperimentalRole", 1: "PartnerRole"}
    assert roles(found, "CCR8") == {"TargetMention"}
    assert roles(found, "PD-1") == {"PartnerMention"}


def test_the_antibody_of_a_control_arm_is_comparator():
    found = said(
        "CD19 CAR-T versus blinatumomab",
        "CD19 CAR-T cells",
        "Blinatumomab",
        arms=(("CAR-T", "ExperimentalArm"), ("Control: blinatumomab", "ActiveComparatorArm")),
    )
    assert use_roles(found)[1] == "ComparatorRole"


def test_a_follow_up_study_gives_its_products_before():
    found = said("Long-term follow-up of patients treated with bb2121", "bb2121")
    assert use_roles(found) == {0: "PreviouslyGivenRole"}


def test_a_treatment_that_only_sets_the_scene_is_background():
    found = said(
        "Fecal Microbiota Transplantation in Patients Receiving Axicabtagene Ciloleucel",
        "Fecal Microbiota Transplantation",
        "Axicabtagene ciloleucel",
    )
    assert use_roles(found)[1] == "BackgroundRole"


def test_the_antigen_of_a_vaccine_is_an_immunogen():
    found = said("A study", "HPV16 E7 peptide vaccine")
    assert targets(found) == [set()]
    assert only(found).target_logic.value == "NotAntigenDirected"
    assert roles(found, "HPV16-E7") == {"ImmunogenMention"}


def test_words_on_a_partner_are_not_those_of_the_cell_product():
    found = said("CD19 CAR-T With a PD-1 Antibody", "CAR-T", "PD-1 antibody")
    assert targets(found) == [{"CD19"}, {"PD-1"}]


def test_words_beside_a_known_product_do_not_change_what_it_binds():
    found = said("CD22 CAR-T Following CD19 CAR-T", "CD22CART", "Tisagenlecleucel")
    assert targets(found) == [{"CD22"}, {"CD19"}]


def test_the_product_behind_versus_is_comparator():
    found = said("KITE-753 Versus Axicabtagene Ciloleucel", "KITE-753", "Axicabtagene ciloleucel")
    assert use_roles(found)[1] == "ComparatorRole"


def test_a_product_listed_only_by_its_kind_has_the_name_that_the_title_gives():
    found = said("A Study of Axicabtagene Ciloleucel in Lymphoma", "CAR-T cells")
    assert targets(found) == [{"CD19"}]
    assert only(found).product.value == "axicabtagene-ciloleucel"


def test_a_virus_and_a_car_in_one_name_are_two_constructs():
    found = said("A study", "Oncolytic adenovirus with HER2-specific CAR T cells")
    assert targets(found) == [set(), {"HER2"}]


def test_hla_is_a_restriction_and_no_target():
    found = said("A study", ("MAGE-A4 TCR-T cells", "for HLA-A*02:01 positive patients"))
    assert targets(found) == [{"MAGE-A4"}]
    assert [claim.value for claim in only(found).hla_restriction] == ["HLA-A*02:01"]


def test_a_trial_without_a_construct_has_none():
    found = said("Vitamin D in urticaria", "Vitamin D", "Placebo")
    assert found.constructs == ()
    assert use_roles(found)[1] == "PlaceboRole"


def test_a_use_without_arms_says_so():
    (use,) = said("A study", "CD19 CAR-T cells").uses
    assert use.arm is None


@pytest.mark.parametrize(
    ("summary", "made"),
    [
        ("An off-the-shelf allogeneic CD19 CAR-T product.", "ReadyMade"),
        ("CD19 CAR-T cells made from healthy donors.", "ReadyMade"),
        ("CD19 CAR-T cells from a healthy donor, the HLA-matched sibling.", None),
        ("Allogeneic CD19 CAR-T cells.", None),
        ("Autologous CD19 CAR-T cells; unlike off-the-shelf cells they are made anew.", None),
    ],
)
def test_a_product_is_ready_made_where_the_record_says_so(summary, made):
    found = only(said("CD19 CAR-T in lymphoma", "CD19 CAR-T cells", summary=summary))
    assert (found.preparation and found.preparation.value) == made


def test_two_antigens_written_as_one_word_are_both_bound():
    found = said("A study", ("CAR19BCMA-T cells", "A dose of CD19BCMA-CAR-T cells"))
    assert targets(found) == [{"CD19", "BCMA"}]


def test_numbered_pairs_are_one_construct_each():
    found = said(
        "Dual-Target CAR-NK Cells",
        "EB-DUO-CAR-NK-CEA/GCC",
        summary="Assigned to one of three arms: (1) CEA+GUCY2C, (2) CEA+HER2, or (3) GUCY2C+HER2.",
    )
    assert sorted(map(sorted, targets(found))) == [
        ["CEA", "GUCY2C"],
        ["CEA", "HER2"],
        ["GUCY2C", "HER2"],
    ]


def test_a_truncated_receptor_that_modifies_a_car_is_no_target():
    found = said("A study", "Dual-target, truncated IL7Ra modified CAR-T cells")
    assert targets(found) == [set()]


def test_a_cytokine_beside_an_antibody_is_not_bound_by_it():
    found = said("A study", "P-IL-2 plus Anti-PD-1 Monoclonal Antibody")
    assert targets(found) == [{"PD-1"}]


def test_an_expansion_between_the_verb_and_the_antigen_is_read_over():
    words = "A CAR T-cell therapy targeting both cluster of differentiation (CD) CD20 and CD19."
    assert targets(said("A study", "JNJ-90014496", summary=words)) == [{"CD19", "CD20"}]


def test_a_title_names_targets_in_brackets_or_as_the_targets_of_cells():
    title = "Dual-Targeting CAR-NK Cells for Ovarian Cancer (MSLN, FRα, MUC16)"
    assert targets(said(title, "Dual-target CAR-NK cells")) == [{"MSLN", "FOLR1", "MUC16"}]
    title = "BCMA, CS1 and CD38 as the Single or Compound Targets for CAR-T Cells"
    found = said(title, "CAR-T therapy in myeloma")
    assert set().union(*targets(found)) == {"BCMA", "SLAMF7", "CD38"}


def test_antigens_profiled_to_choose_the_construct_are_bound_and_asked_for():
    found = said(
        "A study",
        "Dual-target CAR-NK cells",
        summary="Participants will undergo tumor antigen profiling for IL13Rα2, EGFR and B7-H3.",
    )
    assert targets(found) == [{"IL13RA2", "EGFR", "B7-H3"}]
    assert "RequiredMention" in roles(found, "EGFR")


def test_a_relapsed_disease_that_bears_the_own_antigen_is_asked_for():
    words = "CD20 CAR-T cells in relapsed or refractory CD20+ diffuse large B-cell lymphoma."
    assert "RequiredMention" in roles(said("A study", "CD20 CAR-T", summary=words), "CD20")


def test_a_receptor_that_lends_its_signalling_domain_is_armour_and_no_target():
    found = said(
        "B7H3-IL7Ra CAR-T cells in solid tumours",
        ("B7H3-IL7Ra CAR-T cells", "T cells with a B7H3 CAR and an IL-7Ra signaling domain"),
    )
    assert targets(found) == [{"B7-H3"}]
    assert "ArmourMention" in roles(found, "IL7R")


def test_what_another_receptor_binds_by_nature_is_no_target_of_unmodified_cells():
    found = said(
        "Edited NK cells in solid tumours",
        ("NK cell product ZN-20", "Without TIGIT, an inhibitory receptor that binds to CD155"),
        summary="NK cells with improved efficacy against CD155-expressing solid tumours.",
    )
    assert targets(found) == [set()]


def test_cells_that_recognise_and_kill_what_expresses_an_antigen_bind_it():
    found = said(
        "ZT-9 CAR-T cells in melanoma",
        "ZT-9 CAR-T cells",
        summary="The cells will recognize and kill target cells that express gp100.",
    )
    assert targets(found) == [{"gp100"}]


def test_the_making_of_cells_is_no_product_beside_them():
    found = said(
        "Autologous T Cells Genetically Engineered to Target the MUC16 Antigen",
        "Infusion of genetically-modified T cells",
        "Production of genetically-modified T cells",
    )
    assert targets(found) == [{"MUC16"}]


def test_what_one_arm_says_of_its_cells_is_not_said_of_the_cells_of_another():
    found = said(
        "A platform study of new therapies",
        ("ZM-027", "ZM-027 is an allogeneic CAR-T injection targeting B7-H3"),
        ("ZP-2505", "ZP-2505 is an in vivo CAR-T therapy targeting CD19"),
    )
    assert [each.modality.value for each in found.constructs] == [
        "CARTTherapy",
        "InVivoCARTherapy",
    ]


def test_products_listed_behind_a_kind_of_cells_are_what_is_given():
    found = said(
        "Zolmetrib Plus CAR T-cell Therapy in Lymphoma",
        "CAR T-cell infusion",
        summary=(
            "Standard treatment will include CAR T-cell therapy (either axicabtagene ciloleucel "
            "or lisocabtagene maraleucel)."
        ),
    )
    assert [each.product.value for each in found.constructs] == [
        "axicabtagene-ciloleucel",
        "lisocabtagene-maraleucel",
    ]


def test_products_that_the_background_names_are_not_given():
    found = said(
        "CAR T-cell Therapy in Lymphoma",
        "CAR T-cell infusion",
        summary="Two CAR T-cell therapies, Kymriah and Yescarta, were approved before.",
    )
    assert [each.product for each in found.constructs] == [None]


def test_a_conjugate_named_in_the_description_is_that_product_and_no_inhibitor():
    found = said(
        "A study of radiotherapy and an ADC",
        ("ADC with radiotherapy", "RC48-ADC combined with radiotherapy and a PD-L1 inhibitor"),
    )
    assert targets(found) == [{"HER2"}]


def test_plain_cells_beside_engineered_ones_bind_nothing():
    found = said("Cells in solid tumours", "TILs and CAR-TILs targeting HER2 or MUC1")
    assert [bool(each.targets) for each in found.constructs] == [False, True]


def test_what_is_given_with_coded_cells_is_not_cells_itself():
    found = said(
        "CD19 CAR-T Cell Therapy (SYNCAR-001) + Orthogonal IL-2 (ZTK-009)",
        "ZTK-009",
        "SYNCAR-001",
    )
    assert [each.label for each in found.constructs] == ["SYNCAR-001"]


def test_a_checkpoint_inhibitor_without_a_name_is_an_antibody():
    found = said("PD-1 inhibitor in lung cancer", "PD-1 inhibitor")
    assert only(found).modality.value == "MonoclonalAntibody"


def test_the_marker_of_a_cars_name_is_a_marker():
    found = said("CD19 CAR T Cells in Leukemia", "CD19-CD34 CAR transduced T cells")
    assert targets(found) == [{"CD19"}]
    assert roles(found, "CD34") == {"MarkerMention"}


def test_a_receptor_that_switches_a_car_on_is_part_of_the_same_cells():
    found = said(
        "Anti-EGFRvIII synNotch Receptor Induced Anti-EphA2/IL-13Ralpha2 CAR T Cells",
        "ZSYNC T Cells",
    )
    assert targets(found) == [{"EGFRvIII", "EPHA2", "IL13RA2"}]
    assert only(found).target_logic.value == "AllOf"


def test_examples_in_brackets_are_not_what_is_studied():
    found = said(
        "CAR T-cell outcomes in children with leukemia",
        summary="To compare constructs (e.g., different CARs, CD22-targeted CARs).",
    )
    assert targets(found) == [set()]


def test_a_code_that_says_car_names_cells():
    found = said("A Study of LUCAR-77Z in Subjects With Lymphoma", "LUCAR-77Z cells")
    assert only(found).modality.value == "CARTTherapy"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NG2 and DLL3 CAR-T cells", [{"CSPG4"}, {"DLL3"}]),
        ("NG2 and DLL3 targeted CAR-T cells", [{"CSPG4", "DLL3"}]),
        ("Dual NG2 and DLL3 CAR-T cells", [{"CSPG4", "DLL3"}]),
    ],
)
def test_two_names_before_a_car_are_two_products_unless_one_is_targeted_at_both(name, expected):
    assert targets(said("A study in melanoma", name)) == expected


def test_an_antibody_that_supports_cells_elsewhere_is_tested_where_there_are_none():
    found = said("Preoperative immunotherapy in carcinoma", "Atezolizumab", "Tocilizumab")
    assert targets(found) == [{"PD-L1"}, {"IL-6R"}]
    beside_cells = said("CD19 CAR-T cells in lymphoma", "CD19 CAR-T cells", "Tocilizumab")
    assert targets(beside_cells) == [{"CD19"}]


def test_what_a_description_calls_a_coded_name_is_its_kind():
    found = said(
        "A platform study of new therapies",
        ("GV-0251", "GV-0251 is a monoclonal antibody targeting the highly conserved protein MUC1"),
        ("XL-9", "XL-9 is a capsule; it is given with a monoclonal antibody"),
    )
    assert only(found).modality.value == "MonoclonalAntibody"
    assert targets(found) == [{"MUC1"}]
