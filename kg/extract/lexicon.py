"""Everything that extraction knows beforehand, read from the tables of ontology/lexicon.

A later folder adds rows and overrides those of the same key; errors name the table and the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.antigen_uses import AntigenUses, load_antigen_uses, load_ligands
from kg.extract.concepts import Concepts, load_concepts
from kg.extract.design import DesignCues, load_design_cues
from kg.extract.gazetteer import Gazetteer, load_gazetteer
from kg.extract.spellings import spellings, squeezed
from kg.extract.spot import (
    AGENT,
    ANTIGEN,
    CELL,
    COMPONENT,
    CONTEXTS,
    MODALITY,
    ORIGIN,
    PRODUCT,
    Name,
    Spotter,
)
from kg.extract.tables import digest_tables, read_table, split_list
from kg.records import Record

_SOURCED = ("source", "as_of")
_ANTIGEN = [
    "key",
    "label",
    "kind",
    "symbol",
    "hgnc",
    "uniprot",
    "ncit",
    "other_ids",
    "variant_of",
    "members",
    "source_protein",
    "peptide",
]
_ALIAS = ["alias", "antigen", "case", "boundary", "needs", "blocks"]
_PRODUCT = [
    "key",
    "label",
    "modality",
    "effector",
    "cell_source",
    "donor",
    "targets",
    "spares",
    "recruits",
    "logic",
    "architecture",
    "combined",
    "developer",
    "ncit",
]
_PRODUCT_NAME = ["name", "product", "name_type", "case"]


class Antigen(Record, frozen=True):
    """A row of the antigen table with all its aliases."""

    key: str
    label: str
    kind: str
    symbol: str
    hgnc: str
    uniprot: str
    ncit: tuple[str, ...]
    other_ids: tuple[str, ...]
    variant_of: str
    members: tuple[str, ...]
    source_protein: str
    peptide: str
    aliases: tuple[str, ...]
    source: str
    as_of: str


class Product(Record, frozen=True):
    """A row of the product table with all its names; empty values are not known."""

    key: str
    label: str
    names: tuple[tuple[str, str], ...]
    modality: str
    effector: str
    cell_source: str
    donor: str
    targets: tuple[str, ...]
    spares: tuple[str, ...]
    recruits: tuple[str, ...]
    logic: str
    architecture: str
    combined: str
    developer: str
    ncit: tuple[str, ...]
    source: str
    as_of: str


class ComponentRow(Record, frozen=True):
    """A part of a construct by name: kind, antigen it displays or acts on, what it does."""

    name: str
    kind: str
    antigen: str
    action: str
    source: str


class Agent(Record, frozen=True):
    """A drug or procedure that is no construct, and its usual role beside a cell product."""

    name: str
    role: str
    source: str


class ModalityCue(Record, frozen=True):
    """Words that name a modality; `modality` is a class, or "CAR" where the cell is not said."""

    cue: str
    modality: str
    source: str


class CellCue(Record, frozen=True):
    """Words that name an effector cell or where cells come from."""

    cue: str
    effector: str
    cell_source: str
    source: str


class OriginCue(Record, frozen=True):
    """Words on the donor; `basis` is Stated, Implied or Collected; `preparation` may be empty."""

    cue: str
    donor: str
    basis: str
    preparation: str
    source: str


class RoleCue(Record, frozen=True):
    """Words right before or after an antigen that give the mention its role in some zones."""

    role: str
    rule: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    zones: frozenset[str]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All tables, and the spotter over all names in them."""

    digest: str
    antigens: Mapping[str, Antigen]
    products: Mapping[str, Product]
    components: Mapping[str, ComponentRow]
    agents: Mapping[str, Agent]
    modality_cues: Mapping[str, ModalityCue]
    cell_cues: Mapping[str, CellCue]
    origin_cues: Mapping[str, OriginCue]
    role_cues: tuple[RoleCue, ...]
    inn_stems: tuple[tuple[str, str], ...]
    ligands: Mapping[str, tuple[str, ...]]
    antigen_uses: AntigenUses
    vehicles: tuple[tuple[re.Pattern[str], str], ...]
    design_cues: DesignCues
    concepts: Concepts
    gazetteer: Gazetteer
    spotter: Spotter

    @cached_property
    def cues_by_place(self) -> Mapping[bool, tuple[RoleCue, ...]]:
        """Return the role cues that hold inside the criteria (True) and outside of them."""
        return {
            inside: tuple(cue for cue in self.role_cues if barred not in cue.zones)
            for inside, barred in ((True, "noncriteria"), (False, "criteria"))
        }


