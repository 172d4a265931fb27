"""Trials by year, as the columns of a chart."""

from __future__ import annotations

from collections.abc import Iterable

from kg.api.searches import address
from kg.find.catalogue import Count
from kg.find.selection import Selection
from kg.records import Record


class Bar(Record, frozen=True):
    """A year; `height` is in per cent of the tallest, `href` the search for its trials."""

    label: str
    trials: int
    height: float
    href: str | None


def year_bars(years: Iterable[Count], wanted: Selection) -> list[Bar]:
    """Return a bar for each year from the first to the last, those without trials included.

    A year that has trials leads to those of what is wanted that began in it.
    """
    known = {int(one.value): one.trials for one in years}
    tallest = max(known.values(), default=0)
    return [
        Bar(
            label=str(year),
            trials=trials,
            height=round(100 * trials / tallest, 1),
            href=address("/trials", wanted.with_value("year", str(year))) if trials else None,
        )
        for year in (range(min(known), max(known) + 1) if known else ())
        for trials in (known.get(year, 0),)
    ]
