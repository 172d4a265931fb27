"""XML is split so that what is wrong costs one record, and names it."""

import io

import pytest

from kg.errors import RecordError
from loaders import xml_records
from loaders.xml_records import read_xml

HEAD = "<?xml version='1.0' encoding='UTF-8' ?>"


def records(content, tag="Trial"):
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_xml("some", tag, "TrialID", io.BytesIO(data), "here"))


def trial(number, inside=""):
    return f"<Trial><TrialID>T{number}</TrialID>{inside}</Trial>"


def contents(found):
    return [one if isinstance(one, RecordError) else one.content.decode() for one in found]


def test_elements_attributes_and_repetitions_become_one_value():
    (one,) = records('<Trial a="1"><x>1</x><x b="2">3</x><y/></Trial>')
    assert one.content == b'{"@a":"1","x":["1",{"@b":"2","#text":"3"}],"y":""}'


def test_records_are_found_whatever_stands_between_them():
    found = records(f"{HEAD}<all>\n<!-- x -->{trial(1)} text {trial(2)}</all>")
    assert contents(found) == ['{"TrialID":"T1"}', '{"TrialID":"T2"}']
    assert [one.origin for one in found] == ["here record 1", "here record 2"]


def test_a_truncated_record_is_named_and_the_others_are_read():
    first, second = records(f"{HEAD}<all>{trial(1)}<Trial><TrialID>T2</TrialID><Phase>1")
    assert first.content == b'{"TrialID":"T1"}'
    assert (second.registry_id, second.field) == ("T2", "/Trial/Phase")
    assert "not well-formed" in second.reason


def test_a_record_without_its_end_does_not_take_the_next_with_it():
    first, second = records(f"<all><Trial><TrialID>T1</TrialID><x>{trial(2)}</all>")
    assert (first.registry_id, first.field) == ("T1", "/Trial/x")
    assert second.content == b'{"TrialID":"T2"}'


def test_a_wrong_byte_costs_its_record_only():
    bad = f"{HEAD}<all>".encode() + b"<Trial><TrialID>T1</TrialID><x>caf\xe9</x></Trial>"
    first, second = records(bad + trial(2).encode() + b"</all>")
    assert (first.registry_id, first.field) == ("T1", "/Trial/x")
    assert second.content == b'{"TrialID":"T2"}'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read_by_their_mark(encoding):
    (one,) = records(f"<all>{trial('é')}</all>".encode(encoding))
    assert contents([one]) == ['{"TrialID":"Té"}']


def test_a_declared_encoding_is_believed():
    (one,) = records(f'<?xml version="1.0" encoding="ISO-8859-1"?>{trial("é")}'.encode("latin-1"))
    assert contents([one]) == ['{"TrialID":"Té"}']


def test_a_file_that_declares_entities_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(RecordError, match="declares entities"):
        records(f"<?xml version='1.0'?>{bomb}<all>{trial(1, '&b;')}</all>")


def test_an_entity_that_nobody_declared_costs_its_record_only():
    first, second = records(f"<all>{trial(1, '<x>&b;</x>')}{trial(2)}</all>")
    assert (first.registry_id, first.field) == ("T1", "/Trial/x")
    assert second.content == b'{"TrialID":"T2"}'


def test_a_huge_field_is_named_and_the_next_record_is_read(monkeypatch):
    monkeypatch.setattr(xml_records, "LARGEST_RECORD", 2**18)
    huge = "x" * 2**19
    first, second = records(f"<all>{trial(1, f'<Phase>{huge}</Phase>')}{trial(2)}</all>")
    assert (first.registry_id, first.field) == ("T1", "/Phase")
    assert second.content == b'{"TrialID":"T2"}'


def test_deep_nesting_is_refused_before_it_is_built():
    (one,) = records(f"<Trial>{'<x>' * 100}{'</x>' * 100}</Trial>")
    assert "deeper than" in one.reason


def test_a_file_without_records_is_refused():
    with pytest.raises(RecordError, match="has no element <Trial>"):
        records("<all></all>")
