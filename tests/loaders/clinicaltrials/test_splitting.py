import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import RecordError
from loaders import json_records
from loaders.clinicaltrials import LOADER


def study(number):
    identification = {"nctId": f"NCT{number:08}", "briefTitle": "A study"}
    return {"protocolSection": {"identificationModule": identification}}


def records(content):
    text = content if isinstance(content, bytes) else content.encode()
    return list(LOADER.read(io.BytesIO(text), "source"))


def ids(content):
    return [LOADER.version(record).registry_id for record in records(content)]


STUDIES = [study(1), study(2), study(3)]
IDS = ["NCT00000001", "NCT00000002", "NCT00000003"]


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_one_study_is_one_record(indent):
    assert ids(json.dumps(STUDIES[0], indent=indent)) == IDS[:1]


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_a_list_of_studies_is_split(indent):
    assert ids(json.dumps(STUDIES, indent=indent)) == IDS


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_a_page_of_the_api_is_split(indent):
    page = {"totalCount": 3, "studies": STUDIES, "nextPageToken": "x"}
    assert ids(json.dumps(page, indent=indent)) == IDS


def test_a_page_with_a_study_a_line_is_split():
    rows = ",\n".join(map(json.dumps, STUDIES))
    assert ids('{"studies":[\n' + rows + "\n]}") == IDS


def test_lines_are_read_one_by_one():
    rows = "\n\n".join(map(json.dumps, STUDIES)) + "\n"
    stream = io.BytesIO(rows.encode() * 1000)
    first = next(LOADER.read(stream, "source"))
    assert LOADER.version(first).registry_id == IDS[0]
    assert stream.tell() < 1000
    assert ids(rows) == IDS


def test_lines_may_be_pages_and_lists():
    rows = [json.dumps({"studies": STUDIES[:1]}), json.dumps(STUDIES[1:]), '{"studies": []}']
    assert ids("\n".join(rows)) == IDS


@given(st.lists(st.integers(1, 9), min_size=1), st.sampled_from(["\n", "\r\n", "\n \n"]))
def test_lines_lists_and_pages_hold_the_same_records(numbers, end):
    studies = [study(number) for number in numbers]
    lines = [record.content for record in records(end.join(map(json.dumps, studies)))]
    listed = [record.content for record in records(json.dumps(studies))]
    paged = [record.content for record in records(json.dumps({"studies": studies}))]
    assert lines == listed == paged


def test_each_record_says_where_it_stood():
    lines = "\n".join([json.dumps(STUDIES[0]), "", json.dumps({"studies": STUDIES[1:]})])
    assert [record.origin for record in records(lines)] == [
        "source line 1",
        "source line 3 study 1",
        "source line 3 study 2",
    ]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("broken", ['{"protocolSection": {', "not json", '{"a": "\\x"}', "null"])
def test_a_broken_line_is_refused_and_the_others_are_read(place, broken):
    rows = [json.dumps(each) for each in STUDIES[:2]]
    rows.insert(place, broken)
    found, refused = [], []
    for record in records("\n".join(rows)):
        try:
            found.append(LOADER.version(record).registry_id)
        except RecordError as error:
            refused.append((error.origin, record.content))
    assert found == IDS[:2]
    assert refused == [(f"source line {place + 1}", broken.encode())]


def test_a_line_that_is_not_utf_8_is_refused_and_the_others_are_read():
    good = json.dumps(STUDIES[0]).encode()
    found = records(b"\n".join([good, b'{"protocolSection": "\xff\xfe"}', good]))
    with pytest.raises(RecordError, match="not UTF-8"):
        LOADER.version(found[1])
    assert LOADER.version(found[2]).registry_id == IDS[0]


def test_a_byte_order_mark_is_no_part_of_the_first_record():
    assert ids(b"\xef\xbb\xbf" + json.dumps(STUDIES).encode()) == IDS
    assert ids(b"\xef\xbb\xbf" + json.dumps(STUDIES[0]).encode()) == IDS[:1]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_refused_by_name(encoding):
    with pytest.raises(RecordError, match=r"source.*not UTF-8.*convert"):
        records(json.dumps(STUDIES[0]).encode(encoding))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_source_is_refused(content):
    with pytest.raises(RecordError, match="holds no record"):
        records(content)


def test_a_truncated_page_is_refused_with_its_bytes():
    page = json.dumps({"studies": STUDIES})[:-40]
    (record,) = records(page)
    assert record.content == page.encode()
    with pytest.raises(RecordError, match=r"source.*not JSON.*download"):
        LOADER.version(record)


def test_a_line_above_the_limit_is_cut_and_refused_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(json_records, "LARGEST_RECORD", 2**16)
    rows = [json.dumps(each) for each in STUDIES[:2]]
    rows.insert(1, '{"a": "' + "x" * 2**18 + '"}')
    found = records("\n".join(rows))
    assert [len(record.content) for record in found][1] == 2**16 + 1
    assert [LOADER.version(found[place]).registry_id for place in (0, 2)] == IDS[:2]


def test_a_document_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(json_records, "LARGEST_DOCUMENT", 1000)
    with pytest.raises(RecordError, match="one JSON document of more than"):
        records(json.dumps(STUDIES * 100, indent=1))


def test_deep_nesting_is_refused_and_the_next_line_is_read():
    rows = [json.dumps(STUDIES[0]), "[" * 10_000, '{"a":' * 10_000, json.dumps(STUDIES[1])]
    found = records("\n".join(rows))
    assert [record.origin for record in found] == [f"source line {n}" for n in (1, 2, 3, 4)]
    for place in (1, 2):
        with pytest.raises(RecordError):
            LOADER.version(found[place])
    assert LOADER.version(found[3]).registry_id == IDS[1]
