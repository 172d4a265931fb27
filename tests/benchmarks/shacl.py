"""SHACL for whole registries beside pyshacl: records a second, and whether the reports are equal.

`python -m tests.benchmarks.shacl --records 300`; one record in ten is spoilt.
"""

import argparse
import json
import multiprocessing
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


def by_reference(batch):
    """The reports of pyshacl, some records together, as a build asks for them."""
    return [
        report
        for start in range(0, len(batch), BATCH)
        for report in validate_quads(batch[start : start + BATCH])
    ]


def at_a_glance(batch):
    """The reports of the checks."""
    return [validate_tokens(name, triples) for name, triples in batch]


def alone(check, batch):
    """The reports of one process and the seconds of the processor that they took."""
    began = time.process_time()
    reports = check(batch)
    return reports, time.process_time() - began


def together(check, batch, processes):
    """The reports of several processes, started and warm, and the seconds until all were there."""
    size = -(-len(batch) // processes)
    shares = [batch[start : start + size] for start in range(0, len(batch), size)]
    # Records that were made before are inherited: they need not travel.
    with multiprocessing.get_context("fork").Pool(processes, _inherit, (check, shares)) as pool:
        pool.map(_checked, [None] * processes, chunksize=1)
        began = time.perf_counter()
        reports = pool.map(_checked, range(len(shares)), chunksize=1)
        return [one for share in reports for one in share], time.perf_counter() - began


_INHERITED = []


def _inherit(check, shares):
    _INHERITED[:] = check, shares


def _checked(number):
    check, shares = _INHERITED
    return check(shares[0][:1] if number is None else shares[number])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300)
    options = parser.parse_args()
    batch = list(graphs(options.records))
    tokens = [
        (name, [(str(q.subject), str(q.predicate), str(q.object)) for q in quads])
        for name, quads in batch
    ]
    by_reference(batch[:1])
    at_a_glance(tokens[:1])
    # Several processes first: what one has learned of the records, these would inherit.
    cores = os.cpu_count() or 1
    expected_together, reference_together = together(by_reference, batch, cores)
    found_together, seconds_together = together(at_a_glance, tokens, cores)
    expected, reference = alone(by_reference, batch)
    found, seconds = alone(at_a_glance, tokens)
    wrong = sum(not report.conforms or bool(report.warnings) for report in expected)
    equal = found == expected == expected_together == found_together
    count = len(batch)
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{count} records, {sum(len(q) for _, q in batch) // count} quads each, ", end="")
    print(f"{wrong} with violations or warnings; reports {'equal' if equal else 'DIFFER'}")
    print("one process, by its processor time: ", end="")
    print(f"pyshacl {count / reference:.0f} records/s, checks {count / seconds:.0f}")
    rate = count / seconds_together
    print(f"{cores} processes, by the clock: ", end="")
    print(f"pyshacl {count / reference_together:.0f} records/s, checks {rate:.0f} (goal {GOAL})")
    sys.exit(0 if equal and rate >= GOAL else 1)


if __name__ == "__main__":
    main()
