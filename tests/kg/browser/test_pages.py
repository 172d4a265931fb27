"""Every kind of page: for those who cannot see it or use a mouse, in light and dark, on a phone."""

from pathlib import Path

import pytest

PAGES = (
    "/",
    "/about",
    "/trials?antigen=DLL3",
    "/trials?view=map&antigen=DLL3",
    "/trials?view=timeline",
    "/trials?view=counts&antigen=DLL3",
    "/trials?q=zebrafish",
    "/trials?antigen=DLL33",
    "/ask?q=CD19+trials+that+zorgle",
    "/query?query=SELECT+*+%7B+%3Fs+foo%3Abar+%3Fo+%7D",
    "/query?query=SELECT+%3Fs+%3Fl+%7B+%3Fs+a+tkg%3AAntigen+%3B+rdfs%3Alabel+%3Fl+%7D+LIMIT+3",
    "/explore",
    "/trial/clinicaltrials/NCT07480213.html",
    "/antigen/DLL3.html",
    "/concept/MONDO:0008433.html",
    "/facility/cn/shenzhen/peking-university-shenzhen-hospital.html",
    "/examples/seed",
    "/void.html",
    "/nowhere",
)
RUN = """async (rules) => {
  const found = await axe.run({ resultTypes: ["violations"], ...rules });
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, one.nodes.length, String(one.nodes[0].target), one.nodes[0].html]);
}"""


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(phone, axe, path):
    page = phone
    page.goto(path)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 375
    page.evaluate(axe)
    assert page.evaluate(RUN, {}) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(RUN, {"runOnly": ["color-contrast"]}) == []
    page.set_viewport_size({"width": 1200, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
