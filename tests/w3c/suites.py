"""The suites of W3C against the running server: what is asked, and what came of it."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from tests.w3c import evaluation
from tests.w3c.description import SD, misused
from tests.w3c.exchange import exchange
from tests.w3c.manifest import Case, cases, graph_data

TOKEN = "w3c-conformance"  # noqa: S105 - of a server on loopback
_RESULTS = ("csv-tsv-res", "json-res")
# Rules of inference and other endpoints are no part of a query engine that asks nobody.
_LEFT_OUT = ("entailment", "service", *_RESULTS)


class Outcome(NamedTuple):
    """One test, what is wrong with it over HTTP, and what with the engine alone; None is right."""

    name: str
    failure: str | None
    engine: str | None = None


class Run(NamedTuple):
    """Where the suites are, how to serve a file, and where to write one."""

    suites: Path
    serve: Callable
    folder: Path

    @property
    def sparql11(self) -> Path:
        return self.suites / "sparql" / "sparql11"


@contextmanager
def writable(run: Run):
    path = run.folder / "empty.nq"
    path.write_bytes(b"")
    options = ("--writable", "--token", TOKEN, "--no-access-log")
    with run.serve(None, "--dataset", str(path), *options) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def _manifests(run: Run) -> list[Path]:
    return sorted(run.sparql11.glob("*/manifest.ttl"))


def _cases(run: Run, kinds: str, folders=None) -> list[Case]:
    found = [
        case
        for path in _manifests(run)
        if (path.parent.name in folders if folders else path.parent.name not in _LEFT_OUT)
        for case in cases(path)
    ]
    return [case for case in found if case.kind.endswith(kinds)]


def _reset(client, before=()) -> None:
    text = "DROP ALL ;\n" + evaluation.inserted(before)
    client.post("/sparql", data={"update": text}).raise_for_status()


def protocol(run: Run) -> list[Outcome]:
    """SPARQL 1.1 Protocol."""
    outcomes = []
    with writable(run) as client:
        for case in cases(run.sparql11 / "protocol" / "manifest.ttl"):
            _reset(
                client,
                [q for name, file in graph_data(case, None) for q in evaluation.quads(file, name)],
            )
            outcomes.append(Outcome(case.name, exchange(case, client, "/sparql/", "/sparql")))
    return outcomes


def graph_store(run: Run) -> list[Outcome]:
    """SPARQL 1.1 Graph Store Protocol."""
    folder = run.sparql11 / "graph-store-protocol"
    outcomes = []
    with writable(run) as client:
        for case in cases(folder / "manifest-indirect.ttl", folder / "manifest-direct.ttl"):
            _reset(client)
            outcomes.append(Outcome(case.name, exchange(case, client, "/gsp", "/graph-store")))
    return outcomes


def results(run: Run) -> list[Outcome]:
    """Results in CSV, TSV and JSON."""
    return _queries(run, _cases(run, "Test", _RESULTS))


def queries(run: Run) -> list[Outcome]:
    """Evaluation of SPARQL 1.1 queries, without entailment and federation."""
    return _queries(run, _cases(run, "QueryEvaluationTest"))


def _queries(run: Run, asked: list[Case]) -> list[Outcome]:
    path = run.folder / "all.nq"
    evaluation.write_graphs(evaluation.data_files(asked), path)
    with run.serve(None, "--dataset", str(path), "--no-access-log") as client:
        return [
            Outcome(
                case.name,
                evaluation.query_over_http(case, client),
                evaluation.query_by_engine(case),
            )
            for case in asked
        ]


def updates(run: Run) -> list[Outcome]:
    """Evaluation of SPARQL 1.1 updates."""
    with writable(run) as client:
        return [
            Outcome(
                case.name,
                evaluation.update_over_http(case, client),
                evaluation.update_by_engine(case),
            )
            for case in _cases(run, "UpdateEvaluationTest")
        ]


def syntax(run: Run) -> list[Outcome]:
    """Syntax of SPARQL 1.1 queries and updates."""
    outcomes = []
    with writable(run) as client:
        for case in _cases(run, "SyntaxTest11"):
            over_http = evaluation.syntax_over_http(case, client)
            outcomes.append(Outcome(case.name, over_http, evaluation.syntax_by_engine(case)))
    return outcomes


def service_description(run: Run) -> list[Outcome]:
    """SPARQL 1.1 Service Description."""
    with writable(run) as client:
        answer = client.get("/sparql", headers={"Accept": "text/turtle"})
        address = str(client.base_url.join("/sparql"))
    return [
        Outcome(case.name, _DESCRIPTION[case.name.rpartition("/")[2]](answer, address))
        for case in cases(run.sparql11 / "service-description" / "manifest.ttl")
    ]


def _returns_rdf(answer, _):
    if answer.status_code != 200:
        return answer.text[:300]
    return None if list(_described(answer)) else "nothing is described"


def _has_endpoint(answer, address):
    if answer.status_code != 200:
        return answer.text[:300]
    endpoint, address = ox.NamedNode(f"{SD}endpoint"), ox.NamedNode(address)
    found = [q for q in _described(answer) if (q.predicate, q.object) == (endpoint, address)]
    return None if found else f"no sd:endpoint {address}"


def _conforms(answer, _):
    """Check what the vocabulary says of its own terms: domains and ranges of what is used."""
    if answer.status_code != 200:
        return answer.text[:300]
    return "; ".join(misused(_described(answer))) or None


def _described(answer):
    return list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))


_DESCRIPTION = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint,
    "conforms-to-schema": _conforms,
}
SUITES: Mapping[str, Callable[[Run], list[Outcome]]] = {
    "protocol": protocol,
    "graph store": graph_store,
    "service description": service_description,
    "results formats": results,
    "syntax": syntax,
    "query evaluation": queries,
    "update evaluation": updates,
}
# How many tests each must have, so that none is lost by the reading of manifests.
TOTALS = {
    "protocol": 34,
    "graph store": 13,
    "service description": 3,
    "results formats": 10,
    "syntax": 169,
    "query evaluation": 225,
    "update evaluation": 94,
}
