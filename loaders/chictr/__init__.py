"""ChiCTR, the page of a trial as its site shows it, in Chinese and English."""

from __future__ import annotations

from typing import Final

from kg.records import PRIMARY, Loader
from loaders.chictr.labels import NOT_READ
from loaders.chictr.splitting import REGISTRY, read, recognises
from loaders.chictr.trials import parse
from loaders.chictr.versions import version

LOADER: Final = Loader(
    name=REGISTRY,
    registry=REGISTRY,
    standing=PRIMARY,
    release="1",
    title="ChiCTR",
    reads="the page of one trial, saved as HTML, with its Chinese and its English fields",
    obtain="https://www.chictr.org.cn: open a trial and save its page",
    licence="The registry's own terms: read them before its text is republished",
    unread=NOT_READ,
    read=read,
    version=version,
    parse=parse,
    recognises=recognises,
)
