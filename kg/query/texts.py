"""The queries behind pages of ours, as files."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def page_query(name: str) -> str:
    """Return a query behind a page of ours."""
    return (_HERE / "pages" / f"{name}.rq").read_text(encoding="utf-8")
