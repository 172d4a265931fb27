import datetime as dt
from decimal import Decimal

import pytest

from kg.extract.flags import record_flags
from kg.records import Age, PartialDate
from tests.kg.extract.told import said
from tests.kg.extract.trials import real_trials, text, trial

SEEN = dt.date(2026, 8, 22)


def flags(one, seen=SEEN):
    return {each.value: each for each in record_flags(one, seen)}


def verified(day, status="Recruiting"):
    return trial(status_verified=PartialDate(day, "Month"), recruitment_status=status)


def aged(low, high, criteria):
    return trial(
        minimum_age=Age(f"{low} Years", f"P{low}Y", Decimal(low)),
        maximum_age=Age(f"{high} Years", f"P{high}Y", Decimal(high)),
        eligibility=text(criteria, "/eligibility"),
    )


# Records that call themselves an example


@pytest.mark.parametrize(
    "summary",
    [
        "This example study is an open-label trial of a CAR-NK product.",
        "This hypothetical first-in-human study is designed to evaluate safety.",
        "This illustrative Phase 1/Phase 2 study tests CAR-NK cells.",
        "In this example, CAR-NK cells are given intraperitoneally.",
        "Preliminary activity of an illustrative allogeneic CAR-NK cell product.",
        "Adequate organ function (example): ANC \\>= 1.0",
    ],
)
def test_a_record_that_calls_itself_an_example_is_flagged_with_its_words(summary):
    found = flags(trial(brief_summary=text(summary, "/summary")))["SelfDescribedExample"]
    (quote,) = found.evidence
    assert summary[quote.start : quote.end] == quote.exact
    assert quote.field == "/summary"


@pytest.mark.parametrize(
    "summary",
    [
        "For example, patients may receive steroids.",
        "An example of a barrier method of contraception is a condom.",
        "The willingness to take part in the hypothetical screening programme is 40 percent.",
        "This sample of patients illustrates the effect.",
        "Blood samples are collected in this study.",
        "Treatment likely to act on haemostasis (example: anticoagulants).",
    ],
)
def test_giving_an_example_is_not_being_one(summary):
    assert flags(trial(brief_summary=text(summary))) == {}


# Status that nobody verified


@pytest.mark.parametrize(
    ("one", "stale"),
    [
        (verified(dt.date(2024, 8, 1)), True),
        (verified(dt.date(2024, 9, 1)), False),
        (verified(dt.date(2020, 2, 29)), True),
        (verified(dt.date(2010, 1, 1), "Completed"), False),
        (verified(dt.date(2010, 1, 1), "NotYetRecruiting"), True),
        (trial(recruitment_status="Recruiting"), False),
    ],
)
def test_an_open_status_is_stale_two_years_after_it_was_verified(one, stale):
    assert ("StaleVerification" in flags(one)) == stale


def test_without_a_date_of_retrieval_nothing_is_stale():
    assert flags(verified(dt.date(2001, 1, 1)), seen=None) == {}


def test_exactly_two_years_are_not_more_than_two():
    one = verified(dt.date(2024, 2, 29))
    assert "StaleVerification" not in flags(one, dt.date(2026, 2, 28))
    assert "StaleVerification" in flags(one, dt.date(2026, 3, 1))


# Fields that disagree


def test_an_age_range_that_differs_from_the_fields_contradicts_them():
    found = flags(aged(18, 75, "Inclusion Criteria:\n* Aged 18 to 80 years\n* Consent"))
    assert found["TextContradictsItself"].evidence[0].exact == "Aged 18 to 80 years"


@pytest.mark.parametrize(
    "criteria",
    [
        "Inclusion Criteria:\n* Aged 18 to 75 years",
        "Inclusion Criteria:\n* Cohort 2: aged 2 to 17 years",
        "Inclusion Criteria:\n* Patients\n  * aged 2 to 17 years",
        "Exclusion Criteria:\n* Aged 2 to 17 years",
        "Inclusion Criteria:\n* Aged 18 to 30 years\n* Or aged 40 to 75 years",
        "Inclusion Criteria:\n* History of disease for 2 to 9 years",
    ],
)
def test_an_age_range_that_agrees_or_is_for_some_only_contradicts_nothing(criteria):
    assert flags(aged(18, 75, criteria)) == {}


# Real records


def test_flags_of_real_records_quote_what_stands_there(shared):
    by_field = {}
    for one in real_trials(shared):
        texts = (one.brief_title, one.official_title, one.brief_summary)
        for each in (*texts, one.detailed_description, one.eligibility):
            if each is not None:
                by_field[one.registry_id, each.field] = each.raw
        for flag in record_flags(one, SEEN):
            for quote in flag.evidence:
                raw = by_field[one.registry_id, quote.field]
                assert raw[quote.start : quote.end] == quote.exact


def test_the_record_that_calls_itself_an_example_study_is_flagged(shared):
    known = {one.registry_id: one for one in real_trials(shared)}
    assert "SelfDescribedExample" in flags(known["NCT07744256"])
    assert "SelfDescribedExample" not in flags(known["NCT07480213"])


def test_self_described_examples_are_rare(shared):
    trials = real_trials(shared)
    found = sum("SelfDescribedExample" in flags(one) for one in trials)
    assert 0 < found < len(trials) / 100


# Another antigen elsewhere


def contradiction(*args, **kwargs):
    flagged = {each.value: each for each in said(*args, **kwargs).record_flags}
    found = flagged.get("TextContradictsItself")
    return found and [quote.exact for quote in found.evidence]


@pytest.mark.parametrize(
    ("title", "name", "summary", "quotes"),
    [
        ("CD19/CD22 CAR-T in lymphoma", "CD19/CD20 CAR-T cells", None, ["CD19/CD22", "CD19/CD20"]),
        ("A study", "CD19 CAR-T cells", "Patients get EpCAM CAR-T cells.", ["CD19", "EpCAM"]),
    ],
)
def test_another_antigen_of_the_same_product_is_a_contradiction(title, name, summary, quotes):
    assert contradiction(title, name, summary=summary) == quotes


@pytest.mark.parametrize(
    ("title", "name", "summary"),
    [
        ("CD19/CD22 CAR-T in lymphoma", "CD19 CAR-T cells", None),
        ("CLDN18 CAR-T in gastric cancer", "CLDN18.2 CAR-T cells", None),
        ("A study", "CD22 CAR-T cells", "Unlike CD19 CAR-T, CD22 CAR-T cells are new."),
        ("A study", "CD22 CAR-T cells", "CD19 CAR-T cells have changed much. CD22 is new."),
        ("CD7 CAR-T after CD19 CAR-T failure", "CD7 CAR-T cells", None),
    ],
)
def test_a_form_a_part_or_another_product_is_no_contradiction(title, name, summary):
    assert contradiction(title, name, summary=summary) is None
