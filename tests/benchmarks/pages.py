"""How fast the pages are: `python -m tests.benchmarks.pages --data DIR`.

For each kind of page the median at the server (one client, nothing kept between requests), its
size as sent, and the first contentful paint in a Chromium that has never seen the server; then a
graph of as many nodes as the explorer draws: its layout, and frames while it is moved.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

PAGES = (
    "/",
    "/about",
    "/trials",
    "/trials?antigen=CD19&country=CN",
    "/trials?antigen=CD19&view=map",
    "/trials?view=timeline",
    "/facets.json?antigen=CD19",
    "/ask?q=DLL3-targeting+NK+therapies+recruiting+in+China",
    "/trial/{trial}.html",
    "/trial/{largest}.html",
    "/antigen/CD19.html",
    "/query",
    "/explore",
)
HUB = "/explore?node=https://w3id.org/trialkg/country/CN"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) done(found.startTime);
}).observe({ type: "paint", buffered: true }))"""
LAYOUT = """() => {
  const before = performance.now();
  document.querySelector("[data-do=lay]").click();
  return performance.now() - before;
}"""
FRAMES = """() => {
  window.frames_ = { count: 0, began: performance.now() };
  const next = () => { window.frames_.count++; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
RATE = "() => (1000 * window.frames_.count) / (performance.now() - window.frames_.began)"
MOVES = 150


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with served(options.data) as client, sync_playwright() as driver:
        chromium = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        trials = client.get("/trials.json").json()["trials"]
        largest = max(trials, key=lambda one: one["sites"])
        named = {"trial": _path(trials[0]), "largest": _path(largest)}
        print(f"{'page':<58} {'server ms':>10} {'kB sent':>8} {'paint ms':>9}")
        for path in PAGES:
            report(client, browser, path.format(**named), options.runs)
        graph(client, browser)
        browser.close()


def _path(trial: dict[str, str]) -> str:
    return f"{trial['registry']}/{trial['registry_id']}"


@contextmanager
def served(data: Path) -> Iterator[httpx.Client]:
    """Run a server over a data folder and yield a client of it, once its tables are open."""
    command = "from kg.cli import main; main()"
    arguments = ("serve", "--data", str(data), "--port", "0", "--cache", "0")
    process = subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = re.search(r"http://\S+", process.stderr.readline()).group().rstrip("/")
        with httpx.Client(base_url=address, timeout=120) as client:
            client.get("/ask", params={"q": "NK"}).raise_for_status()
            yield client
    finally:
        process.terminate()
        process.communicate()


def report(client: httpx.Client, browser: Browser, path: str, runs: int) -> None:
    times, size = [], 0
    for _ in range(runs):
        before = time.perf_counter()
        answer = client.get(path)
        times.append(time.perf_counter() - before)
        answer.raise_for_status()
        size = answer.num_bytes_downloaded
    paint = "" if ".json" in path else f"{statistics.median(paints(client, browser, path)):.0f}"
    median = 1000 * statistics.median(times)
    print(f"{path:<58} {median:>10.1f} {size / 1000:>8.1f} {paint:>9}", flush=True)


def paints(client: httpx.Client, browser: Browser, path: str) -> Iterator[float]:
    for _ in range(5):
        window = browser.new_context(base_url=str(client.base_url))
        page = window.new_page()
        page.goto(path)
        yield page.evaluate(PAINT)
        window.close()


def graph(client: httpx.Client, browser: Browser) -> None:
    page = browser.new_page(base_url=str(client.base_url))
    page.goto(HUB)
    page.wait_for_selector("#explorer[data-ready]")
    page.locator("#panel button", has_text=re.compile("^all$")).first.click()
    page.wait_for_function("() => !document.querySelector('#state').innerText.includes('asking')")
    page.wait_for_timeout(1000)
    layout = statistics.median(page.evaluate(LAYOUT) for _ in range(3))
    place = page.locator("#graph").bounding_box()
    page.mouse.move(place["x"] + 40, place["y"] + 40)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(MOVES):
        page.mouse.move(place["x"] + 40 + 2 * step, place["y"] + 40 + step)
    rate = page.evaluate(RATE)
    page.mouse.up()
    drawn = page.locator("#state").inner_text()
    print(f"graph of {drawn}: layout {layout:.0f} ms, {rate:.0f} frames a second while it is moved")


if __name__ == "__main__":
    main()
