"""Whose changes are told: by antigen, condition, sponsor, country, trial, type and day."""

import datetime as dt
import json

import pytest

from kg.errors import UsageError
from kg.find.catalogue import Catalogue
from kg.following import read_wanted, select
from kg.publish import current_snapshot


@pytest.fixture(scope="module")
def snapshot_of_examples(examples):
    return current_snapshot(examples)


@pytest.fixture(scope="module")
def chosen(snapshot_of_examples):
    catalogue = Catalogue(snapshot_of_examples)

    def choose(most=10_000, **names):
        return select(snapshot_of_examples, read_wanted(catalogue, **names), most=most)

    return choose


def found(selected):
    return [(one.trial, one.type, one.what) for one in selected.changes]


def test_without_a_choice_everything_is_told_the_last_seen_first(chosen):
    days = [one.seen for one in chosen().changes]
    assert days == sorted(days, reverse=True)
    assert {one.type for one in chosen().changes} >= {"RecordAdded", "StatusChanged"}


def test_an_antigen_finds_the_trials_against_it(chosen):
    trials = {one.trial for one in chosen(antigen="DLL3", since=dt.date(2026, 5, 1)).changes}
    assert trials == {"NCT07366658", "NCT07395479", "NCT07744256"}


def test_a_condition_finds_everything_below_it(chosen):
    given = {"types": ["StatusChanged"]}
    below = {one.trial for one in chosen(condition="neuroendocrine neoplasm", **given).changes}
    assert {"NCT07366658", "NCT07227597"} <= below
    assert "NCT07211737" not in {
        one.trial for one in chosen(condition="small cell lung carcinoma", **given).changes
    }


def test_trial_type_sponsor_country_and_days_narrow_it_down(chosen):
    (one,) = chosen(trials=["NCT07509034"], types=["datechanged"]).changes
    assert (one.what, one.before, one.after) == ("start date", "2026-04-28", "2026-08-26")
    assert chosen(trials=["NCT07509034"], until=dt.date(2026, 4, 22)).changes == ()
    there = {one.trial for one in chosen(country="Israel").changes}
    assert there == {"NCT05041309", "NCT07227597"}
    assert {one.trial for one in chosen(country="CN", types=["StatusChanged"]).changes} == {
        "NCT07366658"
    }
    sponsored = chosen(sponsor="cancer-institute-and-hospital-chinese-academy-of-medical-sciences")
    assert {"NCT07366658", "NCT07395479"} <= {one.trial for one in sponsored.changes}


def test_what_came_with_a_change_is_told_with_it(chosen):
    (one,) = chosen(trials=["NCT07395479"], types=["ConstructAdded"]).changes
    assert (one.what, one.after, one.concerns) == ("V001-FcRH5", "V001-FcRH5", ("FcRH5",))
    assert one.abridged
    (text,) = chosen(trials=["NCT07395479"], types=["SummaryChanged"]).changes
    assert text.before != text.after
    assert text.after.endswith("FcRH5.")


def test_more_than_is_asked_for_is_counted_not_hidden(chosen):
    everything = chosen()
    first = chosen(most=3)
    assert first.changes == everything.changes[:3]
    assert first.more == len(everything.changes) - 3


@pytest.mark.parametrize(
    ("names", "near"),
    [
        ({"antigen": "DLL33"}, "DLL3"),
        ({"condition": "small cell lung canser"}, "small cell lung"),
        ({"types": ["StatusChange"]}, "StatusChanged"),
        ({"trials": ["NCT99999999"]}, "no trial NCT99999999"),
        ({"since": dt.date(2026, 2, 1), "until": dt.date(2026, 1, 1)}, "swap the days"),
    ],
)
def test_what_is_unknown_is_an_error_that_says_what_is_near(chosen, names, near):
    with pytest.raises(UsageError, match=near):
        chosen(**names)


def test_the_command_prints_a_table_and_json(examples, run_command):
    asked = ("changes", "--data", str(examples), "--trial", "NCT07366658")
    table = run_command(*asked)
    assert "StatusChanged" in table.stdout
    assert "abridged" in table.stderr
    rows = json.loads(run_command(*asked, "--json", "--type", "StatusChanged").stdout)
    assert [(row["before"], row["after"]) for row in rows] == [("not yet recruiting", "recruiting")]
    wrong = run_command("changes", "--data", str(examples), "--antigen", "DLL33")
    assert (wrong.returncode, "DLL3" in wrong.stderr) == (2, True)
