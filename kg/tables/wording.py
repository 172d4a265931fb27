"""How words are compared, by who writes the tables and who searches them."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text as words are compared: NFC, lower case."""
    return unicodedata.normalize("NFC", text).lower()
