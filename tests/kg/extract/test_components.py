"""What cells are built with: blockers that they make and genes cut out of them."""

import pytest

from tests.kg.extract.told import only, roles, said


def parts(found):
    return {(part.kind.value, part.antigen) for part in only(found).components}


@pytest.mark.parametrize(
    ("words", "kind", "antigen"),
    [
        ("PD-1 antibody expressing CD7 CAR-T cells", "Armour", "PD-1"),
        ("CTLA-4 and PD-1 Antibodies Expressing CD7 CAR-T cells", "Armour", "CTLA-4"),
        ("Anti-CTLA-4/PD-1 expressing CD7 CAR-T cells", "Armour", "PD-1"),
        ("CD7 CAR-T cells that express PD-1 antibodies", "Armour", "PD-1"),
        ("T cells that express checkpoint antibodies (CTLA-4 and PD-1)", "Armour", "PD-1"),
        ("CD7 CAR-T cells carrying cytoplasmic activated PD-1", "Armour", "PD-1"),
        ("C7R.CD7 CAR-T cells", "Armour", "IL7R"),
        ("CD7 CAR-T cells express the somatostatin receptor 2 (SSTR2)", "SelectionMarker", "SSTR2"),
        ("The endogenous CD5 in CD7 CAR-T cells is knocked out", "EditedGene", "CD5"),
        ("CD5 expression is suppressed in CD7 CAR-T cells", "EditedGene", "CD5"),
        ("CD7 CAR-T cells after editing of CD52 and TRAC loci", "EditedGene", "TRAC"),
        ("a CD7 CAR-T that lacks CD38", "EditedGene", "CD38"),
        (
            "CD7 CAR-T cells without TGF-β receptor Ⅱ by gene knockout of TGFβR",
            "EditedGene",
            "TGFBR2",
        ),
    ],
)
def test_what_the_cells_make_or_lost_is_a_component(words, kind, antigen):
    assert (kind, antigen) in parts(said("A study", ("CD7 CAR-T cells", words)))


@pytest.mark.parametrize(
    "words",
    [
        "Interleukin-7 and Interleukin-15 (IL-7/IL-15) manufactured CD7 CAR-T cells",
        "CD7 CAR-T cells with an IL-15 superagonist",
        "CD7 CAR-T cells for tumor cells with CD19 deficient but CD22 positive",
        "CD7 CAR-T cells kill leukemia that lacks CD19",
        "CD7 CAR-T cells express PD-1",
    ],
)
def test_what_is_added_to_the_culture_or_missing_on_the_tumour_is_none(words):
    assert parts(said("A study", ("CD7 CAR-T cells", words))) == set()


def test_a_marker_does_not_reach_into_the_name_of_the_cell():
    found = said("CD19t-haNK cells in lymphoma", "CD19t-haNK")
    assert "MarkerMention" not in roles(found, "CD19")


def test_a_component_belongs_to_the_product_that_it_stands_with():
    summary = "CD7 CAR-T cells express IL-15. GD2 CAR-NK cells express IL-21."
    found = said("A study", "CD7 CAR-T cells", "GD2 CAR-NK cells", summary=summary)
    made = {
        target.value: {part.antigen for part in construct.components}
        for construct in found.constructs
        for target in construct.targets
    }
    assert made == {"CD7": {"IL-15"}, "GD2": {"IL-21"}}


def test_cells_that_a_drug_acts_on_are_not_what_it_is():
    drug = ("XY-803", "An agonist that activates NK cells")
    found = said("CD7 CAR-T cells with XY-803", "CD7 CAR-T cells", drug)
    assert [construct.modality.value for construct in found.constructs] == ["CARTTherapy"]
