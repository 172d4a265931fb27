"""Disks that are full, and snapshots that are damaged: the last good one keeps being served."""

import subprocess
import sys

import pytest

from kg.inventory import LIST, list_files
from kg.publish import current_name
from kg.resources import EXAMPLES

ONE = 'graph <https://w3id.org/trialkg/graph/lexicon> { antigen:GD2 rdfs:label "GD2" . }'
TWO = ONE + ONE.replace("GD2", "B7-H3")
COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}


def cut(file):
    return file[: len(file) // 2]


def blank(file):
    return bytes(len(file))


def flip(file):
    middle = len(file) // 2
    return file[:middle] + bytes([file[middle] ^ 1]) + file[middle + 1 :]


DAMAGES = {
    "a table cut short": ("*.sst", cut),
    "a manifest cut short": ("MANIFEST-*", cut),
    "a manifest with one bit turned": ("MANIFEST-*", flip),
    "options cut short": ("OPTIONS-*", cut),
    "a list of files cut short": (LIST, cut),
    "an empty pointer to the manifest": ("CURRENT", lambda _: b""),
    "a table overwritten": ("*.sst", blank),
    "a manifest overwritten": ("MANIFEST-*", blank),
    "no pointer to the manifest": ("CURRENT", None),
    "no table": ("*.sst", None),
}


def damage(snapshot, pattern, change):
    for file in snapshot.glob(pattern):
        content = file.read_bytes()
        # The files are links to those of the builder, which stay as they are.
        file.unlink()
        if change is not None:
            file.write_bytes(change(content))


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_snapshot_is_passed_over(tmp_path, publish, serve, name):
    publish(tmp_path, "000001", ONE)
    snapshot = publish(tmp_path, "000002", TWO)
    list_files(snapshot, "build")
    damage(snapshot, *DAMAGES[name])
    with serve(tmp_path) as client:
        # Damage that shows only in reading costs the query that finds it.
        first = client.get("/sparql", params=COUNT)
        second = client.get("/sparql", params=COUNT)
        health = client.get("/health").json()
    assert first.status_code in {200, 503}
    assert name == "a table overwritten" or first.text == "n\r\n1\r\n"
    assert (second.text, second.headers["x-trialkg-snapshot"]) == ("n\r\n1\r\n", "000001")
    assert health["status"] == "degraded"
    assert "000002" in health["damaged"][0]


def test_damage_is_told_by_the_doctor_and_no_query_is_answered_from_it(
    tmp_path, publish, run_command
):
    snapshot = publish(tmp_path, "000001", ONE)
    list_files(snapshot, "build")
    assert run_command("query", "--data", str(tmp_path), "-e", "ASK {}").stdout == "yes\n"
    damage(snapshot, "MANIFEST-*", cut)
    for command in (["doctor", "--quick"], ["doctor"], ["query", "-e", "ASK {}"]):
        done = run_command(*command, "--data", str(tmp_path))
        assert done.returncode
        assert "000001 is damaged: MANIFEST" in done.stdout + done.stderr
        assert "trialkg restore BACKUP" in done.stdout + done.stderr


def test_a_pointer_that_is_lost_while_serving_takes_nothing_away(tmp_path, publish, serve):
    publish(tmp_path, "000001", ONE)
    with serve(tmp_path) as client:
        (tmp_path / "current").write_text("000009")
        assert client.get("/sparql", params=COUNT).text == "n\r\n1\r\n"
        assert "names '000009'" in client.get("/health").json()["damaged"][0]


def test_a_damaged_snapshot_that_is_published_while_serving_takes_nothing_away(
    tmp_path, publish, serve
):
    publish(tmp_path, "000001", ONE)
    with serve(tmp_path) as client:
        assert client.get("/sparql", params=COUNT).text == "n\r\n1\r\n"
        damage(publish(tmp_path, "000002", TWO), "MANIFEST-*", None)
        during = client.get("/sparql", params=COUNT)
        publish(tmp_path, "000003", TWO)
        after = client.get("/sparql", params=COUNT)
    assert (during.text, after.text) == ("n\r\n1\r\n", "n\r\n2\r\n")


def test_without_another_snapshot_the_command_says_what_is_wrong(tmp_path, publish, run_command):
    damage(publish(tmp_path, "000001", ONE), "MANIFEST-*", None)
    done = run_command("serve", "--data", str(tmp_path), "--port", "0")
    assert done.returncode != 0
    assert "000001" in done.stderr
    assert "cannot be opened" in done.stderr


@pytest.mark.parametrize("room", [0, 90 << 10, 256 << 10])
def test_a_build_on_a_full_disk_fails_in_one_line_and_what_is_published_stays(
    examples, tmp_path, serve, room
):
    data, changed = tmp_path / "data", tmp_path / "changed"
    subprocess.run(["cp", "-r", str(examples), str(data)], check=True)
    changed.mkdir()
    for file in EXAMPLES.glob("*.json"):
        text = file.read_text(encoding="utf-8").replace('"briefTitle": "', '"briefTitle": "New ')
        (changed / file.name).write_text(text, encoding="utf-8")
    before = current_name(data)

    # No file may grow beyond the room, as on a disk without more.
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))"
    command = f"import resource; {limit}; from kg.cli import main; main()"
    with serve(data) as client:
        done = subprocess.run(
            [sys.executable, "-c", command, "build", "--data", str(data), str(changed)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        answer = client.get("/sparql", params={"query": "ASK { ?s a tkg:Trial }", "format": "csv"})
    assert current_name(data) == before
    assert answer.text == "true"
    assert done.returncode == 1
    assert done.stderr.startswith("trialkg: ")
    assert "Traceback" not in done.stderr
    assert "disk I/O error" in done.stderr or "free some space" in done.stderr
