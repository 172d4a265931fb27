"""The queries behind pages of ours, as files."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import NamedNode

_SLOT = re.compile(r"\$(\w+)")
_HERE = Path(__file__).resolve().parent


def page_query(name: str, **terms: NamedNode | int) -> str:
    """Return a query behind a page of ours, with terms for its slots ($this for `this`).

    All slots are filled at once, so that no term is looked through for the slot of another.
    Raises KeyError for a slot without a term.
    """
    text = (_HERE / "pages" / f"{name}.rq").read_text(encoding="utf-8")
    return _SLOT.sub(lambda slot: str(terms[slot[1]]), text)
