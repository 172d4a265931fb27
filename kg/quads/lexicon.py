"""The lexicon as quads: antigens, products, and the condition concepts that records use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import LexiconError
from kg.iris import antigen_iri, concept_iri, iri_keys, named_graph, product_iri
from kg.quads import literals
from kg.quads.triples import Term, Triple, given, individual
from kg.vocab import DCTERMS, RDF, RDFS, SKOS, TKG, XSD

if TYPE_CHECKING:
    from kg.extract.concepts import Concepts
    from kg.extract.lexicon import Antigen, Lexicon, Product

# Kinds that are themselves what an identifier of a gene or protein means; of the others the
# identifier names something broader.
_WHOLE = frozenset(
    ("Protein", "Glycan", "Glycolipid", "ViralAntigen", "AntigenFamily", "AntigenComplex")
)
_PROTEIN = "Protein"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def lexicon_quads(lexicon: Lexicon, concepts_in_use: Iterable[str]) -> Iterator[Quad]:
    """Yield all antigens and products, and the concepts in use with everything above them.

    `concepts_in_use` holds CURIEs; one that the table does not have is left out.
    """
    graph = named_graph("lexicon")
    for triple in dict.fromkeys(_triples(lexicon, concepts_in_use)):
        yield Quad(*triple, graph)


def _triples(lexicon: Lexicon, concepts_in_use: Iterable[str]) -> Iterator[Triple]:
    for key in sorted(lexicon.antigens):
        yield from _antigen(lexicon.antigens[key])
    for key in sorted(lexicon.products):
        yield from _product(lexicon.products[key])
    for curie in _with_ancestors(lexicon.concepts, concepts_in_use):
        yield from _concept(lexicon.concepts, curie)


def _antigen(antigen: Antigen) -> Iterator[Triple]:
    node = antigen_iri(antigen.key)
    yield node, RDF.type, TKG.Antigen
    yield from _names(node, antigen.label, antigen.aliases)
    yield from given(node, TKG.symbol, literals.text(antigen.symbol))
    yield node, TKG.antigenKind, individual(antigen.kind)
    yield from _antigen_identifiers(antigen, node)
    if antigen.variant_of:
        yield node, TKG.variantOf, antigen_iri(antigen.variant_of)
    for member in antigen.members:
        yield node, TKG.hasMember, antigen_iri(member)
    yield from given(node, TKG.peptide, literals.text(antigen.peptide))
    yield from _sourced(node, antigen.source, antigen.as_of)


def _antigen_identifiers(antigen: Antigen, node: NamedNode) -> Iterator[Triple]:
    row = f"antigens.tsv: {antigen.key}"
    uniprot = (f"UNIPROT:{antigen.uniprot}",) if antigen.uniprot else ()
    gene, protein = _gene_and_protein(antigen)
    whole = antigen.kind in _WHOLE
    for curie in (*uniprot, *protein, *antigen.other_ids):
        yield from _identifier(node, SKOS.exactMatch if whole else SKOS.broadMatch, curie, row)
    for curie in gene:
        yield from _identifier(node, SKOS.broadMatch, curie, row)
    if antigen.hgnc:
        yield from _identifier(node, TKG.gene, antigen.hgnc, row)
        if antigen.kind == _PROTEIN:
            yield node, SKOS.notation, Literal(antigen.hgnc)
    if antigen.source_protein:
        for curie in uniprot:
            yield from _identifier(node, TKG.sourceProtein, curie, row)


def _identifier(node: NamedNode, predicate: NamedNode, curie: str, row: str) -> Iterator[Triple]:
    """Yield a link to an identifier elsewhere, and its CURIE there and on what means the same."""
    try:
        elsewhere = concept_iri(curie)
    except ValueError as error:
        raise LexiconError(f"{row}: {error}; correct the identifier") from error
    prefix, _, local = curie.partition(":")
    notation = Literal(f"{prefix.upper()}:{local}")
    yield node, predicate, elsewhere
    yield elsewhere, SKOS.notation, notation
    if predicate == SKOS.exactMatch and iri_keys(node):
        yield node, SKOS.notation, notation


def _gene_and_protein(antigen: Antigen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide NCIt codes: of a protein the first is its gene's, where there are two."""
    codes = tuple(map(_ncit, antigen.ncit))
    if antigen.kind == _PROTEIN:
        return codes[:1], codes[1:]
    return (), codes


def _product(product: Product) -> Iterator[Triple]:
    node = product_iri(product.key)
    yield node, RDF.type, TKG.Product
    yield from _names(node, product.label, (name for name, kind in product.names if kind != "code"))
    for name, kind in product.names:
        if kind == "code":
            yield from given(node, TKG.codeName, literals.text(name))
    yield from _product_codes(product, node)
    yield from _product_antigens(product, node)
    yield from given(node, TKG.developer, literals.text(product.developer))
    for curie in map(_ncit, product.ncit):
        yield from _identifier(node, SKOS.exactMatch, curie, f"products.tsv: {product.key}")
    yield from _sourced(node, product.source, product.as_of)


def _product_codes(product: Product, node: NamedNode) -> Iterator[Triple]:
    for predicate, name in (
        (TKG.productModality, product.modality),
        (TKG.productEffectorCell, product.effector),
        (TKG.productCellSource, product.cell_source),
        (TKG.productDonor, product.donor),
        (TKG.productTargetLogic, product.logic),
        (TKG.productArchitecture, product.architecture),
        (TKG.productCombinedAs, product.combined),
    ):
        if name:
            yield node, predicate, individual(name)


def _product_antigens(product: Product, node: NamedNode) -> Iterator[Triple]:
    for predicate, keys in (
        (TKG.productTarget, product.targets),
        (TKG.productSpares, product.spares),
        (TKG.productRecruits, product.recruits),
    ):
        for key in keys:
            yield node, predicate, antigen_iri(key)


def _with_ancestors(concepts: Concepts, curies: Iterable[str]) -> list[str]:
    wanted = {curie for curie in curies if curie in concepts}
    return sorted(wanted.union(*(concepts.ancestors(curie) for curie in wanted)) & concepts.keys())


def _concept(concepts: Concepts, curie: str) -> Iterator[Triple]:
    concept, node = concepts[curie], concept_iri(curie)
    yield node, RDF.type, SKOS.Concept
    yield from given(node, RDFS.label, literals.text(concept.label))
    yield node, SKOS.notation, Literal(curie)
    for parent in concept.parents:
        if parent in concepts:
            yield node, SKOS.broader, concept_iri(parent)
    for exact in concept.exact:
        yield from _identifier(node, SKOS.exactMatch, exact, f"concepts.tsv: {curie}")


def _names(node: NamedNode, label: str, others: Iterable[str]) -> Iterator[Triple]:
    yield from given(node, RDFS.label, literals.text(label))
    for other in others:
        if other != label:
            yield from given(node, SKOS.altLabel, literals.text(other))


def _ncit(code: str) -> str:
    return code if ":" in code else f"NCIT:{code}"


def _sourced(node: NamedNode, source: str, as_of: str) -> Iterator[Triple]:
    yield from given(node, DCTERMS.source, literals.text(source))
    if as_of:
        yield node, TKG.asOf, _date(as_of)


def _date(as_of: str) -> Term:
    return Literal(as_of, datatype=XSD.date) if _DATE.fullmatch(as_of) else Literal(as_of)
