import pytest

from kg.extract.spellings import slips, spellings, squeezed


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("CD19", "CD-19"),
        ("CD19", "CD 19"),
        ("IL13Rα2", "IL-13Ralpha2"),
        ("IL13Rα2", "IL13Ra2"),
        ("GFRα4", "GFRa4"),
        ("glypican-3", "glypican 3"),
        ("folate receptor alpha", "folate-receptor alpha"),
    ],
)
def test_a_name_is_found_in_its_usual_spellings(name, spelling):
    assert spelling.lower() in {form.lower() for form in spellings(name)}


def test_a_word_without_a_digit_is_not_torn_apart():
    assert spellings("MET") == ("MET",)


def test_a_short_greek_name_does_not_become_a_common_word():
    assert "ab" not in {form.lower() for form in spellings("Aβ")}


def test_long_words_are_found_with_one_letter_lost_or_two_swapped():
    assert {"mesothlin", "mesohtelin"} <= set(slips("mesothelin"))
    assert "mesothelin" not in slips("mesothelin")


@pytest.mark.parametrize("name", ["claudin", "CD19", "delta-like 3"])
def test_short_words_and_codes_have_no_slips(name):
    assert slips(name) == ()


def test_spellings_are_compared_without_hyphens_and_spaces():
    assert squeezed("CAR - T") == squeezed("CART")
