"""The mapping of the flat tables in RML, as morph-kgc takes it: columns name the nodes they tell.

A nested list of a record has no way to the id of its trial in RML, which is why tables are flat.
"""

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from tests.benchmarks.peers_rows import IRI, KEYS, TABLES, TEXT

RR = Namespace("http://www.w3.org/ns/r2rml#")
RML = Namespace("http://semweb.mmlab.be/ns/rml#")
QL = Namespace("http://semweb.mmlab.be/ns/ql#")
MAPS = Namespace("urn:map:")
GRAPH, TRIAL, NODE = KEYS

# The time of reading the mapping is in what is measured, that of importing the package is not.
SCRIPT = """
import json, resource, sys, time
import morph_kgc
config, output = sys.argv[1:]
began, spent = time.perf_counter(), time.process_time()
quads = morph_kgc.materialize_set(config)
with open(output, "w", encoding="utf-8") as file:
    file.writelines(f"{quad} .\\n" for quad in quads)
found = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - spent}
found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
print(json.dumps(found))
"""
CONFIG = """
[CONFIGURATION]
output_format: N-QUADS
na_values:
number_of_processes: 1
logging_level: WARNING
[tables]
mappings: {mapping}
"""


def mapping(folder):
    """Return all tables in a folder as one graph of RML."""
    graph = Graph()
    for name, table in TABLES.items():
        one = _map(graph, MAPS[name], folder / f"{name}.csv", NODE)
        if table.kind is not None:
            _says(graph, one, RDF.type, constant=URIRef(table.kind.value))
        for number, (predicate, of) in enumerate(table.columns):
            _says(graph, one, URIRef(predicate.value), column=f"c{number}", of=of)
        if table.link is not None:
            links = _map(graph, MAPS[f"{name}-link"], folder / f"{name}.csv", TRIAL)
            _says(graph, links, URIRef(table.link.value), column=NODE, of=IRI)
    return graph


def _map(graph, name, path, subject):
    source, subjects, where = BNode(), BNode(), BNode()
    graph += [
        (name, RDF.type, RR.TriplesMap),
        (name, RML.logicalSource, source),
        (source, RML.source, Literal(str(path))),
        (source, RML.referenceFormulation, QL.CSV),
        (name, RR.subjectMap, subjects),
        (subjects, RML.reference, Literal(subject)),
        (subjects, RR.termType, RR.IRI),
        (subjects, RR.graphMap, where),
        (where, RML.reference, Literal(GRAPH)),
        (where, RR.termType, RR.IRI),
    ]
    return name


def _says(graph, name, predicate, *, column=None, of=None, constant=None):
    both, value = BNode(), BNode()
    graph += [
        (name, RR.predicateObjectMap, both),
        (both, RR.predicate, predicate),
        (both, RR.objectMap, value),
    ]
    if constant is not None:
        graph.add((value, RR.constant, constant))
        return
    graph.add((value, RML.reference, Literal(column)))
    if of == IRI:
        graph.add((value, RR.termType, RR.IRI))
    elif of != TEXT:
        graph.add((value, RR.datatype, URIRef(of)))
