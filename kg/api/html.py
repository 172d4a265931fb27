"""HTML as nested calls: text is escaped unless it came from here."""

from __future__ import annotations

import html
from collections.abc import Iterable

from starlette.responses import HTMLResponse

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_SAFE_STARTS = ("https://", "http://", "#", "?")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | None) -> Markup:
    """Return an element; attributes that are None are left out, class_ is class."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value, quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Return the parts one after the other."""
    return Markup(_escaped(between).join(map(_escaped, parts)))


def link(address: str, *children: str) -> Markup:
    """Return a link, or only its content where the address is none that may be followed.

    IRIs of data may have any scheme, javascript: among them.
    """
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    if local or address.startswith(_SAFE_STARTS):
        return element("a", *children, href=address)
    return join(children)


def page(title: str, *content: str) -> HTMLResponse:
    """Return a whole page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("link", rel="stylesheet", href="/style.css"),
    )
    body = element("body", element("main", *content))
    return HTMLResponse("<!doctype html>\n" + element("html", head, body, lang="en"))


def _escaped(text: str) -> str:
    return text if isinstance(text, Markup) else html.escape(text, quote=True)
