"""Rows counted on the bytes are the rows of the engine, wherever the bytes are cut."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query.formats import TABLES
from kg.query.rows import counter

CELLS = st.lists(
    st.one_of(st.none(), st.text(alphabet='a",{}[]:\\\r\n<result>é', max_size=12)), max_size=12
)


def table(cells, name):
    rows = " ".join(
        f"({str(ox.Literal(cell)) if cell is not None else 'UNDEF'} 1)" for cell in cells
    )
    found = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}")
    return found.serialize(format=TABLES[name])


@pytest.mark.parametrize("name", TABLES)
@given(cells=CELLS, size=st.integers(1, 40))
def test_the_count_is_the_number_of_rows(name, cells, size):
    body, count, counted = table(cells, name), counter(name), 0
    for start in range(0, len(body), size):
        counted = count(body[start : start + size])
    assert counted == len(cells)
