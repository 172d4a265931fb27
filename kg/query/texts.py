"""The queries that the project brings with it, as files."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
EXAMPLES = _HERE / "examples"
SEED = "seed"


def page_query(name: str) -> str:
    """Return a query behind a page of ours."""
    return (_HERE / "pages" / f"{name}.rq").read_text(encoding="utf-8")


def example_names() -> list[str]:
    """Return the names of the documented example queries."""
    return sorted(path.stem for path in EXAMPLES.glob("*.rq"))


def example_query(name: str) -> str:
    """Return a documented example query; its first line says what it asks."""
    return (EXAMPLES / f"{name}.rq").read_text(encoding="utf-8")
