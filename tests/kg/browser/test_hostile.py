"""Records that were written to do harm are text: on their page, in lists, in the graph."""

import json
import re

import pytest

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TEXTS = {
    "NCT09990001": SCRIPT,
    "NCT09990002": "DLL3 \u202ekcab daer\u202c CAR-NK \u2066\u200b\ufeff\x00\x07",
    "NCT09990003": "DLL3 CAR-NK " + "very long " * 10_000,
    "NCT09990004": "DLL3 \ud800 CAR-NK \udfff",
    "NCT09990005": "{{ 7 * 7 }} {% raw %} ${7*7} &lt;b&gt; javascript:alert(3)",
    "NCT09990006": "</title></textarea></style><svg onload=alert(4)>\"'`",
}


def record(base, registry_id, text):
    """Return a record that says a text wherever a registrant may write, the titles all of it."""
    short = text[:5_000]
    changed = json.loads(json.dumps(base))
    section = changed["protocolSection"]
    section["identificationModule"] |= {
        "nctId": registry_id,
        "briefTitle": text,
        "officialTitle": text,
        "acronym": text[:20],
    }
    section["descriptionModule"] = {"briefSummary": short, "detailedDescription": short}
    listed = {"conditions": [short, "javascript:alert(5)"], "keywords": [short]}
    section["conditionsModule"] = listed
    section["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = short
    for intervention in section["armsInterventionsModule"]["interventions"]:
        intervention |= {"description": short, "otherNames": [text[:200]]}
    for place in section.get("contactsLocationsModule", {}).get("locations", []):
        place |= {"facility": text[:500], "city": text[:100]}
    section["eligibilityModule"]["eligibilityCriteria"] = f"Inclusion Criteria:\n\n* {short}"
    return changed


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, serve):
    from kg.pipeline import Settings, build
    from kg.resources import EXAMPLES
    from loaders import LOADERS

    folder = tmp_path_factory.mktemp("hostile")
    base = json.loads((EXAMPLES / "NCT07480213.json").read_bytes())
    for registry_id, text in TEXTS.items():
        # Halves of pairs stay escapes, as a careless registry would send them.
        content = json.dumps(record(base, registry_id, text), ensure_ascii=True)
        (folder / f"{registry_id}.json").write_text(content, encoding="ascii")
    data = tmp_path_factory.mktemp("data")
    report = build(data, [folder], LOADERS, settings=Settings(processes=1))
    with serve(data) as client:
        yield str(client.base_url).rstrip("/"), report


def published(page, base):
    listed = page.request.get(f"{base}/trials.json").json()
    return [one["registry_id"] for one in listed["trials"]]


def test_every_record_is_published_or_kept_aside_with_a_reason(visit, hostile):
    base, report = hostile
    page = visit("/trials", base)
    there = published(page, base)
    assert report.written == len(there)
    assert report.written + report.rejected == len(TEXTS)
    assert {"NCT09990001", "NCT09990002", "NCT09990005", "NCT09990006"} <= set(there)


def test_pages_of_hostile_records_show_text_and_run_nothing(visit, hostile):
    base, _ = hostile
    page = visit("/trials", base)
    for registry_id in published(page, base):
        page.goto(f"/trial/clinicaltrials/{registry_id}.html")
        assert page.locator("main script, main img, main svg[onload], main textarea").count() == 0
        hrefs = page.locator("a").evaluate_all("all => all.map(one => one.protocol)")
        assert set(hrefs) <= {"http:", "https:"}
        shown = page.locator("h1").inner_text()
        assert len(shown) > 5
    page.goto("/trial/clinicaltrials/NCT09990001.html")
    assert SCRIPT in page.locator("h1").inner_text()
    page.goto("/trial/clinicaltrials/NCT09990005.html")
    assert "{{ 7 * 7 }}" in page.locator("h1").inner_text()


def test_hostile_records_break_no_page(visit, hostile):
    base, _ = hostile
    page = visit("/trials", base)
    paths = ["/trials", "/trials?view=counts", "/trials?view=map", "/ask?q=" + "DLL3%20" * 50]
    paths += [f"/trial/clinicaltrials/{one}.html" for one in published(page, base)]
    for path in paths:
        page.goto(path)
        for width in (1200, 375):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.locator("footer").is_visible()


def test_a_hostile_name_is_a_label_in_the_graph(visit, hostile, built_assets):
    base, _ = hostile
    page = visit("/explore?node=https://w3id.org/trialkg/trial/clinicaltrials/NCT09990001", base)
    page.wait_for_selector("#explorer[data-ready]")
    assert SCRIPT in page.locator("#panel h2").inner_text()
    page.locator("#lookup input").fill("NCT0999")
    page.locator("#lookup button").click()
    page.locator("#found button").first.wait_for()
    assert page.locator("#explorer script, #explorer img").count() == 0


def test_an_address_of_a_view_that_somebody_forged_is_refused_in_words(visit, built_assets):
    page = visit("/explore#1.AAAA")
    page.wait_for_function("document.querySelector('#state').innerText !== ''")
    assert re.search("holds no view", page.locator("#state").inner_text())


def test_an_iri_of_another_scheme_is_text(visit, server):
    page = visit("/trial/clinicaltrials/NCT00000001.html", str(server.base_url).rstrip("/"))
    assert page.locator('a[href^="javascript"]').count() == 0
