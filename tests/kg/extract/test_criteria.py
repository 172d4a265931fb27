import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.criteria import criteria
from tests.kg.extract.trials import real_trials, trial, with_criteria

LINES = st.lists(
    st.sampled_from(
        [
            "Inclusion Criteria:",
            "Exclusion Criteria:",
            "INCLUSION CRITERIA",
            "Key Exclusion Criteria",
            "Exclusion Criteria for Cohort B:",
            "DISEASE CHARACTERISTICS:",
            "* one item",
            "  * a child",
            "    * a grandchild \\>= 3 x 10\\^9/L",
            "1. numbered",
            "2\\. escaped number",
            "* 10. broken number",
            "running text without an end",
            "   continued",
            "Adequate organ function:",
            "",
            "\r",
            "- dash",
            "18 to 75 years",
            "≥ 1.5 mg/dL",
        ]
    )
    | st.text(max_size=30),
    max_size=14,
).map("\n".join)


def read(raw):
    return criteria(with_criteria(raw))


def polarities(raw):
    return [(each.text, each.polarity) for each in read(raw)]


def test_headings_give_the_polarity_and_are_no_criteria():
    raw = "Inclusion Criteria:\n\n* Adults\n* ECOG 0-1\n\nExclusion Criteria:\n\n* Pregnancy"
    assert polarities(raw) == [
        ("Adults", "Inclusion"),
        ("ECOG 0-1", "Inclusion"),
        ("Pregnancy", "Exclusion"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria:",
        "EXCLUSION CRITERIA",
        "Key Exclusion Criteria:",
        "- Exclusion criteria :",
        "**Exclusion Criteria**",
        "Exclusions:",
        "Non-inclusion criteria:",
        "Main exclusion criteria",
    ],
)
def test_exclusion_headings_of_many_forms(heading):
    assert polarities(f"Inclusion Criteria:\n* Adults\n{heading}\n* Pregnancy")[-1] == (
        "Pregnancy",
        "Exclusion",
    )


@pytest.mark.parametrize(
    "line",
    [
        "* Meets all inclusion criteria of the parent study",
        "* Biopsy does not meet inclusion criteria",
        "* Inclusion in another trial",
        "* Other protocol-defined inclusion/exclusion criteria may apply",
        "* Not meeting exclusion criteria",
        "* Pregnancy is not a criterion for exclusion.",
    ],
)
def test_a_criterion_that_speaks_of_criteria_is_no_heading(line):
    found = polarities(f"Inclusion Criteria:\n* Adults\n{line}\n* ECOG 0-1")
    assert [polarity for _, polarity in found] == ["Inclusion"] * 3
    assert found[1][0] == line[2:]


def test_a_sentence_that_opens_a_list_is_a_heading_and_stays():
    found = read("Patients will be excluded if they have any of the following:\n\n* HIV\n* HBV")
    assert [each.polarity for each in found] == ["Exclusion"] * 3
    assert [each.parent for each in found] == [None, 0, 0]


def test_a_heading_for_one_cohort_keeps_its_words():
    found = read("Inclusion Criteria:\n* All\nInclusion Criteria for Cohort B:\n* More")
    assert [each.text for each in found] == ["All", "Inclusion Criteria for Cohort B:", "More"]
    assert found[2].parent == 1


def test_text_before_the_exclusion_heading_is_inclusion():
    assert polarities("* Adults\n\nExclusion Criteria:\n* Pregnancy") == [
        ("Adults", "Inclusion"),
        ("Pregnancy", "Exclusion"),
    ]


def test_without_any_heading_the_polarity_is_not_stated():
    assert [each.polarity for each in read("* Adults\n* Not pregnant")] == ["", ""]


def test_a_heading_in_the_middle_of_a_line_divides_it():
    raw = "Inclusion Criteria: Body weight from 50 to 100 kg at screening. Exclusion Criteria: HIV"
    assert polarities(raw) == [
        ("Body weight from 50 to 100 kg at screening.", "Inclusion"),
        ("HIV", "Exclusion"),
    ]


