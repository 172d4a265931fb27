"""Feeds of changes: what a reader of Atom or of JSON gets, and that it asks for nothing twice."""

import datetime as dt

import pytest
from lxml import etree

from kg.api import feeds
from kg.following import Change, Selected

ATOM = "{http://www.w3.org/2005/Atom}"
ASKED = {"antigen": "delta-like 3", "since": "2026-05-01"}
TRIALS = {"NCT07366658", "NCT07395479", "NCT07744256"}


@pytest.fixture(scope="module")
def fed(examples, serve):
    with serve(examples) as client:
        yield client


def items(fed, **asked):
    answer = fed.get("/feeds/changes.json", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def trials(found):
    return {one["url"].rsplit("/", 1)[1] for one in found}


def test_both_forms_hold_the_same_changes(fed):
    found = items(fed, **ASKED)
    assert trials(found) == TRIALS
    answer = fed.get("/feeds/changes.atom", params=ASKED)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}id").text for one in entries] == [one["id"] for one in found]
    assert [one.find(f"{ATOM}title").text for one in entries] == [one["title"] for one in found]
    assert feed.find(f"{ATOM}updated").text == entries[0].find(f"{ATOM}updated").text
    links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert fed.get(links["self"]).content == answer.content
    assert fed.get(found[0]["url"] + ".html").status_code == 200


def test_the_sentences_before_and_after_are_told_and_escaped(fed):
    (one,) = items(fed, trial="NCT07509034", type="DateChanged")
    assert one["title"] == "NCT07509034: date changed: start date"
    assert "before: 2026-04-28\nafter: 2026-08-26" in one["content_text"]
    assert one["date_published"] == "2026-08-21T00:00:00Z"
    feed = etree.fromstring(fed.get("/feeds/changes.atom").content)
    texts = [one.text for one in feed.iter(f"{ATOM}content")]
    assert any("<dt>before</dt><dd>" in text for text in texts)
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)


def test_a_feed_that_did_not_change_is_not_sent_again(fed):
    first = fed.get("/feeds/changes.atom", params=ASKED)
    known = {"If-None-Match": first.headers["etag"]}
    again = fed.get("/feeds/changes.atom", params=ASKED, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert fed.get("/feeds/changes.atom", params=ASKED).content == first.content
    other = fed.get("/feeds/changes.atom", params={"antigen": "GD2"}, headers=known)
    assert other.status_code == 200


def test_a_saved_search_is_followed_by_its_own_address(fed):
    searched = {"antigen": "DLL3", "modality": "NKCellTherapy", "open": "true"}
    found = fed.get("/trials.json", params=searched).json()["trials"]
    assert trials(items(fed, **searched)) <= {one["registry_id"] for one in found}
    assert "NCT07366658" in trials(items(fed, **searched))
    assert items(fed, q="zebrafish") == []
    several = items(fed, antigen=["DLL3", "GD2"])
    assert trials(several) >= trials(items(fed, antigen="DLL3"))


def test_what_is_left_out_is_said(fed):
    answer = fed.get("/feeds/changes.json", params={"most": 1}).json()
    assert len(answer["items"]) == 1
    assert "earlier changes are not shown" in answer["description"]
    assert "not shown" not in fed.get("/feeds/changes.json", params=ASKED).json()["description"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"antigen": "DLL33"}, "DLL3"),
        ({"since": "yesterday"}, "2026-06-01"),
        ({"since": ["2026-01-01", "2026-01-02"]}, "twice"),
        ({"most": "0"}, "most=0"),
        ({"most": "000005000999999"}, "most=000005000999999"),
        ({"most": "000000001" + "1" * 5000}, "a number from 1 to"),
        ({"colour": "red"}, "colour"),
        ({"trial": "NCT99999999"}, "NCT99999999"),
    ],
)
def test_what_cannot_be_honoured_is_refused(fed, asked, told):
    answer = fed.get("/feeds/changes.atom", params=asked)
    assert answer.status_code == 400
    assert told in answer.text


def test_pages_name_their_feeds(fed):
    page = fed.get("/trial/clinicaltrials/NCT07509034.html").text
    assert 'href="/feeds/changes.atom?trial=NCT07509034"' in page
    assert page.count('href="/feeds/changes.json?trial=NCT07509034"') == 2
    for place, asked in (
        ("antigen/DLL3", "antigen=DLL3"),
        ("concept/MONDO:0008433", "condition=MONDO%3A0008433"),
        ("country/CN", "country=CN"),
    ):
        told = fed.get(f"/{place}.html").text
        assert told.count(f'href="/feeds/changes.atom?{asked}"') == 2
        assert fed.get(f"/feeds/changes.json?{asked}").status_code == 200
    searched = fed.get("/trials", params={"antigen": "DLL3"}).text
    assert 'href="/feeds/changes.atom?antigen=DLL3"' in searched


def test_words_of_a_record_are_neither_markup_nor_commands():
    hostile = "</dd><script>alert(1)</script> \x1b[2J\x00 \ud800 & more\nsecond line"
    change = Change(
        event="e",
        registry="clinicaltrials",
        trial="NCT00000001",
        title=hostile,
        type="SummaryChanged",
        subject="s",
        what=hostile,
        property=None,
        before=hostile,
        after=None,
        outcome_type=None,
        concerns=("DLL3",),
        registry_date=None,
        seen=dt.date(2026, 8, 22),
        abridged=False,
    )
    found = Selected(changes=(change,), more=0)
    feed = feeds.Feed(iri="i", self_="s", home="h", title="t", updated=change.seen, found=found)
    read = etree.fromstring(feeds._atom(feed))
    (content,) = [one.text for one in read.iter(f"{ATOM}content")]
    assert "<script>" not in content
    assert "&lt;script&gt;" in content
    assert "& more<br>" not in content
    assert "&amp; more<br>second line" in content
    assert not {"\x1b", "\x00"} & set(content)
    assert b"\\u001b" not in feeds._json(feed)
