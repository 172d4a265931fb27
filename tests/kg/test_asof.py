"""The graph of a day equals that of a build of what had been seen by then."""

import datetime as dt
import io

import pytest

from kg.asof import NotKeptError, as_of, drop, keep, kept_snapshot, kept_snapshots, prune
from kg.errors import UsageError
from kg.history import History
from kg.pipeline import Settings, build
from kg.publish import current_snapshot
from kg.store import Store
from loaders import LOADERS
from tests.kg.registry_records import study, versions, write_lines

HERE = Settings(processes=1)
DAY = dt.date(2026, 5, 1)
QUERY = "SELECT ?id { ?trial tkg:registryId ?id ; tkg:lastUpdatePosted ?day } ORDER BY ?id"


def updated(record):
    return record["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]


def dumped(snapshot):
    output = io.BytesIO()
    with Store.read_only(snapshot) as store:
        store.dump(output)
    return output.getvalue()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Records of several days, two of them first seen after the day."""
    folder = tmp_path_factory.mktemp("asof")
    late = [study(71, updated="2026-06-01"), study(72, updated="2026-07-01")]
    build(folder, [write_lines(folder / "in.jsonl", versions(6) + late)], LOADERS, settings=HERE)
    with History.open(folder / "history.sqlite") as history:
        history.mark_withdrawn("clinicaltrials", "NCT00000001", dt.date(2026, 8, 1))
    keep(folder, DAY, LOADERS, settings=HERE)
    return folder


def test_the_graph_of_a_day_is_that_of_the_versions_seen_by_then(data, tmp_path):
    seen = [one for one in versions(6) if updated(one) <= DAY.isoformat()]
    build(tmp_path / "data", [write_lines(tmp_path / "in.jsonl", seen)], LOADERS, settings=HERE)
    assert dumped(kept_snapshot(data, DAY)) == dumped(current_snapshot(tmp_path / "data"))


def test_what_was_kept_is_not_made_again_until_more_is_known_of_the_day(data):
    kept, made = keep(data, DAY, LOADERS, settings=HERE)
    assert (made, kept_snapshots(data)) == (False, [kept])


def test_a_neighbouring_day_is_never_answered(data, run_command):
    with pytest.raises(NotKeptError, match=r"trialkg snapshot --as-of 2026-05-02"):
        kept_snapshot(data, dt.date(2026, 5, 2))
    told = run_command("query", "--data", str(data), "--as-of", "2026-05-02", "-e", QUERY)
    assert told.returncode == 1
    assert "trialkg snapshot --as-of 2026-05-02" in told.stderr


def test_a_day_before_all_records_says_when_the_first_was_seen(data):
    with pytest.raises(UsageError, match="the first is of 2026-0"):
        keep(data, dt.date(2020, 1, 1), LOADERS, settings=HERE)


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "2026-5-1", "../000001", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UsageError, match="no day such as"):
        as_of(text)


def test_the_command_line_and_the_endpoint_answer_from_the_day(data, run_command, serve):
    asked = ("query", "--data", str(data), "--format", "csv", "-e", QUERY)
    told = run_command(*asked, "--as-of", str(DAY))
    today = run_command(*asked)
    assert "NCT00000071" in today.stdout
    assert "NCT00000071" not in told.stdout
    with serve(data) as client:
        for day, wanted in ((str(DAY), told.stdout), (None, today.stdout)):
            given = {"query": QUERY, "format": "csv"} | ({"as-of": day} if day else {})
            for _ in range(2):
                answer = client.get("/sparql", params=given)
                assert answer.text.split() == wanted.split()
        missing = client.get("/sparql", params={"query": QUERY, "as-of": "2026-05-02"})
        assert (missing.status_code, missing.json()["type"][-5:]) == (404, "as-of")
        assert "trialkg snapshot --as-of 2026-05-02" in missing.json()["hint"]
        wrong = client.get("/sparql", params={"query": QUERY, "as-of": "../../x"})
        assert wrong.status_code == 400
        change = {"update": "INSERT DATA {}", "as-of": str(DAY)}
        assert client.post("/sparql", data=change).status_code in {400, 401, 403}


def test_snapshots_of_days_are_listed_removed_and_pruned(tmp_path, run_command):
    records = [study(1, updated="2026-01-01"), study(2, updated="2026-02-01")]
    source = write_lines(tmp_path / "in.jsonl", records)
    build(tmp_path / "data", [source], LOADERS, settings=HERE)
    days = [dt.date(2026, month, 1) for month in (2, 1)]
    for day in days:
        keep(tmp_path / "data", day, LOADERS, settings=HERE)
    assert [one.records for one in kept_snapshots(tmp_path / "data")] == [1, 2]
    assert prune(tmp_path / "data", 1) == [days[0]]
    told = run_command("snapshot", "--data", str(tmp_path / "data"), "--json")
    assert '"2026-01-01"' in told.stdout
    drop(tmp_path / "data", days[1])
    assert kept_snapshots(tmp_path / "data") == []
