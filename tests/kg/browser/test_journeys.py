"""What people do, as they do it: typing, clicking, going back, without a mouse, on a phone."""

import csv
import itertools
import json
import re
from pathlib import Path

import networkx as nx
import pytest

SEED = "DLL3-targeting NK therapies recruiting in China"
TRIALS = ["NCT07366658", "NCT07480213", "NCT07744256"]
DLL3 = "/explore?node=https://w3id.org/trialkg/antigen/DLL3"
BY_FACETS = (
    ("Target antigen", "DLL3"),
    ("Modality", "NK-cell therapy"),
    ("Country of a site", "China"),
)


def ids(page):
    links = page.locator('main a[href^="/trial/clinicaltrials/"]').evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    return sorted({re.search(r"NCT\d{8}", href).group() for href in links})


def choose(page, facet, value):
    box = page.locator("#facets details").filter(has=page.locator("summary", has_text=facet))
    if not box.evaluate("one => one.open"):
        box.locator("summary").click()
    link = box.get_by_role("link", name=value, exact=True)
    if not link.count():
        follow(box.get_by_role("link", name=re.compile("^all ")))
    follow(link)


def follow(link):
    """Click a link, and wait for its page to be there to the end."""
    with link.page.expect_navigation():
        link.click()


def total(page):
    return page.locator('main [role="status"] strong').first.inner_text()


