"""Every loader says what it reads and leaves out, and knows its own form only."""

import pickle

import pytest

from kg.errors import RecordError
from kg.forms import raw_records, recognised
from kg.records import COPY, PRIMARY, REPORT
from loaders import LOADERS, NAMES
from loaders.ictrp.registers import IDENTIFIERS


def test_loaders_stand_in_one_table_in_the_order_of_its_names():
    assert tuple(LOADERS) == NAMES
    assert all(name == loader.name for name, loader in LOADERS.items())


@pytest.mark.parametrize("name", NAMES)
def test_a_loader_says_all_that_is_listed_of_it(name):
    loader = LOADERS[name]
    assert loader.standing in (PRIMARY, COPY, REPORT)
    for words in (loader.title, loader.reads, loader.obtain, loader.licence, loader.release):
        assert words.strip()
    assert list(loader.unread) == sorted(set(loader.unread))
    assert loader.registry is None or loader.registry in IDENTIFIERS
    assert (loader.claims is not None) == (loader.standing == REPORT)


@pytest.mark.parametrize("name", NAMES)
def test_a_loader_goes_to_worker_processes(name):
    there = pickle.loads(pickle.dumps(LOADERS[name]))  # noqa: S301 - our own
    assert (there.name, there.parse, there.version) == (
        name,
        LOADERS[name].parse,
        LOADERS[name].version,
    )


@pytest.mark.parametrize("head", [b"", b"{}", b"a,b\n1,2\n", b"<x/>", b"<html></html>", b"words"])
def test_what_no_loader_knows_is_an_error_that_names_the_way_out(head):
    with pytest.raises(RecordError, match=r"no form that is known.*--registry"):
        recognised(LOADERS, head, "here")


def test_what_several_loaders_know_is_an_error_that_names_them():
    twice = {"one": LOADERS["ctis"], "two": LOADERS["ctis"]}
    with pytest.raises(RecordError, match="several loaders"):
        recognised(twice, b'{"ctStatus": 4, "ctNumber": "x"}', "here")


def test_a_folder_of_several_forms_is_read_at_once(tmp_path):
    (tmp_path / "a.xml").write_text("<all><Trial><TrialID>NCT01234567</TrialID></Trial></all>")
    (tmp_path / "b.json").write_text('{"ctNumber": "2023-508143-51-00", "ctStatus": 4}')
    (tmp_path / "c.csv").write_text("NCT Number,Study Title,Study Status\nNCT01234567,x,y\n")
    (tmp_path / "d.txt").write_text("notes")
    found = [
        (loader.name if loader else None, isinstance(raw, RecordError))
        for loader, raw in raw_records([tmp_path], LOADERS, None)
    ]
    assert found == [
        (None, True),
        ("ctis", False),
        ("clinicaltrials_csv", False),
        (None, True),
    ]


def test_every_file_of_the_shared_data_is_known_to_one_loader(shared):
    from tests.corpus.registries import SOURCES

    for source, name in SOURCES.items():
        loaders = {
            loader.name if loader else (raw.registry or None)
            for loader, raw in raw_records([shared / "data" / source], LOADERS, None)
        }
        assert loaders == {name}
