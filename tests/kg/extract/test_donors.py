"""Whose cells a product is made of: said, implied by how they are had, or only customary."""

import pytest

from tests.kg.extract.told import only, said

CAR = "CD19 CAR-T cells"


@pytest.mark.parametrize(
    "summary",
    [
        "PBMCs will be collected from each subject and expanded ex vivo.",
        "We will isolate peripheral blood mononuclear cells from the patients.",
        "A young adult meeting all eligibility criteria will have their T cells collected.",
        "A blood sample will be collected, which will be used to bioengineer the CAR T cells.",
        "Collect 50-100ml of peripheral blood for culture of CAR19 T cells.",
        "Transfusion of the cells back to the patients follows.",
        "Eligible patients will undergo screening, leukapheresis collection and infusion.",
    ],
)
def test_cells_that_the_participants_give_make_an_autologous_product(summary):
    assert only(said("A study", CAR, summary=summary)).donor.value == "Autologous"


@pytest.mark.parametrize(
    "summary",
    [
        "Blood samples will be collected for pharmacokinetic analysis.",
        "Patients must have venous access suitable for leukapheresis.",
        "Subjects must have no contraindication to leukapheresis.",
    ],
)
def test_samples_and_access_say_nothing_of_the_donor(summary):
    assert only(said("A study", CAR, summary=summary)).donor.value == "NotStated"


def test_what_is_custom_is_kept_apart_from_what_is_said():
    product = only(said("A study", CAR))
    assert product.donor.value == "NotStated"
    assert product.usual_donor.value == "Autologous"
    assert product.usual_donor.basis == "Customary"


def test_the_title_s_allo_cell_therapy_is_allogeneic():
    found = only(said("Unedited Allo Cell Therapy Using CD7-Specific CAR T Cells", CAR))
    assert found.donor.value == "Allogeneic"


def test_what_one_intervention_says_of_its_donors_is_not_said_of_another():
    found = said(
        "A platform study of new therapies",
        ("ZT-201 TCR-T cells", "TCR-T cells recognising NY-ESO-1"),
        ("ZM-006 vaccine", "An off-the-shelf mRNA vaccine"),
    )
    assert found.constructs[0].donor.value == "NotStated"
