"""What this is, what is in it and how good it is: scope, sources, date, counts, limits."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import polars as pl
from fastapi import APIRouter, Request, Response

from kg.api.pages import page
from kg.find.catalogue import Catalogue
from kg.find.facets import Level
from kg.records import Record
from kg.resources import WEB

router = APIRouter()


class Measure(Record, frozen=True):
    """A measure of extraction and its figures, one a sample."""

    name: str
    figures: tuple[str, ...]


class Accuracy(Record, frozen=True):
    """How extraction does on trials labelled by hand, and which samples these were."""

    samples: tuple[str, ...]
    measures: tuple[Measure, ...]


def accuracy() -> Accuracy:
    """Return the figures that README gives too."""
    return msgspec.json.decode((WEB / "accuracy.json").read_bytes(), type=Accuracy)


@router.api_route("/about", methods=["GET", "HEAD"], include_in_schema=False)
async def about(request: Request) -> Response:
    """Return the page about the data."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    counted = await asyncio.to_thread(_counted, catalogue)
    return page("about.html", snapshot=snapshot.name, accuracy=accuracy(), **counted)


def _counted(catalogue: Catalogue) -> dict[str, Any]:
    trials = catalogue.trials
    constructs = catalogue.tables[Level.CONSTRUCT]
    sites = catalogue.tables[Level.SITE]
    return {
        "registries": _by(trials, "registry"),
        "disclosed": [
            (catalogue.labels.label("term", key), number)
            for key, number in _by(constructs, "target_disclosure")
        ],
        "trials": len(trials),
        "constructs": len(constructs),
        "without_construct": len(trials) - constructs["trial"].n_unique(),
        "with_condition": int((trials["concepts"].list.len() > 0).sum()),
        "sites": len(sites),
        "sites_with_city": int(sites["city"].is_not_null().sum()),
        "oldest": trials["updated"].min(),
        "newest": trials["updated"].max(),
        "flagged": int((trials["flags"].list.len() > 0).sum()),
        "abridged": int(trials["abridged"].sum()),
    }


def _by(table: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    return list(
        table.group_by(column).len().sort("len", column, descending=[True, False]).iter_rows()
    )
