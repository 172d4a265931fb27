import pytest
from pyoxigraph import NamedNode

from kg.query.texts import page_query


def test_a_term_that_looks_like_a_slot_is_left_as_it_is():
    node, name = NamedNode("https://a.example/$limit/$property"), NamedNode("https://a.example/p")
    text = page_query("neighbours-out", this=node, property=name, offset=7, limit=9)
    assert "<https://a.example/$limit/$property> <https://a.example/p> ?node" in text
    assert "OFFSET 7" in text
    assert "LIMIT 9" in text


def test_a_slot_without_a_term_is_an_error():
    with pytest.raises(KeyError, match="this"):
        page_query("node")
