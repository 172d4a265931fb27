"""A browser that is driven over the pages; without Debian's Chromium these tests are skipped.

One browser and one server do for all of these tests. Both are opened by the first that wants them
and closed when the next test is none of these: the loop of the browser would be in others' way.
"""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# A bound for what will never happen; a busy machine takes its time for what will.
LONGEST = 120_000
HERE = Path(__file__).parent
OPENED = ExitStack()
KEPT = {}


# After the fixtures of the test, which close their windows: which test comes next is chance.
@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem):
    if nextitem is None or HERE not in nextitem.path.parents:
        KEPT.clear()
        OPENED.close()


def kept(name, open_):
    """Return what was opened under a name, or open it."""
    if name not in KEPT:
        KEPT[name] = open_()
    return KEPT[name]


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = os.environ.get("TRIALKG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on PATH: install it, or name it in TRIALKG_CHROMIUM")

    def launch():
        driver = OPENED.enter_context(playwright.sync_playwright())
        opened = driver.chromium.launch(executable_path=found, args=FLAGS, timeout=LONGEST)
        OPENED.callback(opened.close)
        return opened

    return kept("browser", launch)


@pytest.fixture
def site(examples, serve):
    """Return the address of a server with the bundled examples."""
    client = kept("site", lambda: OPENED.enter_context(serve(examples)))
    return str(client.base_url).rstrip("/")


class Watched:
    """What pages asked for and raised; nothing may be asked for elsewhere, and nothing raised."""

    def __init__(self):
        self.asked, self.raised, self.allowed = set(), [], set()

    def page(self, browser, base, width, **options):
        window = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, **options
        )
        page = window.new_page()
        page.on("request", lambda request: self.asked.add(urlsplit(request.url)[:2]))
        page.on("pageerror", lambda error: self.raised.append(str(error)))
        page.on("dialog", lambda dialog: self.raised.append(f"a dialog: {dialog.message}"))
        page.set_default_timeout(LONGEST)
        self.allowed.add(urlsplit(base).netloc)
        return page

    def check(self):
        outside = {host for scheme, host in self.asked if scheme not in {"blob", "data"}}
        assert outside <= self.allowed
        assert self.raised == []
        self.asked.clear()


@pytest.fixture
def visit(browser, site):
    """Open a page in a window of its own."""
    watched, windows = Watched(), []

    def opened(path="/", base=site, *, width=1200, **options):
        page = watched.page(browser, base, width, **options)
        windows.append(page.context)
        page.goto(path)
        return page

    yield opened
    for window in windows:
        window.close()
    watched.check()


@pytest.fixture
def phone(browser, site):
    """Return one window of the width of a phone, in which a test may run a script of its own."""
    watched, page = kept("phone", lambda: _phone(browser, site))
    page.set_viewport_size({"width": 375, "height": 900})
    page.emulate_media(color_scheme="light")
    yield page
    watched.check()


def _phone(browser, site):
    watched = Watched()
    return watched, watched.page(browser, site, 375, bypass_csp=True)


@pytest.fixture(scope="session")
def built_assets(root: Path):
    """Skip where npm built nothing: the pages are complete, and there is no editor and no graph."""
    from kg.resources import WEB

    if not (WEB / "assets" / "explore.js").is_file():
        pytest.skip("no assets: python kg/api/web/build_assets.py")
