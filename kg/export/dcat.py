"""The description of a release in DCAT: the data set, its files, their sizes and checksums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.iris import LICENSE, release_file_iri, void_iri
from kg.vocab import DCAT, DCTERMS, PREFIXES, RDF, SPDX, XSD
from kg.void.numbers import WHOLE


class Written(NamedTuple):
    """A file of a release: its size in bytes, its SHA-256, and what it is."""

    size: int
    digest: str
    media_type: str


def describe(title: str, day: dt.date | None, files: Mapping[str, Written]) -> bytes:
    """Return the description as Turtle; files have relative addresses, as they lie beside it."""
    triples = sorted(_triples(title, day, files), key=str)
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return written or b""


def _triples(title: str, day: dt.date | None, files: Mapping[str, Written]) -> Iterator[Triple]:
    whole = void_iri(WHOLE)
    yield Triple(whole, RDF.type, DCAT.Dataset)
    yield Triple(whole, DCTERMS.title, Literal(title))
    yield Triple(whole, DCTERMS.license, LICENSE)
    if day is not None:
        date = Literal(day.isoformat(), datatype=XSD.date)
        yield Triple(whole, DCTERMS.modified, date)
    for name, file in files.items():
        yield from _distribution(whole, name, file)


def _distribution(whole: NamedNode, name: str, file: Written) -> Iterator[Triple]:
    node = release_file_iri(file.digest, name)
    checksum = NamedNode(f"{node.value}#checksum")
    yield Triple(whole, DCAT.distribution, node)
    yield Triple(node, RDF.type, DCAT.Distribution)
    yield Triple(node, DCTERMS.title, Literal(name))
    yield Triple(node, DCAT.mediaType, Literal(file.media_type))
    yield Triple(node, DCAT.byteSize, Literal(str(file.size), datatype=XSD.integer))
    yield Triple(node, SPDX.checksum, checksum)
    yield Triple(checksum, RDF.type, SPDX.Checksum)
    yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield Triple(checksum, SPDX.checksumValue, Literal(file.digest))
