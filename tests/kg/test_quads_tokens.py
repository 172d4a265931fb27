"""The token of a literal is what the engine writes of the literal."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.quads import literals, tokens

# Signs that are escaped, and others that might be, come often enough to stand side by side.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\\\"'\t\b\n\r\f\x00\x1f\x7f\x85\xa0\u2028\ufdd0\ufffe\uffff a"),
        st.characters(exclude_categories=["Cs"]),
    )
)


@given(TEXTS)
def test_a_text_has_the_token_of_its_literal(text):
    made = literals.text(text)
    assert tokens.text(text) == (None if made is None else str(made))
    assert tokens.quote(text) == str(literals.quote(text))


@given(st.integers(), st.booleans(), st.dates(), st.decimals(-1000, 1000), st.floats(-180, 180))
def test_a_value_has_the_token_of_its_literal(whole, flag, day, number, degrees):
    for name, value in (
        ("integer", whole), ("boolean", flag), ("day", day), ("start_of_day", day),
        ("decimal", number), ("decimal", degrees), ("duration", f"P{abs(whole) % 1000}M"),
    ):  # fmt: skip
        assert getattr(tokens, name)(value) == str(getattr(literals, name)(value))


def test_half_of_a_character_has_a_token_in_a_quote_alone():
    assert tokens.quote("a\ud800") == '"a\ufffd"'
    assert tokens.text("a\ud800") == '"a"'
    with pytest.raises(ValueError, match="half of a character"):
        tokens.plain("a\ud800")


def test_a_date_before_the_year_1000_has_four_digits():
    assert tokens.day(dt.date(987, 1, 2)) == str(literals.day(dt.date(987, 1, 2)))
