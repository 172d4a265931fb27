"""What the pages load: the style sheet, and what npm built, if it was built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from kg.api.problems import problem
from kg.resources import WEB

router = APIRouter()

_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_ASSETS = WEB / "assets"


def built(name: str) -> bool:
    """Tell whether an asset is there; a package that was built without npm has none."""
    return name in _names()


@router.api_route("/style.css", methods=["GET", "HEAD"], include_in_schema=False)
async def style(request: Request) -> Response:
    """Return the style sheet of all pages."""
    return _file(request, WEB / "style.css")


@router.api_route("/assets/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def asset(request: Request, name: str) -> Response:
    """Return something that npm built."""
    if not built(name):
        return problem("not-found", f"{name[:80]} was not built: python kg/api/web/build_assets.py")
    return _file(request, _ASSETS / name)


def _file(request: Request, path: Path) -> Response:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[path.suffix], headers=headers)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    found = _ASSETS.iterdir() if _ASSETS.is_dir() else ()
    return frozenset(path.name for path in found if path.suffix in _TYPES)
