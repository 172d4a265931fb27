"""An assistant's session with `trialkg mcp` over standard input and output."""

import json
import os
import sys

import anyio
import pytest

from kg.query.questions import question

mcp = pytest.importorskip("mcp", reason="the extra trialkg[mcp] is not installed")

QUESTION = (
    "SELECT ?id { ?t tkg:registryId ?id ; tkg:investigates/tkg:targets antigen:DLL3 } ORDER BY ?id"
)
SEED = {"NCT07366658", "NCT07480213", "NCT07744256"}


class Session:
    """Calls of one session, collected first and made together: a session is a process."""

    def __init__(self, data, environment):
        self.server = mcp.StdioServerParameters(
            command=sys.executable,
            args=["-c", "from kg.cli import main; main()", "mcp", "--data", str(data)],
            env=environment,
        )

    def calls(self, *wanted):
        async def run():
            async with mcp.Client(self.server) as client:
                return [await client.call_tool(name, arguments) for name, arguments in wanted]

        return anyio.run(run)

    def tools(self):
        async def run():
            async with mcp.Client(self.server) as client:
                return (await client.list_tools()).tools, client.instructions

        return anyio.run(run)


ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture(scope="module")
def session(examples):
    return Session(examples, ENVIRONMENT)


def told(result):
    assert not result.is_error, result.content
    return json.loads(result.content[0].text)


def refused(result):
    assert result.is_error
    return result.content[0].text


def test_each_tool_says_what_it_does_and_that_it_only_reads(session):
    tools, instructions = session.tools()
    names = {tool.name for tool in tools}
    assert names == {"find_trials", "show_trial", "describe_schema", "examples", "run_query"}
    assert all(len(tool.description) > 60 for tool in tools)
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert "registry" in instructions


def test_the_seed_question_is_answered_by_facets_and_each_answer_has_its_evidence(session):
    wanted = {"antigen": "DLL3", "effector": ["NK cell"], "country": "China", "open": "true"}
    found, shown = session.calls(
        ("find_trials", {"facets": wanted}), ("show_trial", {"registry_id": "NCT07480213"})
    )
    assert {trial["registry_id"] for trial in told(found)["trials"]} == SEED
    assert told(found)["total"] == 3
    assert "antigen/DLL3" in told(found)["sparql"]
    findings = [one for each in told(shown)["constructs"] for one in each["findings"]]
    targets = [one for one in findings if one["property"] == "targets"]
    assert targets
    assert all(one["quotes"][0]["exact"] for one in targets)
    assert "outcomes" not in told(shown)
    assert "outcomes" in told(shown)["left_out"]


def test_a_query_answers_with_rows_and_notes_on_terms_that_there_are_not(session):
    seed, rows, wrong, graph, asked = session.calls(
        ("run_query", {"sparql": question("seed").query}),
        ("run_query", {"sparql": QUESTION, "limit": 2}),
        ("run_query", {"sparql": "SELECT ?c { ?c tkg:target antigen:DLL3 }"}),
        ("run_query", {"sparql": "CONSTRUCT WHERE { ?t tkg:registryId 'NCT07480213' }"}),
        ("run_query", {"sparql": "ASK { ?t a tkg:Trial }"}),
    )
    assert {row["id"] for row in told(seed)["rows"]} == SEED
    assert (told(rows)["shown"], len(told(rows)["rows"])) == (2, 2)
    assert told(rows)["total"] > 2
    assert told(rows)["notes"] == []
    assert told(wrong)["total"] == 0
    assert "near: tkg:target" in told(wrong)["notes"][0]
    assert "NCT07480213" in told(graph)["graph"]
    assert told(asked)["answer"] is True


def test_what_is_refused_says_why_and_what_to_do(session):
    name, facet, syntax, service, update, trial, example, term = session.calls(
        ("find_trials", {"facets": {"antigen": "DLL33"}}),
        ("find_trials", {"facets": {"colour": "red"}}),
        ("run_query", {"sparql": "SELECT ?s { ?s a tgk:Trial }"}),
        ("run_query", {"sparql": "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"}),
        ("run_query", {"sparql": "DROP ALL"}),
        ("show_trial", {"registry_id": "NCT99999999"}),
        ("examples", {"name": "nothing"}),
        ("describe_schema", {"term": "tkg:Constrict"}),
    )
    assert "near: DLL3" in refused(name)
    assert "there are: antigen" in refused(facet)
    assert "did you mean tkg:" in refused(syntax)
    assert "SERVICE is not allowed" in refused(service)
    assert "only reads" in refused(update)
    assert "no trial clinicaltrials/NCT99999999" in refused(trial)
    assert "no example 'nothing'" in refused(example)
    assert "tkg:Construct" in refused(term)


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_is_answered(examples):
    session = Session(examples, {**ENVIRONMENT, "TRIALKG_TIMEOUT": "2"})
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    stopped, after = session.calls(
        ("run_query", {"sparql": slow}), ("run_query", {"sparql": "ASK {}"})
    )
    assert "ran longer than 2 seconds" in refused(stopped)
    assert told(after)["answer"] is True


def test_the_schema_tells_what_is_in_use_and_what_it_means(session):
    overview, construct, targets, code, words, example = session.calls(
        ("describe_schema", {}),
        ("describe_schema", {"term": "tkg:Construct"}),
        ("describe_schema", {"term": "targets"}),
        ("describe_schema", {"term": "tkg:Recruiting"}),
        ("examples", {"words": "DLL3"}),
        ("examples", {"name": "seed"}),
    )
    classes = {one["class"]: one for one in told(overview)["classes"]}
    assert classes["tkg:Construct"]["nodes"] > 20
    assert told(construct)["properties"]["tkg:targets"]["leads_to"] == ["tkg:Antigen"]
    assert "designed to bind" in told(targets)["meaning"]
    assert "tkg:Construct" in told(targets)["used_on"]
    assert told(code)["meaning"]
    assert any(one["name"] == "seed" for one in told(words)["questions"])
    assert told(example)["sparql"] == question("seed").query
