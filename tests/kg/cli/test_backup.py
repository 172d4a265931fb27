"""Backup, restore, rollback, doctor: what was published comes back, and damage is found."""

import json
import shutil

import pyoxigraph as ox
import pytest

from kg.backup import backup, contents, restore, rollback
from kg.errors import StoreError, UsageError
from kg.publish import current_name

ONE = 'graph <https://w3id.org/trialkg/graph/lexicon> { antigen:GD2 rdfs:label "GD2" . }'
TWO = ONE + ONE.replace("GD2", "B7-H3")


@pytest.fixture
def data(tmp_path, publish):
    publish(tmp_path / "data", "000001", ONE)
    publish(tmp_path / "data", "000002", TWO)
    return tmp_path / "data"


def damage(snapshot):
    for file in snapshot.glob("*.sst"):
        content = bytearray(file.read_bytes())
        content[: len(content) // 2] = bytes(len(content) // 2)
        file.unlink()
        file.write_bytes(content)


def test_a_backup_restores_what_was_published_into_an_empty_folder(data, tmp_path):
    made = backup(data, tmp_path / "backup")
    shutil.rmtree(data)
    name, restored = restore(tmp_path / "backup", data)
    assert restored == made == contents(data / "snapshots" / name, ledger=False)
    assert current_name(data) == name
    assert made.statements == 2


def test_the_backup_of_a_build_has_its_ledger(examples, tmp_path, run_command):
    backup(examples, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "data")
    before, after = (
        json.loads(run_command("status", "--data", str(folder), "--json").stdout)
        for folder in (examples, tmp_path / "data")
    )
    same = ("records", "versions", "statements", "record_graphs", "rejected")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}


def test_a_damaged_backup_is_not_published(data, tmp_path):
    backup(data, tmp_path / "backup")
    damage(tmp_path / "backup" / "snapshot")
    with pytest.raises(StoreError, match="backup"):
        restore(tmp_path / "backup", data)
    assert current_name(data) == "000002"


def test_a_backup_with_a_statement_less_is_not_published(data, tmp_path):
    backup(data, tmp_path / "backup")
    store = ox.Store(str(tmp_path / "backup" / "snapshot"))
    store.remove(next(iter(store)))
    store.flush()
    del store
    with pytest.raises(StoreError, match="1 statements"):
        restore(tmp_path / "backup", data)
    assert current_name(data) == "000002"


def test_a_backup_replaces_nothing(data, tmp_path):
    backup(data, tmp_path / "backup")
    with pytest.raises(UsageError, match="exists"):
        backup(data, tmp_path / "backup")


def test_rollback_publishes_the_snapshot_before_and_servers_follow(data, serve):
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
    with serve(data) as client:
        first = client.get("/sparql", params=query).text
        assert rollback(data) == "000001"
        second = client.get("/sparql", params=query).text
    assert (first, second) == ("n\r\n2\r\n", "n\r\n1\r\n")
    with pytest.raises(UsageError, match="no snapshot older"):
        rollback(data)


def test_rollback_to_a_name_that_is_not_there_lists_those_that_are(data):
    with pytest.raises(UsageError, match="000001, 000002"):
        rollback(data, "000009")


def test_the_doctor_finds_a_damaged_snapshot_and_says_what_to_do(data, run_command):
    assert run_command("doctor", "--data", str(data)).returncode == 0
    damage(data / "snapshots" / "000002")
    done = run_command("doctor", "--data", str(data), "--json")
    bad = {one["check"]: one["remedy"] for one in json.loads(done.stdout) if one["remedy"]}
    assert done.returncode == 1
    assert set(bad) == {"snapshot 000002"}
    assert "trialkg rollback" in bad["snapshot 000002"]


def test_the_doctor_of_an_empty_folder_names_the_next_step(tmp_path, run_command):
    done = run_command("doctor", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "trialkg build" in done.stdout
