"""A small published data folder, made with the engine directly, and a server over it."""

import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.publish import point_to
from kg.vocab import PREFIXES

PUBLISHED = """
graph <https://w3id.org/trialkg/graph/clinicaltrials/NCT00000001> {
  <https://w3id.org/trialkg/graph/clinicaltrials/NCT00000001> a tkg:RecordGraph ;
    tkg:recordOf <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001> ;
    tkg:sourceHash "abc" ; prov:wasDerivedFrom <https://clinicaltrials.gov/study/NCT00000001> .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001> a tkg:Trial ;
    tkg:registry "clinicaltrials" ; tkg:registryId "NCT00000001" ;
    tkg:briefTitle "DLL3 CAR-NK <script>alert(1)</script> & more" ;
    tkg:recruitmentStatus tkg:Recruiting ; tkg:phase tkg:Phase1 ; tkg:enrollment 12 ;
    tkg:startDate "2024-03-01"^^xsd:date ; tkg:startDatePrecision tkg:Month ;
    tkg:lastChanged "2026-08-01"^^xsd:date ; tkg:abridged true ;
    tkg:registryPage <javascript:alert(1)> ;
    tkg:investigates <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/construct/a> ;
    tkg:use <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/use/a> ;
    tkg:conditionTerm <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/condition-term/a> ;
    tkg:site <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/site/a> .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/construct/a> a tkg:Construct ,
      tkg:CARNKTherapy ; rdfs:label "DLL3 CAR-NK" ; tkg:targets antigen:DLL3 ;
    tkg:targetLogic tkg:SingleTarget ; tkg:effectorCell tkg:NKCell ; tkg:donor tkg:Allogeneic ;
    tkg:cellSource tkg:CordBlood ;
    tkg:component <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/component/a> .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/component/a> a tkg:Component ;
    rdfs:label "secreted IL-15" ; tkg:componentKind tkg:Armour ; tkg:action tkg:Secretes .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/use/a> a tkg:Use ;
    tkg:construct <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/construct/a> ;
    tkg:role tkg:ExperimentalRole .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/condition-term/a>
    a tkg:ConditionTerm ; tkg:asListed "Small cell lung cancer, extensive" ;
    tkg:mapping tkg:BroaderMapping ; tkg:concept mondo:0008433 ;
    tkg:qualifier <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/qualifier/a> .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/qualifier/a> a tkg:Qualifier ;
    tkg:axis "stage" ; tkg:qualifierValue "extensive" .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/site/a> a tkg:SiteParticipation ;
    tkg:asListed "First Hospital" ; tkg:country country:CN ; tkg:siteStatus tkg:Recruiting ;
    tkg:siteStatusBasis tkg:Reported ; tkg:openForEnrolment true ; geo:lat 31.2 .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/finding/a> a tkg:Finding ;
    rdf:subject <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/construct/a> ;
    rdf:predicate tkg:targets ; rdf:object antigen:DLL3 ;
    tkg:inTrial <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001> ;
    tkg:basis tkg:Stated ; tkg:rule "binder-phrase" ; tkg:confidence 0.9 ;
    tkg:evidence <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/evidence/a> .
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/evidence/a> a tkg:Evidence ;
    tkg:field "/protocolSection/identificationModule/briefTitle" ; oa:exact "DLL3 CAR-NK" ;
    oa:suffix " <script>alert(1)</script> & more" ;
    oa:start 0 ; oa:end 11 .
}
graph <https://w3id.org/trialkg/graph/lexicon> { antigen:DLL3 a tkg:Antigen ; rdfs:label "DLL3" . }
graph <https://w3id.org/trialkg/graph/shared> { country:CN a tkg:Country ; rdfs:label "China" . }
graph <https://w3id.org/trialkg/graph/inferred> {
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001/construct/a> a tkg:NKCellTherapy .
}
graph <https://w3id.org/trialkg/graph/studies> {
  <https://w3id.org/trialkg/trial/clinicaltrials/NCT00000001> tkg:recordFlag tkg:PossibleDuplicate .
}
"""


TRIALKG = [sys.executable, "-c", "from kg.cli import main; main()"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def publish(data: Path, name: str, trig: str) -> Path:
    """Publish statements as a snapshot of a data folder."""
    snapshots = data / "snapshots"
    snapshots.mkdir(parents=True, exist_ok=True)
    prologue = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    store = ox.Store(str(data / f"store-{name}"))
    store.load((prologue + trig).encode(), format=ox.RdfFormat.TRIG)
    store.flush()
    store.backup(str(snapshots / name))
    point_to(data, name)
    return snapshots / name


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("published")
    publish(data, "000001", PUBLISHED)
    return data


@pytest.fixture(scope="session")
def snapshot(published) -> Path:
    return published / "snapshots" / "000001"


@contextlib.contextmanager
def served(data: Path, *options: str, path: Path | None = None):
    """Run `trialkg serve` on a free port, of the package at a path; yield a client of it.

    The share of a client has no bound but where the options give one: on a busy machine what tests
    ask together takes more than that.
    """
    process = subprocess.Popen(
        [*TRIALKG, "serve", "--data", str(data), "--port", "0", "--client-seconds", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        cwd=path,
        env=environment() | ({"PYTHONPATH": str(path)} if path else {}),
    )
    reading = threading.Thread(target=process.stderr.read)
    try:
        address = next(_addresses(process), None)
        assert address is not None, f"the server ended with status {process.wait()}"
        # What nobody reads fills the pipe, and the server waits for ever.
        reading.start()
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait()
        if reading.ident is not None:
            reading.join()
        process.stderr.close()


def _addresses(process):
    for line in process.stderr:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            yield found.group()


@pytest.fixture(scope="session")
def server(published):
    with served(published, "--timeout", "20", "--query-memory", "256") as client:
        yield client


@pytest.fixture(scope="session", name="publish")
def publish_fixture():
    return publish


@pytest.fixture(scope="session", name="serve")
def serve_fixture():
    return served


@pytest.fixture(scope="session")
def run_command():
    """Run `trialkg` with arguments and return what came of it."""

    def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*TRIALKG, *arguments],
            capture_output=True,
            text=True,
            check=False,
            input=stdin,
            env=environment(),
        )

    return run


@pytest.fixture(scope="session")
def examples(tmp_path_factory) -> Path:
    """A data folder with the bundled examples, built as a user would build them."""
    from kg.pipeline import build
    from kg.resources import EXAMPLES
    from loaders import LOADERS

    data = tmp_path_factory.mktemp("examples")
    build(data, [EXAMPLES], LOADERS)
    return data
