"""The small mapping beside a table: which column is which field, and whose registry it is.

    registry = "example-hospital"     # a prefix of its own
    id = "Trial no"                   # the column of the identifier
    divided_by = ";"                  # what divides lists in a cell
    people = ["Principal investigator"]   # names that are masked in texts and never kept
    unread = ["Room"]                 # columns that are known and left out

    [columns]                         # field = column
    brief_title = "Title"
    recruitment_status = "State"

    [codes.recruitment_status]        # what the table writes = what it means
    "open" = "recruiting"

It stands in a file of the same name that ends in .mapping.toml or .mapping.json.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from kg.errors import UsageError
from loaders.ictrp.registers import IDENTIFIERS

SUFFIXES: Final = (".mapping.toml", ".mapping.json")
LARGEST_MAPPING: Final = 2**20

# The fields of a trial that a table may fill; those of LISTS hold several in a cell.
LISTS: Final = frozenset(
    ("collaborators", "conditions", "countries", "interventions", "keywords", "secondary_ids")
)
FIELDS: Final = LISTS | frozenset(
    (
        "acronym",
        "brief_summary",
        "brief_title",
        "city",
        "completion_date",
        "detailed_description",
        "enrollment",
        "exclusion",
        "facility",
        "first_posted",
        "inclusion",
        "last_update_posted",
        "lead_sponsor",
        "maximum_age",
        "minimum_age",
        "official_title",
        "phase",
        "primary_completion_date",
        "recruitment_status",
        "sex",
        "source_url",
        "start_date",
        "study_type",
        "why_stopped",
    )
)
CODED: Final = frozenset(("phase", "recruitment_status", "sex", "study_type"))

_PREFIX = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mapping file says."""

    registry: str
    id: str
    columns: dict[str, str]
    divided_by: str = ";"
    people: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = {}


def mapping_of(name: str) -> Path | None:
    """Return the mapping that stands beside a file, None where there is none."""
    path = Path(name)
    bare = path.with_suffix("") if path.suffix == ".gz" else path
    for base in (bare, bare.with_suffix("")):
        for suffix in SUFFIXES:
            found = base.with_name(base.name + suffix)
            if found.is_file():
                return found
    return None


def load_mapping(path: Path) -> Mapping:
    """Return a mapping; raises UsageError that names what is wrong in it."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_MAPPING)
        decode = msgspec.json.decode if path.suffix == ".json" else msgspec.toml.decode
        mapping = decode(content, type=Mapping)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no mapping: {error}") from error
    _check(mapping, path)
    return mapping


def _check(mapping: Mapping, path: Path) -> None:
    if _PREFIX.fullmatch(mapping.registry) is None:
        raise UsageError(f"{path}: registry: {mapping.registry!r} is no prefix of small letters")
    if mapping.registry in IDENTIFIERS:
        raise UsageError(
            f"{path}: registry: {mapping.registry!r} is a public registry, which writes its own "
            "records; give the list a prefix of its own, and the number as secondary_ids"
        )
    unknown = sorted(set(mapping.columns) - FIELDS)
    if unknown:
        known = ", ".join(sorted(FIELDS))
        raise UsageError(f"{path}: columns: no field {', '.join(unknown)}; there are: {known}")
    wrong = sorted(set(mapping.codes) - CODED)
    if wrong:
        known = ", ".join(sorted(CODED))
        raise UsageError(f"{path}: codes: {', '.join(wrong)} has no codes; {known} have")
    if "brief_title" not in mapping.columns:
        raise UsageError(f"{path}: columns: brief_title is needed")
