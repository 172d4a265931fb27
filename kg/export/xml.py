"""Text in XML 1.0, which cannot hold most control characters, not even escaped.

Each of them becomes U+FFFD.
"""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_BEYOND = b"\xef\xbf"  # begins U+FFFE and U+FFFF, and others that are allowed


def text(value: str) -> str:
    """Return a text as it may stand between tags."""
    kept = _allowed(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return kept.replace("\r", "&#13;")  # as it is, a parser reads it as a line feed


def quoted(value: str) -> str:
    """Return a text as it may stand between quotation marks, where a parser folds white space."""
    kept = text(value).replace('"', "&quot;")
    return kept.replace("\n", "&#10;").replace("\t", "&#9;")


def _allowed(value: str) -> str:
    encoded = value.encode("utf-8", "surrogatepass")
    plain = len(encoded.translate(None, _CONTROLS)) == len(encoded)
    beyond = not value.isascii() and _BEYOND in encoded
    return value if plain and not beyond else _NOT_XML.sub("\ufffd", value)
