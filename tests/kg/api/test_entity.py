"""Pages of what trials have in common, from a server with the bundled examples."""

import html
import re

import httpx
import pytest

from kg.find.catalogue import Catalogue
from kg.find.facets import Level
from kg.find.profile import profile
from kg.find.selection import selection
from kg.publish import current_snapshot

SEED = {"NCT07366658", "NCT07480213", "NCT07744256"}


@pytest.fixture(scope="module")
def serving(examples, serve):
    with serve(examples) as client:
        yield client


@pytest.fixture(scope="module")
def catalogue(examples):
    return Catalogue(current_snapshot(examples))


def keys(catalogue, facet):
    return catalogue.values(facet)


PLACES = {
    "antigen": "antigen",
    "product": "product",
    "condition": "concept",
    "country": "country",
    "city": "city",
    "facility": "facility",
    "sponsor": "organization",
}


@pytest.mark.parametrize("facet", PLACES)
def test_a_page_counts_the_trials_that_a_search_finds(serving, catalogue, facet):
    for key in keys(catalogue, facet)[:5]:
        answer = serving.get(f"/{PLACES[facet]}/{key}.html")
        assert answer.status_code == 200, key
        found = int(catalogue.find(selection({facet: (key,)})).sum())
        assert f"<strong>{found}</strong>" in answer.text
        told = serving.get(f"/{PLACES[facet]}/{key}.json").json()
        assert told["trials"] == found
        assert sum(told["years"].values()) <= found


def test_links_of_a_page_lead_to_pages(serving):
    for start in ("/antigen/DLL3.html", "/concept/MONDO:0008433.html", "/country/CN.html"):
        text = serving.get(start).text
        hrefs = {html.unescape(one) for one in re.findall(r'href="(/[^"#]*)"', text)}
        assert len(hrefs) > 20
        for href in sorted(hrefs):
            found = serving.get(href, follow_redirects=True)
            assert found.status_code == 200, (start, href, found.text[:200])


def test_a_condition_has_the_trials_of_what_is_below_it(serving, catalogue):
    above = serving.get("/concept/MONDO:0004992.json").json()
    below = serving.get("/concept/MONDO:0008433.json").json()
    assert above["label"] == "cancer"
    assert above["trials"] > below["trials"] > 0


def test_a_facility_lists_its_own_trials(serving, catalogue):
    sites = catalogue.tables[Level.SITE]
    key = sites["facility"].drop_nulls().unique().sort()[0]
    trials = sites.filter(sites["facility"] == key)["trial"].n_unique()
    seen = profile(catalogue, "facility", key)
    assert len(seen.found) == trials
    assert int(catalogue.find(seen.wanted).sum()) == trials
    assert f"<strong>{trials}</strong>" in serving.get(f"/facility/{key}.html").text


def test_neighbours_are_of_the_same_construct_and_never_the_thing_itself(catalogue):
    seen = profile(catalogue, "antigen", "DLL3")
    counts = {one.facet: {value.value for value in one.values} for one in seen.counts}
    assert "DLL3" not in counts.get("antigen", set())
    constructs = catalogue.tables[Level.CONSTRUCT]
    with_it = constructs.filter(constructs["targets_or_variant"].list.contains("DLL3"))
    assert counts["modality"] <= set(with_it["modality"].to_list())
    assert counts["antigen"] <= set(with_it["targets"].explode().to_list())


def test_a_thing_without_trials_says_so_and_what_that_means(serving, catalogue):
    known = [key for key in catalogue.labels.keys("antigen") if not catalogue.has("antigen", key)]
    text = serving.get(f"/antigen/{known[0]}.html").text
    assert "<strong>0</strong>" in text
    assert "says nothing of trials in registries that are not loaded" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/concept/MONDO:9999999.html", 404),
        ("/concept/nothing.html", 400),
        ("/concept/MONDO:0008433", 303),
        ("/facility/cn/nowhere/none.html", 404),
        ("/organization/none.json", 404),
    ],
)
def test_what_is_not_there_is_a_problem(serving: httpx.Client, path, status):
    assert serving.get(path).status_code == status


def test_a_construct_has_a_page_with_its_drawing_and_the_trials_like_it(serving):
    trial = serving.get("/trial/clinicaltrials/NCT07480213.json").json()
    construct = next(one for one in trial["constructs"] if len(one["targets"]) > 1)
    path = construct["iri"].removeprefix("https://w3id.org/trialkg")
    assert serving.get(path, headers={"Accept": "text/html"}).headers["location"] == f"{path}.html"
    text = serving.get(f"{path}.html").text
    assert 'class="diagram"' in text
    assert "Why it is believed" in text
    hrefs = [html.unescape(one) for one in re.findall(r'href="(/[^"#]*)"', text)]
    assert any("both=" in href for href in hrefs)
    for href in hrefs:
        assert serving.get(href, follow_redirects=True).status_code == 200, href
    nothing = path.rpartition("/")[0] + "/none.html"
    assert serving.get(nothing).status_code == 404
