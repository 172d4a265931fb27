"""The trials that were found, as people and programs read them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from kg.find.catalogue import Catalogue
from kg.find.counting import Mask, Positions
from kg.find.facets import FACETS, Level
from kg.records import Record

_CHUNK = 2000


class ConstructHit(Record, frozen=True):
    """A construct that a trial investigates."""

    label: str
    key: str
    modality: str
    targets: tuple[str, ...]
    target_disclosure: str


class Hit(Record, frozen=True):
    """A trial that was found; codes as keys, `countries` those of all its sites."""

    registry: str
    registry_id: str
    title: str
    status: str | None
    phases: tuple[str, ...]
    sponsor: str | None
    start: dt.date | None
    updated: dt.date | None
    enrollment: int | None
    sites: int
    open_sites: int
    countries: tuple[str, ...]
    constructs: tuple[ConstructHit, ...]
    flags: tuple[str, ...]
    abridged: bool


class Spot(Record, frozen=True):
    """A city on the map, and how many of the trials have a wanted site there."""

    city: str
    label: str
    country: str
    latitude: float
    longitude: float
    trials: int


def hits(catalogue: Catalogue, positions: Positions) -> Iterator[Hit]:
    """Yield the trials at some positions, in their order."""
    for start in range(0, len(positions), _CHUNK):
        yield from _chunk(catalogue, positions[start : start + _CHUNK])


def _chunk(catalogue: Catalogue, positions: Positions) -> Iterator[Hit]:
    wanted = pl.Series("trial", positions, dtype=pl.UInt32)
    constructs = _constructs(catalogue, wanted)
    places = _places(catalogue, wanted)
    rows = catalogue.trials[positions].iter_rows(named=True)
    for place, row in zip(positions.tolist(), rows, strict=True):
        sites, open_sites, countries = places.get(place, (0, 0, ()))
        yield Hit(
            registry=row["registry"],
            registry_id=row["registry_id"],
            title=row["title"],
            status=row["status"],
            phases=tuple(row["phases"]),
            sponsor=row["sponsor"],
            start=row["start"],
            updated=row["updated"],
            enrollment=row["enrollment"],
            sites=sites,
            open_sites=open_sites,
            countries=countries,
            constructs=tuple(constructs.get(place, ())),
            flags=tuple(row["flags"]),
            abridged=row["abridged"],
        )


def _constructs(catalogue: Catalogue, wanted: pl.Series) -> dict[int, list[ConstructHit]]:
    found: dict[int, list[ConstructHit]] = defaultdict(list)
    table = catalogue.tables[Level.CONSTRUCT]
    columns = ("trial", "label", "key", "modality", "targets", "target_disclosure")
    chosen = table.filter(pl.col("trial").is_in(wanted.implode())).select(columns)
    for trial, label, key, modality, targets, disclosure in chosen.iter_rows():
        one = ConstructHit(
            label=label,
            key=key,
            modality=modality,
            targets=tuple(targets),
            target_disclosure=disclosure,
        )
        found[trial].append(one)
    return found


def _places(catalogue: Catalogue, wanted: pl.Series) -> dict[int, tuple[int, int, tuple[str, ...]]]:
    table = catalogue.tables[Level.SITE].filter(pl.col("trial").is_in(wanted.implode()))
    counted = table.group_by("trial").agg(
        pl.len(), pl.col("open").sum(), pl.col("country").drop_nulls().unique().sort()
    )
    return {
        trial: (sites, open_sites, tuple(countries))
        for trial, sites, open_sites, countries in counted.iter_rows()
    }


def spots(catalogue: Catalogue, found: Positions, sites: Mask | None) -> list[Spot]:
    """Return the cities of the wanted sites of trials, those with the most trials first.

    `sites` tells which rows of the table of sites are wanted, None for all. A city stands where
    its sites with coordinates are on average; one without any is left out.
    """
    table = catalogue.tables[Level.SITE]
    chosen = table if sites is None else table.filter(pl.Series(sites))
    grouped = (
        chosen.filter(pl.col("trial").is_in(pl.Series(found).implode()))
        .drop_nulls(("city", "latitude", "longitude"))
        .group_by("city", "country")
        .agg(pl.col("latitude").mean(), pl.col("longitude").mean(), pl.col("trial").n_unique())
        .sort("trial", "city", descending=[True, False])
    )
    kind = FACETS["city"].kind
    return [
        Spot(
            city=city,
            label=catalogue.labels.label(kind, city),
            country=country,
            latitude=round(latitude, 3),
            longitude=round(longitude, 3),
            trials=trials,
        )
        for city, country, latitude, longitude, trials in grouped.iter_rows()
    ]
