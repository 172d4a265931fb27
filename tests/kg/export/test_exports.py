import csv
import sys

import networkx as nx
import pyoxigraph as ox
import pytest

from kg.errors import ExportError, UsageError
from kg.export import EXPORTS, write_export
from kg.export.networks import to_networkx
from kg.iris import antigen_iri, organization_iri, part_iri, trial_iri
from kg.store import Store
from kg.vocab import TKG

TRIAL = trial_iri("clinicaltrials", "NCT00000001")
CONSTRUCT = part_iri(TRIAL, "construct", "car").value
DLL3 = antigen_iri("DLL3").value


def table(path):
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def graphml(store, folder):
    counts = write_export("graphml", store, folder / "graph.graphml")
    return counts, nx.read_graphml(folder / "graph.graphml", force_multigraph=True)


def kgx(store, folder):
    counts = write_export("kgx", store, folder / "kgx")
    return counts, table(folder / "kgx" / "nodes.tsv"), table(folder / "kgx" / "edges.tsv")


def edge(network, source, target):
    (attributes,) = network.get_edge_data(source, target).values()
    return attributes


def test_nquads_are_everything_sorted(store, tmp_path):
    counts = write_export("nquads", store, tmp_path / "graph.nq")
    lines = (tmp_path / "graph.nq").read_bytes().split(b"\n")
    assert lines[:-1] == sorted(lines[:-1])
    assert counts == {"statements": len(store.engine)} == {"statements": len(lines) - 1}


def test_graphml_reads_back_as_the_network_that_python_users_get(store, tmp_path):
    counts, read = graphml(store, tmp_path)
    network = to_networkx(store.engine)
    assert counts == {"nodes": len(read), "edges": read.number_of_edges()}
    assert set(read) == set(network)
    ends = sorted((s, t, a["kind"]) for s, t, a in read.edges(data=True))
    assert ends == sorted((s, t, a["kind"]) for s, t, a in network.edges(data=True))


def test_graphml_keeps_types_and_what_xml_can_hold_of_hostile_text(store, tmp_path):
    _, read = graphml(store, tmp_path)
    trial = read.nodes[TRIAL.value]
    assert trial["enrollment"] == 12
    assert trial["abridged"] is True
    assert trial["phase"] == "Phase1 | Phase2"
    assert trial["title"].startswith('A\ufffdB\ufffd<&">\r\n\tC\ufffd\u2028D|E long')
    assert len(trial["title"]) > 100_000


def test_every_kind_of_node_has_a_kind_and_a_label(store, tmp_path):
    _, read = graphml(store, tmp_path)
    kinds = {kind for _, kind in read.nodes(data="kind")}
    assert kinds == {
        *("trial", "construct", "arm", "antigen", "product", "condition"),
        *("organization", "person", "facility", "city", "country"),
    }
    assert all(label for _, label in read.nodes(data="label"))


def test_a_target_carries_the_quote_and_its_grounds(store):
    found = edge(to_networkx(store.engine), CONSTRUCT, DLL3)
    assert found == {
        "kind": "targets",
        "basis": "Stated",
        "confidence": 0.9,
        "quote": "targeting\tDLL3 <br>",
    }


def test_sites_and_uses_become_edges(store):
    network = to_networkx(store.engine)
    edges = {attributes["kind"]: attributes for _, _, attributes in network.edges(data=True)}
    assert edges["site"] == {"kind": "site", "status": "Recruiting", "open_for_enrolment": True}
    assert edges["use"] == {"kind": "use", "role": "ExperimentalRole"}
    assert edges["condition"]["as_listed"] == "SCLC"


def test_an_edge_to_a_node_that_nothing_describes_leads_to_a_node_all_the_same(store, tmp_path):
    unknown = organization_iri("unknown")
    graph = ox.NamedNode("https://w3id.org/trialkg/graph/clinicaltrials/NCT00000001")
    store.engine.add(ox.Quad(TRIAL, TKG.collaborator, unknown, graph))
    counts, read = graphml(store, tmp_path)
    assert read.nodes[unknown.value]["kind"] == "other"
    assert counts["nodes"] == len(read)


