"""A server and a folder give the same answers, and a server's exports are those of the command."""

import io
import zipfile

import anyio
import httpx
import networkx as nx
import polars as pl
import pytest

import kg
from kg.api import Settings, create_app, exports
from kg.client.wanted import Wanted
from kg.errors import QueryError, QueryTimeout, StoreError, UsageError
from kg.export import EXPORTS, write_export
from kg.export.subset import subset
from kg.export.where import chosen_trials
from kg.find.facets import FACETS
from kg.find.selection import BOTH, NEAR, SINCE, WITHIN
from kg.publish import current_snapshot
from kg.query.limits import Limits
from kg.store import Store

SEED = {"NCT07366658", "NCT07480213", "NCT07744256"}
ROWS = "SELECT ?t ?n ?d { ?t tkg:enrollment ?n ; tkg:startDate ?d } ORDER BY ?t ?n ?d"
TRIPLES = "CONSTRUCT WHERE { ?c a tkg:Construct ; tkg:targets ?a }"


@pytest.fixture(scope="module")
def local(examples):
    with kg.open(examples) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(examples, serve):
    with serve(examples, "--no-access-log", "--client-seconds", "0") as client:
        yield client


@pytest.fixture(scope="module")
def remote(client):
    with kg.open(str(client.base_url)) as opened:
        yield opened


def test_find_takes_each_facet_of_the_search_and_nothing_else():
    assert Wanted.__annotations__.keys() == {*FACETS, BOTH, NEAR, WITHIN, SINCE}


def test_the_seed_question_is_found_in_the_words_of_the_issue(local, remote):
    wanted = {"antigen": "DLL3", "effector": "NK", "country": "CN", "status": "recruiting"}
    assert {hit.registry_id for hit in local.find(**wanted)} == SEED
    assert remote.find(**wanted) == local.find(**wanted)


def test_recruiting_at_a_place_means_a_site_there_that_is_open(local):
    somewhere = {hit.registry_id for hit in local.find(status="recruiting", country="US")}
    listed = {
        hit.registry_id for hit in local.find(status="recruiting", country="US", open=[True, False])
    }
    assert somewhere <= listed
    assert somewhere == {hit.registry_id for hit in local.find(country="US", open=True)}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", {}),
        ("lung", {"open": True}),
        ("", {"antigen": ["DLL3", "CD19"], "since": "2025-01-01"}),
        ("", {"near": (22.54, 114.06), "km": 30}),
        ("", {"antigen": "DLL3", "both": "GD2"}),
        ("", {"year": [2023, "2022"], "results": False}),
    ],
)
def test_a_server_finds_what_a_folder_finds_in_the_same_order(local, remote, words, wanted):
    found = local.find(words, **wanted)
    assert found
    assert remote.find(words, **wanted) == found


@pytest.mark.parametrize(
    "wanted", [{"antigen": "DLL33"}, {"colour": "red"}, {"near": "here"}, {"since": "spring"}]
)
def test_what_cannot_be_meant_is_the_same_error_from_both(local, remote, wanted):
    with pytest.raises(UsageError) as here:
        local.find(**wanted)
    with pytest.raises(UsageError) as there:
        remote.find(**wanted)
    assert str(there.value) == str(here.value)


def test_trials_and_answers_of_queries_are_the_same_from_both(local, remote):
    assert remote.trial("NCT07480213") == local.trial("NCT07480213") is not None
    assert remote.trial("NCT99999999") is None
    assert remote.query(ROWS) == local.query(ROWS)
    assert remote.query(ROWS, "polars").equals(local.query(ROWS, "polars"))
    assert remote.query(ROWS, "pandas").equals(local.query(ROWS, "pandas"))
    assert remote.query(ROWS, "csv") == local.query(ROWS, "csv")
    assert remote.query("ASK { ?t a tkg:Trial }") is True
    assert set(remote.query(TRIPLES)) == set(local.query(TRIPLES))
    assert len(remote) == len(local)


def test_arrow_tables_hold_the_rows(local):
    table = local.query(ROWS, "arrow")
    assert table.column_names == ["t", "n", "d"]
    assert table.num_rows == len(local.query(ROWS))


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("trials", {}), ("bipartite", {"antigen": "DLL3"}), ("full", {"open": True})],
)
def test_networks_are_the_same_from_both(local, remote, kind, wanted):
    network = local.to_networkx(kind, **wanted)
    assert len(network) > 5
    assert nx.utils.graphs_equal(remote.to_networkx(kind, **wanted), network)


