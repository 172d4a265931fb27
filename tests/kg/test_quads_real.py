"""Real records as quads, a seeded sample of them."""

import datetime as dt
import gzip
import random
from collections import defaultdict
from functools import cache, partial

import pytest
from pyoxigraph import NamedNode, Store

from kg.extract import extract
from kg.extract.lexicon import load_lexicon
from kg.iris import BASE
from kg.quads import RecordGraph, record_quads
from kg.resources import LEXICON
from kg.validate import validate_quads
from kg.vocab import OA, RDF, TKG
from loaders import LOADERS

SEEN = dt.date(2026, 8, 22)
FILES = ("ctgov_v2.jsonl.gz", "cart_oncology_2026-08-22.jsonl.gz")
EACH = 120
# Kinds of nodes that records share and therefore only link to.
SHARED = ("antigen/", "product/", "facility/", "city/", "country/", "organization/")
lexicon = cache(partial(load_lexicon, (LEXICON,)))


def sample(path):
    loader = LOADERS["clinicaltrials"]
    with gzip.open(path) as lines:
        raws = list(loader.read(lines, path.name))
    for raw in random.Random(20260822).sample(raws, EACH):
        yield loader.parse(loader.version(raw).content)


@pytest.fixture(scope="module")
def records(shared):
    made = {}
    for name in FILES:
        for trial in sample(shared / "data" / "ctgov" / name):
            graph = RecordGraph(
                first_seen=SEEN,
                last_changed=SEEN,
                source_hash="0",
                loader_version="0",
                extraction_version="0",
                lexicon_version=lexicon().digest,
                ontology_version="0",
                source=trial.source_url,
            )
            extraction = extract(trial, lexicon(), SEEN)
            made[trial.registry_id] = record_quads(trial, extraction, lexicon(), graph)
    return made


def test_the_store_gives_every_record_back_unchanged(records):
    store = Store()
    for quads in records.values():
        store.extend(quads)
    assert set(store) == {quad for quads in records.values() for quad in quads}


def test_no_quad_of_a_record_repeats(records):
    assert [name for name, quads in records.items() if len(quads) != len(set(quads))] == []


def test_no_node_is_described_by_two_records(records):
    describers = defaultdict(set)
    for name, quads in records.items():
        for quad in quads:
            describers[quad.subject].add(name)
    assert [node for node, names in describers.items() if len(names) > 1] == []


def test_shared_nodes_are_linked_and_never_described(records):
    subjects = {quad.subject.value for quads in records.values() for quad in quads}
    assert not [one for one in subjects if one.startswith(tuple(BASE + kind for kind in SHARED))]


def test_every_node_of_a_trial_that_is_linked_is_described(records):
    for name, quads in records.items():
        described = {quad.subject for quad in quads}
        below = f"{BASE}trial/clinicaltrials/{name}/"
        linked = {
            quad.object
            for quad in quads
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(below)
        }
        assert linked - described == set(), name


def test_every_finding_speaks_of_a_triple_that_is_there(records):
    for name, quads in records.items():
        triples = {(quad.subject, quad.predicate, quad.object) for quad in quads}
        parts = defaultdict(dict)
        for quad in quads:
            parts[quad.subject][quad.predicate] = quad.object
        for node, of in parts.items():
            if (node, RDF.type, TKG.Finding) in triples:
                assert (of[RDF.subject], of[RDF.predicate], of[RDF.object]) in triples, name


def test_every_quote_is_as_long_as_its_place(records):
    for name, quads in records.items():
        of = defaultdict(dict)
        for quad in quads:
            of[quad.subject][quad.predicate] = quad.object
        for parts in of.values():
            if OA.end in parts:
                length = int(parts[OA.end].value) - int(parts[OA.start].value)
                assert len(parts[OA.exact].value) == length, name


def test_every_record_conforms(records):
    reports = validate_quads(list(records.items()))
    assert [report for report in reports if not report.conforms] == []
