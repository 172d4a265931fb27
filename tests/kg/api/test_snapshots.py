"""A build that is published while the server runs."""

EXTRA = 'graph <https://w3id.org/trialkg/graph/lexicon> { antigen:GD2 rdfs:label "GD2" . }'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_a_new_snapshot_is_served_with_the_next_query(tmp_path, publish, serve):
    publish(tmp_path, "000001", EXTRA)
    with serve(tmp_path) as client:
        first = client.get("/sparql", params={"query": COUNT, "format": "csv"})
        publish(tmp_path, "000002", EXTRA + EXTRA.replace("GD2", "B7-H3"))
        second = client.get("/sparql", params={"query": COUNT, "format": "csv"})
    assert (first.text, first.headers["x-trialkg-snapshot"]) == ("n\r\n1\r\n", "000001")
    assert (second.text, second.headers["x-trialkg-snapshot"]) == ("n\r\n2\r\n", "000002")


def test_without_anything_published_the_command_says_what_to_do(tmp_path, run_command):
    done = run_command("serve", "--data", str(tmp_path), "--port", "0")
    assert done.returncode == 1
    assert "trialkg build" in done.stderr
