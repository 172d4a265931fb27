"""The runs that are compared: each reads the same records and is timed in a process of its own.

`python -m tests.benchmarks.peers_runs RUN RECORDS OUTPUT` prints what it took as JSON.
"""

import csv
import json
import resource
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain, count
from pathlib import Path

import rdflib

from kg.extract.gazetteer import Gazetteer
from kg.iris import record_graph
from kg.loads import Loads
from kg.quads.arms import arm_triples, intervention_triples
from kg.quads.names import name_parts
from kg.quads.registration import listed_triples, sponsorship_triples
from kg.quads.site import site_triples
from kg.quads.text import nodes, nquads
from kg.quads.trial import trial_triples
from kg.shards import Text, write_shard
from kg.store import Store
from kg.workers import Workers, chunked
from loaders import LOADERS
from tests.benchmarks.peers_rows import IRI, KEYS, NOTHING_EXTRACTED, TABLES, TEXT, rows

PARSE = LOADERS["clinicaltrials"].parse
NO_PLACES = Gazetteer({}, {}, {}, {}, {}, {}, {}, {}, {})
A_SHARD = 50


def main():
    run, records, output, *more = sys.argv[1:]
    print(json.dumps(RUNS[run](Path(records), Path(output), *map(int, more))))


@contextmanager
def measured(found):
    """Note the seconds, the CPU seconds of this process and its children, and the peak memory."""
    began, spent = time.perf_counter(), _spent()
    yield
    found |= {"seconds": time.perf_counter() - began, "cpu": _spent() - spent}
    who = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    found["memory"] = sum(resource.getrusage(one).ru_maxrss for one in who) << 10


def _spent():
    return sum(
        sum(resource.getrusage(one)[:2]) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def facts(trial):
    """Return the triples of what the registry says: nothing is extracted from its words."""
    names = name_parts(trial, NOTHING_EXTRACTED)
    return chain(
        trial_triples(trial, names.token),
        sponsorship_triples(trial, NOTHING_EXTRACTED, names),
        listed_triples(trial, names),
        arm_triples(trial, names),
        intervention_triples(trial, names),
        site_triples(trial, NOTHING_EXTRACTED, names, NO_PLACES),
    )


def as_text(line):
    trial = PARSE(line)
    graph = record_graph(trial.registry, trial.registry_id)
    return nquads(nodes(facts(trial)), graph)


def our_text(records, output):
    found = {}
    with records.open("rb") as lines, measured(found), output.open("wb") as file:
        file.writelines(map(as_text, lines))
    return found


def as_shard(folder, numbered):
    number, lines = numbered
    return write_shard(folder / f"{number:06d}.shard", (), b"".join(map(as_text, lines)))


def beginning(store, shards):
    return partial(store.load_many, (), Text(shards))


def settle(loaded):
    for shards, loading in loaded:
        loading.result()
        for shard in shards:
            shard.path.unlink()


def our_store(records, output, processes):
    """Let workers make shards and the engine load them, as a build does."""
    found, shards = {}, output.with_suffix(".shards")
    shards.mkdir()
    with (
        records.open("rb") as lines,
        measured(found),
        Store.open(output) as store,
        Workers(processes) as workers,
        Loads(partial(beginning, store)) as loads,
    ):
        work = zip(count(), chunked(lines, A_SHARD), strict=False)
        for shard in workers.map(partial(as_shard, shards), work):
            settle(loads.take(shard))
        settle(loads.finish())
    with Store.open(output) as store, output.with_suffix(".nq").open("wb") as dump:
        store.dump(dump)
    return found


def in_rdflib(lines):
    dataset = rdflib.Dataset()
    tables = {name: _in_rdflib(table) for name, table in TABLES.items()}
    for line in lines:
        graph = None
        for table, (where, trial, node, *values) in rows(PARSE(line)):
            graph = dataset.graph(rdflib.URIRef(where)) if graph is None else graph
            link, kind, columns = tables[table]
            subject = rdflib.URIRef(node)
            if link is not None:
                graph.add((rdflib.URIRef(trial), link, subject))
            if kind is not None:
                graph.add((subject, rdflib.RDF.type, kind))
            for (predicate, term), value in zip(columns, values, strict=True):
                if value is not None:
                    graph.add((subject, predicate, term(value)))
    return dataset


def _in_rdflib(table):
    """Return the link, the kind and the columns of a table in terms of rdflib."""
    names = (None if one is None else rdflib.URIRef(one.value) for one in (table.link, table.kind))
    # As they stand: rdflib would else make P0D of PT0S, which takes longer besides.
    literal = partial(rdflib.Literal, normalize=False)
    made = {IRI: rdflib.URIRef, TEXT: literal}
    columns = [
        (
            rdflib.URIRef(predicate.value),
            made.get(of) or partial(literal, datatype=rdflib.URIRef(of)),
        )
        for predicate, of in table.columns
    ]
    return *names, columns


def rdflib_text(records, output):
    found = {}
    with records.open("rb") as lines, measured(found):
        in_rdflib(lines).serialize(output, format="nquads", encoding="utf-8")
    return found


def rdflib_store(records, output):
    found = {}
    with records.open("rb") as lines, measured(found):
        dataset = in_rdflib(lines)
    dataset.serialize(output.with_suffix(".nq"), format="nquads", encoding="utf-8")
    return found


def flat_tables(records, output):
    """Write the rows as CSV, a file for each table; an empty field says nothing."""
    found = {}
    output.mkdir()
    with records.open("rb") as lines, measured(found), ExitStack() as files:
        tables = {}
        for name, table in TABLES.items():
            path = output / f"{name}.csv"
            file = files.enter_context(path.open("w", newline="", encoding="utf-8"))
            tables[name] = csv.writer(file).writerow
            tables[name]((*KEYS, *(f"c{number}" for number in range(len(table.columns)))))
        for line in lines:
            for table, row in rows(PARSE(line)):
                tables[table](row)
    return found


RUNS = {
    "our text": our_text,
    "our store": our_store,
    "rdflib text": rdflib_text,
    "rdflib store": rdflib_store,
    "tables": flat_tables,
}


if __name__ == "__main__":
    main()
