import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import Text
from loaders.clinicaltrials.study import DateStruct
from loaders.clinicaltrials.values import age, code, date, day_of, plain_text, text, typed_date


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (r"ANC \>= 1.5 x 10\^9/L", "ANC >= 1.5 x 10^9/L"),
        (r"1\. \[18F\]FDG \* \~5 \_ \- R\&D", "1. [18F]FDG * ~5 _ - R&D"),
        (r"C:\\Users stays C:\Users", r"C:\Users stays C:\Users"),
        ("Sjogren&#39;s &amp; Crohn", "Sjogren's & Crohn"),
        (r"leukocytes \&gt; 2,000; \&amp;lt;1 cm", "leukocytes > 2,000; <1 cm"),
        ("BLUE &Amp; TAPER Non-Hodgkin&Amp;Amp;#39;s", "BLUE & TAPER Non-Hodgkin's"),
        ("AT&T &nosuchthing; 5 & 6", "AT&T &nosuchthing; 5 & 6"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("ＤＬＬ３ 靶向 ≥ 18", "ＤＬＬ３ 靶向 ≥ 18"),
    ],
)
def test_plain_text_is_what_people_read(raw, plain):
    assert plain_text(raw) == plain


@given(st.text(alphabet=st.characters(exclude_characters="\\&\r")))
def test_a_text_without_escapes_is_its_own_plain_text(raw):
    assert plain_text(raw) == raw


@given(st.text(alphabet="a<>=*[]^~_-.&;\n"))
def test_escaping_each_mark_and_reading_gives_the_text_back(wanted):
    escaped = "".join(f"\\{each}" if each in "<>=*[]^~_-.&;" else each for each in wanted)
    assert plain_text(escaped) == wanted


@given(st.text())
def test_raw_stays_unaltered_beside_plain(raw):
    made = text(raw, "/a/b")
    assert (
        made is None
        if not raw.strip()
        else made == Text(field="/a/b", raw=raw, plain=plain_text(raw))
    )


@pytest.mark.parametrize(
    ("stated", "day", "precision"),
    [
        ("2024-03-31", dt.date(2024, 3, 31), "Day"),
        ("2024-03", dt.date(2024, 3, 1), "Month"),
        ("2024", dt.date(2024, 1, 1), "Year"),
        ("2024-02-29", dt.date(2024, 2, 29), "Day"),
    ],
)
def test_a_partial_date_is_the_first_day_of_its_period(stated, day, precision):
    made = date(stated, "/d", [])
    assert (made.day, made.precision, made.date_type) == (day, precision, None)


@pytest.mark.parametrize(
    "stated",
    ["", "2023-02-29", "2024-13", "0000", "March 2024", "2024-3-1", "2024-03-31T00:00", "２０２４"],
)
def test_what_is_no_date_is_dropped_and_named(stated):
    dropped = []
    assert date(stated, "/d", dropped) is None
    assert [(each.field, each.value) for each in dropped] == [("/d", stated)]
    assert "YYYY-MM-DD" in dropped[0].reason


@given(st.dates())
def test_every_day_is_read_back_as_itself(day):
    assert day_of(day.isoformat()) == (day, "Day")


def test_a_date_type_outside_the_table_leaves_the_date():
    dropped = []
    made = typed_date(DateStruct(date="2024-03", type="GUESSED"), "/s", dropped)
    assert (made.day, made.date_type) == (dt.date(2024, 3, 1), None)
    assert [(each.field, each.value) for each in dropped] == [("/s/type", "GUESSED")]


@pytest.mark.parametrize(
    ("stated", "duration", "years"),
    [
        ("18 Years", "P18Y", "18"),
        ("1 Year", "P1Y", "1"),
        ("6 Months", "P6M", "0.5"),
        ("1 Month", "P1M", "0.08333333"),
        ("2 Weeks", "P14D", "0.03832991"),
        ("1 Week", "P7D", "0.01916496"),
        ("28 Days", "P28D", "0.07665982"),
        ("48 Hours", "PT48H", "0.0054757"),
        ("30 Minutes", "PT30M", "0.00005704"),
        ("0 Days", "P0D", "0"),
    ],
)
def test_an_age_is_a_duration_and_a_number_of_years(stated, duration, years):
    made = age(stated, "/a", [])
    assert (made.as_listed, made.duration, made.years) == (stated, duration, Decimal(years))
    assert "E" not in str(made.years)


@pytest.mark.parametrize("stated", [None, "N/A", "N/A (No limit)", "n/a"])
def test_no_age_limit_is_no_age_and_no_fault(stated):
    dropped = []
    assert age(stated, "/a", dropped) is None
    assert dropped == []


@pytest.mark.parametrize("stated", ["", "18", "eighteen years", "-1 Years", "18 Fortnights"])
def test_an_age_of_another_form_is_dropped(stated):
    dropped = []
    assert age(stated, "/a", dropped) is None
    assert [each.value for each in dropped] == [stated]


def test_an_unknown_code_is_dropped_with_its_words():
    dropped = []
    assert code("PHASE9", {"PHASE1": "Phase1"}, "/p/0", dropped) is None
    assert [(each.field, each.value) for each in dropped] == [("/p/0", "PHASE9")]
