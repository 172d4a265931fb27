"""Every export is read back by a tool that is not ours, with the counts that were reported."""

import datetime as dt
import gzip
import hashlib
import json

import duckdb
import igraph
import networkx as nx
import polars as pl
import pyoxigraph as ox
import pytest
import rdflib

from kg.export import EXPORTS, write_export
from kg.export.subset import subset
from kg.export.tables import schema, table_names
from kg.iris import antigen_iri, named_graph, record_graph, trial_iri
from kg.publish import current_snapshot
from kg.store import Store
from kg.vocab import RDF, TKG

TRIAL = trial_iri("clinicaltrials", "NCT00000001")
OTHER = trial_iri("clinicaltrials", "NCT00000002")


def networks(name, path):
    if name == "gexf":
        return nx.read_gexf(path)
    if name == "graphml":
        return nx.read_graphml(path, force_multigraph=True)
    return nx.cytoscape_graph(json.loads(path.read_bytes()))


def edges(network, attribute):
    return sorted((s, t, a[attribute]) for s, t, a in network.edges(data=True))


@pytest.mark.parametrize("name", ["gexf", "cytoscape"])
def test_networkx_reads_the_nodes_and_edges_that_graphml_has(store, tmp_path, name):
    counts = write_export(name, store, tmp_path / f"graph.{name}")
    write_export("graphml", store, tmp_path / "graph.graphml")
    read = networks(name, tmp_path / f"graph.{name}")
    expected = networks("graphml", tmp_path / "graph.graphml")
    assert counts == {"nodes": len(read), "edges": read.number_of_edges()}
    assert set(read) == set(expected)
    assert edges(read, "kind") == edges(expected, "kind")
    assert dict(read.nodes(data="enrollment")) == dict(expected.nodes(data="enrollment"))


def test_cytoscape_json_keeps_hostile_text_as_it_is(store, tmp_path):
    write_export("cytoscape", store, tmp_path / "graph.cyjs")
    read = networks("cytoscape", tmp_path / "graph.cyjs")
    assert read.nodes[TRIAL.value]["title"].startswith('A\x00B\x0b<&">\r\n\tC\ufffe\u2028D|E long')


