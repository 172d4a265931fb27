"""Literals are written as the store gives them back."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from kg.quads import literals

NODE = NamedNode("https://example.org/x")


def stored(literal):
    store = Store()
    store.add(Quad(NODE, NODE, literal))
    (quad,) = store
    return quad.object


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("P18Y", "P18Y"),
        ("P6M", "P6M"),
        ("P24M", "P2Y"),
        ("P8W", "P56D"),
        ("PT30M", "PT30M"),
        ("PT90M", "PT1H30M"),
        ("PT48H", "P2D"),
        ("P0D", "PT0S"),
        ("P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S"),
    ],
)
def test_a_duration_is_written_in_its_canonical_form(listed, written):
    assert literals.duration(listed).value == written


@pytest.mark.parametrize("wrong", ["", "P", "PT", "18 Years", "P1.5Y", "-P1D", "P1YT"])
def test_what_is_no_duration_is_an_error(wrong):
    with pytest.raises(ValueError, match="ISO 8601"):
        literals.duration(wrong)


@given(
    st.integers(0, 200), st.integers(0, 40), st.integers(0, 60), st.integers(0, 400),
    st.integers(0, 90), st.integers(0, 90), st.integers(0, 90),
)  # fmt: skip
def test_every_duration_survives_the_store(years, months, weeks, days, hours, minutes, seconds):
    made = literals.duration(f"P{years}Y{months}M{weeks}W{days}DT{hours}H{minutes}M{seconds}S")
    assert stored(made) == made


@given(st.decimals(-1000000, 1000000, places=8))
def test_every_decimal_survives_the_store(number):
    made = literals.decimal(number)
    assert stored(made) == made
    assert Decimal(made.value) == number


@given(st.floats(-180, 180))
def test_every_coordinate_survives_the_store(number):
    made = literals.decimal(number)
    assert stored(made) == made
    assert float(made.value) == number


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)))
def test_every_date_survives_the_store(day):
    assert stored(literals.day(day)) == literals.day(day)
    assert stored(literals.start_of_day(day)) == literals.start_of_day(day)


@given(st.integers())
def test_every_integer_survives_the_store(number):
    assert stored(literals.integer(number)) == literals.integer(number)


@pytest.mark.parametrize("truth", [True, False])
def test_a_boolean_survives_the_store(truth):
    assert stored(literals.boolean(truth)) == literals.boolean(truth)


@given(st.text())
def test_every_text_survives_the_store_and_is_never_empty(words):
    made = literals.text(words)
    if made is not None:
        assert made.value == made.value.strip() != ""
        assert stored(made) == made


@pytest.mark.parametrize("nothing", [None, "", " \n\t", "\x00", "\ufffe"])
def test_what_has_no_characters_is_nothing(nothing):
    assert literals.text(nothing) is None


def test_a_quote_keeps_its_spaces():
    assert literals.quote("  DLL3\n").value == "  DLL3\n"


def test_a_point_has_its_longitude_first():
    assert literals.point(Decimal("121.460"), Decimal("31.2")).value == "POINT(121.46 31.2)"
