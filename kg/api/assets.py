"""What the pages load: the style sheet, and what npm built, if it was built."""

from __future__ import annotations

import hashlib
import re
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
_BROTLI = re.compile(r"(?:^|,)\s*br\s*(?:;\s*q=(?:1|0?\.0*[1-9])[^,]*)?(?:,|$)", re.IGNORECASE)


def built(name: str) -> bool:
    """Tell whether an asset is there; a package that was built without npm has none."""
    return name in _names()


@router.api_route("/style.css", methods=["GET", "HEAD"], include_in_schema=False)
async def style(request: Request) -> Response:
    """Return the style sheet of all pages."""
    return _file(request, WEB / "style.css")


@router.api_route("/favicon.svg", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/favicon.ico", methods=["GET", "HEAD"], include_in_schema=False)
async def icon(request: Request) -> Response:
    """Return the sign of the pages."""
    return _file(request, WEB / "favicon.svg")


@router.api_route("/assets/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def asset(request: Request, name: str) -> Response:
    """Return something that npm built."""
    if not built(name):
        return problem("not-found", f"{name[:80]} was not built: python kg/api/web/build_assets.py")
    return _file(request, _ASSETS / name)


def _file(request: Request, path: Path) -> Response:
    accepted = request.headers.get("accept-encoding", "")
    coding = "br" if _BROTLI.search(accepted) and _packed(path).is_file() else None
    content, tag = _read(_packed(path) if coding else path)
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if coding:
        headers |= {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[path.suffix], headers=headers)


def _packed(path: Path) -> Path:
    """Return where the compressed form of an asset is, if it was built."""
    return path.with_name(f"{path.name}.br")


@lru_cache(maxsize=32)
def _read(path: Path) -> tuple[bytes, str]:
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    found = _ASSETS.iterdir() if _ASSETS.is_dir() else ()
    return frozenset(path.name for path in found if path.suffix in _TYPES)