def reach(page, place, most=60):
    """Press Tab until an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("place => document.activeElement.matches(place)", place):
            return
    raise AssertionError(f"Tab never reaches {place}")


def test_the_seed_question_is_answered_by_typing_it(visit):
    page = visit("/")
    page.get_by_label("A question in plain words").fill(SEED)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    assert ids(page) == TRIALS


def test_the_seed_question_is_answered_by_facets_and_back_and_forward_keep_each_state(visit):
    page = visit("/trials")
    counts = [total(page)]
    for facet, value in (*BY_FACETS, ("Site open for enrolment", "yes")):
        choose(page, facet, value)
        counts.append(total(page))
    assert ids(page) == TRIALS
    page.go_back()
    assert total(page) == counts[-2]
    page.go_forward()
    assert total(page) == counts[-1] == "3"
    follow(page.get_by_role("link", name=re.compile("Target antigen DLL3")))
    assert int(total(page)) > len(TRIALS)


def test_the_seed_question_is_answered_by_sparql(visit, built_assets):
    page = visit("/query")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer")
    page.wait_for_load_state()
    cells = page.locator("#rows tbody tr td:first-child").all_inner_texts()
    assert sorted(set(cells)) == TRIALS


def test_the_editor_completes_shows_an_error_at_its_place_and_lets_tab_go(visit, built_assets):
    page = visit("/query?query=SELECT+*+%7B%0A%3Fs+foo%3Abar+%3Fo+%7D")
    assert page.locator(".cm-lintRange-error").inner_text() == "foo:bar"
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" antigen:DLL")
    page.locator(".cm-tooltip-autocomplete li", has_text="antigen:DLL3").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.locator(".cm-content").evaluate("one => one === document.activeElement")


def test_a_trial_shows_the_sentence_that_a_target_rests_on(visit):
    page = visit("/trial/clinicaltrials/NCT07480213.html")
    construct = page.locator("section.construct").filter(has_text="DLL3/GD2 CAR-NK").first
    construct.locator("summary", has_text="Why it is believed").click()
    row = construct.locator("tr", has_text="targets").filter(has_text="DLL3").first
    assert row.locator("mark").first.is_visible()
    assert "DLL3" in row.inner_text()


def test_a_search_is_taken_away_as_it_is_shown(visit, tmp_path):
    page = visit("/trials?antigen=DLL3&modality=NKCellTherapy&country=CN&open=true")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV", exact=True).click()
    started.value.save_as(tmp_path / "trials.csv")
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["registry_id"] for row in csv.DictReader(file)) == TRIALS


def state(page):
    return page.locator("#state").inner_text()


def grown(page, before):
    """Wait until what was asked for is drawn; while it is asked for, the state says so."""
    page.wait_for_function(
        "before => (now => now !== before && / links$/.test(now))"
        "(document.querySelector('#state').innerText)",
        arg=before,
    )


def kept(page, before):
    """Return what the address keeps of the view, once it is other than before."""
    page.wait_for_function(
        "before => location.hash !== before"
        " && document.querySelector('#share').href === location.href",
        arg=before,
    )
    return page.evaluate("location.hash")


def saved(page, name, folder) -> Path:
    with page.expect_download() as started:
        page.locator(f"[data-do={name}]").click()
    started.value.save_as(folder / started.value.suggested_filename)
    return folder / started.value.suggested_filename


def test_a_graph_grows_is_shared_by_its_address_and_is_taken_away(visit, tmp_path, built_assets):
    page = visit(DLL3)
    page.wait_for_selector("#explorer[data-ready]")
    before, place = state(page), kept(page, "")
    page.locator("#panel button", has_text=re.compile(r"^← antigen \(")).click()
    grown(page, before)
    assert kept(page, place) != place
    seen = json.loads(saved(page, "json", tmp_path).read_bytes())["elements"]
    graph = nx.read_graphml(saved(page, "graphml", tmp_path))
    nodes = {one["data"]["id"]: one["position"] for one in seen if one["group"] == "nodes"}
    assert set(graph.nodes) == set(nodes)
    assert graph.number_of_edges() == sum(one["group"] == "edges" for one in seen) > 0
    assert saved(page, "png", tmp_path).read_bytes().startswith(b"\x89PNG")
    again = visit(page.evaluate("location.pathname + location.search + location.hash"))
    again.wait_for_selector("#explorer[data-ready]")
    assert state(again) == state(page)
    (tmp_path / "again").mkdir()
    shared = json.loads(saved(again, "json", tmp_path / "again").read_bytes())["elements"]
    placed = {one["data"]["id"]: one["position"] for one in shared if one["group"] == "nodes"}
    assert placed.keys() == nodes.keys()
    assert all(abs(placed[one]["x"] - nodes[one]["x"]) <= 2 for one in nodes)


def test_kinds_are_filtered_and_what_is_chosen_is_removed(visit, built_assets):
    page = visit(DLL3)
    page.wait_for_selector("#explorer[data-ready]")
    drawn = int(state(page).split()[0])
    page.locator("#kinds input").last.uncheck()
    page.locator("[data-do=remove]").click()
    page.wait_for_function(
        "count => parseInt(document.querySelector('#state').innerText) < count", arg=drawn
    )


def test_everything_is_reached_without_a_mouse(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reach(page, 'input[name="q"]')
    page.keyboard.type(SEED)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    reach(page, '.hits a[href^="/trial/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/trial/**")
    reach(page, "section.construct summary")
    page.keyboard.press("Enter")
    assert page.locator("section.construct details[open] mark").first.is_visible()


def test_a_graph_is_explored_without_a_mouse(visit, built_assets):
    page = visit(DLL3)
    page.wait_for_selector("#explorer[data-ready]")
    reach(page, "#graph")
    page.keyboard.press("ArrowRight")
    reach(page, "#panel button:not(:disabled)")
    before = state(page)
    page.keyboard.press("Enter")
    grown(page, before)
    assert page.evaluate("document.querySelector('#panel').contains(document.activeElement)")


@pytest.mark.parametrize(
    ("path", "shown"),
    [(DLL3, "#lists table"), ("/query", "textarea#query"), ("/trials?view=map", "svg.map circle")],
)
def test_pages_are_complete_without_script(visit, path, shown):
    page = visit(path, java_script_enabled=False)
    assert page.locator(shown).first.is_visible()


# The names that are drawn, as boxes on the screen, and whether the chosen node has one.
NAMES = """() => {
  const graph = document.getElementById("graph")._cyreg.cy;
  const named = graph.nodes(":visible").filter((node) => node.style("label") !== "");
  const only = { includeNodes: false, includeEdges: false, includeOverlays: false };
  const boxes = named.map((node) => node.renderedBoundingBox({ ...only, includeLabels: true }));
  return {
    nodes: graph.nodes().length,
    boxes: boxes.map((box) => [box.x1, box.x2, box.y1, box.y2]),
    chosen: graph.nodes(":selected").every((node) => node.style("label") !== ""),
    size: parseFloat(named[0].style("font-size")) * graph.zoom(),
  };
}"""
RESTING = "() => document.getElementById('graph')._cyreg.cy.nodes('.unnamed').length > 0"
BORDER = 3


def test_names_of_a_graph_on_a_phone_can_be_read_and_do_not_lie_on_each_other(visit, built_assets):
    page = visit(DLL3, width=375, bypass_csp=True)
    page.wait_for_selector("#explorer[data-ready]")
    page.wait_for_function(RESTING)
    told = page.evaluate(NAMES)
    assert told["size"] >= 10.9
    assert told["chosen"]
    assert 3 <= len(told["boxes"]) < told["nodes"]
    for (left, right, top, bottom), other in itertools.combinations(told["boxes"], 2):
        across = min(right, other[1]) - max(left, other[0])
        down = min(bottom, other[3]) - max(top, other[2])
        assert across <= BORDER or down <= BORDER
