import brotli
import httpx
import pytest

from kg.api.assets import built


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
