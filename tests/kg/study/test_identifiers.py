import pytest

from kg.study.identifiers import identifiers, listed_identifiers, registration_key


@pytest.mark.parametrize(
    ("words", "registry", "written"),
    [
        ("NCT01234567", "clinicaltrials", "NCT01234567"),
        ("NCT: 01234567", "clinicaltrials", "NCT01234567"),
        ("ChiCTR2100048636", "chictr", "ChiCTR2100048636"),
        ("ChiCTR-OOC-16010089", "chictr", "ChiCTR16010089"),
        ("ISRCTN 76463425", "isrctn", "ISRCTN76463425"),
        ("EudraCTnr: 2005-005175-16", "euclinicaltrials", "2005-005175-16"),
        ("EUCTR2020-000936-23-FR", "euclinicaltrials", "2020-000936-23"),
        ("2022-501684-40", "ctis", "2022-501684-40-00"),
        ("2023-508083-30-01", "ctis", "2023-508083-30-00"),
        ("JPRN-jRCTs031190226", "jrct", "jRCTs031190226"),
        ("JPRN-UMIN000003040", "umin", "UMIN000003040"),
        ("CTRI/2022/06/043399", "ctri", "CTRI/2022/06/043399"),
        ("ACTRN12620000445976", "anzctr", "ACTRN12620000445976"),
        ("U1111-1293-5665", "utn", "U1111-1293-5665"),
    ],
)
def test_an_identifier_is_known_in_every_spelling(words, registry, written):
    (one,) = listed_identifiers(words)
    assert (one.registry, one.written) == (registry, written)


@pytest.mark.parametrize(
    "words",
    ["NCT0123456", "NCT012345678", "2005-005175", "MK-6070-001", "1R01CA123456", "Study 12"],
)
def test_other_numbers_are_no_identifiers(words):
    assert listed_identifiers(words) == ()


def test_identifiers_in_running_text_have_their_place():
    words = "After NCT02397473 or study CGAM (NCT02438826), EudraCT 2015-005234-21."
    found = [(one.written, words[one.start : one.end]) for one in identifiers(words)]
    assert [written for written, _ in found] == ["NCT02397473", "NCT02438826", "2015-005234-21"]
    assert found[1][1] == "NCT02438826"


@pytest.mark.parametrize(
    ("registry", "one", "other"),
    [
        ("euclinicaltrials", "2016-004489-24-DE", "2016-004489-24-FR"),
        ("ctis", "2023-508143-51-01", "2023-508143-51-00"),
        ("chictr", "ChiCTR-OOC-16010089", "ChiCTR16010089"),
    ],
)
def test_two_names_of_one_registration_have_one_key(registry, one, other):
    assert registration_key(registry, one) == registration_key(registry, other)
