"""Pages in HTML as text: what a reader sees, one line a block."""

from __future__ import annotations

from typing import BinaryIO, Final

from lxml import etree, html

from kg.errors import RecordError
from loaders.limits import LARGEST_RECORD

_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th"}
    | {"tr", "ul"}
)
_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "head"})


def page_bytes(registry: str, stream: BinaryIO, name: str) -> bytes:
    """Return a page, or raise RecordError for one that is larger than any or empty."""
    content = stream.read(LARGEST_RECORD + 1)
    if len(content) > LARGEST_RECORD:
        reason = f"is a page of more than {LARGEST_RECORD // 2**20} MB"
        raise RecordError(registry, "", reason, origin=name, remedy="save the page of one trial")
    if not content.strip():
        remedy = "save the page of one trial"
        raise RecordError(registry, "", "holds no page", origin=name, remedy=remedy)
    return content


def is_html(content: bytes) -> bool:
    """Tell whether a page is HTML rather than text."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<main"))


def tree(registry: str, content: bytes, name: str) -> html.HtmlElement:
    """Return a page as a tree; entities, scripts and what is outside of it are never loaded."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        remedy = "save the page again, whole"
        reason = f"is no HTML: {error}"
        raise RecordError(registry, "", reason, origin=name, remedy=remedy) from error


def text_of(element: html.HtmlElement) -> str:
    """Return the text of an element as a reader sees it, without the space of its source."""
    parts: list[str] = []
    unseen = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            unseen += node.tag in _UNSEEN
            parts.append("\n" if node.tag in _BLOCKS else "")
            parts.append("" if unseen else _joined(node.text))
            continue
        if event == "end":
            unseen -= node.tag in _UNSEEN
            parts.append("\n" if node.tag in _BLOCKS else "")
        if node is not element and not unseen:
            parts.append(_joined(node.tail))
    lines = ("".join(parts)).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _joined(text: str | None) -> str:
    """Return text as HTML means it: any run of space is one."""
    if not text:
        return ""
    joined = " ".join(text.split())
    before = " " if text[0].isspace() and joined else ""
    return f"{before}{joined} " if joined and text[-1].isspace() else f"{before}{joined}" or " "
