import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import masking
from loaders.masking import MARK, mask_addresses, mask_names, mask_phones, may_need_masking

NUMBERS = [
    *("tel", "Phone number", "mobıle", "FAX", "whatſapp", "call us at", "手机", "8", "1", "138"),
    *("202", "5551234", "800-", "GO-ON", "2024-03-31", "+", "(", ")", "-", ".", " ", "\n", "\x1c"),
    *(": ", '"', "\\", "T", "mg", "\u3000", "٣", "a.b@x.org"),
]
with_numbers = st.lists(st.sampled_from(NUMBERS), max_size=9).map("".join)


def masked(text):
    return mask_phones(mask_addresses(text))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("write to a.b-c@x.org.", ["a.b-c@x.org"]),
        (r"\[rahela\_aziz-bose@dfci.harvard.edu\]", [r"rahela\_aziz-bose@dfci.harvard.edu"]),
        (
            "call 1-877-CTLILLY (1-877-285-4559, 1-317-615-4559) Mon - Fri",
            ["1-877-CTLILLY", "1-877-285-4559", "1-317-615-4559"],
        ),
        ("office (613-533-6430)", ["613-533-6430"]),
        ("Tel. +43 50 1255 1255; insurance", ["+43 50 1255 1255"]),
        ("Telephone: 1 (301) 7617948", ["1 (301) 7617948"]),
        ("Geng Tian 13724395569", ["13724395569"]),
        ("电话：021-64175590", ["021-64175590"]),
    ],
)
def test_addresses_and_numbers_are_hidden_at_equal_length(text, hidden):
    expected = text
    for each in hidden:
        expected = expected.replace(each, MARK * len(each))
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "NCT07480213, EudraCT 2019-001234-56, CTIS 2023-503938-54-00, U1111-1234-5678",
        "1x10^6 to 1000000000 cells, 5940-6100 cGy, 100,000/mm3, 2.5 x 10\\^8",
        "from 2024-01-01 to 2026-12-31, 250-500-1000 mg, gp100(209-217) peptide",
        "CD3+ 1234567 cells, cell 10000000, +28 days, WZTL002-1",
        "CAS 1208313-97-6; 15000000000 cells; 1-800 mg; call 911",
        "call a recruiter within 30 days of 2024",
        "dose @ 5 mg, @home",
    ],
)
def test_doses_dates_counts_and_identifiers_stay(text):
    assert masked(text) == text


@given(st.text(alphabet="ab@.+-() 0123456789█phone:"))
def test_masking_keeps_the_length_and_is_done_once(text):
    once = masked(text)
    assert len(once) == len(text)
    assert masked(once) == once


def test_a_name_is_hidden_only_as_a_whole_word():
    assert (
        mask_names("Li Yu, Li Yuan, by Li Yu", ["Li Yu"]) == f"{MARK * 5}, Li Yuan, by {MARK * 5}"
    )


@given(
    st.lists(st.text("0123456789", min_size=2, max_size=3), min_size=4, max_size=5),
    st.sampled_from(["", " ", "-", "."]),
)
def test_a_number_behind_the_word_phone_is_hidden_however_it_is_grouped(groups, between):
    number = between.join(groups)
    assert masked(f"phone: {number}") == f"phone: {MARK * len(number)}"


@given(with_numbers)
def test_what_is_looked_at_first_hides_no_number_from_the_patterns(text):
    expected = text
    for pattern in (masking._CUED, masking._CUED_CHINESE):
        expected = pattern.sub(masking._cued, expected)
    for pattern in masking._PHONES:
        expected = pattern.sub(masking._marks, expected)
    assert mask_phones(text) == expected


@given(with_numbers, st.sampled_from(["Li Yu", 'Li "Yu" Wu', "Bo Å"]), st.booleans())
def test_a_record_of_which_nothing_needs_masking_holds_nothing_to_mask(text, name, said):
    text += name if said else ""
    written = msgspec.json.encode({"field": {"text": text}}).decode()
    if mask_names(masked(text), [name]) != text:
        assert may_need_masking(written, [name])
