import datetime as dt
import itertools

import msgspec
import pytest

from kg.errors import StoreError
from kg.history import History, Reads, Rejection, content_hash
from kg.records import COPY, REPORT, Version
from loaders import LOADERS

CT = LOADERS["clinicaltrials"]


def version(content, day=None, modules=0, record="NCT00000001"):
    last = None if day is None else dt.date(2026, 1, day)
    return Version(registry_id=record, content=content.encode(), last_update=last, modules=modules)


def seen(day):
    return None if day is None else dt.date(2026, 8, day)


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.sqlite") as opened:
        yield opened


def shown(history):
    return [(s.registry_id, history.content(s).decode()) for s in history.shown()]


def test_the_latest_update_is_shown_then_the_fuller_then_the_last_seen(history):
    versions = [
        (version("dateless", None, 9), seen(9)),
        (version("old", 1, 9), seen(9)),
        (version("new but thin", 2, 1), seen(9)),
        (version("full but seen early", 2, 5), seen(1)),
        (version("full", 2, 5), seen(2)),
    ]
    for last, expected in enumerate(
        ["dateless", "old", "new but thin", "full but seen early", "full"]
    ):
        history.add(CT, versions[last : last + 1])
        assert shown(history) == [("NCT00000001", expected)]


def test_of_versions_equal_in_all_the_greater_hash_is_shown(history):
    texts = sorted(("a", "b", "c"), key=lambda text: content_hash(text.encode()))
    history.add(CT, [(version(text, 1), None) for text in texts])
    assert shown(history) == [("NCT00000001", texts[-1])]


def test_what_is_shown_does_not_depend_on_the_order_of_arrival(tmp_path):
    versions = [
        (version("a", 1), seen(3)),
        (version("b", 2), seen(4)),
        (version("b", 2), seen(2)),
        (version("b", 2), None),
    ]
    found = set()
    for number, order in enumerate(itertools.permutations(versions)):
        with History.open(tmp_path / str(number)) as history:
            history.add(CT, order)
            found.add(tuple(history.shown()))
    ((one,),) = found
    assert (one.first_seen, one.last_changed) == (seen(2), seen(2))
    assert one.hash == content_hash(b"b")


def test_first_seen_is_the_earliest_of_all_versions_and_last_changed_that_of_the_shown(history):
    history.add(CT, [(version("a", 1), seen(1)), (version("b", 2), seen(5))])
    (one,) = history.shown()
    assert (one.first_seen, one.last_changed) == (seen(1), seen(5))


def test_reads_tell_repeated_and_superseded_records_from_the_others(history):
    texts = [version("a", 1), version("b", 2), version("b", 2), version("c", 1, 0, "NCT00000002")]
    history.add(CT, [(text, None) for text in texts])
    assert history.reads() == Reads(read=4, repeated=1, superseded=1)


def test_reads_count_only_what_this_process_has_read(tmp_path):
    with History.open(tmp_path / "h") as history:
        history.add(CT, [(version("a", 1), None)])
    with History.open(tmp_path / "h") as history:
        assert history.reads() == Reads(read=0, repeated=0, superseded=0)
        assert shown(history) == [("NCT00000001", "a")]


def test_a_deleted_record_is_gone_with_all_its_versions(history):
    history.add(CT, [(version("a", 1), None), (version("b", 2), None)])
    assert history.delete(CT.registry, "NCT00000001") == 2
    assert (shown(history), history.count()) == ([], (0, 0))


def test_a_failed_transaction_keeps_nothing(history):
    def versions():
        yield version("a", 1), None
        raise ValueError("the source broke off")

    with pytest.raises(ValueError, match="broke off"):
        history.add(CT, versions())
    assert history.count() == (0, 0)


def test_a_graph_counts_as_absent_from_before_it_changes_until_it_is_settled(history):
    history.settle(CT.registry, "NCT00000001", "state", b"notes")
    assert history.states() == {(CT.registry, "NCT00000001"): "state"}
    history.unsettle([(CT.registry, "NCT00000001")])
    assert (history.states(), list(history.notes())) == ({}, [])


