"""The antigen and product tables of ontology/lexicon hold together and agree with their sources.

An alias that names several antigens at once holds a slash (MICA/B); any other alias of two antigens
has to say by `needs` or `blocks` which one is meant.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph

from kg.extract.spot import CONTEXTS
from kg.extract.tables import read_table, split_list
from kg.resources import LEXICON, ONTOLOGY
from kg.vocab import CODE_LISTS

Row = Mapping[str, str]

COLUMNS = {
    "antigens": (
        "key label kind symbol hgnc uniprot ncit other_ids variant_of members source_protein "
        "peptide source as_of"
    ),
    "antigen_aliases": "alias antigen case boundary needs blocks source as_of",
    "products": (
        "key label modality effector cell_source donor targets spares recruits logic architecture "
        "combined developer ncit source as_of"
    ),
    "product_names": "name product name_type case source as_of",
}
ORDER = {
    "antigens": ("key",),
    "antigen_aliases": ("alias", "antigen", "case"),
    "products": ("key",),
    "product_names": ("name", "product"),
}
NAME_TYPES = {"INN", "code", "brand", "synonym", "registry", "chinese"}
SOURCE = re.compile(
    r"clinicaltrials:NCT\d{8} \S+|vocab:(hgnc_entries|ncit_map|mesh_id_label_mappings|"
    r"drugbank_vocabulary)|pypi:[\w.-]+ \S+|https?://\S+|uncited"
)
# HGNC gave these genes other symbols after the revision that is kept under vocab/.
RENAMED = {"ACP3": "ACPP", "ALPG": "ALPPL2", "H3-3A": "H3F3A"}


def table(name: str) -> list[dict[str, str]]:
    return read_table(name, COLUMNS[name].split(), [LEXICON])


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def unknown(rows: Sequence[Row], columns: str, known: Iterable[str]) -> list[tuple[str, str]]:
    allowed = set(known)
    return [
        (row["key"], value)
        for row in rows
        for column in columns.split()
        for value in split_list(row[column])
        if value not in allowed
    ]


def modality_classes() -> set[str]:
    graph = Graph().parse(ONTOLOGY / "modality.ttl")
    return {str(cls).rsplit("#", 1)[-1] for cls in graph.subjects(RDF.type, OWL.Class)}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_has_the_agreed_columns_and_is_sorted(name: str) -> None:
    with (LEXICON / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert header == COLUMNS[name].split()
    keys = [tuple(row[column] for column in ORDER[name]) for row in table(name)]
    assert keys == sorted(keys)
    assert not repeated(keys)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_says_where_its_fact_was_read_and_when(name: str) -> None:
    rows = table(name)
    assert [row for row in rows if not SOURCE.fullmatch(row["source"])] == []
    assert all(date.fromisoformat(row["as_of"]) for row in rows)


@pytest.mark.parametrize("name", COLUMNS)
def test_no_cell_has_outer_blanks_or_an_empty_list_value(name: str) -> None:
    cells = [cell for row in table(name) for cell in row.values()]
    assert [cell for cell in cells if cell != cell.strip() or "||" in cell] == []


def test_keys_are_of_the_characters_that_an_iri_takes_as_they_are() -> None:
    keys = [row["key"] for name in ("antigens", "products") for row in table(name)]
    assert [key for key in keys if not re.fullmatch(r"[A-Za-z0-9._-]+", key)] == []


def test_there_are_at_least_300_antigens_and_500_products_with_a_source_for_most() -> None:
    antigens, products = table("antigens"), table("products")
    cited = [row for row in products if row["source"] != "uncited"]
    assert len(antigens) >= 300
    assert len(table("antigen_aliases")) >= 1200
    assert len(products) >= 500
    assert len(cited) * 2 > len(products)


def test_codes_of_antigens_and_products_are_those_of_the_ontology() -> None:
    antigens, products = table("antigens"), table("products")
    assert unknown(antigens, "kind", CODE_LISTS["AntigenKind"]) == []
    assert unknown(products, "modality", modality_classes()) == []
    assert unknown(products, "effector", CODE_LISTS["EffectorCell"]) == []
    assert unknown(products, "cell_source", CODE_LISTS["CellSource"]) == []
    assert unknown(products, "donor", CODE_LISTS["Donor"]) == []
    assert unknown(products, "logic", CODE_LISTS["TargetLogic"]) == []
    assert unknown(products, "architecture", CODE_LISTS["Architecture"]) == []
    assert unknown(products, "combined", CODE_LISTS["CombinedAs"]) == []
    assert [row["key"] for row in antigens if not row["kind"]] == []
    assert [row["key"] for row in products if not row["modality"]] == []


def test_every_antigen_that_a_row_names_has_a_row() -> None:
    antigens, products = table("antigens"), table("products")
    keys = {row["key"] for row in antigens}
    assert unknown(products, "targets spares recruits", keys) == []
    assert unknown(antigens, "members variant_of", keys) == []
    assert {row["antigen"] for row in table("antigen_aliases")} == keys


def test_an_antigen_is_no_variant_or_member_of_itself() -> None:
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for row in table("antigens"):
        parents[row["key"]].update(split_list(row["variant_of"]))
        for member in split_list(row["members"]):
            parents[member].add(row["key"])
    for key in list(parents):
        above, seen = set(parents[key]), set()
        while above:
            step = above.pop()
            assert step != key
            if step not in seen:
                seen.add(step)
                above |= parents[step]


def test_variants_isoforms_and_glycoforms_share_the_gene_of_what_they_vary() -> None:
    rows = {row["key"]: row for row in table("antigens")}
    varied = [row for row in rows.values() if row["variant_of"] and row["hgnc"]]
    assert len(varied) >= 10
    strays = [row["key"] for row in varied if rows[row["variant_of"]]["hgnc"] != row["hgnc"]]
    assert strays == []


def test_key_and_label_of_an_antigen_are_aliases_of_it() -> None:
    aliases = {(row["alias"].casefold(), row["antigen"]) for row in table("antigen_aliases")}
    missing = [
        (row["key"], name)
        for row in table("antigens")
        for name in (row["key"], row["label"])
        if (name.casefold(), row["key"]) not in aliases
    ]
    assert missing == []


def test_alias_policies_are_known_ones() -> None:
    rows = table("antigen_aliases")
    assert {row["case"] for row in rows} == {"exact", "fold"}
    assert {row["boundary"] for row in rows} == {"word", "glued"}
    contexts = {c for row in rows for c in split_list(row["needs"]) + split_list(row["blocks"])}
    assert contexts <= set(CONTEXTS)


def test_an_alias_of_two_antigens_says_when_it_means_which() -> None:
    meanings: defaultdict[str, list[Row]] = defaultdict(list)
    for row in table("antigen_aliases"):
        meanings[row["alias"].casefold()].append(row)
    unclear = [
        alias
        for alias, rows in meanings.items()
        if len({row["antigen"] for row in rows}) > 1
        and "/" not in alias
        and not all(row["needs"] or row["blocks"] for row in rows)
    ]
    assert unclear == []


def test_a_short_alias_in_plain_letters_keeps_its_case() -> None:
    rows = [row for row in table("antigen_aliases") if re.fullmatch("[A-Za-z]{1,3}", row["alias"])]
    assert len(rows) >= 10
    folded = [row["alias"] for row in rows if row["case"] == "fold" and not row["needs"]]
    assert folded == []


def test_a_product_name_means_one_product_and_every_product_has_its_label_as_name() -> None:
    products, names = table("products"), table("product_names")
    plain = [re.sub(r"[\s-]", "", row["name"].casefold()) for row in names]
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for key, row in zip(plain, names, strict=True):
        owners[key].add(row["product"])
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
    labels = {(row["key"], row["label"]) for row in products}
    assert labels - {(row["product"], row["name"]) for row in names} == set()
    assert {row["product"] for row in names} == {row["key"] for row in products}
    assert {row["name_type"] for row in names} <= NAME_TYPES
    assert {row["case"] for row in names} == {"exact", "fold"}


def test_no_product_name_is_an_antigen_alias() -> None:
    aliases = {row["alias"].casefold() for row in table("antigen_aliases")}
    clashes = [row["name"] for row in table("product_names") if row["name"].casefold() in aliases]
    assert clashes == []


def test_target_logic_of_a_product_fits_the_number_of_its_targets() -> None:
    wrong = []
    for row in table("products"):
        count, logic = len(split_list(row["targets"])), row["logic"]
        fits = {
            "SingleTarget": count == 1,
            "AnyOf": count > 1,
            "AllOf": count > 1,
            "AndNot": count >= 1 and bool(row["spares"]),
            "NotAntigenDirected": count == 0,
            "UnknownLogic": count == 0,
        }
        if not fits[logic]:
            wrong.append((row["key"], logic, count))
    assert wrong == []


def test_an_engager_recruits_an_antigen_that_is_not_its_target() -> None:
    engagers = [
        row for row in table("products") if row["modality"] in {"TCellEngager", "NKCellEngager"}
    ]
    assert len(engagers) >= 20
    wrong = [
        row["key"]
        for row in engagers
        if not row["recruits"] or set(split_list(row["recruits"])) & set(split_list(row["targets"]))
    ]
    assert wrong == []


def hgnc_rows(shared: Path) -> dict[str, dict[str, str]]:
    path = shared / "data/vocab/hgnc_entries.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["HGNC ID"]: row for row in rows}


def test_gene_identifiers_are_those_of_hgnc(shared: Path) -> None:
    known = hgnc_rows(shared)
    checked = 0
    for row in table("antigens"):
        if not row["hgnc"]:
            assert (row["key"], row["symbol"], row["source_protein"]) == (row["key"], "", "")
            continue
        entry = known[row["hgnc"]]
        symbol = RENAMED.get(row["symbol"], row["symbol"])
        proteins = entry["UniProt ID(supplied by UniProt)"].replace(" ", "").split(",")
        assert (row["key"], symbol) == (row["key"], entry["Approved Symbol"])
        assert (row["key"], row["uniprot"] in proteins) == (row["key"], True)
        checked += 1
    assert checked >= 300


def test_thesaurus_codes_are_mapped_to_the_gene_or_protein_of_the_row(shared: Path) -> None:
    path = shared / "data/vocab/ncit_map.tsv.gz"
    pairs = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _, target = line.rstrip("\n").split("\t")
            pairs.add((code, target.removeprefix("HGNC:")))
    for row in table("antigens"):
        others = {item.partition(":")[2] for item in split_list(row["other_ids"])}
        names = {row["hgnc"].removeprefix("HGNC:"), row["uniprot"], *others}
        for code in split_list(row["ncit"]):
            assert any((code, name) in pairs for name in names), (row["key"], code)
