"""A browser that is driven over the pages; without Debian's Chromium these tests are skipped."""

import os
import shutil
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


@pytest.fixture(scope="module")
def browser():
    """Return the browser; it is closed with the module, for its loop would be in others' way."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = os.environ.get("TRIALKG_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium on PATH: install it, or name it in TRIALKG_CHROMIUM")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(examples, serve):
    with serve(examples) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
def visit(browser, site):
    """Open a page in a window of its own; it may ask for nothing elsewhere and raise nothing."""
    asked, raised, windows = set(), [], []

    def opened(path="/", base=site, *, width=1200, **options):
        window = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, **options
        )
        windows.append(window)
        page = window.new_page()
        page.on("request", lambda request: asked.add(urlsplit(request.url)[:2]))
        page.on("pageerror", lambda error: raised.append(str(error)))
        page.on("dialog", lambda dialog: raised.append(f"a dialog: {dialog.message}"))
        page.set_default_timeout(20_000)
        page.goto(path)
        opened.allowed = {*getattr(opened, "allowed", ()), urlsplit(base).netloc}
        return page

    yield opened
    for window in windows:
        window.close()
    outside = {host for scheme, host in asked if scheme not in {"blob", "data"}}
    assert outside <= getattr(opened, "allowed", set())
    assert raised == []


@pytest.fixture(scope="session")
def built_assets(root: Path):
    """Skip where npm built nothing: the pages are complete, and there is no editor and no graph."""
    from kg.resources import WEB

    if not (WEB / "assets" / "explore.js").is_file():
        pytest.skip("no assets: python kg/api/web/build_assets.py")
