"""Dates, ages, counts and texts as registries write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.values import age, cleaned, code, count, date, day_of, yes_or_no


@pytest.mark.parametrize(
    ("stated", "day", "precision"),
    [
        ("2020-02-15", dt.date(2020, 2, 15), "Day"),
        ("2024-05-28 08:56:14", dt.date(2024, 5, 28), "Day"),
        ("2016-09-01T00:00:00.000Z", dt.date(2016, 9, 1), "Day"),
        ("20200215", dt.date(2020, 2, 15), "Day"),
        ("01/04/2020", dt.date(2020, 4, 1), "Day"),
        ("17 February 2020", dt.date(2020, 2, 17), "Day"),
        ("April 1, 2020", dt.date(2020, 4, 1), "Day"),
        ("April 2020", dt.date(2020, 4, 1), "Month"),
        ("2020-02", dt.date(2020, 2, 1), "Month"),
        ("2020", dt.date(2020, 1, 1), "Year"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(stated, day, precision):
    assert day_of(stated) == (day, precision)


@pytest.mark.parametrize(
    "stated", ["soon", "31/02/2020", "32 April 2020", "2020-13-01", "Maybe 2020"]
)
def test_what_is_no_date_is_dropped_verbatim(stated):
    dropped = []
    assert date(stated, "/start", dropped) is None
    assert [(one.field, one.value) for one in dropped] == [("/start", stated)]


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_every_day_is_read_in_every_order(day):
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d %B %Y", "%B %d, %Y"):
        assert day_of(day.strftime(form)) == (day, "Day")


@pytest.mark.parametrize(
    ("stated", "duration", "years"),
    [
        ("18", "P18Y", "18"),
        ("18 Years", "P18Y", "18"),
        ("6 Months", "P6M", "0.5"),
        ("2 weeks", "P14D", "0.03832991"),
        ("0.5 years", "P6M", "0.5"),
        ("18岁", "P18Y", "18"),
    ],
)
def test_an_age_is_a_duration_and_years(stated, duration, years):
    made = age(stated, "years", "/age", [])
    assert (made.duration, str(made.years)) == (duration, years)


def test_no_limit_is_no_age_and_no_drop():
    dropped = []
    assert age("No limit", "years", "/age", dropped, {"no limit"}) is None
    assert dropped == []
    assert age("??", "years", "/age", dropped) is None
    assert [one.value for one in dropped] == ["??"]


def test_codes_are_folded_and_what_means_nothing_is_not_dropped():
    dropped = []
    table = {"not yet recruiting": "NotYetRecruiting", "other": ""}
    assert code(" Not  Yet recruiting.", table, "/s", dropped) == "NotYetRecruiting"
    assert code("other", table, "/s", dropped) is None
    assert dropped == []
    assert code("Perhaps", table, "/s", dropped) is None
    assert [one.value for one in dropped] == ["Perhaps"]


def test_counts_and_answers():
    dropped = []
    assert count(" 12 ", "/n", dropped) == 12
    assert yes_or_no("Yes", "/y", dropped) is True
    assert dropped == []
    assert count("twelve", "/n", dropped) is None
    assert [one.reason for one in dropped] == ["no count"]


def test_markup_and_padding_go_and_comparisons_stay():
    raw = "Age &gt; 18 years;<br>2. CD4 < 200 and b > a\r\n\r\n\r\n  <b>bold</b>   x "
    assert cleaned(raw) == "Age > 18 years;\n2. CD4 < 200 and b > a\n\nbold x"


@given(st.text())
def test_cleaning_is_done_once_for_what_has_no_entities(text):
    plain = text.replace("&", "").replace("<", "")
    assert cleaned(cleaned(plain)) == cleaned(plain)
