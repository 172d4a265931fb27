"""`kg.open`: rows, frames, trials and the rdflib view say what the engine says."""

import asyncio
import datetime as dt
import subprocess
import sys
from decimal import Decimal

import pandas as pd
import polars as pl
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

import kg
from kg.errors import QueryError, QueryTimeout, StoreError, UsageError
from kg.query.marking import in_context
from kg.vocab import PREFIXES

# rdflib calls names that it has deprecated itself.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

TKG = rdflib.Namespace(PREFIXES["tkg"])
TRIAL = "https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001"
VALUES = """SELECT ?n ?day ?open ?lat ?none ?title WHERE {
  ?t tkg:enrollment ?n ; tkg:startDate ?day ; tkg:briefTitle ?title ; tkg:site ?s .
  ?s tkg:openForEnrolment ?open ; geo:lat ?lat OPTIONAL { ?t tkg:acronym ?none } }"""


@pytest.fixture(scope="module")
def graph(published):
    with kg.open(published) as opened:
        yield opened


def test_rows_hold_plain_python_values(graph):
    (row,) = graph.query(VALUES)
    assert row == {
        "n": 12,
        "day": dt.date(2024, 3, 1),
        "open": True,
        "lat": Decimal("31.2"),
        "none": None,
        "title": "DLL3 CAR-NK <script>alert(1)</script> & more",
    }


def test_a_data_folder_and_its_snapshot_open_alike(graph, snapshot):
    with kg.open(snapshot) as opened:
        assert len(opened) == len(graph) > 0


def test_ask_is_a_boolean_and_construct_an_rdflib_graph(graph):
    assert graph.query("ASK { ?s a tkg:Trial }") is True
    built = graph.query("CONSTRUCT WHERE { ?s tkg:briefTitle ?title }")
    assert list(built.objects(rdflib.URIRef(TRIAL), TKG.briefTitle)) == [
        rdflib.Literal("DLL3 CAR-NK <script>alert(1)</script> & more")
    ]


def test_frames_hold_the_rows(graph):
    rows = graph.query("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o")
    assert graph.query("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "pandas").equals(
        pd.DataFrame(rows)
    )
    assert graph.query("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "polars").equals(
        pl.DataFrame(rows)
    )
    frame = graph.query(VALUES, "polars")
    assert frame.schema["day"] == pl.Date
    assert frame.schema["n"] == pl.Int64


def test_an_empty_answer_keeps_its_columns(graph):
    query = "SELECT ?a ?b { ?a tkg:acronym ?b }"
    assert list(graph.query(query, "pandas").columns) == ["a", "b"]
    assert graph.query(query, "polars").columns == ["a", "b"]


@pytest.mark.parametrize(
    ("query", "name", "start"),
    [
        ("ASK {}", "json", "{"),
        ("SELECT ?s { ?s a tkg:Trial }", "csv", "s\r\n"),
        ("CONSTRUCT WHERE { ?s a tkg:Trial }", "turtle", "@prefix"),
    ],
)
def test_a_format_gives_text(graph, query, name, start):
    assert graph.query(query, name).startswith(start)


@pytest.mark.parametrize(
    ("query", "as_", "error"),
    [
        ("SELECT * {", None, QueryError),
        ("SELECT * { SERVICE <http://localhost/> {} }", None, QueryError),
        ("DROP ALL", None, QueryError),
        ("ASK {}", "nonsense", UsageError),
        ("ASK {}", "pandas", UsageError),
        ("ASK {}", "turtle", UsageError),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "csv", UsageError),
    ],
)
def test_what_cannot_be_answered_is_an_error(graph, query, as_, error):
    with pytest.raises(error):
        graph.query(query, as_)


HEAVY = """SELECT (COUNT(*) AS ?n) {
  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . FILTER(?c != ?f && ?i != ?l)
}"""


@pytest.mark.parametrize("as_", [None, "csv", "polars"])
def test_a_query_that_runs_longer_than_its_deadline_is_stopped(published, as_):
    with kg.open(published, timeout=0.2) as graph, pytest.raises(QueryTimeout, match="stopped"):
        graph.query(HEAVY, as_=as_)


def test_with_a_deadline_the_answers_are_the_same_within_an_event_loop_too(published, graph):
    construct = "CONSTRUCT { ?t tkg:registryId ?id } WHERE { ?t tkg:registryId ?id }"

    async def asked():
        with kg.open(published, timeout=60) as bounded:
            assert bounded.query(VALUES) == graph.query(VALUES)
            assert bounded.query("ASK {}") is True
            assert set(bounded.query(construct)) == set(graph.query(construct))
            assert bounded.query(construct, "turtle") == graph.query(construct, "turtle")
            with pytest.raises(QueryError, match="line 1"):
                bounded.query("SELECT * { ?s ?p }")

    asyncio.run(asked())


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_deadline_is_a_number_of_seconds(published, seconds):
    with pytest.raises(UsageError, match="timeout"):
        kg.open(published, timeout=seconds)