def test_nested_items_hang_on_their_parents():
    raw = "Inclusion Criteria:\n\n1. Organ function:\n\n   * ANC\n   * Platelets\n2. Consent"
    assert [(each.text, each.parent) for each in read(raw)] == [
        ("Organ function:", None),
        ("ANC", 0),
        ("Platelets", 0),
        ("Consent", None),
    ]


def test_numbers_that_run_on_inside_a_list_are_children_of_the_item_that_opens_it():
    raw = (
        "Inclusion Criteria:\n\n8. Adults\n9. Adequate organ function:\n\n"
        "   * 10. ANC \\>= 1.0\n   * 11. Platelets \\>= 75\n12. Consent"
    )
    found = read(raw)
    assert [(each.text, each.parent) for each in found] == [
        ("Adults", None),
        ("Adequate organ function:", None),
        ("ANC >= 1.0", 1),
        ("Platelets >= 75", 1),
        ("Consent", None),
    ]


def test_a_list_that_is_flattened_after_a_colon_still_has_its_parent():
    raw = "Inclusion Criteria:\n1. One of the following:\n* HIV\n* HBV\n2. Consent"
    assert [each.parent for each in read(raw)] == [None, 0, 0, None]


def test_an_item_that_goes_on_in_the_next_line_is_one_criterion():
    (found,) = read("Inclusion Criteria:\n* Adults who have\n  given consent")
    assert found.text == "Adults who have given consent"
    assert found.evidence.exact == "Adults who have\n  given consent"


def test_the_text_is_unescaped_and_the_quote_is_not():
    (found,) = read("Inclusion Criteria:\r\n\r\n* ANC \\>= 1.0 x10\\^9/L\r\n")
    assert found.text == "ANC >= 1.0 x10^9/L"
    assert found.evidence.exact == "ANC \\>= 1.0 x10\\^9/L"
    assert found.evidence.start == 25


def test_an_amount_at_the_start_of_a_line_is_no_list_number():
    found = read("Inclusion Criteria:\n1.5 x ULN or less\n18 years or older")
    assert [each.text for each in found] == ["1.5 x ULN or less", "18 years or older"]


def test_a_trial_without_criteria_has_none():
    assert criteria(trial()) == ()


@given(LINES)
def test_every_quote_stands_at_its_place_and_nothing_stands_twice(raw):
    taken = [False] * len(raw)
    for number, each in enumerate(read(raw)):
        quote = each.evidence
        assert raw[quote.start : quote.end] == quote.exact != ""
        assert each.parent is None or each.parent < number
        assert each.polarity in {"", "Inclusion", "Exclusion"}
        assert not any(taken[quote.start : quote.end])
        taken[quote.start : quote.end] = [True] * (quote.end - quote.start)


def left_over(raw, found):
    rest = list(raw)
    for each in found:
        rest[each.evidence.start : each.evidence.end] = " " * len(each.evidence.exact)
    words = re.sub(
        r"(?i)(?:key|main|major|the|general|overall|study|primary|core|pre|non)", "", "".join(rest)
    )
    words = re.sub(r"(?i)(?:inclusion|exclusion|eligibility)s?|criteri(?:a|on|um)", "", words)
    return re.sub(r"\(?(?:\d{1,2}(?:\\?\.\d+)*|[a-zA-Z]|[ivx]+)\\?[.):、]|[\W_]|\bo\b", "", words)


def test_nothing_but_headings_and_list_marks_is_lost_in_real_records(shared):
    lost = {}
    for one in real_trials(shared):
        if one.eligibility is not None:
            rest = left_over(one.eligibility.raw, criteria(one))
            if rest:
                lost[one.registry_id] = rest
    assert lost == {}


def test_nearly_all_criteria_of_real_records_have_a_polarity(shared):
    found = [each for one in real_trials(shared) for each in criteria(one)]
    assert len(found) > 25_000
    assert sum(each.polarity == "" for each in found) / len(found) < 0.01
