"""Which of several drugs a trial tests: what the arms compare, then what the titles say."""

from tests.kg.extract.told import said

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
