import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.normalise import lowered, normalise

PIECES = st.lists(
    st.sampled_from(
        [
            "\\>",
            "\\^",
            "\\",
            "\r\n",
            "\r",
            "\u200b",
            "CD19",
            "–",
            "㎕",
            "İ",
            "α",
            " ",
            "10",
            "×",
            "*",
        ]
    )
).map("".join)


@given(PIECES | st.text(max_size=80))
def test_every_kept_character_leads_back_to_one_that_reads_the_same(raw):
    normal = normalise(raw)
    for position, char in enumerate(normal.text):
        start, end = normal.raw_span(position, position + 1)
        assert end == start + 1
        assert normalise(raw[start]).text == char or raw[start] == "\r"


@given(PIECES)
def test_spans_keep_their_order_in_the_raw_value(raw):
    normal = normalise(raw)
    starts = [normal.raw_span(at, at + 1)[0] for at in range(len(normal.text))]
    assert starts == sorted(set(starts))


@given(st.text(max_size=80))
def test_normalising_twice_changes_no_more_than_normalising_once_without_escapes(raw):
    plain = raw.replace("\\", "")
    once = normalise(plain).text
    assert normalise(once).text == once


@given(st.text(max_size=80))
def test_lower_case_has_the_length_of_the_text(raw):
    assert len(lowered(raw)) == len(raw)


def test_escapes_of_the_registry_are_dropped_and_the_span_covers_the_raw_words():
    raw = "MUC1\\* membrane expression \\>= 30%"
    normal = normalise(raw)
    assert normal.text == "MUC1* membrane expression >= 30%"
    start = normal.text.index(">= 30%")
    first, last = normal.raw_span(start, start + 6)
    assert raw[first:last] == ">= 30%"


def test_hyphens_and_full_width_signs_become_plain_ones():
    assert normalise("CAR‑T（CD19）；Ｄ").text == "CAR-T(CD19);D"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("TAK- 188, an Antibody-Drug- Conjugate", "TAK-188, an Antibody-Drug-Conjugate"),
        ("CAR- T cells", "CAR-T cells"),
        ("TM4SF1- and EpCAM", "TM4SF1- and EpCAM"),
        ("Inclusion Criteria- Age", "Inclusion Criteria- Age"),
    ],
)
def test_a_name_broken_behind_its_hyphen_is_whole_again(raw, plain):
    assert normalise(raw).text == plain
