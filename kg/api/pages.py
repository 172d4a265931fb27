"""Pages from templates: whatever they are given is escaped, and linked only where that is safe."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import lru_cache
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyoxigraph import NamedNode
from starlette.responses import HTMLResponse

from kg.api.assets import built
from kg.iris import BASE, concept_curie, vocabulary_space
from kg.resources import WEB

_SCRIPTED = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = ("https://", "http://")
# Concepts have IRIs of their own vocabularies, and pages here.
_CONCEPTS = tuple(map(vocabulary_space, ("MONDO", "NCIT", "MESH")))
_KEPT = "/:#?&=%~@+,;()!$*'"


def page(template: str, /, status: int = 200, **context: object) -> HTMLResponse:
    """Return a page; a name that its template uses and does not get is an error."""
    return HTMLResponse(_environment().get_template(template).render(context), status)


def scripted(template: str, /, status: int = 200, **context: object) -> HTMLResponse:
    """Return a page that may run the scripts of this server, and style what these draw."""
    nonce = secrets.token_urlsafe(16)
    made = page(template, status, **context, nonce=nonce)
    made.headers["Content-Security-Policy"] = _SCRIPTED.format(nonce=nonce)
    return made


def refused(reason: str, again: str, status: int = 400) -> HTMLResponse:
    """Return the page that says why something was not done, and where to start again."""
    title = "This cannot be honoured"
    return page("refused.html", status, title=title, reason=reason, hint=None, again=again)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        number=_number, day=_day, safe_href=safe_href, segment=_segment, local=local
    )
    made.globals["built"] = built
    return made


def safe_href(address: str | None) -> str | None:
    """Return an address that may be followed, None for any other.

    IRIs of data may have any scheme, javascript: among them.
    """
    if not address:
        return None
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local or address.startswith(_SAFE) else None


def local(iri: str) -> str | None:
    """Return where on this server an IRI is described; another one where it can be followed."""
    if iri.startswith(BASE):
        return quote(iri.removeprefix(BASE.rstrip("/")), safe=_KEPT)
    if iri.startswith(_CONCEPTS):
        return f"/concept/{quote(concept_curie(NamedNode(iri)) or '', safe=':')}"
    return safe_href(iri)


def _number(value: int) -> str:
    return f"{value:,}"


def _day(value: dt.date | None) -> str:
    return "" if value is None else Markup("<time>{}</time>").format(value.isoformat())


def _segment(text: str) -> str:
    return quote(text, safe="")
