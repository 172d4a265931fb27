"""Pages of trial browsers: claims beside a trial, saved as text or as HTML."""

import datetime as dt

import pytest

from kg.errors import RecordError
from kg.records import REPORT
from loaders import LOADERS
from tests.loaders.reading import found, read, trial, versions

COMPASS, CURE = LOADERS["clinicaltrialcompass"], LOADERS["curemydisease"]

COMPASS_TEXT = """A CAR-NK Study in SCL… (NCT01234567) | Clinical Trial Compass
RecruitingPhase 1/2
A CAR-NK Study in SCLC
China60 participantsStarted 2026-02-02
Plain-language summary
Tests cells.
Who can participate
Age range18 Years – 75 Years
SexALL
See this in plain English?
Inclusion Criteria:
* Adults
"""
COMPASS_HTML = """<!doctype html><html><head>
<title>A CAR-NK Study in SCL… (NCT01234567) | Clinical Trial Compass</title>
<link rel="canonical" href="https://compass.example/NCT01234567"></head><body>
<div>Recruiting</div><div>Phase 1/2</div><h1>A CAR-NK Study in SCLC</h1>
<div><span>China</span></div><div>60 participants</div><div>Started 2026-02-02</div>
<h2>Plain-language summary</h2><p>Tests   cells.</p><h2>Who can participate</h2>
<div>Age range <b>18 Years – 75 Years</b></div><div>Sex<b>ALL</b></div>
<p>See this in plain English?</p><p>Inclusion Criteria:<br>* Adults</p>
<script>x()</script></body>"""

CURE_TEXT = """Cells against tough cancers

NCT ID NCT01234567

First seen Jun 27, 2026 · Last updated Jun 28, 2026

Summary

Tests cells.

What this could mean

Our plain-language read of the trial. This is informational only.

Active substance

NK-1 injection

What this could lead to

A new option.

What could go wrong

It may not work.

Disclaimer Read more

Curemydisease.com takes no responsibility.

Conditions

The condition(s) this trial relates to.

small cell lung carcinoma

As listed by the trial registrant

The condition terms exactly as the trial's registrant entered them.

  • SCLC

Locations

  • Cancer Hospital

    RECRUITING

    Beijing, China

    Contact Phone: •••-•••-•••• Email: •••••@•••••
"""


@pytest.mark.parametrize("content", [COMPASS_TEXT, COMPASS_HTML])
def test_a_page_of_the_compass_shows_a_registration_in_part(content):
    made = trial(COMPASS, content)
    assert found(content) == "clinicaltrialcompass"
    assert (made.registry, made.registry_id) == ("clinicaltrials", "NCT01234567")
    assert made.brief_title.raw == "A CAR-NK Study in SCLC"
    assert (made.recruitment_status, made.phases) == ("Recruiting", ("Phase1", "Phase2"))
    assert (made.enrollment, made.sex) == (60, "AllSexes")
    assert (made.minimum_age.years, made.maximum_age.years) == (18, 75)
    assert made.start_date.day == dt.date(2026, 2, 2)
    assert [site.country for site in made.sites] == ["China"]
    assert made.brief_summary.raw == "Tests cells."
    assert made.eligibility.raw == "Inclusion Criteria:\n* Adults"
    assert made.dropped == ()


def test_the_address_of_a_saved_page_is_kept():
    (version,) = versions(COMPASS, COMPASS_HTML)
    assert COMPASS.claims(version.content).page == "https://compass.example/NCT01234567"


def test_a_page_of_the_other_browser_makes_claims_of_its_own():
    (version,) = versions(CURE, CURE_TEXT)
    claims = CURE.claims(version.content)
    assert found(CURE_TEXT) == "curemydisease"
    assert (claims.first_seen, claims.last_updated) == (dt.date(2026, 6, 27), dt.date(2026, 6, 28))
    assert [
        [one.raw for one in listed]
        for listed in (
            claims.active_substances,
            claims.conditions,
            claims.could_lead_to,
            claims.could_go_wrong,
            claims.what_is_tested,
        )
    ] == [
        ["NK-1 injection"],
        ["small cell lung carcinoma"],
        ["A new option."],
        ["It may not work."],
        ["Tests cells."],
    ]
    assert version.last_update == dt.date(2026, 6, 28)


def test_sites_have_their_own_status_and_conditions_are_as_listed():
    made = trial(CURE, CURE_TEXT)
    assert [(one.facility, one.city, one.country, one.status) for one in made.sites] == [
        ("Cancer Hospital", "Beijing", "China", "Recruiting")
    ]
    assert [one.raw for one in made.conditions] == ["SCLC"]
    assert made.brief_title.raw == "Cells against tough cancers"


def test_masked_and_open_contacts_stay_out():
    open_contact = CURE_TEXT.replace("•••••@•••••", "jane@x.org")
    (version,) = versions(CURE, open_contact)
    assert b"jane@x.org" not in version.content
    assert "•••" not in version.content.decode()


def test_a_page_about_several_trials_or_none_is_refused():
    for content, reason in (
        (COMPASS_TEXT.replace("NCT01234567", "x"), "names no trial"),
        (COMPASS_TEXT.replace("Recruiting", "NCT07654321 Recruiting", 1), "several trials"),
    ):
        (error,) = versions(COMPASS, content)
        assert isinstance(error, RecordError)
        assert reason in error.reason


def test_a_page_in_another_encoding_is_refused():
    with pytest.raises(RecordError, match="not UTF-8"):
        read(COMPASS, COMPASS_TEXT.encode("utf-16"))


def test_pages_report_and_never_write():
    assert (COMPASS.standing, CURE.standing) == (REPORT, REPORT)


def test_both_real_pages_are_read(shared):
    compass, cure = (path.read_bytes() for path in sorted((shared / "data/seeds").glob("*.txt")))
    first, second = trial(COMPASS, compass), trial(CURE, cure)
    assert (first.registry_id, first.enrollment, str(first.start_date.day)) == (
        "NCT07480213",
        60,
        "2026-02-02",
    )
    assert first.eligibility.raw.startswith("Inclusion Criteria:\n* Age 18 to 75")
    assert second.registry_id == "NCT07366658"
    assert [(one.facility, one.status) for one in second.sites] == [
        ("Cancer Hospital of CICAMS", "Recruiting")
    ]
    assert first.dropped == second.dropped == ()
    claims = CURE.claims(versions(CURE, cure)[0].content)
    assert claims.active_substances[0].raw.startswith("NEUK203-13 injection")
    assert len(claims.could_go_wrong) == 1
