"""Text in XML 1.0, which cannot hold most control characters, not even escaped.

Each of them becomes U+FFFD.
"""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = bytes((*(code for code in range(32) if chr(code) not in "\t\n"), *b"&<>"))
_SPECIAL_IN_QUOTES = bytes((*range(32), *b'&<>"'))
# Begins U+FFFE and U+FFFF, and others that are allowed.
_BEYOND = b"\xef\xbf"


def text(value: str) -> str:
    """Return a text as it may stand between tags."""
    return value if _is_plain(value, _SPECIAL) else _escaped(value)


def quoted(value: str) -> str:
    """Return a text as it may stand between quotation marks, where a parser folds white space."""
    if _is_plain(value, _SPECIAL_IN_QUOTES):
        return value
    kept = _escaped(value).replace('"', "&quot;")
    return kept.replace("\n", "&#10;").replace("\t", "&#9;")


def _is_plain(value: str, special: bytes) -> bool:
    encoded = value.encode("utf-8", "surrogatepass")
    if len(encoded.translate(None, special)) < len(encoded):
        return False
    return value.isascii() or _BEYOND not in encoded


def _escaped(value: str) -> str:
    kept = _NOT_XML.sub("\ufffd", value).replace("&", "&amp;")
    # As it is, a parser reads a carriage return as a line feed.
    return kept.replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
