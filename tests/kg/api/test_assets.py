import shutil

import brotli
import httpx
import pytest

from kg.api.assets import built
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def asset():
    if not built("world.svg"):
        pytest.skip("no assets: python kg/api/web/build_assets.py")
    return "/assets/world.svg"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("br", "br"), ("gzip, br;q=0.5", "br"), ("identity", None), ("br;q=0, identity", None)],
)
def test_an_asset_is_sent_packed_to_those_who_take_it(server, asset, accepted, coding):
    with httpx.stream(
        "GET", f"{server.base_url}{asset}", headers={"Accept-Encoding": accepted}
    ) as got:
        content = b"".join(got.iter_raw())
    assert got.headers.get("content-encoding") == coding
    assert got.headers["content-type"] == "image/svg+xml"
    text = brotli.decompress(content) if coding else content
    assert text.startswith(b"<svg")


def test_an_asset_that_did_not_change_is_not_sent_again(server, asset):
    first = server.get(asset)
    again = server.get(asset, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("name", ["none.js", "world.svg.br", "built-from.txt", "..%2Fstyle.css"])
def test_nothing_else_is_an_asset(server, name):
    assert server.get(f"/assets/{name}").status_code == 404


# Where npm builds nothing, a page says how to get what is missing, and shows the same in words.
TARGETS = "/query?query=SELECT+*+%7B+%3Fs+tkg%3Atargets+%3Fo+%7D"
WHOLE = {
    "/query": ("textarea", "build_assets.py"),
    f"{TARGETS}&view=graph": ("<table", "build_assets.py"),
    "/explore?node=https://w3id.org/trialkg/antigen/DLL3": ("<table", "build_assets.py"),
    "/trial/clinicaltrials/NCT00000001.html": ("First Hospital", "<h1>"),
    "/": ("<h1>", "/style.css"),
}


@pytest.fixture(scope="module")
def unbuilt(published, tmp_path_factory, serve):
    """Serve a copy of the package that holds nothing that npm built."""
    copy = tmp_path_factory.mktemp("unbuilt")
    packages = (ROOT / name for name in ("kg", "loaders", "ontology", "shapes"))
    for package in packages:
        ignored = shutil.ignore_patterns("assets", "__pycache__", "node_modules")
        shutil.copytree(package, copy / package.name, ignore=ignored)
    with serve(published, path=copy) as client:
        yield client


@pytest.mark.parametrize("path", WHOLE)
def test_pages_are_whole_without_what_npm_builds_and_say_how_to_get_it(unbuilt, path):
    answer = unbuilt.get(path)
    assert answer.status_code == 200
    assert all(words in answer.text for words in WHOLE[path])
    assert "<script" not in answer.text
    assert unbuilt.get("/assets/query.js").status_code == 404
