"""Evaluates and parses what the suites ask, over HTTP and by the engine alone, side by side."""

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from tests.w3c.manifest import MF, QT, UT, graph_data, path_of, text_of
from tests.w3c.sameness import asked_ending, canonical_quads, expected_answer, parsed

EMPTY = "urn:x-trialkg:empty"
_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
    ".ttl": "text/turtle",
}
_PARSED = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML}
_TABLES = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
    ".csv": ox.QueryResultsFormat.CSV,
}
# Refusals of well-formed texts: by policy, for want of a function, for want of a graph.
_REFUSALS = ("service", "load", "unsupported", "conflict")
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_STATE = """SELECT ?g ?s ?p ?o {
  { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } UNION { GRAPH ?g {} }
}"""


@cache
def triples(file):
    """Return the triples of a data file, with blank nodes that no other file has."""
    path = path_of(file)
    return tuple(
        ox.parse(
            path.read_bytes(),
            format=_PARSED[path.suffix],
            base_iri=str(file),
            rename_blank_nodes=True,
        )
    )


def quads(file, graph):
    name = ox.DefaultGraph() if graph is None else ox.NamedNode(str(graph))
    return [ox.Quad(t.subject, t.predicate, t.object, name) for t in triples(file)]


def data_files(cases):
    """Return all files that queries read, so that one server can hold them, a graph each."""
    found = set()
    for case in cases:
        if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
            found |= set(_default(case)) | set(_named(case))
    return sorted(found)


def query_text(case):
    query = case.get(QT.query, case.get(MF.action))
    return f"BASE <{query}>\n{text_of(query)}"


def _default(case):
    return case.items(QT.data, case.get(MF.action))


def _named(case):
    return case.items(QT.graphData, case.get(MF.action))


def query_over_http(case, client):
    """Return what is wrong with the answer of the endpoint to a query, or None."""
    result = case.get(MF.result)
    parameters = {"query": query_text(case)}
    # A query that names its data set itself is left to it: the parameters would win.
    if _default(case) or not _FROM.search(parameters["query"]):
        parameters["default-graph-uri"] = [str(file) for file in _default(case)] or [EMPTY]
        parameters["named-graph-uri"] = [str(file) for file in _named(case)]
    answer = client.post(
        "/sparql", data=parameters, headers={"Accept": _ACCEPT[asked_ending(path_of(result))]}
    )
    if answer.status_code != 200:
        return answer.text[:300]
    return _difference(answer.content, result)


def query_by_engine(case):
    """Return what is wrong with the answer of the engine alone, or None."""
    result = case.get(MF.result)
    store = ox.Store()
    for file in _default(case):
        store.extend(quads(file, None))
    for file in _named(case):
        store.add_graph(ox.NamedNode(str(file)))
        store.extend(quads(file, file))
    try:
        answer = store.query(query_text(case))
        ending = asked_ending(path_of(result))
        if isinstance(answer, ox.QueryTriples):
            body = ox.serialize(answer, format=ox.RdfFormat.TURTLE)
        else:
            body = answer.serialize(format=_TABLES[ending])
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        return str(error)[:300]
    return _difference(body, result)


def _difference(body, result):
    path = path_of(result)
    expected = expected_answer(path)
    answered = parsed(body, asked_ending(path))
    return None if answered == expected else f"{answered} is not {expected}"[:600]


def syntax_over_http(case, client):
    """Return what is wrong with what the endpoint says of a text, or None.

    Calls of other endpoints are refused by policy, which says nothing of syntax.
    """
    request = case.get(MF.action)
    text = f"BASE <{request}>\n{text_of(request)}"
    name = "update" if _is_update(request) else "query"
    answer = client.post("/sparql", data={name: text})
    kind = answer.json()["type"].rpartition("/")[2] if answer.status_code >= 400 else ""
    if case.kind.startswith("Negative"):
        return None if kind == "syntax" else f"accepted: {answer.status_code} {kind}"
    return None if not kind or kind in _REFUSALS else answer.text[:300]


