"""Tables are split so that what is wrong costs one row, and names it."""

import io

import pytest

from kg.errors import RecordError
from loaders import rows
from loaders.rows import read_rows

HEADER = "id,title,note\r\n"


def records(content, delimiter=","):
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_rows("some", "id", io.BytesIO(data), "here", delimiter))


def contents(found):
    return [one if isinstance(one, RecordError) else one.content.decode() for one in found]


def test_empty_cells_are_left_out_and_columns_are_named():
    assert contents(records(f"\ufeff{HEADER}1,a,\r\n\r\n2,,b\r\n")) == [
        '{"id":"1","title":"a"}',
        '{"id":"2","note":"b"}',
    ]


def test_line_ends_of_all_kinds_stand_inside_fields():
    (quoted,) = records(f'{HEADER}1,"a\rb\nc\r\nd",x\r\n')
    (bare,) = records(f"{HEADER}1,a\rb,x\r\n")
    assert quoted.content == rb'{"id":"1","title":"a\rb\nc\nd","note":"x"}'
    assert bare.content == rb'{"id":"1","title":"a\rb","note":"x"}'


def test_a_row_of_another_width_is_named():
    first, second = records(f"{HEADER}1,a\r\n2,b,c\r\n")
    assert (first.registry_id, first.reason) == ("1", "has 2 fields and the header 3")
    assert second.content == b'{"id":"2","title":"b","note":"c"}'


def test_a_wrong_byte_costs_its_row_and_names_the_column():
    first, second = records(HEADER.encode() + b"1,caf\xe9,x\r\n2,b,c\r\n")
    assert (first.registry_id, first.field, first.reason) == ("1", "title", "is not UTF-8")
    assert second.content == b'{"id":"2","title":"b","note":"c"}'


def test_a_huge_field_costs_its_row_only(monkeypatch):
    monkeypatch.setattr(rows, "LARGEST_ROW", 2**12)
    long = '"' + "x\n" * 2**13 + '"'
    found = records(f"{HEADER}1,a,b\r\n2,{long},c\r\n3,d,e\r\n")
    assert found[0].content == b'{"id":"1","title":"a","note":"b"}'
    assert "larger than" in found[1].reason
    assert (found[1].registry_id, found[1].field) == ("2", "title")
    assert found[-1].content == b'{"id":"3","title":"d","note":"e"}'


def test_pipes_divide_where_they_are_said_to():
    assert contents(records("id|title\n1|a,b\n", "|")) == ['{"id":"1","title":"a,b"}']


@pytest.mark.parametrize("content", ["", "a,b\r\n1,2\r\n"])
def test_a_table_without_its_column_is_refused(content):
    with pytest.raises(RecordError, match="has no column 'id'"):
        records(content)
