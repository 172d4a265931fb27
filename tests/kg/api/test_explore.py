import pytest

DLL3 = "https://w3id.org/trialkg/antigen/DLL3"
TARGETS = "https://w3id.org/trialkg/ontology#targets"


@pytest.fixture(scope="module")
def explored(examples, serve):
    with serve(examples) as client:
        yield client


def neighbours(client, **asked):
    parameters = {"iri": DLL3, "property": TARGETS, "outwards": "false", **asked}
    return client.get("/neighbours.json", params=parameters).json()


def test_links_are_counted_as_many_as_there_are(explored):
    links = explored.get("/node.json", params={"iri": DLL3}).json()["links"]
    (targets,) = (one for one in links if one["property"] == TARGETS)
    assert targets["nodes"] == len(neighbours(explored, limit=500)["nodes"]) > 1


def test_parts_of_the_neighbours_are_all_of_them_once(explored):
    whole = [one["iri"] for one in neighbours(explored, limit=500)["nodes"]]
    parts, offset, more = [], 0, True
    while more:
        part = neighbours(explored, offset=offset, limit=2)
        parts += [one["iri"] for one in part["nodes"]]
        more = part["more"]
        offset += 2
    assert parts == whole


def test_what_stands_first_among_links_is_of_the_graph_itself(explored):
    links = explored.get("/node.json", params={"iri": DLL3}).json()["links"]
    own = [one["property"].startswith("https://w3id.org/trialkg/") for one in links]
    assert own == sorted(own, reverse=True)


@pytest.mark.parametrize("asked", [{"limit": 501}, {"offset": -1}, {"iri": "no iri"}])
def test_what_cannot_be_asked_is_refused(explored, asked):
    parameters = {"iri": DLL3, "property": TARGETS, **asked}
    answer = explored.get("/neighbours.json", params=parameters)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_each_completion_is_a_name_that_the_endpoint_reads(explored):
    offered = [one["label"] for one in explored.get("/completions.json").json()]
    names = [name for name in offered if not name.endswith(":")]
    odd = [name for name in names if "\\" in name][:40] + names[:40]
    query = f"SELECT * {{ VALUES ?x {{ {' '.join(odd)} }} }}"
    assert explored.get("/sparql", params={"query": query}).status_code == 200
    assert {"tkg:targets", "antigen:DLL3", "country:CN"} <= set(names)