def load_lexicon(folders: Sequence[Path], *, products: bool = True) -> Lexicon:
    """Read all tables; raises LexiconError for a row that points to nothing or says nonsense.

    Without products, the product table is taken as empty: what remains is what the words say.
    """
    alias_rows = read_table("antigen_aliases", [*_ALIAS, *_SOURCED], folders)
    name_rows = read_table("product_names", [*_PRODUCT_NAME, *_SOURCED], folders)
    name_rows = name_rows if products else []
    antigens = _antigens(folders, alias_rows)
    product_rows = _products(folders, name_rows) if products else {}
    _check_antigen_keys(antigens, product_rows)
    cues = _cue_tables(folders)
    names = [*_alias_names(alias_rows, antigens), *_product_names(name_rows, product_rows)]
    names += _plain_names(folders)
    long_names = [
        (text, name) for text, name in names if name.kind == ANTIGEN and not name.surfaces
    ]
    return Lexicon(
        digest=digest_tables(folders),
        antigens=antigens,
        products=product_rows,
        components=_components(folders),
        agents=cues[0],
        modality_cues=cues[1],
        cell_cues=cues[2],
        origin_cues=cues[3],
        role_cues=_role_cues(folders),
        inn_stems=_stems(folders),
        ligands=load_ligands(folders, antigens),
        antigen_uses=load_antigen_uses(folders, antigens),
        vehicles=_vehicles(folders),
        design_cues=load_design_cues(folders),
        concepts=load_concepts(folders),
        gazetteer=load_gazetteer(folders),
        spotter=Spotter(names, long_names),
    )


def _components(folders: Sequence[Path]) -> dict[str, ComponentRow]:
    rows = read_table(
        "components", ["name", "kind", "antigen", "action", "case", "source"], folders
    )
    return {
        row["name"]: ComponentRow(
            row["name"], row["kind"], row["antigen"], row["action"], row["source"]
        )
        for row in rows
    }


def _vehicles(folders: Sequence[Path]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"\b{re.escape(row['cue'].lower())}\w*"), row["vehicle"])
        for row in read_table("vehicle_cues", ("cue", "vehicle", "source"), folders)
    )


def _antigens(folders: Sequence[Path], aliases: list[dict[str, str]]) -> dict[str, Antigen]:
    by_antigen: dict[str, dict[str, None]] = {}
    for row in aliases:
        by_antigen.setdefault(row["antigen"], {})[row["alias"]] = None
    made = {}
    for row in read_table("antigens", [*_ANTIGEN, *_SOURCED], folders):
        lists = {name: split_list(row[name]) for name in ("ncit", "other_ids", "members")}
        plain = {name: row[name] for name in (*_ANTIGEN, *_SOURCED) if name not in lists}
        aliases_of = tuple(by_antigen.get(row["key"], {}))
        made[row["key"]] = Antigen(**plain, **lists, aliases=aliases_of)  # type: ignore[arg-type]
    return made


def _products(folders: Sequence[Path], names: list[dict[str, str]]) -> dict[str, Product]:
    by_product: dict[str, dict[tuple[str, str], None]] = {}
    for row in names:
        by_product.setdefault(row["product"], {})[row["name"], row["name_type"]] = None
    made = {}
    for row in read_table("products", [*_PRODUCT, *_SOURCED], folders):
        listed = ("targets", "spares", "recruits", "ncit")
        lists = {name: split_list(row[name]) for name in listed}
        plain = {name: row[name] for name in (*_PRODUCT, *_SOURCED) if name not in listed}
        names_of = tuple(by_product.get(row["key"], {}))
        made[row["key"]] = Product(**plain, **lists, names=names_of)  # type: ignore[arg-type]
    return made


def _check_antigen_keys(antigens: Mapping[str, Antigen], products: Mapping[str, Product]) -> None:
    for product in products.values():
        for key in (*product.targets, *product.spares, *product.recruits):
            if key not in antigens:
                raise LexiconError(
                    f"products.tsv: {product.key} names the antigen {key!r}, which antigens.tsv "
                    "does not have; add the antigen or correct the key"
                )