def test_errors_of_a_server_keep_their_kind_and_place(remote):
    with pytest.raises(QueryError, match="did you mean tkg") as error:
        raise_with_hint(remote, "SELECT * { ?s a tgk:Trial }")
    assert (error.value.kind, error.value.line, error.value.token) == ("syntax", 1, "tgk:Trial")
    with pytest.raises(UsageError, match="query"):
        _ = remote.graph


def test_a_deadline_holds_for_what_a_server_is_asked_in_sparql_and_for_nothing_else(client, local):
    every = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
    with kg.open(str(client.base_url), timeout=0.01) as hurried:
        assert len(hurried) == len(local)
        with pytest.raises(QueryTimeout, match="stopped"):
            hurried.query(every)


def raise_with_hint(graph, query):
    try:
        graph.query(query)
    except QueryError as error:
        raise QueryError(
            f"{error}; {error.hint}", kind=error.kind, line=error.line, token=error.token
        ) from error


def test_an_address_where_no_server_listens_is_an_error_that_names_it():
    with (
        kg.open("http://127.0.0.1:9") as nowhere,
        pytest.raises(StoreError, match=r"127\.0\.0\.1:9"),
    ):
        nowhere.query("ASK {}")


@pytest.fixture(scope="module")
def part(examples):
    """The part of the graph that an export of the trials of one search holds."""
    snapshot = current_snapshot(examples)
    trials = chosen_trials(snapshot, ["antigen=DLL3", "country=China"], Limits())
    with Store.read_only(snapshot) as store, subset(store, trials) as part:
        yield part


@pytest.mark.parametrize("name", [one for one, export in EXPORTS.items() if export.over_http])
def test_an_export_over_http_is_what_is_written_to_a_file(client, part, tmp_path, name):
    answer = client.get(f"/export/{name}", params={"antigen": "dll3", "country": "CN"})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    write_export(name, part, tmp_path / "out")
    if EXPORTS[name].suffix:
        assert answer.content == (tmp_path / "out").read_bytes()
        return
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {one.filename: archive.read(one) for one in archive.infolist()} == {
        path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()
    }


def test_the_command_writes_the_trials_that_facets_or_a_query_name(examples, run_command, tmp_path):
    query = "SELECT ?trial { ?trial tkg:registryId 'NCT07480213' }"
    wanted = ("--data", str(examples), "--where", query, "-o", str(tmp_path / "out"))
    done = run_command("export", "csv", *wanted)
    assert done.returncode == 0, done.stderr
    assert "1 trial" in done.stderr
    assert pl.read_csv(tmp_path / "out" / "trials.csv")["registry_id"].to_list() == ["NCT07480213"]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (["colour=red"], "no facet"),
        (["DLL3"], "neither FACET=VALUE nor a SELECT"),
        (["antigen=DLL33"], "near: DLL3"),
        (["SELECT ?t { ?t a tkg:Trial }"], "has to return"),
        (["SELECT ?trial { ?x tkg:targets ?trial }"], "which is no trial"),
    ],
)
def test_what_names_no_trials_is_refused(examples, where, said):
    with pytest.raises(UsageError, match=said):
        chosen_trials(current_snapshot(examples), where, Limits())


def test_the_tables_of_an_export_hold_the_trials_of_the_search(client, local):
    answer = client.get("/export/parquet", params={"antigen": "DLL3"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    trials = pl.read_parquet(io.BytesIO(archive.read("trials.parquet")))
    assert set(trials["registry_id"]) == {hit.registry_id for hit in local.find(antigen="DLL3")}


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/export/docx", 404, "there are: nquads"),
        ("/export/csv?antigen=DLL33", 400, "near: DLL3"),
        ("/export/csv?colour=red", 400, "no facet"),
    ],
)
def test_an_export_that_cannot_be_made_says_why(client, address, status, said):
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_an_export_of_more_trials_than_a_server_gives_is_refused(examples, monkeypatch):
    monkeypatch.setattr(exports, "MOST_TRIALS", 2)
    transport = httpx.ASGITransport(create_app(examples, Settings()))

    async def ask():
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/export/csv", params={"antigen": "DLL3"})

    answer = anyio.run(ask)
    assert answer.status_code == 413
    assert "run `trialkg export csv`" in answer.json()["hint"]
