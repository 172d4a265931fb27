"""HLA types that a receptor needs, in all notations that records use."""

import pytest

from tests.kg.extract.told import only, said


def restriction(words, product="NY-ESO-1 TCR-T cells"):
    found = only(said("A study", product, criteria=f"Inclusion Criteria:\n\n* {words}"))
    return [claim.value for claim in found.hla_restriction]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("HLA-A*02:01 positive", ["HLA-A*02:01"]),
        ("HLA-A*0201 or HLA-A0206 positive", ["HLA-A*02:01", "HLA-A*02:06"]),
        ("HLA-A 2402 positive", ["HLA-A*24:02"]),
        ("HLA-A2 positive", ["HLA-A*02"]),
        ("HLA-A*02:01, A*02:03 or A*02:06", ["HLA-A*02:01", "HLA-A*02:03", "HLA-A*02:06"]),
        ("human leukocyte antigen (HLA) A*11:01", ["HLA-A*11:01"]),
        ("HLA-C*08:02 or HLA-Cw3", ["HLA-C*08:02", "HLA-Cw3"]),
        ("HLA-DPB1*04:01 positive", ["HLA-DPB1*04:01"]),
        ("HLA-DP0401/0402 positive", ["HLA-DPB1*04:01", "HLA-DPB1*04:02"]),
        ("HLA-DRB1*04:01, HLA-DR4 or HLA-DQ8", ["HLA-DQ8", "HLA-DR4", "HLA-DRB1*04:01"]),
    ],
)
def test_an_hla_type_is_written_as_the_nomenclature_writes_it(words, names):
    assert restriction(words) == names


@pytest.mark.parametrize(
    "words",
    [
        "No HLA-A*02:05 allele",
        "HLA-A*02:05 negative",
        "HLA type known\n\nExclusion Criteria:\n\n* HLA-A*02:05 positive",
    ],
)
def test_an_allele_that_must_not_be_there_is_no_restriction(words):
    assert restriction(words) == []


def test_a_receptor_that_needs_no_hla_has_no_restriction():
    assert restriction("HLA-A*02:01 positive", "CD19 CAR-T cells") == []
