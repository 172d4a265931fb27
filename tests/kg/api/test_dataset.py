"""Any RDF through the same endpoint: `trialkg serve --dataset`."""

import pytest

from tests.kills.serving import server_process

OWN = '<http://e/s> <http://e/p> "own" .\n<http://e/s> <http://e/p> "named" <http://e/g> .\n'
QUERY = {"query": "SELECT ?o { ?s ?p ?o }", "format": "csv"}
BOMB = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY a "aaaaaaaaaa"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
<rdf:Description rdf:about="http://e/s"><e:p>&b;</e:p></rdf:Description></rdf:RDF>"""


def answers(client, **parameters):
    lines = client.get("/sparql", params={**QUERY, **parameters}).text.split()
    return set(lines[1:])


def test_the_default_graph_of_a_data_set_is_its_own_and_may_be_the_union(tmp_path, serve):
    path = tmp_path / "a.nq"
    path.write_text(OWN)
    with serve(tmp_path, "--dataset", str(path)) as client:
        assert answers(client) == {"own"}
        assert answers(client, **{"default-graph-uri": "http://e/g"}) == {"named"}
        assert client.get("/graph-store", params={"default": ""}).text.count('"own"') == 1
    with serve(tmp_path, "--dataset", str(path), "--default-graph", "union") as client:
        assert answers(client) == {"own", "named"}


def test_several_files_of_several_formats_make_one_data_set(tmp_path, serve):
    (tmp_path / "a.ttl").write_text('<#s> <http://e/p> "turtle" .')
    (tmp_path / "b.jsonld").write_text('{"@id": "http://e/s", "http://e/p": "jsonld"}')
    (tmp_path / "c.trig").write_text('{ <http://e/s> <http://e/p> "trig" }')
    files = [word for name in ["a.ttl", "b.jsonld", "c.trig"] for word in ("--dataset", name)]
    files = [str(tmp_path / word) if "." in word else word for word in files]
    with serve(tmp_path, *files) as client:
        assert answers(client) == {"turtle", "jsonld", "trig"}
        subjects = client.get(
            "/sparql", params={"query": "SELECT ?s { ?s ?p 'turtle' }", "format": "csv"}
        )
        assert "file:///a.ttl#s" in subjects.text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("bomb.rdf", BOMB, "DOCTYPE"),
        ("wrong.ttl", "<http://e/s> <http://e/p>", "wrong.ttl"),
        ("table.csv", "a,b", "ending"),
    ],
)
def test_a_file_that_cannot_be_served_is_named(tmp_path, run_command, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    found = run_command("serve", "--dataset", str(path), "--port", "0")
    assert found.returncode != 0
    assert said in found.stderr
    assert name in found.stderr


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"version": "1.1"}, 200),
        ({"version": "1.2"}, 200),
        ({"version": "1.2-basic"}, 200),
        ({"version": "9"}, 400),
        ({"version": ["1.1", "1.2"]}, 400),
    ],
)
def test_a_version_may_be_announced(server, parameters, status):
    asked = {"query": "ASK {}", **parameters}
    assert server.get("/sparql", params=asked).status_code == status
    if isinstance(parameters["version"], str):
        direct = {"Content-Type": f"application/sparql-query; version={parameters['version']}"}
        assert server.post("/sparql", content="ASK {}", headers=direct).status_code == status


def test_a_temporary_folder_goes_with_its_server_or_with_the_next_one(tmp_path, monkeypatch, serve):
    path, folders = tmp_path / "a.nq", tmp_path / "folders"
    path.write_text(OWN)
    folders.mkdir()
    monkeypatch.setenv("TMPDIR", str(folders))
    with serve(tmp_path, "--dataset", str(path)) as client:
        (killed,) = folders.iterdir()
        with serve(tmp_path, "--dataset", str(path)) as other:
            assert len(list(folders.iterdir())) == 2
            assert answers(other) == answers(client) == {"own"}
        assert list(folders.iterdir()) == [killed]
        server_process(client).kill()
    assert killed.is_dir()
    with serve(tmp_path, "--dataset", str(path)):
        (own,) = folders.iterdir()
        assert own != killed
    assert list(folders.iterdir()) == []
