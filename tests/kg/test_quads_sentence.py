import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.quads.sentence import around

TEXTS = st.text(alphabet=st.sampled_from("ab D3.,;\n*-1\\>≥e.g。"), max_size=600)


@pytest.mark.parametrize(
    ("raw", "quote", "before", "behind"),
    [
        ("One. Cells target DLL3 in SCLC. More.", "DLL3", "Cells target ", " in SCLC."),
        ("* prior CD19 therapy\n* other", "CD19", "* prior ", " therapy"),
        ("Antigens (e.g. DLL3) count.", "DLL3", "Antigens (e.g. ", ") count."),
        ("CLDN18.2 is the target.", "target", "CLDN18.2 is the ", "."),
        ("1. DLL3 positive", "DLL3", "", " positive"),
        ("靶向DLL3的细胞。其他", "DLL3", "靶向", "的细胞。"),
        ("DLL3", "DLL3", "", ""),
    ],
)
def test_a_quote_is_completed_to_its_sentence(raw, quote, before, behind):
    start = raw.index(quote)
    assert around(raw, start, start + len(quote)) == (before, behind)


def test_a_sentence_without_end_is_cut_between_words():
    raw = f"{'word ' * 100}DLL3{' word' * 100}"
    before, behind = around(raw, 500, 504)
    assert 150 < len(before) <= 200
    assert 150 < len(behind) <= 200
    assert before.startswith("word")
    assert behind.endswith("word")


@given(TEXTS, st.data())
def test_prefix_and_suffix_touch_the_quote_in_the_raw_value(raw, data):
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    before, behind = around(raw, start, end)
    assert raw[start - len(before) : start] == before
    assert raw[end : end + len(behind)] == behind
    assert max(len(before), len(behind)) <= 200
