"""Reads the manifests of the W3C suites: which tests there are, and what they hold."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


class Case(NamedTuple):
    """One test: `node` is its subject in `graph`."""

    name: str
    kind: str
    graph: Graph
    node: URIRef

    def get(self, predicate, node=None):
        return self.graph.value(self.node if node is None else node, predicate)

    def items(self, predicate, node=None):
        return list(self.graph.objects(self.node if node is None else node, predicate))


def cases(*manifests: Path) -> list[Case]:
    """Return the entries of manifests, in their order."""
    found = []
    for path in manifests:
        graph = Graph().parse(path, format="turtle", publicID=path.as_uri())
        for entries in graph.objects(None, MF.entries):
            for node in Collection(graph, entries):
                kind = str(graph.value(node, RDF.type)).partition("#")[2]
                name = f"{path.parent.name}/{str(node).rpartition('#')[2]}"
                found.append(Case(name, kind, graph, node))
    return found


def listed(graph, node):
    return list(Collection(graph, node)) if node is not None else []


def path_of(iri) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def text_of(iri) -> str:
    # Bytes, for line ends are part of some tests.
    return path_of(iri).read_bytes().decode("utf-8")


def graph_data(case, node):
    """Return the named graphs of an update test as pairs of name and file."""
    for described in case.items(UT.graphData, node):
        file = case.get(UT.graph, described)
        if file is None:
            yield str(described), described
        else:
            yield str(case.get(RDFS.label, described)), file
