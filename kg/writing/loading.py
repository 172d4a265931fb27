"""Reads files of anybody's RDF into a new store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.store import Store
from kg.writing.change import refuse_doctype

# Ending of a file -> format.
ENDINGS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def load(folder: Path, files: Sequence[str]) -> None:
    """Make a store of the files; raises QueryError, naming the file, where one cannot be read."""
    with Store.open(folder) as store:
        for name in files:
            try:
                _load(store.engine, Path(name))
            except QueryError as error:
                raise QueryError(f"{name}: {error}", kind="document", hint=error.hint) from None
            except (OSError, SyntaxError, ValueError) as error:
                raise QueryError(f"{name}: {error}", kind="document") from None
        store.engine.flush()


def _load(engine: ox.Store, path: Path) -> None:
    format_ = ENDINGS.get(path.suffix.lower())
    if format_ is None:
        raise QueryError(f"the ending {path.suffix!r} is none of {', '.join(ENDINGS)}")
    if format_ == ox.RdfFormat.RDF_XML:
        refuse_doctype(path.read_bytes())
    # Relative IRIs are resolved against the name alone: where a file lies is nobody's business.
    engine.bulk_load(path=path, format=format_, base_iri=(Path("/") / path.name).as_uri())
