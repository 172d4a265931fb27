"""Antigens that hold a construct back: what calls itself a gate, and what only sounds like one."""

import pytest

from tests.kg.extract.told import only, roles, said, targets


def spares(found):
    return {claim.value: claim.basis for claim in only(found).spares}


@pytest.mark.parametrize(
    ("title", "target", "gate"),
    [
        ("CD19 CAR-T With a NOT Gate That Recognizes CD33", "CD19", "CD33"),
        ("Anti-CEA CAR-T With an HLA-A*02-gated Inhibitory Receptor", "CEA", "HLA-A-02-01"),
        ("CD19 CAR-NK With an Inhibitory CAR Against CD33", "CD19", "CD33"),
        ("CD19 CAR-NK With a CD33-specific Inhibitory CAR (iCAR)", "CD19", "CD33"),
        ("Tmod CD19 CAR-T in Tumors That Have Lost HLA-A*02 Expression", "CD19", "HLA-A-02-01"),
        ("Logic-gated CD19 CAR-T in Tumors With Loss of HLA-A*02", "CD19", "HLA-A-02-01"),
        ("Logic-gated CD19 CAR-T Sparing Healthy Cells That Express CD33", "CD19", "CD33"),
    ],
)
def test_the_antigen_of_an_inhibitory_gate_is_spared(title, target, gate):
    found = said(title, "XY101 CAR cells")
    assert targets(found) == [{target}]
    assert spares(found) == {gate: "Stated"}
    assert only(found).target_logic.value == "AndNot"
    lost = {"ExcludedMention"} if "Los" in title else set()
    assert roles(found, gate) == {"GateMention", *lost}


@pytest.mark.parametrize(
    "title",
    [
        "iCAR-NK Cells Targeting CD19",
        "CD19 CAR-T in Tumors That Have Lost HLA-A*02 Expression",
        "CD19 CAR-T Sparing Healthy Cells That Express CD33",
        "CD19 CAR-T and Inhibitory Receptors Such as TIM-3",
        "Logic-gated CAR-T in CD19 Positive Tumors With Loss of CD33",
    ],
)
def test_without_a_word_on_a_gate_nothing_is_spared(title):
    assert [construct.spares for construct in said(title, "XY101 CAR cells").constructs] == [()]


def test_the_gate_of_a_known_product_is_that_of_its_row():
    found = said("A study of A2B530", "A2B530")
    assert spares(found) == {"HLA-A-02-01": "FromLexicon"}
    assert roles(found, "HLA-A-02-01") == {"GateMention"}


def test_the_logic_of_a_known_product_is_that_of_its_row_where_the_text_is_silent():
    logic = only(said("A study of ADCLEC.syn1 CAR T cells", "ADCLEC.syn1 CAR T cells")).target_logic
    assert (logic.value, logic.basis) == ("AllOf", "FromLexicon")
