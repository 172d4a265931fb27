"""SHACL for whole registries beside pyshacl: records a second, and whether the reports are equal.

`python -m tests.benchmarks.shacl --records 300`; one record in ten is spoilt.
"""

import argparse
import json
import os
import random
import sys
import time

import pyoxigraph as ox

from kg.convert import knowledge, lexicon_of
from kg.extract import extract
from kg.quads import RecordGraph, record_quads
from kg.resources import LEXICON
from kg.validate import validate_quads, validate_tokens
from loaders import LOADERS
from tests.benchmarks.made import SEED, pool

GOAL = 1500
BATCH = 25


def graphs(count):
    """The graphs of full real records, with something wrong in one of ten."""
    lexicon, loader = lexicon_of(knowledge((LEXICON,))), LOADERS["clinicaltrials"]
    about = RecordGraph(
        source_hash="0", loader_version="1", extraction_version="1", lexicon_version="1",
        ontology_version="1",
    )  # fmt: skip
    chance = random.Random(SEED)
    for number, record in enumerate(pool()[:count]):
        trial = loader.parse(_content(record))
        quads = record_quads(trial, extract(trial, lexicon, None), lexicon, about)
        if number % 10 == 0:
            place = chance.randrange(len(quads))
            s, p, graph = quads[place].subject, quads[place].predicate, quads[place].graph_name
            quads[place] = ox.Quad(s, p, ox.Literal("odd", language="en"), graph)
        yield trial.registry_id, quads


def _content(record):
    return json.dumps(record).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300)
    options = parser.parse_args()
    batch = list(graphs(options.records))
    tokens = [
        (name, [(str(q.subject), str(q.predicate), str(q.object)) for q in quads])
        for name, quads in batch
    ]
    validate_quads(batch[:1])
    validate_tokens(*tokens[0])
    began = time.process_time()
    expected = [
        report
        for start in range(0, len(batch), BATCH)
        for report in validate_quads(batch[start : start + BATCH])
    ]
    reference = time.process_time() - began
    began = time.process_time()
    found = [validate_tokens(name, triples) for name, triples in tokens]
    seconds = time.process_time() - began
    wrong = sum(not report.conforms or bool(report.warnings) for report in expected)
    equal = found == expected
    rate = len(batch) / seconds
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; processor time of one process")
    print(
        f"{len(batch)} records, {sum(len(q) for _, q in batch) // len(batch)} quads each, ", end=""
    )
    print(f"{wrong} with violations or warnings; reports {'equal' if equal else 'DIFFER'}")
    print(f"pyshacl {len(batch) / reference:.0f} records/s, checks {rate:.0f} (goal {GOAL})")
    sys.exit(0 if equal and rate >= GOAL else 1)


if __name__ == "__main__":
    main()
