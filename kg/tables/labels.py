"""What the values of facets are called: a label, and other names by which people ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import polars as pl
from rdflib import RDFS, SKOS, URIRef

from kg.extract.lexicon import Lexicon
from kg.extract.slug_label import readable_label
from kg.ontology import load_ontology, ontology_digest
from kg.vocab import TERMS

Named = tuple[str, str, str, list[str]]

_KEY = ("kind", "key")
_DISEASES = "MONDO:"
_SCHEMA = {
    "kind": pl.String(),
    "key": pl.String(),
    "label": pl.String(),
    "names": pl.List(pl.String()),
}
# Kind of key -> where keys of that kind stand in the tables, for kinds that no table lists whole.
KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "concept": (("trials", "broader"),),
    "organization": (("trials", "sponsor"),),
    "city": (("sites", "city"),),
    "facility": (("sites", "facility"),),
    "term": (
        ("constructs", "classes"),
        ("constructs", "effector_cell"),
        ("constructs", "cell_source"),
        ("constructs", "donor"),
        ("constructs", "target_logic"),
        ("constructs", "target_disclosure"),
        ("trials", "status"),
        ("trials", "study_type"),
        ("trials", "phases"),
        ("trials", "sponsor_class"),
        ("trials", "ages"),
        ("trials", "design"),
        ("trials", "flags"),
        ("trials", "sex"),
        ("sites", "status"),
    ),
}


def label_table(tables: Mapping[str, pl.DataFrame], lexicon: Lexicon) -> pl.DataFrame:
    """Return the table `labels`: kind, key, label and names, sorted.

    Antigens, products, conditions and countries are there whether a trial has them or not: that
    none has is an answer. Facilities are there that are not called what their key says.
    """
    used = _used(tables)
    rows = (
        *_antigens(lexicon),
        *_products(lexicon),
        *_concepts(lexicon, lambda key: key in used["concept"] or key.startswith(_DISEASES)),
        *_countries(lexicon),
        *_places(used, lexicon),
        *_terms(used["term"]),
    )
    return _frame(sorted(rows))


def labels_after(
    labels: pl.DataFrame,
    before: Mapping[str, pl.DataFrame],
    tables: Mapping[str, pl.DataFrame],
    lexicon: Lexicon,
) -> pl.DataFrame:
    """Return the table `labels` of tables after a change, from that before it.

    Equal to `label_table` with the same lexicon: only what has come to be used is named.
    """
    was, now = _used(before), _used(tables)
    new = {kind: now[kind] - was[kind] for kind in KINDS}
    for used in (was, new):
        # A disease is there in any case.
        used["concept"] = {key for key in used["concept"] if not key.startswith(_DISEASES)}
    gone = [(kind, key) for kind in KINDS for key in was[kind] - now[kind]]
    concepts = _concepts(lexicon, new["concept"].__contains__) if new["concept"] else ()
    rows = _frame([*concepts, *_places(new, lexicon), *_terms(new["term"])])
    left = pl.DataFrame(gone, schema={name: _SCHEMA[name] for name in _KEY}, orient="row")
    return pl.concat([labels.join(left, on=_KEY, how="anti"), rows]).sort(_KEY)


def _used(tables: Mapping[str, pl.DataFrame]) -> dict[str, set[str]]:
    """Return the keys that the tables hold, by kind."""
    return {
        kind: {key for table, column in places for key in _keys(tables[table][column])}
        for kind, places in KINDS.items()
    }


def _frame(rows: Sequence[Named]) -> pl.DataFrame:
    """Return the rows as a table; lists are made of one long column, which is ten times as fast."""
    plain = {name: [row[at] for row in rows] for at, name in enumerate(("kind", "key", "label"))}
    listed = {
        "place": [place for place, row in enumerate(rows) for _ in row[-1]],
        "names": [name for row in rows for name in row[-1]],
    }
    names = pl.DataFrame(listed, schema={"place": pl.UInt32(), "names": pl.String()})
    return (
        pl.DataFrame(plain, schema={name: _SCHEMA[name] for name in plain})
        .with_row_index("place")
        .join(names.group_by("place").agg("names"), on="place", how="left", maintain_order="left")
        .select(*plain, pl.col("names").fill_null([]))
    )


def _keys(column: pl.Series) -> Iterable[str]:
    flat = column.explode() if column.dtype == pl.List else column
    return flat.drop_nulls().unique().to_list()


def _antigens(lexicon: Lexicon) -> Iterator[Named]:
    for key, antigen in lexicon.antigens.items():
        yield "antigen", key, antigen.label, sorted({key, *antigen.aliases} - {antigen.label})


def _products(lexicon: Lexicon) -> Iterator[Named]:
    for key, product in lexicon.products.items():
        yield (
            "product",
            key,
            product.label,
            sorted({name for name, _ in product.names} - {product.label}),
        )


def _concepts(lexicon: Lexicon, wanted: Callable[[str], bool]) -> Iterator[Named]:
    """Yield diseases, and what else records name as a condition; MeSH knows many other things.

    `wanted` tells those that are to be yielded.
    """
    names = defaultdict(set)
    for name, curie in lexicon.concepts.names.items():
        names[curie].add(name)
    for curie in lexicon.concepts:
        if wanted(curie):
            label = lexicon.concepts[curie].label
            yield "concept", curie, label, sorted(names[curie] - {label})


def _countries(lexicon: Lexicon) -> Iterator[Named]:
    gazetteer = lexicon.gazetteer
    for code, label in gazetteer.countries.items():
        yield "country", code, label, list(gazetteer.country_spellings[code])


def _places(used: Mapping[str, set[str]], lexicon: Lexicon) -> Iterator[Named]:
    gazetteer = lexicon.gazetteer
    for key in used["city"]:
        yield "city", key, gazetteer.city_label(*key.split("/")), []
    for key in used["facility"]:
        name = key.rpartition("/")[2]
        # There are very many, and most are called what their key says.
        if (label := gazetteer.facility_label(name)) != readable_label(name):
            yield "facility", key, label, []
    for key in used["organization"]:
        yield "organization", key, gazetteer.organization_label(key), []


def _terms(used: Collection[str]) -> Iterator[Named]:
    said = _said_of_terms(ontology_digest()) if used else {}
    for name in used:
        label, others = said.get(TERMS[name].value, ("", []))
        yield "term", name, label or name, sorted({*others} - {label or name})


@lru_cache(maxsize=1)
def _said_of_terms(_digest: str) -> Mapping[str, tuple[str, list[str]]]:
    """Return what the ontology calls each term: the label, and other names."""
    ontology = load_ontology()
    return {
        str(node): (
            str(ontology.value(node, RDFS.label) or ""),
            [str(one) for one in ontology.objects(node, SKOS.altLabel)],
        )
        for node in set(ontology.subjects())
        if isinstance(node, URIRef)
    }