def test_what_is_kept_aside_is_listed_with_its_reason_and_once(history):
    torn = Rejection(
        registry=CT.registry, registry_id="", reason="no JSON", origin="a line 1", length=3
    )
    for _ in range(2):
        history.keep_unreadable(b"{{{", torn)
    bad = Rejection(registry=CT.registry, registry_id="NCT00000001", reason="does not conform")
    history.settle(CT.registry, "NCT00000001", "state", bad)
    assert history.rejections() == [torn, bad]
    assert history.kept_aside() == {(CT.registry, "NCT00000001")}
    history.settle(CT.registry, "NCT00000001", "state", b"notes")
    assert history.rejections() == [torn]


def test_settings_are_remembered(tmp_path):
    with History.open(tmp_path / "h") as history:
        assert history.setting("published") is None
        history.remember("published", "a")
        history.remember("published", "b")
    with History.open(tmp_path / "h") as history:
        assert history.setting("published") == "b"


def test_a_file_that_is_no_ledger_is_named(tmp_path):
    (tmp_path / "h").write_text("no database, but long enough to be looked at by the library")
    with pytest.raises(StoreError, match="history cannot be opened"):
        History.open(tmp_path / "h")


def test_a_ledger_of_another_release_says_what_to_do(tmp_path):
    with History.open(tmp_path / "h") as history:
        history._db.execute("PRAGMA user_version=99")
    with pytest.raises(StoreError, match="new --data folder"):
        History.open(tmp_path / "h")


def test_a_copy_is_shown_only_where_the_registry_s_own_record_is_unknown(history):
    copy = msgspec.structs.replace(CT, name="copies", standing=COPY)
    history.add(copy, [(version("copied later", 9), seen(9))])
    assert shown(history) == [("NCT00000001", "copied later")]
    history.add(CT, [(version("the registry's own", 1), seen(1))])
    assert shown(history) == [("NCT00000001", "the registry's own")]


def test_a_page_about_a_trial_never_stands_for_its_record(history):
    pages = msgspec.structs.replace(CT, name="pages", standing=REPORT)
    history.add(pages, [(version("a page", 9), seen(9))])
    assert shown(history) == []


def test_a_version_names_its_registry_where_its_loader_reads_several(history):
    several = msgspec.structs.replace(CT, name="several", registry=None)
    one = msgspec.structs.replace(version("a", 1, record="ChiCTR1"), registry="chictr")
    history.add(several, [(one, None)])
    assert [(s.registry, s.registry_id, s.loader) for s in history.shown()] == [
        ("chictr", "ChiCTR1", "several")
    ]
    with pytest.raises(ValueError, match="without saying its registry"):
        history.add(several, [(version("b", 1), None)])


def test_earlier_versions_come_in_the_order_of_the_shown_one_whatever_the_arrival(tmp_path):
    versions = [
        (version("dateless", None, 9), seen(9)),
        (version("thin", 2, 1), seen(9)),
        (version("full", 2, 5), seen(1)),
        (version("last", 3), seen(2)),
    ]
    for number, order in enumerate(itertools.permutations(versions)):
        with History.open(tmp_path / str(number)) as history:
            history.add(CT, order)
            (one,) = history.shown()
            texts = [earlier.content.decode() for earlier in history.earlier(one)]
            assert (texts, one.readers) == (["dateless", "thin", "full"], (CT.name,))


def test_the_past_of_a_record_changes_with_any_of_its_versions_and_their_days(history):
    history.add(CT, [(version("last", 3), seen(9))])
    pasts = [one.past for one in history.shown()]
    for earlier in (
        (version("a", 1), seen(8)),
        (version("a", 1), seen(7)),
        (version("b", 2), None),
    ):
        history.add(CT, [earlier])
        pasts += [one.past for one in history.shown()]
    assert pasts[0] == ""
    assert len(set(pasts)) == len(pasts)


def test_a_record_that_vanished_is_kept_with_the_first_day_and_can_return(history):
    history.add(CT, [(version("a", 1), seen(1))])
    key = (CT.registry, "NCT00000001")
    assert history.mark_withdrawn(*key, seen(9))
    assert not history.mark_withdrawn(*key, seen(10))
    assert history.mark_withdrawn(*key, seen(8))
    assert [one.withdrawn for one in history.shown()] == [seen(8)]
    assert history.mark_returned(*key)
    assert not history.mark_returned(*key)
    assert [one.withdrawn for one in history.shown()] == [None]
    with pytest.raises(StoreError, match="no record"):
        history.mark_withdrawn(CT.registry, "NCT09999999", seen(1))
