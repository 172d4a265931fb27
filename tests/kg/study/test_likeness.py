"""Evidence that two registrations are one study: strong enough, or a word and no more."""

import datetime as dt

import pytest

from kg.records import Age, PartialDate
from kg.study import compare
from tests.kg.study.told import TITLE, evidence, studies, told


def age(years):
    return Age(as_listed=f"{years}", duration=f"P{years}Y", years=years)


def day(year, month, number):
    return PartialDate(day=dt.date(year, month, number), precision="Day")


def here(**changed):
    return told("clinicaltrials", "NCT00000001", **changed)


def there(**changed):
    return told("chictr", "ChiCTR2500000002", **changed)


def test_title_sponsor_size_and_start_make_one_study_of_two_registries():
    assert studies(here(), there(title=TITLE.upper())) == [["ChiCTR2500000002", "NCT00000001"]]
    ((verdict, score, reason),) = evidence(here(), there())
    assert (verdict, score) == ("SameStudy", 0.95)
    assert reason.startswith("title 1.00; sponsor 1.00; enrolment 1.00; start 1.00")


@pytest.mark.parametrize(
    "changed",
    [
        {"enrollment": 90},
        {"enrollment": None},
        {"title": "Safety of Anti-CD19 CAR-T Cells in Lymphoma of Adults"},
        {"title": TITLE.replace("DLL3", "B7H3")},
        {"country": "CN"},
        {"sponsor": "another-clinic", "start_date": day(2024, 1, 1)},
    ],
)
def test_two_that_differ_in_what_counts_stay_two(changed):
    assert len(studies(here(), there(**changed))) == 2


def test_other_ages_are_other_studies():
    adults, children = (
        here(minimum_age=age(18), maximum_age=age(75)),
        there(minimum_age=age(2), maximum_age=age(17)),
    )
    assert compare(adults, children) is None


def test_likeness_that_is_not_enough_is_told_and_joins_nothing():
    near = there(title=f"{TITLE} and Large Cell Neuroendocrine Carcinoma", sponsor="another-clinic")
    assert [verdict for verdict, *_ in evidence(here(), near)] == ["UndecidedIdentity"]
    assert len(studies(here(), near)) == 2


def test_a_look_alike_of_the_same_registry_stays_a_study_of_its_own():
    twin = told("clinicaltrials", "NCT00000002", start_date=day(2025, 4, 5))
    assert len(studies(here(), twin)) == 2
    assert [verdict for verdict, *_ in evidence(here(), twin)] == ["UndecidedIdentity"]


def test_no_third_joins_two_registrations_of_one_registry():
    twin = told("clinicaltrials", "NCT00000002", start_date=day(2025, 3, 6))
    assert [len(members) for members in studies(here(), twin, there())].count(2) == 1


def test_likeness_never_joins_a_trial_and_its_follow_up():
    from tests.kg.study.told import text

    said = text("This is the long-term follow-up of NCT00000001.", "/summary")
    assert len(studies(here(), there(brief_summary=said))) == 2
