"""Whether two answers are the same: as bags of rows, or as graphs, up to the names of blank nodes.

The engine writes literals in canonical form, `1.10` as `1.1`; what is expected is given the same
treatment, for both contenders alike.
"""

import csv
import io
from collections import Counter, defaultdict
from functools import cache

import pyoxigraph as ox

_FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_ROW, _COUNT = ox.NamedNode("urn:x:row"), ox.NamedNode("urn:x:count")


@cache
def canonical(term):
    """Return a term as the engine would store it."""
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    store.add(ox.Quad(_ROW, _ROW, term))
    return next(iter(store)).object


def canonical_quads(quads):
    """Return quads with canonical literals and canonical names of blank nodes."""
    dataset = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, canonical(quad.object), quad.graph_name)
        for quad in quads
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def rows_of(solutions):
    """Return solutions as a bag: the rows without blank nodes, and the others as a graph."""
    names = [variable.value for variable in solutions.variables]
    rows = Counter(
        tuple((name, canonical(row[name])) for name in sorted(names) if row[name] is not None)
        for row in solutions
    )
    plain = Counter()
    quads = []
    for row, count in rows.items():
        if not any(isinstance(term, ox.BlankNode | ox.Triple) for _, term in row):
            plain[row] = count
            continue
        node = ox.BlankNode()
        quads.append(ox.Quad(node, _COUNT, ox.Literal(count)))
        quads += [ox.Quad(node, ox.NamedNode(f"urn:x:{name}"), term) for name, term in row]
    return sorted(names), plain, canonical_quads(quads)


def asked_ending(path):
    """Return the ending of the format to ask for; tables are also written as graphs of their own.

    Those are compared with an answer in JSON.
    """
    described = path.suffix == ".ttl" and "ResultSet" in path.read_text(encoding="utf-8")
    return ".srj" if described else path.suffix


def expected_answer(path):
    """Return the meaning of a file of results."""
    if asked_ending(path) == path.suffix:
        return parsed(path.read_bytes(), path.suffix)
    store = ox.Store()
    store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    names = [_values(store, table, "resultVariable") for table in _having(store, "resultVariable")]
    rows = [_described_row(store, node) for node in _objects(store, "solution")]
    return rows_of(Table([ox.Variable(name.value) for name in names[0]] if names else [], rows))


def _having(store, name):
    return {q.subject for q in store.quads_for_pattern(None, ox.NamedNode(_RS + name), None)}


def _objects(store, name):
    return [q.object for q in store.quads_for_pattern(None, ox.NamedNode(_RS + name), None)]


def _values(store, node, name):
    return [q.object for q in store.quads_for_pattern(node, ox.NamedNode(_RS + name), None)]


def _described_row(store, node):
    row = defaultdict(lambda: None)
    for binding in _values(store, node, "binding"):
        (variable,), (value,) = (_values(store, binding, name) for name in ("variable", "value"))
        row[variable.value] = value
    return row


class Table(list):
    """Rows with the variables of all of them."""

    def __init__(self, variables, rows):
        super().__init__(rows)
        self.variables = variables


def parsed(body: bytes, ending: str):
    """Return the meaning of a result document, by the ending of its file."""
    if ending in _FORMATS:
        read = ox.parse_query_results(body, format=_FORMATS[ending])
        return bool(read) if isinstance(read, ox.QueryBoolean) else rows_of(read)
    if ending == ".csv":
        return csv_rows(body)
    return canonical_quads(ox.parse(body, format=ox.RdfFormat.TURTLE))


def csv_rows(body: bytes):
    """Return the rows of CSV; numbers count by value, for the text does not say their type."""
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8")))
    return sorted(header), Counter(
        tuple(sorted(zip(header, map(_cell, row), strict=True))) for row in rows
    )


def _cell(text):
    try:
        return float(text)
    except ValueError:
        return "_:" if text.startswith("_:") else text
