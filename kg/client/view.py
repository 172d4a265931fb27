"""A snapshot as a store of rdflib.

Terms become rdflib's own: a plain string carries no datatype there, while engines of RDF 1.1 give
it xsd:string, which rdflib holds for another literal.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.store import Store
from rdflib.term import Identifier, Node, Variable

from kg.errors import UsageError
from kg.query.diagnosis import syntax_error
from kg.query.guard import check
from kg.vocab import PREFIXES, XSD

if TYPE_CHECKING:
    from rdflib.graph import _TriplePatternType, _TripleType

_UNION = "__UNION__"


def dataset(engine: ox.Store) -> Dataset:
    """Return a read-only dataset over a store; its default graph is the union of all graphs."""
    view = Dataset(store=SnapshotStore(engine), default_union=True)
    for prefix, namespace in PREFIXES.items():
        view.bind(prefix, namespace)
    return view


def to_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Return triples as a graph of its own in memory."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add(_triple(triple))
    return graph


class SnapshotStore(Store):
    """A store plugin that answers from the engine and takes no changes."""

    context_aware = True
    graph_aware = True
    formula_aware = False
    transaction_aware = False

    def __init__(self, engine: ox.Store) -> None:
        self.engine = engine
        self._namespaces: dict[str, URIRef] = {}
        super().__init__()

    def triples(
        self, triple_pattern: _TriplePatternType, context: Graph | None = None
    ) -> Iterator[tuple[_TripleType, Iterator[Graph | None]]]:
        """Yield the triples that fit, each with the graph that it stands in."""
        pattern = _pattern(triple_pattern)
        if pattern is None:
            return
        for quad in self.engine.quads_for_pattern(*pattern, _graph_name(context)):
            yield _triple(quad.triple), iter((self._graph(quad.graph_name),))

    def __len__(self, context: Graph | None = None) -> int:
        name = _graph_name(context)
        if name is None:
            return len(self.engine)
        return sum(1 for _ in self.engine.quads_for_pattern(None, None, None, name))

    def contexts(self, triple: _TripleType | None = None) -> Generator[Graph, None, None]:
        """Yield the graphs, or those that hold a triple."""
        pattern = (None, None, None) if triple is None else _pattern(triple)
        if pattern is None:
            return
        if triple is None or pattern == (None, None, None):
            names: Iterable[Any] = self.engine.named_graphs()
        else:
            names = {quad.graph_name for quad in self.engine.quads_for_pattern(*pattern, None)}
        yield from map(self._graph, sorted(names, key=str))

    def query(
        self,
        query: Any,  # noqa: ANN401 - text or a prepared query of rdflib
        initNs: Mapping[str, Any],  # noqa: N803 - the names of rdflib
        initBindings: Mapping[str, Identifier],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: Any,  # noqa: ANN401
    ) -> Result:
        """Run SPARQL in the engine; with initial bindings rdflib runs it itself, more slowly."""
        if initBindings or kwargs:
            raise NotImplementedError
        text, namespaces = _text(query, initNs)
        form = check(text)
        prefixes = {**PREFIXES, **namespaces}
        default = None if queryGraph == _UNION else [_engine_graph(URIRef(str(queryGraph)))]
        try:
            results = self.engine.query(
                text,
                prefixes=prefixes,
                use_default_graph_as_union=default is None and not form.dataset,
                default_graph=None if form.dataset else default,
            )
        except SyntaxError as error:
            raise syntax_error(text, str(error), prefixes) from None
        return _result(results)

    def update(self, *_: object, **__: object) -> None:
        """Refuse."""
        raise _read_only()

    def add(self, *_: object, **__: object) -> None:
        """Refuse."""
        raise _read_only()

    def addN(self, *_: object, **__: object) -> None:  # noqa: N802 - the name of rdflib
        """Refuse."""
        raise _read_only()

    def remove(self, *_: object, **__: object) -> None:
        """Refuse."""
        raise _read_only()

    def add_graph(self, graph: Graph) -> None:
        """Do nothing: rdflib announces the graphs that it reads from."""

    def remove_graph(self, graph: Graph) -> None:  # noqa: ARG002 - the name of rdflib
        """Refuse."""
        raise _read_only()

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Remember a prefix for this view."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def namespace(self, prefix: str) -> URIRef | None:
        """Return the namespace of a prefix."""
        return self._namespaces.get(prefix)

    def prefix(self, namespace: URIRef) -> str | None:
        """Return the prefix of a namespace."""
        return next((p for p, known in self._namespaces.items() if known == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """Yield the prefixes of this view."""
        yield from self._namespaces.items()

    def _graph(self, name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Graph:
        if isinstance(name, ox.DefaultGraph):
            return Graph(self, DATASET_DEFAULT_GRAPH_ID)
        return Graph(self, cast("URIRef | BNode", _term(name)))


def _read_only() -> UsageError:
    return UsageError(
        "the published graph is read-only: copy what you want to change into a graph of your own"
    )


def _text(query: Any, namespaces: Mapping[str, Any]) -> tuple[str, dict[str, str]]:  # noqa: ANN401
    given = {prefix: str(namespace) for prefix, namespace in namespaces.items()}
    if isinstance(query, str):
        return query, given
    original = getattr(query, "_original_args", None)
    if original is None:
        raise NotImplementedError
    text, prepared, _ = original
    return text, {**given, **{prefix: str(namespace) for prefix, namespace in prepared.items()}}


def _result(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Result:
    if isinstance(results, ox.QueryBoolean):
        answer = Result("ASK")
        answer.askAnswer = bool(results)
    elif isinstance(results, ox.QueryTriples):
        answer = Result("CONSTRUCT")
        answer.graph = to_graph(results)
    else:
        answer = Result("SELECT")
        names = [variable.value for variable in results.variables]
        answer.vars = [Variable(name) for name in names]
        answer.bindings = [
            {Variable(name): _term(row[name]) for name in names if row[name] is not None}
            for row in results
        ]
    return answer


def _triple(triple: ox.Triple) -> tuple[Node, Node, Node]:
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: object) -> Identifier:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise UsageError(f"rdflib has no term for {term}")
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    if term.datatype == XSD.string:
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)


_Pattern = tuple[
    ox.NamedNode | ox.BlankNode | None,
    ox.NamedNode | None,
    ox.NamedNode | ox.BlankNode | ox.Literal | None,
]


def _pattern(triple: _TriplePatternType) -> _Pattern | None:
    """Return the pattern in terms of the engine, None where no triple can fit."""
    subject, predicate, value = (_engine_term(term) for term in triple)
    if isinstance(subject, ox.Literal) or isinstance(predicate, ox.Literal | ox.BlankNode):
        return None
    return subject, predicate, value


def _engine_term(term: Node | None) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    if term is None:
        return None
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, Literal):
        raise UsageError(f"{term!r} cannot stand in a pattern of triples")
    if term.language is not None:
        return ox.Literal(str(term), language=term.language)
    datatype = ox.NamedNode(str(term.datatype)) if term.datatype is not None else None
    return ox.Literal(str(term), datatype=datatype)


def _graph_name(context: Graph | None) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None:
    if context is None:
        return None
    return _engine_graph(cast("Identifier", getattr(context, "identifier", context)))


def _engine_graph(name: Identifier) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
    if name == DATASET_DEFAULT_GRAPH_ID:
        return ox.DefaultGraph()
    return ox.BlankNode(str(name)) if isinstance(name, BNode) else ox.NamedNode(str(name))