def test_igraph_reads_as_much_graphml_as_was_written(store, tmp_path):
    counts = write_export("graphml", store, tmp_path / "graph.graphml")
    read = igraph.Graph.Read_GraphML(str(tmp_path / "graph.graphml"))
    assert counts == {"nodes": read.vcount(), "edges": read.ecount()}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("name", "format_"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_rdflib_reads_every_statement(store, tmp_path, name, format_):
    counts = write_export(name, store, tmp_path / "graph")
    read = rdflib.Dataset(default_union=True)
    read.parse(tmp_path / "graph", format=format_)
    assert counts == {"statements": len(store.engine)}
    assert len(set(read.triples((None, None, None)))) == counts["statements"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_duckdb_reads_the_same_rows_from_parquet_and_csv(store, tmp_path):
    counts = write_export("parquet", store, tmp_path / "parquet")
    assert write_export("csv", store, tmp_path / "csv") == counts
    assert set(counts) == set(table_names())
    for name, count in counts.items():
        for kind in ("parquet", "csv"):
            path = tmp_path / kind / f"{name}.{kind}"
            read = f"read_csv('{path}', header=true, all_varchar=true)"
            source = f"'{path}'" if kind == "parquet" else read
            found = duckdb.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608
            assert found == (count,), path
    assert counts["trials"] == counts["constructs"] == counts["arms"] == counts["sites"] == 1


def test_tables_are_typed_and_join(store, tmp_path):
    write_export("parquet", store, tmp_path)
    tables = {name: pl.read_parquet(tmp_path / f"{name}.parquet") for name in table_names()}
    assert all(dict(table.schema) == schema(name) for name, table in tables.items())
    trial, construct = tables["trials"].row(0, named=True), tables["constructs"].row(0, named=True)
    assert (trial["enrollment"], trial["phases"]) == (12, ["Phase1", "Phase2"])
    assert construct["trial"] == trial["iri"] == TRIAL.value
    assert trial["investigates"] == [construct["iri"]]
    assert construct["targets"] == ["DLL3", "GD2"]
    assert set(construct["targets"]) <= set(tables["antigens"]["key"])
    site = tables["sites"].row(0, named=True)
    assert (site["country"], site["facility"]) == ("CN", "cn/chengdu/hospital")
    assert site["open_for_enrolment"] is True
    assert tables["conditions"].row(0, named=True)["concept"] == "MONDO:0008433"


def test_the_changes_of_a_trial_are_rows_with_both_values_and_days(store, tmp_path):
    write_export("csv", store, tmp_path)
    (row,) = duckdb.execute(
        "SELECT trial, change_type, subject, property, before, after, registry_date, seen_date "
        "FROM read_csv(?)",
        [str(tmp_path / "changes.csv")],
    ).fetchall()
    assert row == (
        *(TRIAL.value, "StatusChanged", TRIAL.value, "recruitmentStatus"),
        *("Recruiting", "Completed", dt.date(2026, 1, 1), dt.date(2026, 1, 2)),
    )


def test_a_part_holds_a_trial_and_what_it_leads_to_and_no_other_trial(store):
    add_another_trial(store)
    with subset(store, [("clinicaltrials", "NCT00000001")]) as part:
        graphs = set(part.graphs())
        held = set(part.engine)
    assert {record_graph("clinicaltrials", "NCT00000001"), named_graph("lexicon")} <= graphs
    assert named_graph("inferred") in graphs
    assert record_graph("clinicaltrials", "NCT00000002") not in graphs
    assert named_graph("ontology") not in graphs
    assert held <= set(store.engine)
    own = set(store.quads(record_graph("clinicaltrials", "NCT00000001")))
    assert own <= held
    above = {q.subject.value for q in held if q.predicate == RDF.type and q.object != TKG.Trial}
    assert antigen_iri("GD2").value in above
    assert antigen_iri("CD19").value not in above


def add_another_trial(store):
    lexicon, graph = named_graph("lexicon"), record_graph("clinicaltrials", "NCT00000002")
    construct = ox.NamedNode(f"{OTHER.value}/construct/b")
    store.engine.extend(
        [
            ox.Quad(OTHER, RDF.type, TKG.Trial, graph),
            ox.Quad(OTHER, TKG.investigates, construct, graph),
            ox.Quad(construct, TKG.targets, antigen_iri("CD19"), graph),
            ox.Quad(antigen_iri("CD19"), RDF.type, TKG.Antigen, lexicon),
        ]
    )


def test_parts_of_all_trials_are_the_whole_but_for_what_none_leads_to(examples):
    with Store.read_only(current_snapshot(examples)) as store:
        keys = [tuple(graph.value.split("/")[-2:]) for graph in store.record_graphs()]
        with subset(store, keys) as part:
            held, whole = set(part.engine), set(store.engine)
        records = {quad for graph in store.record_graphs() for quad in store.quads(graph)}
        inferred = set(store.quads(named_graph("inferred")))
        studies = set(store.quads(named_graph("studies")))
    assert held < whole
    assert records <= held
    assert {one for one in inferred | studies if "/trial/" in one.subject.value} <= held


@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"release"}))
def test_a_part_without_trials_is_an_export_of_nothing(store, tmp_path, name):
    with subset(store, []) as nothing:
        counts = write_export(name, nothing, tmp_path / "out")
    assert set(counts.values()) == {0}


def test_a_release_describes_each_of_its_files_with_size_and_checksum(store, tmp_path):
    counts = write_export("release", store, tmp_path)
    listed = dict(
        line.split("  ")[::-1] for line in (tmp_path / "SHA256SUMS").read_text().splitlines()
    )
    files = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*.*")}
    files = {name: path for name, path in files.items() if path.is_file()}
    assert set(listed) == set(files)
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[name]
    described = rdflib.Graph().parse(tmp_path / "dcat.ttl")
    told = {
        (str(described.value(one, rdflib.DCTERMS.title)), int(size))
        for one, size in described.subject_objects(rdflib.DCAT.byteSize)
    }
    others = set(files) - {"dcat.ttl"}
    assert told == {(name, files[name].stat().st_size) for name in others}
    packed = gzip.decompress((tmp_path / "trialkg.nq.gz").read_bytes())
    assert packed.count(b"\n") == counts["statements"] == len(store.engine)