def test_a_folder_without_a_graph_is_an_error_that_says_so(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        kg.open(tmp_path / "nowhere")
    with pytest.raises(StoreError):
        kg.open(tmp_path)


def test_a_trial_is_typed_and_carries_its_findings(graph):
    trial = graph.trial("NCT00000001")
    (construct,) = trial.constructs
    (finding,) = construct.findings
    assert trial.recruitment_status.curie == "tkg:Recruiting"
    assert trial.dates["startDate"].day == dt.date(2024, 3, 1)
    assert trial.abridged
    assert [flag.curie for flag in trial.flags] == ["tkg:PossibleDuplicate"]
    assert [antigen.label for antigen in construct.targets] == ["DLL3"]
    assert {"tkg:CARNKTherapy", "tkg:NKCellTherapy"} == {one.curie for one in construct.types}
    assert (finding.property, finding.value.label) == ("targets", "DLL3")
    assert finding.quotes[0].exact == "DLL3 CAR-NK"
    assert in_context(finding.quotes[0])[1:] == (
        "DLL3 CAR-NK",
        " <script>alert(1)</script> & more",
    )
    assert trial.sites[0].country.label == "China"
    assert trial.sites[0].open_for_enrolment
    assert trial.conditions[0].qualifiers == (("stage", "extensive"),)
    assert (trial.source, trial.source_hash) == (
        "https://clinicaltrials.gov/study/NCT00000001",
        "abc",
    )


def test_an_absent_trial_is_none(graph):
    assert graph.trial("NCT99999999") is None
    with pytest.raises(UsageError):
        graph.trial("../NCT00000001")


def test_the_view_holds_the_triples_of_the_engine_as_rdflib_terms(graph, snapshot):
    view = graph.graph
    expected = rdflib.Dataset()
    expected.parse(data=dump(snapshot), format="nquads")
    assert set(view.quads()) == set(expected.quads())
    assert len(view) == len(graph)


def dump(snapshot):
    import pyoxigraph as ox

    return ox.Store.read_only(str(snapshot)).dump(format=ox.RdfFormat.N_QUADS).decode()


def test_plain_strings_of_the_view_carry_no_datatype(graph):
    view = graph.graph
    assert (None, TKG.registryId, rdflib.Literal("NCT00000001")) in view
    (title,) = view.objects(rdflib.URIRef(TRIAL), TKG.briefTitle)
    assert title.datatype is None
    assert view.value(rdflib.URIRef(TRIAL), TKG.enrollment).toPython() == 12


def test_patterns_and_named_graphs_of_the_view_narrow(graph):
    view = graph.graph
    lexicon = view.graph(rdflib.URIRef("https://w3id.org/trialkg/graph/lexicon"))
    assert len(lexicon) == 2
    assert list(lexicon.subjects(rdflib.RDF.type, TKG.Antigen)) == [
        rdflib.URIRef(PREFIXES["antigen"] + "DLL3")
    ]
    assert lexicon.identifier in {one.identifier for one in view.graphs()}


def test_sparql_over_the_view_runs_in_text_prepared_and_with_bindings(graph):
    view = graph.graph
    text = "SELECT ?title WHERE { ?t tkg:briefTitle ?title }"
    prepared = prepareQuery(text, initNs={"tkg": TKG})
    bound = {"t": rdflib.URIRef(TRIAL)}
    answers = [list(view.query(text)), list(view.query(prepared))]
    answers.append(list(view.query(text, initBindings=bound)))
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 1
    assert view.query("ASK { ?t a tkg:Trial }").askAnswer is True
    assert len(view.query("CONSTRUCT WHERE { ?t a tkg:Trial }").graph) == 1


def test_the_view_takes_no_changes(graph):
    view = graph.graph
    with pytest.raises(UsageError, match="read-only"):
        view.add((rdflib.URIRef(TRIAL), TKG.acronym, rdflib.Literal("X")))
    with pytest.raises(UsageError, match="read-only"):
        view.remove((None, None, None))
    with pytest.raises(UsageError, match="read-only"):
        view.update("DELETE WHERE { ?s ?p ?o }")


def test_the_network_has_the_constructs_and_their_antigens(examples):
    with kg.open(examples) as graph:
        network = graph.to_networkx("bipartite")
        targets = graph.query("SELECT (COUNT(*) AS ?n) { ?c tkg:targets ?a }")
        assert network.number_of_edges() == targets[0]["n"] > 0


def test_importing_kg_and_the_worker_is_light():
    code = (
        "import sys, kg, kg.query.worker; "
        "heavy = {'rdflib', 'fastapi', 'typer', 'networkx', 'msgspec'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0
