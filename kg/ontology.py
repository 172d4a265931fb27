"""Reads ontology/, classifies it and writes the constants of kg/vocab.py from it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import OntologyError
from kg.resources import ONTOLOGY

CLASSIFIED = "classified.ttl"
_VOCABULARIES = "vocabularies.tsv"
_OWN = "tkg"


class Vocabulary(NamedTuple):
    """A namespace: its prefix, the class of constants in kg/vocab.py ("" for none), its terms."""

    prefix: str
    constants: str
    base: str
    terms: tuple[str, ...]


def load_ontology(folder: Path = ONTOLOGY) -> Graph:
    """Parse every Turtle file of the ontology but the classified hierarchy into one graph."""
    graph = Graph(bind_namespaces="none")
    paths = sorted(path for path in folder.glob("*.ttl") if path.name != CLASSIFIED)
    if not paths:
        raise OntologyError(f"{folder} holds no Turtle file: reinstall, or name the folder")
    for path in paths:
        _parse(graph, path)
    return graph


def load_classified(folder: Path = ONTOLOGY) -> Graph:
    """Parse the hierarchy that `classify` found and that stands in the repository."""
    graph = Graph(bind_namespaces="none")
    _parse(graph, folder / CLASSIFIED)
    return graph


def _parse(graph: Graph, path: Path) -> None:
    try:
        graph.parse(path, format="turtle")
    except (OSError, SyntaxError, ValueError) as error:
        raise OntologyError(f"{path} is no Turtle: {error}") from error


def ontology_digest(folder: Path = ONTOLOGY) -> str:
    """Return a digest that changes with any byte of the ontology, the hierarchy included."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.ttl"), folder / _VOCABULARIES]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def ontology_triples(folder: Path = ONTOLOGY) -> list[ox.Triple]:
    """Return what the graph says of its terms, classified hierarchy included, sorted.

    Blank nodes are named by what they hold and where they hang, so that equal files give equal
    triples.
    """
    graph = load_ontology(folder)
    for triple in load_classified(folder):
        graph.add(triple)
    names = _blank_names(graph)
    made = {
        ox.Triple(_term(s, names), _term(p, names), _term(o, names))  # type: ignore[arg-type]
        for s, p, o in graph
    }
    return sorted(made, key=str)