def test_two_values_where_graphml_needs_one_are_an_error_that_names_the_node(store, tmp_path):
    graph = ox.NamedNode("https://w3id.org/trialkg/graph/clinicaltrials/NCT00000001")
    store.engine.add(ox.Quad(TRIAL, TKG.enrollment, ox.Literal(13), graph))
    with pytest.raises(ExportError, match="NCT00000001: enrollment"):
        graphml(store, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_bipartite_network_joins_constructs_and_antigens_only(store):
    network = to_networkx(store.engine, "bipartite")
    assert nx.is_bipartite(network)
    sides = dict(network.nodes(data="bipartite"))
    assert sides == {CONSTRUCT: 0, DLL3: 1, antigen_iri("GD2").value: 1}
    assert network.number_of_edges() == 2


def test_a_network_of_an_unknown_kind_is_refused(store):
    with pytest.raises(UsageError, match="full, bipartite, trials"):
        to_networkx(store.engine, "tripartite")


def test_kgx_tables_have_as_many_rows_as_reported_and_join(store, tmp_path):
    counts, nodes, edges = kgx(store, tmp_path)
    assert counts == {"nodes": len(nodes), "edges": len(edges)}
    ids = {node["id"] for node in nodes}
    assert len(ids) == len(nodes)
    assert {end for edge in edges for end in (edge["subject"], edge["object"])} <= ids
    assert len({edge["id"] for edge in edges}) == len(edges)


def test_kgx_rows_have_what_biolink_requires(store, tmp_path):
    _, nodes, edges = kgx(store, tmp_path)
    assert all(node["category"].startswith("biolink:") for node in nodes)
    for required in ("predicate", "knowledge_level", "agent_type", "primary_knowledge_source"):
        assert all(edge[required] for edge in edges), required
    assert {edge["predicate"].partition(":")[0] for edge in edges} == {"biolink"}


def test_kgx_ids_are_curies_of_registry_and_vocabularies(store, tmp_path):
    _, nodes, _ = kgx(store, tmp_path)
    by_id = {node["id"]: node for node in nodes}
    assert by_id["clinicaltrials:NCT00000001"]["category"] == "biolink:ClinicalTrial"
    assert by_id["MONDO:0008433"]["category"] == "biolink:Disease"
    assert by_id["trialkg:antigen~DLL3"]["xref"] == "HGNC:2909"
    assert by_id["trialkg:antigen~GD2"]["category"] == "biolink:ChemicalEntity"


def test_kgx_says_which_construct_is_tested_for_which_condition_and_in_which_trial(store, tmp_path):
    _, _, edges = kgx(store, tmp_path)
    (tested,) = [one for one in edges if one["predicate"] == "biolink:in_clinical_trials_for"]
    assert tested["object"] == "MONDO:0008433"
    assert tested["clinical_trial"] == "clinicaltrials:NCT00000001"
    assert tested["primary_knowledge_source"] == "infores:clinicaltrials"


def test_kgx_cells_hold_no_break_and_lists_no_foreign_bar(store, tmp_path):
    _, nodes, edges = kgx(store, tmp_path)
    by_id = {node["id"]: node for node in nodes}
    title = by_id["clinicaltrials:NCT00000001"]["title"]
    assert title.startswith('A B <&">   C')
    assert len(title.splitlines()) == 1
    (construct,) = [node for node in nodes if node["kind"] == "construct"]
    assert construct["synonym"] == "one¦two"
    assert [one["supporting_text"] for one in edges if one["supporting_text"]] == [
        "targeting DLL3 <br>"
    ]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_same_graph_gives_the_same_bytes_whatever_the_order_of_writing(store, tmp_path, name):
    with Store.in_memory() as other:
        other.engine.extend(sorted(store.engine, key=str, reverse=True))
        written = []
        for number, one in enumerate((store, other)):
            folder = tmp_path / str(number)
            write_export(name, one, folder / "out")
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            written.append([path.read_bytes() for path in files])
    assert written[0] == written[1]
    assert all(written[0])


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(store, tmp_path, name):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(ExportError, match="cannot be written"):
        write_export(name, store, tmp_path / "file" / "out")


def test_an_empty_store_gives_files_that_can_be_read(tmp_path):
    with Store.in_memory() as empty:
        counts, read = graphml(empty, tmp_path)
        assert counts == {"nodes": 0, "edges": 0}
        assert len(read) == 0
        assert kgx(empty, tmp_path)[0] == {"nodes": 0, "edges": 0}
