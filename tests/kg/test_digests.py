"""Which nodes a graph describes otherwise, by the digests that were kept of it."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.digests import described_among, pack_digests, turned_nodes
from kg.history import History

NODES = st.sampled_from([f"<urn:node:{n}>" for n in range(4)])
NAMES = st.sampled_from([f"<urn:name:{n}>" for n in range(40)])
VALUES = st.lists(st.sampled_from(['"a"', '"b"', '"c"']), min_size=1, max_size=3, unique=True)
GRAPHS = st.dictionaries(NODES, st.dictionaries(NAMES, VALUES, min_size=1, max_size=40))
FEW, MANY = ({f"<urn:name:{n}>": ['"a"'] for n in range(count)} for count in (3, 40))


@given(GRAPHS, GRAPHS)
def test_what_is_not_turned_is_described_as_before(before, after):
    turned = turned_nodes(pack_digests(before), pack_digests(after))
    for node in {*before, *after}:
        was, now = before.get(node, {}), after.get(node, {})
        for name in {*was, *now}:
            if node not in turned or (turned[node] and name not in turned[node]):
                assert was.get(name) == now.get(name)
    assert turned_nodes(pack_digests(after), pack_digests(after)) == {}


def test_of_a_node_with_many_properties_only_some_are_turned():
    before = {"<urn:few>": FEW, "<urn:many>": MANY, "<urn:same>": FEW}
    after = {
        "<urn:few>": FEW | {"<urn:name:1>": ['"b"']},
        "<urn:many>": MANY | {"<urn:name:1>": ['"b"']},
        "<urn:same>": FEW,
    }
    turned = turned_nodes(pack_digests(before), pack_digests(after))
    assert turned == {"<urn:few>": (), "<urn:many>": ("<urn:name:1>",)}
    assert described_among(after, turned) == {
        "<urn:few>": after["<urn:few>"],
        "<urn:many>": {"<urn:name:1>": ['"b"']},
    }


@pytest.mark.parametrize("kept", [b"", b"\x92", b"something else", pack_digests({})[:-1]])
def test_digests_that_cannot_be_read_tell_nothing(kept):
    assert turned_nodes(kept, pack_digests({"<urn:few>": FEW})) is None


def test_digests_say_nothing_of_a_graph_that_is_not_complete_or_of_another_state(tmp_path):
    key = ("clinicaltrials", "NCT00000001")
    with History.open(tmp_path / "history.sqlite") as history:
        history.settle(*key, "one", b"notes")
        history.digests.keep(key, "one", b"digests")
        assert history.digests.of(key) == b"digests"
        history.unsettle([key])
        assert history.digests.of(key) == b""
        history.digests.keep(key, "one", b"digests")
        assert history.digests.of(key) == b""
        history.settle(*key, "two", b"notes")
        assert history.digests.of(key) == b""
    rows = sqlite3.connect(tmp_path / "history.sqlite").execute("SELECT count(*) FROM digests")
    assert rows.fetchone() == (1,)