def _alias_names(
    rows: list[dict[str, str]], antigens: Mapping[str, Antigen]
) -> Iterator[tuple[str, Name]]:
    for row in rows:
        if row["antigen"] not in antigens:
            raise LexiconError(
                f"antigen_aliases.tsv: {row['alias']!r} means {row['antigen']!r}, which "
                "antigens.tsv does not have; add the antigen or correct the key"
            )
        needs, blocks = split_list(row["needs"]), split_list(row["blocks"])
        for context in (*needs, *blocks):
            if context not in CONTEXTS:
                raise LexiconError(
                    f"antigen_aliases.tsv: {row['alias']!r} names the context {context!r}; "
                    f"use one of {', '.join(CONTEXTS)}"
                )
        surfaces = _surfaces(row["alias"], row["case"])
        glued = row["boundary"] == "glued"
        yield row["alias"], Name(ANTIGEN, row["antigen"], surfaces, glued, needs, blocks)


def _product_names(
    rows: list[dict[str, str]], products: Mapping[str, Product]
) -> Iterator[tuple[str, Name]]:
    for row in rows:
        if row["product"] not in products:
            raise LexiconError(
                f"product_names.tsv: {row['name']!r} means {row['product']!r}, which "
                "products.tsv does not have; add the product or correct the key"
            )
        yield row["name"], Name(PRODUCT, row["product"], _surfaces(row["name"], row["case"]))


_PLAIN_TABLES = (
    ("components", "name", COMPONENT),
    ("therapy_agents", "name", AGENT),
    ("modality_cues", "cue", MODALITY),
    ("cell_cues", "cue", CELL),
    ("origin_cues", "cue", ORIGIN),
)


def _plain_names(folders: Sequence[Path]) -> Iterator[tuple[str, Name]]:
    for table, column, kind in _PLAIN_TABLES:
        for row in read_table(table, (column, "case"), folders):
            text = row[column]
            yield (
                text,
                Name(kind, text, _surfaces(text, row["case"]), glued=kind in {COMPONENT, MODALITY}),
            )


def _surfaces(text: str, case: str) -> frozenset[str] | None:
    if case == "exact":
        return frozenset(squeezed(form) for form in spellings(text))
    return None


def _cue_tables(
    folders: Sequence[Path],
) -> tuple[dict[str, Agent], dict[str, ModalityCue], dict[str, CellCue], dict[str, OriginCue]]:
    agents = {
        row["name"]: Agent(row["name"], row["role"], row["source"])
        for row in read_table("therapy_agents", ("name", "role", "source"), folders)
    }
    modalities = {
        row["cue"]: ModalityCue(row["cue"], row["modality"], row["source"])
        for row in read_table("modality_cues", ("cue", "modality", "source"), folders)
    }
    cells = {
        row["cue"]: CellCue(row["cue"], row["effector"], row["cell_source"], row["source"])
        for row in read_table("cell_cues", ("cue", "effector", "cell_source", "source"), folders)
    }
    origins = {
        row["cue"]: OriginCue(
            row["cue"], row["donor"], row["basis"], row["preparation"], row["source"]
        )
        for row in read_table(
            "origin_cues", ("cue", "donor", "basis", "preparation", "source"), folders
        )
    }
    return agents, modalities, cells, origins


def _role_cues(folders: Sequence[Path]) -> tuple[RoleCue, ...]:
    made = []
    columns = ("rule", "role", "before", "after", "zones", "source", "as_of")
    for row in read_table("role_cues", columns, folders):
        try:
            before = re.compile(f"(?:{row['before']})$") if row["before"] else None
            after = re.compile(row["after"]) if row["after"] else None
        except re.error as error:
            raise LexiconError(f"role_cues.tsv: {row['rule']} is no pattern: {error}") from None
        if after is not None and not after.pattern.startswith("^"):
            raise LexiconError(
                f"role_cues.tsv: the words after the antigen of {row['rule']} may stand anywhere; "
                "begin their pattern with ^"
            )
        zones = frozenset(split_list(row["zones"]))
        made.append(RoleCue(row["role"], row["rule"], before, after, zones))
    return tuple(made)


def _stems(folders: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    rows = read_table("inn_stems", ("stem", "modality", *_SOURCED), folders)
    stems = {row["stem"]: row["modality"] for row in rows}
    return tuple(sorted(stems.items(), key=lambda item: (-len(item[0]), item[0])))