def _is_update(request):
    return path_of(request).suffix == ".ru"


def syntax_by_engine(case):
    """Return what is wrong with what the engine says of a text, or None."""
    request = case.get(MF.action)
    store = ox.Store()
    try:
        run = store.update if _is_update(request) else store.query
        run(text_of(request), base_iri=str(request))
        syntax = True
    except SyntaxError:
        syntax = False
    except (OSError, RuntimeError):
        syntax = True
    return None if syntax != case.kind.startswith("Negative") else f"syntax is {syntax}"


def state(case, node):
    """Return the default graph and the named graphs that an update test describes."""
    described = [quad for file in case.items(UT.data, node) for quad in quads(file, None)]
    named = list(graph_data(case, node))
    return described + [q for graph, file in named for q in quads(file, graph)], {
        graph for graph, _ in named
    }


def update_over_http(case, client):
    """Return what is wrong with the data set after an update, or None."""
    action = case.get(MF.action)
    request = case.get(UT.request, action)
    before, graphs = state(case, action)
    prepared = client.post("/sparql", data={"update": _set_up(before, graphs)})
    if prepared.status_code != 204:
        return f"not set up: {prepared.text[:300]}"
    answer = client.post("/sparql", data={"update": f"BASE <{request}>\n{text_of(request)}"})
    if answer.status_code != 204:
        return answer.text[:300]
    read = client.post("/sparql", data={"query": _STATE, "format": "json"})
    solutions = ox.parse_query_results(read.content, format=ox.QueryResultsFormat.JSON)
    return _state_difference(_as_quads(solutions), case)


def update_by_engine(case):
    """Return what is wrong with the data set after an update by the engine alone, or None."""
    action = case.get(MF.action)
    request = case.get(UT.request, action)
    before, graphs = state(case, action)
    store = ox.Store()
    store.extend(before)
    for graph in graphs:
        store.add_graph(ox.NamedNode(graph))
    try:
        store.update(text_of(request), base_iri=str(request))
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        return str(error)[:300]
    return _state_difference((list(store), {g.value for g in store.named_graphs()}), case)


def _set_up(before, graphs):
    created = "".join(f"CREATE GRAPH {ox.NamedNode(graph)} ;\n" for graph in sorted(graphs))
    return f"DROP ALL ;\n{created}{inserted(before)}"


def inserted(quads):
    """Return the update that inserts quads."""
    blocks = []
    for quad in quads:
        triple = f"{quad.subject} {quad.predicate} {quad.object} ."
        default = isinstance(quad.graph_name, ox.DefaultGraph)
        blocks.append(triple if default else f"GRAPH {quad.graph_name} {{ {triple} }}")
    return "INSERT DATA {\n" + "\n".join(blocks) + "\n}"


def _as_quads(solutions):
    found, graphs = [], set()
    for row in solutions:
        graph = row["g"] or ox.DefaultGraph()
        if row["g"] is not None:
            graphs.add(row["g"].value)
        if row["s"] is not None:
            found.append(ox.Quad(row["s"], row["p"], row["o"], graph))
    return found, graphs


def _state_difference(found, case):
    expected, graphs = state(case, case.get(MF.result))
    quads_found, graphs_found = found
    same = canonical_quads(quads_found) == canonical_quads(expected)
    # A graph that holds nothing may be there or not: SPARQL 1.1 Update, section 3.2.
    empty = {
        g for g in graphs_found ^ graphs if any(str(q.graph_name)[1:-1] == g for q in expected)
    }
    return None if same and not empty else f"{quads_found} is not {expected}"[:600]


def write_graphs(files, path: Path):
    """Write a graph per file as N-Quads."""
    found = (quad for file in files for quad in quads(file, file))
    path.write_bytes(ox.serialize(found, format=ox.RdfFormat.N_QUADS))
