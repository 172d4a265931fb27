"""The installed command, from an empty folder: build, query, serve, resources.

CI runs these against the built wheel in a step of their own; tests/kg shows the same of a checkout.
"""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

import kg
from kg import resources

pytestmark = pytest.mark.skipif(
    "TRIALKG_WHEEL" not in os.environ, reason="CI's wheel step sets TRIALKG_WHEEL, and runs these"
)

SEED = """
SELECT DISTINCT ?id ?construct ?label WHERE {
  ?trial tkg:registryId ?id ; tkg:investigates ?construct ;
         tkg:site [ tkg:country country:CN ; tkg:openForEnrolment true ] .
  ?construct a tkg:NKCellTherapy ; tkg:targets antigen:DLL3 ; rdfs:label ?label .
}
"""
ANSWER = ["NCT07366658", "NCT07480213", "NCT07480213", "NCT07744256", "NCT07744256"]


def trialkg(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sysconfig.get_path("scripts")) / "trialkg"
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    done = trialkg("build", "--data", "data", str(resources.EXAMPLES), "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["written"] >= len(list(resources.EXAMPLES.glob("*.json"))) >= 25
    return folder


def test_resources_come_with_the_package():
    for place in (resources.ONTOLOGY, resources.LEXICON, resources.SHAPES, resources.EXAMPLES):
        assert any(place.iterdir()), place
        assert place.is_relative_to(Path(kg.__file__).parent.parent)


def test_the_demo_answers_the_seed_question(tmp_path):
    done = trialkg("demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for registry_id in set(ANSWER):
        assert registry_id in done.stdout


def test_a_query_answers_with_and_without_distinct(built):
    for text in (SEED, SEED.replace("DISTINCT", "")):
        done = trialkg("query", "--data", "data", "--format", "json", "-e", text, folder=built)
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)["results"]["bindings"]
        assert sorted(row["id"]["value"] for row in rows) == ANSWER


def test_the_dump_is_the_same_twice(built):
    first = trialkg("dump", "--data", "data", folder=built)
    second = trialkg("dump", "--data", "data", folder=built)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert len(first.stdout.splitlines()) > 1000


def test_python_opens_the_graph(built):
    with kg.open(built / "data") as graph:
        rows = graph.query(SEED)
        assert sorted(row["id"] for row in rows) == ANSWER


def test_the_endpoint_answers_over_http(built):
    command = Path(sysconfig.get_path("scripts")) / "trialkg"
    arguments = [command, "serve", "--data", "data", "--port", "0"]
    with subprocess.Popen(
        arguments, cwd=built, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            base = _address(server)
            asked = {"query": SEED, "format": "json"}
            answer = httpx.get(f"{base}/sparql", params=asked, timeout=60)
            assert answer.status_code == 200, answer.text
            rows = answer.json()["results"]["bindings"]
            assert sorted(row["id"]["value"] for row in rows) == ANSWER
        finally:
            server.terminate()
            server.wait(timeout=60)


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        for word in line.split():
            if word.startswith("http://"):
                return word.rstrip("/").rstrip(".,)")
    raise AssertionError(f"the server gave no address; exit status {server.poll()}")


def test_the_wheel_is_what_is_tested():
    assert "site-packages" in Path(kg.__file__).parts, (kg.__file__, sys.path)