def _term(node: Node, names: Mapping[BNode, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(node, BNode):
        return ox.BlankNode(names[node])
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(
            str(node), datatype=ox.NamedNode(node.datatype) if node.datatype else None
        )
    return ox.NamedNode(str(node))


def _blank_names(graph: Graph) -> dict[BNode, str]:
    """Name blank nodes from their root down; in OWL they form trees."""
    names: dict[BNode, str] = {}

    def name(node: BNode, place: str) -> None:
        names[node] = hashlib.sha256(f"{place} {_content(graph, node)}".encode()).hexdigest()[:24]
        descend(node, names[node])

    def descend(subject: Node, place: str) -> None:
        for predicate, value in graph.predicate_objects(subject):
            if isinstance(value, BNode):
                name(value, f"{place} {predicate}")

    for subject in set(graph.subjects()):
        if isinstance(subject, URIRef):
            descend(subject, str(subject))
        elif isinstance(subject, BNode) and next(graph.subjects(None, subject), None) is None:
            name(subject, "")
    return names


def _content(graph: Graph, node: BNode) -> str:
    held = sorted(
        f"{predicate.n3()} {_content(graph, value) if isinstance(value, BNode) else value.n3()}"
        for predicate, value in graph.predicate_objects(node)
    )
    return f"[{'; '.join(held)}]"


def vocabularies(folder: Path = ONTOLOGY) -> tuple[Vocabulary, ...]:
    """Return the namespaces of the graph, in the order of their table."""
    with (folder / _VOCABULARIES).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Vocabulary(
            row["prefix"],
            row["constants"],
            row["base"],
            tuple(term for term in row["terms"].split("|") if term),
        )
        for row in rows
    )


def own_terms(graph: Graph, folder: Path = ONTOLOGY) -> tuple[str, ...]:
    """Return the local names of the terms that the ontology defines, sorted."""
    base = own_base(folder)
    return tuple(
        sorted(
            {
                str(subject)[len(base) :]
                for subject in graph.subjects(RDF.type)
                if isinstance(subject, URIRef) and str(subject).startswith(base)
            }
        )
    )


def own_base(folder: Path = ONTOLOGY) -> str:
    """Return the namespace of the terms that the ontology defines."""
    return next(v.base for v in vocabularies(folder) if v.prefix == _OWN)


def code_lists(graph: Graph, folder: Path = ONTOLOGY) -> dict[str, tuple[str, ...]]:
    """Return the individuals of each code list, by the local name of its class."""
    base = own_base(folder)
    lists: dict[str, list[str]] = {}
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        code_class = graph.value(scheme, RDFS.seeAlso)
        if code_class is None:
            raise OntologyError(f"{scheme} has no rdfs:seeAlso to the class of its individuals")
        members = (str(one)[len(base) :] for one in graph.subjects(SKOS.inScheme, scheme))
        lists[str(code_class)[len(base) :]] = sorted(members)
    return {name: tuple(lists[name]) for name in sorted(lists)}


def registry_codes(graph: Graph, folder: Path = ONTOLOGY) -> dict[str, dict[str, str]]:
    """Return for each code list that has them the registry's codes and their individuals."""
    base = own_base(folder)
    found: dict[str, dict[str, str]] = {}
    for name, members in code_lists(graph, folder).items():
        codes = {
            str(code): member
            for member in members
            for code in graph.objects(URIRef(base + member), SKOS.notation)
        }
        if codes:
            found[name] = dict(sorted(codes.items()))
    return found


def vocab_source(folder: Path = ONTOLOGY) -> str:
    """Return the source of kg/vocab.py as the ontology and its table of namespaces ask for it."""
    graph = load_ontology(folder)
    out = StringIO()
    out.write(_VOCAB_HEAD)
    for vocabulary in vocabularies(folder):
        if vocabulary.constants:
            own = vocabulary.prefix == _OWN
            terms = own_terms(graph, folder) if own else vocabulary.terms
            out.writelines(_constants(vocabulary, terms))
    out.writelines(_prefix_lines(vocabularies(folder)))
    out.writelines(_list_lines(code_lists(graph, folder)))
    out.writelines(_code_lines(registry_codes(graph, folder)))
    out.write(_VOCAB_TAIL)
    return out.getvalue()


def write_vocab(folder: Path = ONTOLOGY, path: Path | None = None) -> Path:
    """Write kg/vocab.py and return where it is."""
    target = path or Path(__file__).with_name("vocab.py")
    target.write_text(vocab_source(folder), encoding="utf-8")
    return target


_VOCAB_HEAD = '''"""The terms of the graph as constants, spelled as in the ontology.

Generated by `trialkg vocab` from ontology/; do not edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode
'''

_VOCAB_TAIL = """
TERMS: Final[Mapping[str, NamedNode]] = {
    name: node for name, node in vars(TKG).items() if isinstance(node, NamedNode)
}
"""


def _constants(vocabulary: Vocabulary, terms: Iterable[str]) -> Iterator[str]:
    base = f"_{vocabulary.constants}"
    yield f'\n{base}: Final = "{vocabulary.base}"\n'
    yield f'\n\nclass {vocabulary.constants}:\n    """Terms of {vocabulary.prefix}:."""\n\n'
    for term in terms:
        name = f"{term}_" if term in _KEYWORDS else term
        yield f'    {name}: Final = NamedNode({base} + "{term}")\n'
    yield "\n"


_KEYWORDS = frozenset(("class", "in", "not", "or", "and"))


def _prefix_lines(known: Iterable[Vocabulary]) -> Iterator[str]:
    yield "\nPREFIXES: Final[Mapping[str, str]] = {\n"
    for vocabulary in known:
        yield f'    "{vocabulary.prefix}": "{vocabulary.base}",\n'
    yield "}\n"


def _list_lines(lists: Mapping[str, Iterable[str]]) -> Iterator[str]:
    yield "\nCODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {\n"
    for name, (first, *others) in lists.items():
        if not others:
            yield f'    "{name}": ("{first}",),\n'
            continue
        yield f'    "{name}": (\n'
        yield f'        "{first}",\n'
        yield from (f'        "{member}",\n' for member in others)
        yield "    ),\n"
    yield "}\n"


def _code_lines(codes: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield "\nREGISTRY_CODES: Final[Mapping[str, Mapping[str, str]]] = {\n"
    for name, table in codes.items():
        yield f'    "{name}": {{\n'
        yield from (f'        "{code}": "{member}",\n' for code, member in table.items())
        yield "    },\n"
    yield "}\n"
