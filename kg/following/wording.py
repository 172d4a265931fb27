"""A change in words, for feeds and messages; nothing in it commands a reader or a terminal."""

from __future__ import annotations

import re

from kg.following.rows import Change

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 200


def headline(change: Change) -> str:
    """Return a change on one line: "NCT07480213: status changed: recruitment status"."""
    kind = _HUMP.sub(" ", change.type).lower()
    what = clean(change.what).replace("\n", " ")
    cut = what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1]}…"
    return f"{clean(change.trial)}: {kind}" + (f": {cut}" if cut else "")


def told(change: Change) -> list[tuple[str, str]]:
    """Return what a change says, each part under its name; what is not known is left out."""
    parts = [
        ("trial", change.title),
        ("before", change.before),
        ("after", change.after),
        ("concerns", ", ".join(change.concerns)),
        ("updated at the registry", str(change.registry_date or "")),
        ("seen", str(change.seen)),
        ("note", "texts of this record are abridged" if change.abridged else ""),
    ]
    return [(name, clean(text)) for name, text in parts if text]


def clean(text: str) -> str:
    """Return a text without signs that have no shape, but for the ends of its lines."""
    return "".join(one if one.isprintable() or one == "\n" else " " for one in text)
